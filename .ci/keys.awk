# keys.awk -- the rows of src/tui/keys.def as the table of README.
BEGIN { print "| key | what it does |\n|---|---|" }
/^KEY\(/ {
    # KEY(code, action, "name", "footer" or NULL, "help"): the texts in order; a key without a name has none
    count = split($0, part, "\"")
    if (count > 3)
        printf "| %s | %s |\n", part[2], part[count - 1]
}
