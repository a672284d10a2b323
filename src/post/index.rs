//! The indices by which posts refer to the lists of their site.

/// The index of a source in the list of sources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u16);

impl SourceId {
    /// The source at an index.
    pub const fn new(index: usize) -> Self {
        Self(index as u16)
    }

    /// The bytes for a hash, equal on every machine.
    pub const fn to_le_bytes(self) -> [u8; 2] {
        self.0.to_le_bytes()
    }
}

impl From<SourceId> for usize {
    fn from(id: SourceId) -> Self {
        Self::from(id.0)
    }
}
