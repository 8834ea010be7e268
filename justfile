# What maintainers run. It is optional: every recipe is one or two commands of CONTRIBUTING.md.
# `pip install rust-just` brings `just`.

# Lists the recipes.
default:
    @just --list

# Formats, then clippy and the unit tests: less than a minute after an edit.
# Not by nextest: it starts a process for each of 560 short tests, which takes twice as long.
[doc("Formats, then clippy and the unit tests: less than a minute after an edit.")]
quick:
    cargo fmt
    cargo fmt --manifest-path tests/fuzz/Cargo.toml
    cargo clippy --locked --all-targets -- -D warnings
    cargo test --locked --lib --quiet

# Every test that needs no other program, or those with this in their names; by nextest where it is installed.
test *ARGS:
    cargo $(command -v cargo-nextest >/dev/null && echo nextest run || echo test) --locked {{ ARGS }}

# The CI check, all of it or these stages; `.ci/run --list` lists them.
ci *STAGES:
    .ci/run {{ STAGES }}
