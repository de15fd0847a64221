//! Endpoints of `gazu.task`.

exports![];
