/* cluster.h -- text as a terminal sees it: a character with what combines with it, and the columns that it takes.
 *
 * Titles of films are in every script. A combining mark stays with its base; what would make the columns of a line
 * depend on the terminal (joiners, variation selectors, marks of direction) is left out; control characters, invalid
 * UTF-8 and what the locale has no character for become '?'.
 * Source : widths are the locale's (wcwidth, LC_CTYPE); names of characters from the Unicode Standard.
 * Threads: safe from any thread.
 */
#ifndef RS_TUI_CLUSTER_H
#define RS_TUI_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#define RS_CLUSTER_POINTS 5 /* as many as a cell of curses holds; further marks are left out */

struct rs_cluster {
    wchar_t text[RS_CLUSTER_POINTS + 1]; /* ends with 0 */
    int columns;                         /* 1 or 2 */
};

/* The next one of UTF-8 text, and *text moves on. false: the text is over. utf8: whether the locale's encoding is. */
bool rs_cluster_next(const char **text, bool utf8, struct rs_cluster *out);

/* Columns that a text takes. */
int rs_cluster_columns(const char *text, bool utf8);

/* Bytes of the longest beginning that takes at most so many columns, whole clusters. */
size_t rs_cluster_fit(const char *text, bool utf8, int columns);

/* The same, ended at a blank, or behind a '/' or a ',', where the text goes on and there is one. */
size_t rs_cluster_fit_line(const char *text, bool utf8, int columns);

#endif
