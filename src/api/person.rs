//! Endpoints of `gazu.person`.

exports![];
