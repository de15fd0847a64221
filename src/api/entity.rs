//! Endpoints of `gazu.entity`.

exports![];
