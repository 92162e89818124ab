# Sourced by the other scripts: what they need, installed where that is possible.

# Where what the tests need is kept, for all working copies on a machine; the tests look there.
cache=${MONTI_CACHE:-$HOME/.cache/monti}
case $cache in
/*) ;;
*)
    echo "MONTI_CACHE=$cache: has to be an absolute path, as not all look from the same folder" >&2
    exit 1
    ;;
esac
mkdir -p "$cache"

# installing: from now on nobody else installs into the cache, until the script ends.
installing() {
    exec 9>"$cache/.installing"
    flock 9
}

# need COMMAND PACKAGE…: there is the command, from now on at least.
need() {
    command -v "$1" >/dev/null || provide "$@"
}

# provide WHAT PACKAGE…: installs what is missing, or says how.
provide() {
    local what=$1
    shift
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        {
            apt-get update
            DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
        } >&2 </dev/null
    else
        echo "$what is missing; install it: sudo apt-get install -y $*" >&2
        exit 1
    fi
}
