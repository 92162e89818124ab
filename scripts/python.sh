#!/usr/bin/env bash
# Prints the path of a Python that has what the examples need, and makes it first if it is not
# there: a virtual environment in the project's cache. Needs python3.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.cache/python/bin/python
if ! [ -x "$python" ] || ! "$python" -c 'import websockets.asyncio.client' 2>/dev/null; then
    command -v python3 >/dev/null || {
        echo "python3 is missing; install it: apt-get install -y python3 python3-venv" >&2
        exit 1
    }
    python3 -m venv .cache/python >&2
    "$python" -m pip install --quiet 'websockets>=14,<17' >&2
fi
echo "$PWD/$python"
