#!/bin/sh
# What `make install` puts in place runs, and `make uninstall` takes all of it away again.
set -u
unset MAKEFLAGS MFLAGS # the variables of the make above are in the environment; its job server is not
stage=$(mktemp -d) || exit 1
trap 'rm -rf "$stage"' EXIT

number=0
check() { # check NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    if "$@" > "$stage.log" 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$stage.log"
    fi
    rm -f "$stage.log"
}
same_presets() {
    for preset in presets/*.ini; do
        cmp "$preset" "$stage/usr/local/share/recscope/$preset" || return 1
    done
}
nothing_left() { ! find "$stage" -type f -o -type l | grep .; }

check "make install" make --no-print-directory install DESTDIR="$stage"
check "the installed program runs" "$stage/usr/local/bin/recscope" --version
check "every preset is installed" same_presets
check "an installed preset is found by its name" env -C / RECSCOPE_DATADIR="$stage/usr/local/share/recscope" \
    "$stage/usr/local/bin/recscope" train ice1 --epochs=1 --quiet --out "$stage/run"
rm -rf "$stage/run"
check "the manual is installed" grep -q '^.Nd explore' "$stage/usr/local/share/man/man1/recscope.1"
check "make uninstall" make --no-print-directory uninstall DESTDIR="$stage"
check "nothing is left" nothing_left
check "the folder of the data is gone" [ ! -e "$stage/usr/local/share/recscope" ]
