# keys.awk -- the rows of src/tui/keys.def as the table of README; what a key does is said in commands.def (read first).
# COMMAND(id, "name", "ARGUMENT" or NULL, "help") ; KEY(where, code, command, "argument" or NULL, "name" or NULL, ...)
function texts(row) { sub(/^[A-Z]+\(/, "", row); return row }
/^COMMAND\(/ {
    row = texts($0)
    id = row; sub(/,.*/, "", id)
    count = split(row, part, "\"")
    help[id] = part[count - 1]
}
/^KEY\(/ {
    if (!begun++)
        print "| key | what it does |\n|---|---|"
    row = texts($0)
    sub(/' '/, "blank", row)
    split(row, field, /, /)
    id = field[3]
    # The name is the text behind the argument: cut where, code, command and argument away.
    rest = row
    sub(/^[^,]*, [^,]*, [^,]*, /, "", rest)
    if (rest ~ /^NULL, /) sub(/^NULL, /, "", rest); else sub(/^"[^"]*", /, "", rest)
    if (rest ~ /^"/) {
        split(rest, part, "\"")
        printf "| %s | %s |\n", part[2], help[id]
    }
}
