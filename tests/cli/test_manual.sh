#!/bin/sh
# The manual page is made from the program's own tables, has all of them, and its source is clean.
set -u
program=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
page=$work/recscope.1 # mandoc takes the section from the name
number=0
check() { # check NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    if "$@" > "$page.log" 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$page.log"
    fi
}
has_all() { # has_all HEADING COUNT: at least so many items behind it
    items=$(awk -v heading=".Sh $1" '$0 == heading { on = 1; next } /^\.Sh / { on = 0 } on && /^\.It /' "$page" | wc -l)
    echo "$items items in $1, at least $2 expected"
    [ "$items" -ge "$2" ]
}

check "the page is made" sh -c ".ci/manual '$program' > '$page'"
check "every sub-command" has_all COMMANDS "$("$program" --help | grep -c '^  recscope .*  ' || true)"
check "every option" has_all OPTIONS "$("$program" --help | grep -c '^  --')"
check "every command of the explorer" has_all "COMMAND LINE OF THE EXPLORER" "$(grep -c '^COMMAND(' src/tui/commands.def)"
check "every setting" has_all SETTINGS "$("$program" models | grep -c '^  [a-z]')"
check "keys" has_all KEYS 15
if command -v mandoc > /dev/null; then
    check "mandoc finds nothing wrong" mandoc -Tlint -Wwarning "$page"
else
    echo "ok 7 - mandoc finds nothing wrong # SKIP needs mandoc"
fi
echo "1..7"
