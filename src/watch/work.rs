//! The kinds of work of the writer, and their order.

/// The work of a writer, in the order in which it is done after each sleep: each kind depends on those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Work {
    Configuration,
    Sites,
    Ledger,
    Files,
    Publish,
}

impl Work {
    /// The kind after this one, in a circle.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Configuration => Self::Sites,
            Self::Sites => Self::Ledger,
            Self::Ledger => Self::Files,
            Self::Files => Self::Publish,
            Self::Publish => Self::Configuration,
        }
    }
}
