//! Posts by slot, in chunks that snapshots share: a change copies one chunk, not all posts.

use std::sync::Arc;

use crate::post::Post;

/// The index of a post in [`Posts`]; stable while the post exists.
pub(super) type Slot = u32;

const CHUNK: usize = 128;

type Chunk = [Option<Arc<Post>>; CHUNK];

/// Every post the catalog knows, visible or not.
#[derive(Debug, Clone, Default)]
pub(super) struct Posts {
    chunks: Vec<Arc<Chunk>>,
}

impl Posts {
    pub(super) fn get(&self, slot: Slot) -> Option<&Arc<Post>> {
        self.chunks.get(slot as usize / CHUNK)?[slot as usize % CHUNK].as_ref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &Arc<Post>)> {
        let slots = self.chunks.iter().flat_map(|chunk| chunk.iter());
        slots.enumerate().filter_map(|(slot, post)| Some((slot as Slot, post.as_ref()?)))
    }

    pub(super) fn set(&mut self, slot: Slot, post: Option<Arc<Post>>) {
        let place = slot as usize / CHUNK;
        while self.chunks.len() <= place {
            self.chunks.push(Arc::new([const { None }; CHUNK]));
        }
        Arc::make_mut(&mut self.chunks[place])[slot as usize % CHUNK] = post;
    }
}
