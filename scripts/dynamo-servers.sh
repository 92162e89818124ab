#!/usr/bin/env bash
# Installs the two servers that the tests take for DynamoDB, unless just these versions are there:
# dynoxide and dynalite, both written by others.
#
#   scripts/dynamo-servers.sh [dynoxide|dynalite]…      both, if none is named
#
# They are kept in MONTI_CACHE, or else in ~/.cache/monti, for all working copies on a machine; the
# tests look there. The first time takes some minutes. Needs cargo and a C compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh

dynoxide=3.2.0
dynalite=4.0.0

[ $# -gt 0 ] || set -- dynoxide dynalite
for server in "$@"; do
    case $server in
    dynoxide | dynalite) ;;
    *)
        echo "$server: allowed are dynoxide and dynalite" >&2
        exit 1
        ;;
    esac
done
is_wanted() { [[ " $wanted " == *" $1 "* ]]; }
wanted=$*

installing

# Without its feature `cli` nothing is installed.
if is_wanted dynoxide && ! grep -qs "^\"dynoxide-rs $dynoxide " "$cache/.crates.toml"; then
    cargo install "dynoxide-rs@$dynoxide" --locked --no-default-features \
        --features cli,native-sqlite,http-server --root "$cache"
fi

package=$cache/dynalite/node_modules/dynalite/package.json
if is_wanted dynalite && ! grep -qs "\"version\": \"$dynalite\"" "$package"; then
    need npm nodejs npm
    mkdir -p "$cache/dynalite"
    npm install --prefix "$cache/dynalite" --no-audit --no-fund "dynalite@$dynalite"
fi
