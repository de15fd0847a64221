//! Turning an answer into the result of its call.

use bytes::Bytes;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyList, PyString},
};

use super::{decode, errors::Hooks, response::raw_response, transfer::Answer};
use crate::{
    call::{Call, ReadAs},
    reply::Charset,
};

/// The result of an answer, as the call reads it.
pub(super) fn read<'py>(
    py: Python<'py>,
    hooks: &Hooks<'_, 'py>,
    call: &Call,
    mut answer: Answer,
) -> PyResult<Bound<'py, PyAny>> {
    let content_type = answer.head.header("content-type");
    let body = &mut answer.body;
    let json = |body: &mut Bytes| match decode::decode_answer(py, body, content_type)? {
        Some(value) => Ok(value),
        None => hooks.0.call_method1("loads", (&body[..], content_type, call.verb.name())),
    };
    match call.reading {
        ReadAs::Json | ReadAs::First | ReadAs::Uploaded => finish(hooks, call, &json(body)?),
        ReadAs::Rows | ReadAs::RowStream => match decode::decode_board(py, body, content_type)? {
            Some(rows) => Ok(rows),
            None => json(body),
        },
        ReadAs::Text => match Charset::of(content_type).as_utf8(body) {
            Some(text) => Ok(PyString::new(py, text).into_any()),
            None => hooks.0.call_method1("text", (&body[..], content_type)),
        },
        ReadAs::Bytes => Ok(PyBytes::new(py, body).into_any()),
        ReadAs::Response => saved(py, hooks, call, answer, false),
    }
}

/// The result that a call makes of a JSON value.
pub(super) fn finish<'py>(
    hooks: &Hooks<'_, 'py>,
    call: &Call,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    match call.reading {
        ReadAs::First => return first(value),
        ReadAs::Uploaded => {
            hooks.0.call_method1("uploaded", (value, call.route()))?;
        }
        _ if call.sorted => return decode::sort_by_name(value).map(Bound::into_any),
        _ => {}
    }
    Ok(value.clone())
}

/// The response of a download whose body has been saved.
///
/// `reported` says whether progress was reported. As with upstream, such a response has no
/// content.
pub(super) fn saved<'py>(
    py: Python<'py>,
    hooks: &Hooks<'_, 'py>,
    call: &Call,
    answer: Answer,
    reported: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let raw = raw_response(py, hooks.0, answer)?;
    hooks.0.call_method1("response", (raw, reported && call.target.is_some()))
}

/// The first entry of a list; `None` if the value is false.
fn first<'py>(entries: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match entries.cast_exact::<PyList>() {
        Ok(list) if !list.is_empty() => list.get_item(0),
        _ if !entries.is_truthy()? => Ok(entries.py().None().into_bound(entries.py())),
        _ => entries.get_item(0),
    }
}
