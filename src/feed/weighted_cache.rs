//! Caches that are bounded by the memory of their contents.

use std::hash::Hash;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

/// A cache that is bounded by the memory of its keys and values.
pub type WeightedCache<K, V> = Cache<K, V, Weigh<K, V>>;

/// Weighs a key and its value with a function that returns their bytes of memory.
pub struct Weigh<K, V>(fn(&K, &V) -> usize);

impl<K, V> Clone for Weigh<K, V> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<K, V> Weighter<K, V> for Weigh<K, V> {
    fn weight(&self, key: &K, value: &V) -> u64 {
        (self.0)(key, value) as u64
    }
}

/// Makes a cache of `capacity` bytes for values of about `typical` bytes. It has a single shard: with several, it could
/// not keep a value that is larger than a shard.
pub fn new_cache<K: Eq + Hash, V: Clone>(
    capacity: u64,
    typical: u64,
    weigh: fn(&K, &V) -> usize,
) -> WeightedCache<K, V> {
    let expected = (capacity / typical).clamp(16, 100_000) as usize;
    let options =
        OptionsBuilder::new().shards(1).estimated_items_capacity(expected).weight_capacity(capacity).build();
    match options {
        Ok(options) => {
            let (hasher, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
            Cache::with_options(options, Weigh(weigh), hasher, lifecycle)
        }
        // Never happens: both sizes are set.
        Err(_) => Cache::with_weighter(expected, capacity, Weigh(weigh)),
    }
}

/// The bytes that the allocator uses for an allocation: it has four sizes between powers of two, and fragmentation
/// adds about an eighth.
pub fn count_allocated(bytes: usize) -> usize {
    let step = (bytes.next_power_of_two() / 8).max(16);
    let size = bytes.next_multiple_of(step);
    size + size / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_almost_the_whole_cache_is_kept_on_any_number_of_cores_and_counts_its_allocated_size() {
        let weigh = |_: &u8, value: &Vec<u8>| count_allocated(value.len()) + 160;
        let cache = new_cache(1_300_000, 32 << 10, weigh);
        cache.insert(1, vec![b'x'; 1_000_000]);
        assert!(cache.get(&1).is_some());
        // 2^20 is the allocator's next size.
        assert_eq!(cache.weight(), (1 << 20) / 8 * 9 + 160);
    }
}
