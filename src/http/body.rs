//! The bytes of a response, which it may share with the cache.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::web::Bytes;

/// The body of a response.
#[derive(Debug, Clone, Default)]
pub struct Body {
    bytes: Bytes,
    /// Counts the clones, including the one in the cache; `None` if the body was never cached.
    clones: Option<Arc<()>>,
}

impl Body {
    /// Makes a body for the cache. Its allocation has no spare capacity.
    pub(super) fn to_keep(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into_boxed_slice().into(), clones: Some(Arc::default()) }
    }

    /// The bytes, without the count of clones.
    pub(super) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// The number of clones, including the one in the cache.
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
