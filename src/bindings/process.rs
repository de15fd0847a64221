//! What a process makes for itself, and a forked child makes anew.

use std::{convert::Infallible, mem, process, sync::Arc};

use once_cell::race::OnceBox;

/// A value of this process. No lock is held, so that a fork may come at any moment. A child
/// leaves its parent's value alone: its threads do not exist there, and to close its
/// connections would close the parent's.
pub(super) struct PerProcess<T>(OnceBox<Made<T>>);

struct Made<T> {
    process: u32,
    value: Arc<T>,
    /// What a child of that process makes.
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

    /// This process's value, made from the parent's when it is asked for the first time. Of
    /// threads that make it at the same time one wins, and all get the winner's.
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
            Ok(Box::new(Made { process, value, next: OnceBox::new() }))
        })?;
        Ok(&own.value)
    }
}

impl<T> Drop for Made<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            mem::forget(Arc::clone(&self.value));
        }
    }
}
