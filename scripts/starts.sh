#!/usr/bin/env bash
# How large the programs of target/release are, and how soon the server listens and a program has answered: medians of
# seven starts each.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${CARGO_TARGET_DIR:-target}/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Microseconds since the epoch.
now() { echo "${EPOCHREALTIME/[.,]/}"; }

# The median of the numbers on standard input, of microseconds in milliseconds.
median() { sort -n | awk '{ all[NR] = $1 } END { printf "%.1f ms\n", all[int((NR + 1) / 2)] / 1000 }'; }

listening() {
    local from
    for _ in 1 2 3 4 5 6 7; do
        rm -rf "$work/data"
        from=$(now)
        coproc "$bin/monti-server" --listen 127.0.0.1:0 --data "$work/data" 2>/dev/null
        read -r _ <&"${COPROC[0]}"
        echo $(($(now) - from))
        kill "$COPROC_PID"
        wait "$COPROC_PID" 2>/dev/null || true
    done | median
}

answering() {
    local from
    for _ in 1 2 3 4 5 6 7; do
        from=$(now)
        "$bin/$1" --version >/dev/null
        echo $(($(now) - from))
    done | median
}

for program in monti-server monti-sim monti-tui; do
    printf '%-13s %6.1f MiB   --version %s\n' "$program" \
        "$(stat -c %s "$bin/$program" | awk '{ print $1 / 1048576 }')" "$(answering "$program")"
done
echo "monti-server listens, on an empty folder, after $(listening)"
