#!/usr/bin/env bash
# Makes a Python that has what the examples need, unless it is there, and prints its path.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh
python=$cache/python/bin/python
is_there() { "$python" -c 'import websockets.asyncio.client' 2>/dev/null; }
is_there || installing
if ! is_there; then
    need python3 python3
    # Debian's Python comes without.
    python3 -c 'import ensurepip' 2>/dev/null || provide "Python's ensurepip" python3-venv
    python3 -m venv "$cache/python" >&2
    "$python" -m pip install --quiet 'websockets>=14,<17' >&2
fi
echo "$python"
