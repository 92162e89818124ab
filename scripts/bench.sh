#!/usr/bin/env bash
# Runs every benchmark and writes docs/benchmarks.md: about half an hour on two cores, builds included. If
# one ends with an error the page stays as it was, and what was measured goes to target/benchmarks.md.
#
#   scripts/bench.sh [OUT]
#
# Every figure that means anything is a ratio to a bare counterpart that took turns with it in the
# same run: the machine is named so that the others can be read.
set -euo pipefail
out=${1:-docs/benchmarks.md}
[[ $# -eq 0 || $out == /* ]] || out=$PWD/$out
cd "$(dirname "$0")/.."
. scripts/need.sh
need htop htop
need btop btop
need script bsdutils
scripts/dynamo-servers.sh

# Built like the programs that are shipped, with what was built for them.
bench=(cargo bench --locked --profile release)
cargo build --release --locked --bins --workspace

page=$(mktemp)
trap 'rm -f "$page"' EXIT
model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
memory=$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
cat >"$page" <<PAGE
# Benchmarks

Written by \`scripts/bench.sh\`. Results are ratios to a bare counterpart in the same run, taking turns with it, medians over
rounds; times say something only about the machine they were taken on.

- commit $(git rev-parse --short=9 HEAD), $(rustc --version | cut -d' ' -f1,2), $(date -u +%F)
- $(nproc) cores of ${model:-unknown}, $memory, Linux $(uname -r | cut -d- -f1), load $(cut -d' ' -f1 /proc/loadavg) at the start
PAGE
failed=0
section() {
    local title=$1
    shift
    printf '\n## %s\n\n```console\n$ cargo bench %s\n' "$title" "$*" >>"$page"
    echo "== $title" >&2
    "${bench[@]}" "$@" </dev/null >>"$page" || {
        echo "ended with an error" >>"$page"
        failed=1
    }
    printf '```\n' >>"$page"
}
section "The engine: a call's whole life" -p monti-core --bench cycle
section "The simulator: a study beside a bare event loop" -p monti-sim --bench study
section "The server under load" -p monti-server --bench load
section "Records to DynamoDB" -p monti-server --bench outbox
section "The wallboard: a frame" -p monti-tui --bench frame
section "The wallboard beside htop and btop" -p monti-tui --bench cost
{
    printf '\n## Sizes and starts\n\n```console\n$ scripts/starts.sh\n'
    scripts/starts.sh
    printf '```\n'
} >>"$page"
if [ "$failed" != 0 ]; then
    out=${CARGO_TARGET_DIR:-target}/benchmarks.md
    echo "a benchmark ended with an error; what was measured is in $out" >&2
fi
cp "$page" "$out"
exit "$failed"
