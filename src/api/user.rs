//! Endpoints of `gazu.user`.

exports![];
