//! A lock for state that is only touched while attached to the interpreter.

use pyo3::prelude::*;

#[cfg(not(Py_GIL_DISABLED))]
pub(super) use gil::Guarded;
#[cfg(Py_GIL_DISABLED)]
pub(super) use mutex::Guarded;

/// With a global interpreter lock: the lock is already held, what is left to see to is that no
/// one comes back to the state while it is in use.
#[cfg(not(Py_GIL_DISABLED))]
#[allow(unsafe_code)]
mod gil {
    use super::*;
    use std::cell::{RefCell, RefMut};

    pub(in super::super) struct Guarded<T>(RefCell<T>);

    // SAFETY: the cell is reached through `lock` alone, whose token proves that this thread
    // holds the global interpreter lock; the guard cannot outlive the token, so that no two
    // threads use the cell at once.
    unsafe impl<T: Send> Sync for Guarded<T> {}

    impl<T> Guarded<T> {
        pub(in super::super) fn new(value: T) -> Self {
            Self(RefCell::new(value))
        }

        #[inline]
        pub(in super::super) fn lock<'a>(&'a self, _py: Python<'a>) -> RefMut<'a, T> {
            self.0.borrow_mut()
        }
    }
}

/// Without one: a mutex, waited for in a way that lets the garbage collector stop the world.
#[cfg(Py_GIL_DISABLED)]
mod mutex {
    use super::*;
    use pyo3::sync::MutexExt;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    pub(in super::super) struct Guarded<T>(Mutex<T>);

    impl<T> Guarded<T> {
        pub(in super::super) fn new(value: T) -> Self {
            Self(Mutex::new(value))
        }

        pub(in super::super) fn lock<'a>(&'a self, py: Python<'a>) -> MutexGuard<'a, T> {
            self.0.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
        }
    }
}
