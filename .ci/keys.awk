# keys.awk -- the rows of src/tui/keys.def as the table of README; what a key does is said in commands.def (read first).
# COMMAND(id, "name", "ARGUMENT" or NULL, "help") ; KEY(where, code, command, "argument" or NULL, "name" or NULL, ...)
function texts(row) { sub(/^[A-Z]+\(/, "", row); return row }
# ON_RUNS: the screen Runs; keys that work everywhere stand first.
function place(id) {
    sub(/^ON_/, "", id)
    if (id == "ANY") return "everywhere"
    if (id == "FORM" || id == "CHART") return "Curves, the " tolower(id)
    return substr(id, 1, 1) tolower(substr(id, 2))
}
/^COMMAND\(/ {
    row = texts($0)
    id = row; sub(/,.*/, "", id)
    count = split(row, part, "\"")
    help[id] = part[count - 1]
}
/^KEY\(/ {
    row = texts($0)
    sub(/' '/, "blank", row)
    split(row, field, /, /)
    # The name is the text behind the argument: cut where, code, command and argument away.
    rest = row
    sub(/^[^,]*, [^,]*, [^,]*, /, "", rest)
    if (rest ~ /^NULL, /) sub(/^NULL, /, "", rest); else sub(/^"[^"]*", /, "", rest)
    if (rest !~ /^"/)
        next
    split(rest, part, "\"")
    name = part[2]
    gsub(/\\\\/, "\\", name)
    where = place(field[1])
    if (!(where in lines))
        order[++places] = where
    lines[where] = lines[where] "| " name " | " where " | " help[field[3]] " |\n"
}
END {
    print "| key | where | what it does |\n|---|---|---|"
    printf "%s", lines["everywhere"]
    for (i = 1; i <= places; i++)
        if (order[i] != "everywhere")
            printf "%s", lines[order[i]]
}
