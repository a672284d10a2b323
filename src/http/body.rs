//! The bytes of a response, which the cache may hold as well.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::web::Bytes;

/// The body of a response.
#[derive(Debug, Clone, Default)]
pub struct Body {
    bytes: Bytes,
    /// One for each clone, that in the cache among them; `None`: it was never in the cache.
    clones: Option<Arc<()>>,
}

impl Body {
    /// A body that the cache is to hold. It takes just its length: what is kept has no space to grow.
    pub(super) fn to_keep(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into_boxed_slice().into(), clones: Some(Arc::default()) }
    }

    /// The bytes alone.
    pub(super) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// How many clones there are, that in the cache among them.
    pub(super) fn count_clones(&self) -> usize {
        self.clones.as_ref().map_or(1, Arc::strong_count)
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, clones: None }
    }
}
