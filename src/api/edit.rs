//! Endpoints of `gazu.edit`.

exports![];
