//! Digests of values.

use std::hash::Hash;

use xxhash_rust::xxh3::Xxh3Default;

/// Returns a digest of a value. It is the same in every process of one program on one kind of machine.
pub(crate) fn digest<T: Hash + ?Sized>(value: &T) -> u128 {
    let mut state = Xxh3Default::new();
    value.hash(&mut state);
    state.digest128()
}
