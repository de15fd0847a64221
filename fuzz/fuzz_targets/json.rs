//! Fuzzes the JSON decoder and encoder, and compares them with Python's `json`.
#![no_main]

use std::{ffi::CStr, sync::OnceLock};

// Links the extension module. It is used only through Python.
use gazu as _;
use libfuzzer_sys::fuzz_target;
use pyo3::{ffi, prelude::*, types::PyBytes};

extern "C" {
    fn PyInit__core() -> *mut ffi::PyObject;
}

/// Raises an `AssertionError` if the core and `json` differ.
const CHECK: &CStr = c"
import json
import _core


def outcome(function, value):
    try:
        # repr compares types, the order of keys, and NaN.
        return repr(function(value))
    except Exception as error:
        return type(error).__name__


def check(data):
    found = _core.loads(data)
    if found is None:
        return
    text = data.decode()
    assert repr(found[0]) == outcome(json.loads, text), data
    assert outcome(_core.dumps, found[0]) == outcome(json.dumps, found[0]), data
";

static FUNCTION: OnceLock<Py<PyAny>> = OnceLock::new();

fuzz_target!(init: {
    // SAFETY: the interpreter has not been started, and the name is static.
    unsafe { ffi::PyImport_AppendInittab(c"_core".as_ptr(), Some(PyInit__core)) };
    Python::initialize();
    let check = Python::attach(|py| -> PyResult<_> {
        let module = PyModule::from_code(py, CHECK, c"check.py", c"check")?;
        Ok(module.getattr("check")?.unbind())
    });
    let _ = FUNCTION.set(check.expect("the core can be imported"));
}, |data: &[u8]| {
    Python::attach(|py| {
        let check = FUNCTION.get().expect("the function was set by init");
        if let Err(error) = check.call1(py, (PyBytes::new(py, data),)) {
            error.print(py);
            panic!("the core and json differ");
        }
    });
});
