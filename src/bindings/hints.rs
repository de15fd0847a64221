//! The type hints of arguments in `_core.pyi`.
//!
//! They name what callers should pass. As in upstream, more is accepted at run time, and other
//! values raise upstream's exceptions.

pub(super) use pyo3::inspect::PyStaticExpr;
use pyo3::{type_hint_identifier, type_hint_subscript, type_hint_union};

pub(super) const ANYTHING: PyStaticExpr = type_hint_identifier!("builtins", "object");
pub(super) const FLAG: PyStaticExpr = type_hint_identifier!("builtins", "bool");
pub(super) const TEXT: PyStaticExpr = type_hint_identifier!("builtins", "str");
pub(super) const PATH: PyStaticExpr = type_hint_union!(
    TEXT,
    type_hint_identifier!("builtins", "bytes"),
    type_hint_subscript!(type_hint_identifier!("os", "PathLike"), TEXT)
);
pub(super) const MODEL: PyStaticExpr = type_hint_identifier!("gazu.types", "ModelOrId");
pub(super) const MODEL_DICT: PyStaticExpr = type_hint_identifier!("gazu.types", "ModelDict");
pub(super) const MODELS: PyStaticExpr =
    type_hint_subscript!(type_hint_identifier!("collections.abc", "Iterable"), MODEL);
pub(super) const LINKS: PyStaticExpr =
    type_hint_union!(MODELS, MODEL, type_hint_identifier!("builtins", "None"));
