//! Locks that stay usable after a panic.
//!
//! feedmill catches panics: a request is answered with 500, the updater starts again. A panic poisons the mutexes that
//! its thread holds. Everything guarded here is valid after each statement, so callers of these functions continue
//! with the data as the panic left it.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, poisoned or not.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    recover(mutex.lock())
}

/// The value that a poisoned result of a mutex or a condition variable contains, or that of a good one.
pub(crate) fn recover<T>(result: Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_usable_after_a_panic_of_its_holder() {
        let mutex = Mutex::new(1);
        std::thread::scope(|scope| {
            let holder = scope.spawn(|| {
                let _held = mutex.lock().unwrap();
                panic!("on purpose");
            });
            assert!(holder.join().is_err());
        });
        assert!(mutex.is_poisoned());
        assert_eq!(*lock(&mutex), 1);
    }
}
