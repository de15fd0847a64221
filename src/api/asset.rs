//! Endpoints of `gazu.asset`.

exports![];
