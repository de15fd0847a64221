//! Endpoints of `gazu.concept`.

exports![];
