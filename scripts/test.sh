#!/usr/bin/env bash
# Everything that has to hold: format, lints, build, all tests, examples in the docs, the docs.
#
# Needs rustup's cargo and a C compiler; installs the rest (tmux, pkill, sqlite3, Python's websockets, two servers
# that stand for DynamoDB) where it may, and says what to install where it may not. Runs without a terminal
# and without standard input. With CI set, or MONTI_SHARED, shared data that is missing is a failure.
# The last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT

step "what the tests need"
. scripts/need.sh
need tmux tmux
need pkill procps
need sqlite3 sqlite3
need setsid util-linux
scripts/python.sh
scripts/dynamo-servers.sh

step "format"
cargo fmt --all --check

step "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings

step "build"
cargo build --workspace --all-targets --locked

step "docs"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

step "tests"
status=0
cargo test --workspace --locked --no-fail-fast 2>&1 </dev/null | tee "$log" || status=$?

# cargo prints a line for every test binary; a binary that did not build or crashed prints none,
# and then the status tells.
awk '/^test result:/ { passed += $4; failed += $6 }
     END { printf "\n%d passed, %d failed\n", passed, failed
           exit !(passed > 0 && failed == 0) }' "$log" || status=1
exit "$status"
