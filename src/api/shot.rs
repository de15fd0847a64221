//! Endpoints of `gazu.shot`.

exports![];
