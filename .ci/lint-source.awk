# lint-source.awk -- floors, closed headers, banned calls and sizes, over the C files named as arguments.
# A line with `lint: allow: REASON` in a comment is not searched for banned calls; such lines are counted.

function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    bad = 1
}

# The room of a path: src/ROOM/file, include/recscope/ROOM/file, recscope/ROOM/file; "" for tests.
function room_of(path,    part) {
    sub(/^include\//, "", path)
    split(path, part, "/")
    return part[1] == "src" || part[1] == "recscope" ? part[2] : ""
}

# The line without comments, with the text of its strings and characters removed.
function code_of(line,    out, i, c, pair) {
    out = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        pair = substr(line, i, 2)
        if (in_comment) {
            if (pair == "*/") {
                in_comment = 0
                i++
            }
        } else if (quote != "") {
            if (c == "\\")
                i++
            else if (c == quote) {
                quote = ""
                out = out c
            }
        } else if (pair == "/*") {
            in_comment = 1
            i++
        } else if (pair == "//") {
            break
        } else {
            if (c == "\"" || c == "'")
                quote = c
            out = out c
        }
    }
    quote = ""
    return out
}

BEGIN {
    split("base linalg data plot autodiff models train experiment tui cli", order, " ")
    split("1 2 2 2 3 4 5 6 7 8", level, " ")
    for (i in order)
        floor_of[order[i]] = level[i]
    # headers that one room only may include
    closed["cblas.h"] = "linalg"
    closed["ini.h"] = "experiment"
    closed["curses.h"] = closed["ncurses.h"] = closed["ncursesw/curses.h"] = closed["panel.h"] = "tui"
    closed["term.h"] = closed["ncursesw/ncurses.h"] = closed["form.h"] = closed["menu.h"] = "tui"
    # below src/cli: no function ends the program or writes to its streams
    not_below_cli = "exit|_exit|_Exit|abort|quick_exit|printf|vprintf|puts|putchar|perror|warn|warnx|err|errx"
    # nowhere: no check of the input, hidden state, or no bound on what is written
    nowhere = "atoi|atol|atoll|atof|strtok|sprintf|vsprintf|strcpy|strcat|gets|rand|srand|random|srandom|drand48|system"
    memory = "malloc|calloc|realloc|free|strdup|strndup|aligned_alloc|posix_memalign"
    before = "(^|[^A-Za-z0-9_.>])("
    after = ")[ \t]*\\("
}

FNR == 1 {
    room = room_of(FILENAME)
    public = FILENAME ~ /^include\//
    in_comment = 0
    if (room != "" && !(room in floor_of))
        complain("a room that is not among the floors: " room)
}

FNR == 801 {
    complain("more than 800 lines")
}

# Characters, not bytes: those that go on with one are not counted, whatever awk takes a character for.
{ columns = $0; gsub(/[\200-\277]/, "", columns) }
length(columns) > 120 {
    complain("more than 120 columns")
}

/^[ \t]*#[ \t]*include/ {
    header = $0
    sub(/^[^<"]*[<"]/, "", header)
    sub(/[>"].*/, "", header)
    if (room != "" && (header in closed) && closed[header] != room)
        complain(header " may be included in src/" closed[header] " only")
    target = room_of(header)
    if (room != "" && target != "" && target != room && floor_of[target] >= floor_of[room])
        complain("src/" room " (floor " floor_of[room] ") may not include " header " (floor " floor_of[target] ")")
    if (room != "" && header ~ /\.\.\/|^src\//)
        complain("a header of another room: " header)
    if (target != "" && room != "" && (target != room || public))
        users["include/" header]++
    if (public)
        public_at[FILENAME] = 1
    next
}

{
    code = code_of($0)
    if ($0 ~ /lint: allow: [^ ]/) {
        waived++
        next
    }
    if (room == "")
        next
    if (match($0, /\.key = "[a-z0-9_]+"/))
        key_at[substr($0, RSTART + 8, RLENGTH - 9)] = FILENAME ":" FNR
    for (rest = code ~ /"/ ? $0 : ""; match(rest, /"[a-z0-9]+_[a-z0-9_]+"/); rest = substr(rest, RSTART + RLENGTH)) {
        literal = substr(rest, RSTART + 1, RLENGTH - 2)
        places[literal] = places[literal] " " FILENAME ":" FNR
        times[literal]++
    }
    if (room != "cli" && code ~ before not_below_cli after)
        complain("only src/cli may end the program or print: " $0)
    if (room != "cli" && code ~ /fprintf[ \t]*\([ \t]*(stderr|stdout)|[^A-Za-z0-9_](fputs|fputc|putc)[ \t]*\(.*(stderr|stdout)/)
        complain("only src/cli may write to stdout and stderr: " $0)
    if (code ~ before nowhere after)
        complain("a banned call: " $0)
    if (FILENAME != "src/base/memory.c" && code ~ before memory after)
        complain("memory comes from recscope/base/memory.h: " $0)
    if (code ~ /(^|[^A-Za-z0-9_])volatile([^A-Za-z0-9_]|$)/ && code !~ /sig_atomic_t/)
        complain("volatile is for sig_atomic_t only: " $0)
}

END {
    for (path in public_at)
        if (!(path in users)) {
            printf "%s: no other room includes it: it belongs in src/%s\n", path, room_of(path)
            bad = 1
        }
    # Short keys such as "seed" are ordinary words elsewhere; those with an underscore are not.
    for (key in key_at)
        if (times[key] > 1) {
            printf "%s: \"%s\" stands once, here; name the row elsewhere:%s\n", key_at[key], key, places[key]
            bad = 1
        }
    if (waived)
        printf "lint: %d waived lines (`lint: allow: REASON`)\n", waived
    exit bad
}
