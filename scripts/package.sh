#!/usr/bin/env bash
# Builds what is shipped, in target/package: a tarball, and a Debian package of the same.
#
#   scripts/package.sh
#
# Programs, manual pages, completions for bash, zsh and fish, the unit for systemd, alerts and a
# dashboard, the script that makes the tables, examples, handbook. The same commit gives the same
# files.
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."
if ! command -v cargo-deb >/dev/null; then
    echo "cargo-deb is missing; install it: cargo install cargo-deb --locked" >&2
    exit 1
fi

programs=(monti-server monti-sim monti-tui)
version=$(cargo metadata --no-deps --format-version 1 --locked |
    sed -E 's/.*"name":"monti-server","version":"([^"]+)".*/\1/')
name=monti-$version-$(uname -m)-linux
# Where Cargo.toml of monti-server says that the files of the Debian package are.
export CARGO_TARGET_DIR=$PWD/target
target=$CARGO_TARGET_DIR
out=$target/package
stage=$out/tree
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
# Cargo does not notice that files have changed since, or have not any more.
if [ -z "${MONTI_COMMIT+given}" ]; then
    MONTI_COMMIT=$(git rev-parse --short=9 HEAD)
    [ -z "$(git status --porcelain --untracked-files=no)" ] || MONTI_COMMIT+=+
    export MONTI_COMMIT
fi

cargo build --release --locked --bins --workspace

rm -rf "$out"
mkdir -p "$stage"/{bin,man/man1,completions/{bash,zsh,fish},systemd,grafana,scripts}
for program in "${programs[@]}"; do
    binary=$target/release/$program
    install -m 755 "$binary" "$stage/bin/"
    "$binary" --generate man:"$stage/man/man1"
    "$binary" --generate completion:bash >"$stage/completions/bash/$program"
    "$binary" --generate completion:zsh >"$stage/completions/zsh/_$program"
    "$binary" --generate completion:fish >"$stage/completions/fish/$program.fish"
done
gzip -9n "$stage"/man/man1/*
install -m 644 packaging/monti-server.service "$stage/systemd/"
install -m 644 packaging/monti-alerts.yml packaging/monti-dashboard.json "$stage/grafana/"
install -m 755 scripts/create-dynamo-tables.sh "$stage/scripts/"
cp -r docs examples "$stage/"
# What the pages name is where it is in the package.
sed -i -e 's|packaging/monti-server\.service|systemd/monti-server.service|g' \
    -e 's|packaging/\(monti-[a-z]*\.[a-z]*\)|grafana/\1|g' \
    -e 's|target/release/|bin/|g' "$stage"/docs/*.md
# What takes the sources to do is for those who have them, with a README of their own.
awk '/^## / { is_left_out = /^## (Two commands|How it is built|Tests|Speed)$/ } !is_left_out' README.md |
    sed -e 's|^cargo run --release -p monti-server$|monti-server|' \
        -e 's| With Docker, .*||' \
        -e 's|`packaging/` has a unit|`systemd/` and `grafana/` have a unit|' >"$stage/README.md"
for page in "$stage"/README.md "$stage"/docs/*.md; do
    sed '/^```/,/^```/d' "$page" | { grep -o ']([^)#]*' || true; } | cut -c3- | sort -u |
        while read -r link; do
            [[ -z $link || $link == http* || -e $(dirname "$page")/$link ]] || {
                echo "${page#"$stage/"} links to $link, which is not in the package" >&2
                exit 1
            }
        done
done
install -m 644 CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$stage/"

tar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w --mtime="@$SOURCE_DATE_EPOCH" \
    --transform="s|^tree|$name|" -C "$out" -c tree | gzip -9n >"$out/$name.tar.gz"

# Debian's folder for programs is another than the one for what is installed by hand.
sed 's|/usr/local/bin|/usr/bin|' packaging/monti-server.service >"$out/monti-server.service"
cargo deb --quiet --package monti-server --no-build --output "$out/" >/dev/null

printf '%s\n' "$out/$name.tar.gz" "$out"/*.deb
for program in "${programs[@]}"; do
    printf '%-14s %6d KiB\n' "$program" "$(($(stat -c %s "$stage/bin/$program") / 1024))"
done
