#!/usr/bin/env bash
# A contact centre to look at: builds and starts a server, a simulator and the wallboard, and cleans
# up when the wallboard is quit (q).
#
#   scripts/demo.sh [--agents N] [--speed N] [--store embedded|dynamodb] [--port N]
#   scripts/demo.sh --replay FILE [--format anonymous-bank|queue-log|csv] [--date YYYY-MM-DD]
#                   [--from HH:MM] [--speed N]
#
#   --agents N   how many agents work (200)
#   --speed N    how many seconds pass in the centre in a real one, 0.1 to 1000 (1)
#   --store      where records go besides the server's own file: dynamodb starts a local server
#                that stands for it, built before the first time
#   --port N     where the server listens (a free port)
#   --replay     plays a recorded day in place of made-up callers and agents; docs/replay.md
#
# Without a terminal it prints one board as text and ends. Needs rustup's cargo and a C compiler.
set -euo pipefail

fail() {
    echo "demo: $1" >&2
    exit 1
}

agents= speed=1 store=embedded port=0 replay= format= play=()
while [ $# -gt 0 ]; do
    case $1 in
    --agents | --speed | --store | --port | --replay | --format | --date | --from)
        [ $# -ge 2 ] || fail "$1 wants a value; --help explains"
        case $1 in
        --date | --from) play+=("$1" "$2") ;;
        *) printf -v "${1#--}" '%s' "$2" ;;
        esac
        shift 2
        ;;
    -h | --help)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
        exit
        ;;
    *) fail "$1 is no option; --help names them" ;;
    esac
done
[[ $store == embedded || $store == dynamodb ]] || fail "--store $store: allowed are embedded and dynamodb"
if [ -n "$replay" ]; then
    [ -z "$agents" ] || fail "--agents is for made-up people; with --replay the recorded ones work"
    [[ $replay == /* ]] || replay=$PWD/$replay
    [ -r "$replay" ] || fail "--replay $replay: there is no such file"
    if [ -z "$format" ]; then
        read -r first <"$replay" || true
        case $first in
        vru+line*) format=anonymous-bank ;;
        *\|*\|*) format=queue-log ;;
        *) format=csv ;;
        esac
    fi
else
    [ -z "$format" ] || fail "--format is for a recorded day, which --replay names"
    [ ${#play[@]} -eq 0 ] || fail "${play[0]} is for a recorded day, which --replay names"
fi

# What the shell says of another server is not for this one.
unset MONTI_STORE MONTI_CENTRE MONTI_TOKENS MONTI_TLS_CERT MONTI_TLS_KEY MONTI_CA MONTI_TOKEN MONTI_TOKEN_FILE \
    MONTI_LOG MONTI_LOG_FORMAT

cd "$(dirname "$0")/.."
command -v cargo >/dev/null || fail "cargo is missing; https://rustup.rs installs it"
command -v cc >/dev/null || fail "a C compiler is missing; install one: sudo apt-get install -y gcc libc6-dev"
echo "building; the first time takes some minutes …" >&2
cargo build --release --locked --quiet --bins --workspace
bin=${CARGO_TARGET_DIR:-target}/release

folder=$(mktemp -d)
started=()
clean_up() {
    trap '' INT TERM
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Why a program ended before its time, in its own words.
export RUST_BACKTRACE=0
died() { fail "$1 did not start: $(grep -v ' INFO ' "$folder/$2.log" | head -n 6)"; }

options=(--listen "127.0.0.1:$port" --data "$folder/data" --store "$store" --clock-speed "$speed")
if [ "$store" = dynamodb ]; then
    scripts/dynamo-servers.sh dynoxide >&2
    . scripts/need.sh
    # It takes no port 0: any that turns out to be free.
    listens() { grep -q 'listening on' "$folder/dynamo.log"; }
    for _ in $(seq 10); do
        dynamo=127.0.0.1:$((20000 + RANDOM % 12000))
        "$cache/bin/dynoxide" serve --host 127.0.0.1 --port "${dynamo#*:}" >"$folder/dynamo.log" 2>&1 &
        started+=($!)
        for _ in $(seq 100); do
            ! listens && kill -0 $! 2>/dev/null || break
            sleep 0.1
        done
        ! listens || break
    done
    listens || died "DynamoDB's stand-in" dynamo
    export DYNAMO_USE_LOCAL=true DYNAMO_ENDPOINT=http://$dynamo
    "$bin/monti-server" dynamo create-tables >"$folder/server.log" 2>&1 || died "DynamoDB" server
fi
if [ -n "$replay" ]; then
    "$bin/monti-sim" replay "$replay" --format "$format" --print-centre \
        >"$folder/centre.toml" 2>"$folder/simulator.log" || died "the simulator" simulator
    options+=(--centre "$folder/centre.toml")
fi

exec 3< <(exec "$bin/monti-server" "${options[@]}" 2>"$folder/server.log")
started+=($!)
read -r said <&3 || died "the server" server
server=${said##*//}

if [ -n "$replay" ]; then
    "$bin/monti-sim" replay "$replay" --format "$format" --connect "$server" "${play[@]}" \
        --control 127.0.0.1:0 >"$folder/simulator.log" 2>&1 &
else
    "$bin/monti-sim" run --agents "${agents:-200}" --connect "$server" --control 127.0.0.1:0 \
        >"$folder/simulator.log" 2>&1 &
fi
simulator=$!
started+=("$simulator")
# What is wrong with its options is told here, and not behind the wallboard.
until grep -q 'control on' "$folder/simulator.log"; do
    kill -0 "$simulator" 2>/dev/null || died "the simulator" simulator
    sleep 0.1
done

if [ -t 0 ] && [ -t 1 ]; then
    "$bin/monti-tui" --connect "$server"
else
    # A board is worth printing when there is something on it: ten calls, or what half a minute brings.
    for _ in $(seq 30); do
        plays=true
        kill -0 "$simulator" 2>/dev/null || plays=false
        board=$("$bin/monti-tui" --connect "$server" --once)
        calls=$("$bin/monti-tui" --connect "$server" --once --format prom |
            awk '/^monti_board_calls_offered/ { sum += $2 } END { print sum + 0 }')
        [ "$calls" -lt 10 ] && $plays || break
        sleep 1
    done
    # A recorded day may be over by now; else it has failed.
    $plays || wait "$simulator" || died "the simulator" simulator
    printf '%s\n' "$board"
fi
