//! Endpoints of `gazu.playlist`.

exports![];
