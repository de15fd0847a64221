//! Values that each process makes for itself, also a forked child.

use std::{convert::Infallible, mem, process, sync::Arc};

use once_cell::race::OnceBox;

/// A value that each process makes for itself. It takes no lock, so a fork may happen at any
/// moment. A child neither uses nor drops the value of its parent: the threads behind it do not
/// exist in the child, and closing its connections would disturb the parent's.
pub(super) struct PerProcess<T>(OnceBox<Entry<T>>);

struct Entry<T> {
    process: u32,
    value: Arc<T>,
    /// The value of a child of that process.
    next: OnceBox<Self>,
}

impl<T> PerProcess<T> {
    pub(super) const fn new() -> Self {
        Self(OnceBox::new())
    }

    /// As `get_or_try_init`, where nothing can fail.
    pub(super) fn get_or_init(&self, make: impl FnOnce(Option<&T>) -> T) -> &Arc<T> {
        let Ok(value) = self.get_or_try_init(|parents| Ok::<_, Infallible>(make(parents)));
        value
    }

    /// This process's value, if it has been made.
    pub(super) fn get(&self) -> Option<&Arc<T>> {
        let process = process::id();
        let mut place = self.0.get();
        while let Some(found) = place {
            if found.process == process {
                return Some(&found.value);
            }
            place = found.next.get();
        }
        None
    }

    /// This process's value. The first use makes it, from the parent's. If several threads make
    /// it at the same time, all get the value of one of them.
    pub(super) fn get_or_try_init<E>(
        &self,
        make: impl FnOnce(Option<&T>) -> Result<T, E>,
    ) -> Result<&Arc<T>, E> {
        let process = process::id();
        let mut place = &self.0;
        let mut parents = None;
        while let Some(found) = place.get() {
            if found.process == process {
                return Ok(&found.value);
            }
            parents = Some(&*found.value);
            place = &found.next;
        }
        let own = place.get_or_try_init(|| {
            let value = Arc::new(make(parents)?);
            Ok(Box::new(Entry { process, value, next: OnceBox::new() }))
        })?;
        Ok(&own.value)
    }
}

impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            mem::forget(Arc::clone(&self.value));
        }
    }
}
