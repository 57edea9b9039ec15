#!/bin/sh
# test_screens.sh PROGRAM [--update] -- runs each tests/screens/*.script and compares the screens it saves with those
# kept beside it. A first line `#! NAME=VALUE ... -- OPTION ...` has environment and options of the program. With
# --update the kept screens are written anew: look at the difference before it is committed. A script with a line
# `# slow` is left out under a sanitizer.
set -u
program=$(realpath "$1")
update=${2:-}
here=$(dirname "$(realpath "$0")")/../screens
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset NO_COLOR LINES COLUMNS COLORFGBG
export XDG_DATA_HOME="$work/data" XDG_CONFIG_HOME="$work/config" TERM=xterm-256color LC_ALL=C.UTF-8
number=0

run() { # run SCRIPT: in a folder of its own, with the presets
    mkdir "$work/at" && ln -s "$here/../../presets" "$work/at/presets" && cd "$work/at" || return 1
    first=$(head -n 1 "$1")
    variables=
    options=
    case $first in
    '#!'*)
        variables=${first#??}
        variables=${variables%%--*}
        case $first in *--*) options=${first#*--} ;; esac
        ;;
    esac
    env $variables timeout "$((60 * ${RECSCOPE_SLOW:-1}))" "$program" $options --script "$1"
}

for script in "$here"/*.script; do
    name=$(basename "$script" .script)
    number=$((number + 1))
    if [ "${RECSCOPE_SLOW:-1}" != 1 ] && grep -q '^# slow' "$script"; then
        echo "ok $number - $name # SKIP it takes minutes under a sanitizer"
        continue
    fi
    rm -rf "$work/at" "$work/data"
    (run "$script") > "$work/log" 2>&1 < /dev/null
    status=$?
    [ "$status" = 0 ] || echo "exit status $status" >> "$work/log"
    for screen in "$work"/at/*.txt "$work"/at/*.ansi; do
        [ -e "$screen" ] || continue
        kept=$here/$(basename "$screen")
        if [ "$update" = --update ]; then
            cp "$screen" "$kept"
        elif ! diff -u "$kept" "$screen" > "$work/difference" 2>&1; then
            status=1
            cat "$work/difference" >> "$work/log"
        fi
    done
    if [ "$status" = 0 ]; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$work/log"
    fi
done
echo "1..$number"
