//! Endpoints of `gazu.project`.

exports![];
