//! The `feedmill` program. Everything it does is in the library.

/// What a burst of requests took is given back at once, and caches that change all day do not grow: measured
/// against others with `soak_for_long`. Its settings are in `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    feedmill::commands::main()
}
