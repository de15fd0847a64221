//! Endpoints of `gazu.project_template`.

exports![];
