//! Endpoints of `gazu.files`.

exports![];
