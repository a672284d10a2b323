//! The `feedmill` program. Everything it does is in the library.

fn main() -> std::process::ExitCode {
    feedmill::commands::main()
}
