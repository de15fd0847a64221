//! Dicts that begin as a copy of the previous dict in the same place.
//!
//! Copying a dict and replacing its values is faster than filling an empty one, where the keys
//! and their order are the same. Values that are the same object, such as `None`, are kept.

use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};

/// Dicts with fewer keys are not copied: it would not be faster.
const MIN_KEYS: usize = 6;
/// After this many mismatches a template is no longer used.
pub(super) const MAX_MISMATCHES: u8 = 8;

/// The last dict that was made in a place.
#[derive(Default)]
pub(super) struct Template<'py> {
    pub(super) place: usize,
    pub(super) keys: Vec<Bound<'py, PyString>>,
    pub(super) dict: Option<Bound<'py, PyDict>>,
    /// The values of that dict, in the order of the keys.
    pub(super) values: Vec<Bound<'py, PyAny>>,
    pub(super) mismatches: u8,
}

impl<'py> Template<'py> {
    /// The dict to fill: a copy of the template, or an empty one.
    pub(super) fn begin(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.dict.as_ref().map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)
    }

    /// Whether the key at an index is the expected one. If not, that key and those after it are
    /// removed from the template and the dict.
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

    /// Whether a copy of the template has this value at an index: the same object.
    pub(super) fn has(&self, index: usize, value: &Bound<'py, PyAny>) -> bool {
        self.values.get(index).is_some_and(|known| known.is(value))
    }

    /// Removes the keys from an index on, from the template and from a copy of it.
    pub(super) fn cut(&mut self, index: usize, dict: &Bound<'py, PyDict>) -> PyResult<()> {
        for key in self.keys.drain(index..) {
            dict.del_item(key)?;
        }
        Ok(())
    }

    /// Replaces the template by a dict that did not match it.
    pub(super) fn replace(&mut self, dict: &Bound<'py, PyDict>) -> PyResult<()> {
        self.mismatches =
            if self.keys.len() < MIN_KEYS { MAX_MISMATCHES } else { self.mismatches + 1 };
        // A dict that has a key twice in the JSON is no template.
        let is_useful = self.mismatches < MAX_MISMATCHES && dict.len() == self.keys.len();
        self.dict = is_useful.then(|| dict.clone());
        self.values.clear();
        if !is_useful {
            self.keys.clear();
        }
        for key in &self.keys {
            self.values.extend(dict.get_item(key)?);
        }
        Ok(())
    }
}
