//! JSON from the server to Python's objects and back, beside Python's own module.
#![no_main]

use std::{ffi::CStr, sync::OnceLock};

// Links the module, of which nothing is named.
use gazu as _;
use libfuzzer_sys::fuzz_target;
use pyo3::{ffi, prelude::*, types::PyBytes};

extern "C" {
    fn PyInit__core() -> *mut ffi::PyObject;
}

/// Raises an `AssertionError` where the core says anything but what `json` says.
const CHECK: &CStr = c"
import json
import _core


def outcome(function, value):
    try:
        # Types and the order of keys count too, and NaN is NaN.
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
    // SAFETY: the interpreter has not been started, and the name lives as long as it.
    unsafe { ffi::PyImport_AppendInittab(c"_core".as_ptr(), Some(PyInit__core)) };
    Python::initialize();
    let check = Python::attach(|py| -> PyResult<_> {
        let module = PyModule::from_code(py, CHECK, c"check.py", c"check")?;
        Ok(module.getattr("check")?.unbind())
    });
    let _ = FUNCTION.set(check.expect("the core can be imported"));
}, |data: &[u8]| {
    Python::attach(|py| {
        let check = FUNCTION.get().expect("it has been set");
        if let Err(error) = check.call1(py, (PyBytes::new(py, data),)) {
            error.print(py);
            panic!("not what json says");
        }
    });
});
