//! Endpoints of `gazu.studio`.

exports![];
