//! Endpoints of `gazu.casting`.

exports![];
