#!/usr/bin/env bash
# Makes mistakes in monti-core, one at a time, and tells which of them no test notices.
#
#   scripts/mutants.sh [OPTIONS OF cargo mutants, such as --file monti-core/src/ledger.rs]
#
# Some 1,500 mistakes at several seconds each: hours, on a machine with nothing else to do. The
# properties run with few seeds. The result is in
# mutants.out/{caught,missed,timeout,unviable}.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cargo-mutants >/dev/null; then
    echo "cargo-mutants is missing; install it: cargo install cargo-mutants --locked" >&2
    exit 1
fi
export MONTI_PROPERTY_SEEDS=${MONTI_PROPERTY_SEEDS:-8}
export MONTI_PROPERTY_EVENTS=${MONTI_PROPERTY_EVENTS:-1500}
exec cargo mutants --package monti-core --profile mutants --jobs "${MONTI_MUTANTS_JOBS:-2}" \
    --minimum-test-timeout 90 --colors never "$@" -- --lib --test it --test wire \
    --test memory
