//! Dicts that are made from the one before.

use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};

/// Dicts with fewer keys are not made from others.
const MANY_KEYS: usize = 6;
/// How often a dict may be unlike the one before until none is made from it any more.
pub(super) const UNLIKE: u8 = 8;

/// The dict that was made last in a place. A copy of it takes new values in less time than an
/// empty one takes keys, where they are the same in the same order.
#[derive(Default)]
pub(super) struct Shape<'py> {
    pub(super) place: usize,
    pub(super) keys: Vec<Bound<'py, PyString>>,
    pub(super) dict: Option<Bound<'py, PyDict>>,
    pub(super) unlike: u8,
}

impl<'py> Shape<'py> {
    /// A dict to begin with.
    pub(super) fn begin(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.dict.as_ref().map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)
    }

    /// Whether the key at an index is the next one. If not, it and those after it are gone.
    pub(super) fn expects(
        &mut self,
        index: usize,
        key: &Bound<'py, PyString>,
        dict: &Bound<'py, PyDict>,
    ) -> PyResult<bool> {
        if self.keys.get(index).is_some_and(|expected| expected.is(key)) {
            return Ok(true);
        }
        self.cut(index, dict)?;
        Ok(false)
    }

    /// Takes the keys from an index on from a dict that has been made from this one.
    pub(super) fn cut(&mut self, index: usize, dict: &Bound<'py, PyDict>) -> PyResult<()> {
        for key in self.keys.drain(index..) {
            dict.del_item(key)?;
        }
        Ok(())
    }

    /// A dict with these keys has been made, which is not like the one before.
    pub(super) fn replace(&mut self, dict: &Bound<'py, PyDict>) {
        self.unlike = if self.keys.len() < MANY_KEYS { UNLIKE } else { self.unlike + 1 };
        // One that stood there twice must not be taken away once.
        let is_useful = self.unlike < UNLIKE && dict.len() == self.keys.len();
        self.dict = is_useful.then(|| dict.clone());
        if !is_useful {
            self.keys.clear();
        }
    }
}
