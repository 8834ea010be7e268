//! The values in front matter that permalinks use.

/// The scalar values of the front matter keys that permalinks use. If a key occurs twice, the last value counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Slugs(pub Box<[(Box<str>, Box<str>)]>);

impl Slugs {
    /// Sets a key that has no value yet.
    pub(crate) fn fill(&mut self, key: &str, value: impl FnOnce() -> Option<String>) {
        if self.get(key).is_none()
            && let Some(value) = value()
        {
            let own = std::mem::take(&mut self.0).into_iter();
            self.0 = own.chain([(key.into(), value.into())]).collect();
        }
    }

    /// Returns the value of a key, ignoring letter case; `None` if the value is empty.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let known = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(key))?;
        Some(known.1.trim()).filter(|value| !value.is_empty())
    }
}
