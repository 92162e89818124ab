#!/usr/bin/env bash
# Installs the two servers that the tests take for DynamoDB, unless they are there: dynoxide and
# dynalite, both written by others.
#
#   scripts/dynamo-servers.sh
#
# They are kept in MONTI_CACHE, or else in ~/.cache/monti, for all working copies on a machine; the
# tests look there. The first time takes some minutes. Needs cargo, a C compiler, node and npm.
set -euo pipefail
cache=${MONTI_CACHE:-$HOME/.cache/monti}

dynoxide=3.2.0
dynalite=4.0.0

mkdir -p "$cache"
# Two that install at the same time would disturb each other.
exec 9>"$cache/.installing"
flock 9

# Without its feature `cli` nothing is installed.
if ! [ -x "$cache/bin/dynoxide" ]; then
    cargo install "dynoxide-rs@$dynoxide" --locked --no-default-features \
        --features cli,native-sqlite,http-server --root "$cache"
fi

if ! [ -f "$cache/dynalite/node_modules/dynalite/package.json" ]; then
    mkdir -p "$cache/dynalite"
    npm install --prefix "$cache/dynalite" --no-audit --no-fund "dynalite@$dynalite"
fi
