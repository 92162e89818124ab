#!/usr/bin/env bash
# What is built in: licences, sources, and known vulnerabilities. Works without a network.
#
# The advisories are those of the database that cargo-deny keeps; `cargo deny fetch db` brings it
# up to date. Without one the check of advisories fails and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cargo-deny >/dev/null; then
    echo "cargo-deny is missing; install it: cargo install cargo-deny --locked" >&2
    exit 1
fi
cargo deny --offline check bans licenses sources
if ! compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs/advisory-db-*" >/dev/null; then
    echo "there is no database of advisories here; fetch it once: cargo deny fetch db" >&2
    exit 1
fi
cargo deny --offline check advisories
