//! The `feedmill` program. Everything it does is in the library.

/// jemalloc returns the memory of a burst of requests to the system. Its settings are in `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    feedmill::main()
}
