//! Endpoints of `gazu.scene`.

exports![];
