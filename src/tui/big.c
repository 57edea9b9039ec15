#include "big.h"

#include <stddef.h>
#include <string.h>

#define DIGIT_DOTS 3
#define POINT_DOTS 1

/* Rows from the top, bit 2 at the left. */
static const struct shape {
    char character;
    unsigned char row[RS_BIG_ROWS];
} shapes[] = {
    {'0', {7, 5, 5, 5, 7}}, {'1', {2, 6, 2, 2, 7}}, {'2', {7, 1, 7, 4, 7}}, {'3', {7, 1, 7, 1, 7}},
    {'4', {5, 5, 7, 1, 1}}, {'5', {7, 4, 7, 1, 7}}, {'6', {7, 4, 7, 5, 7}}, {'7', {7, 1, 1, 1, 1}},
    {'8', {7, 5, 7, 5, 7}}, {'9', {7, 5, 7, 1, 7}}, {'+', {0, 2, 7, 2, 0}}, {'-', {0, 0, 7, 0, 0}},
    {'/', {1, 1, 2, 4, 4}}, {'.', {0, 0, 0, 0, 4}},
};

static const unsigned char *rows_of(char character)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].character == character)
            return shapes[i].row;
    return NULL;
}

static int dots_of(char character)
{
    return character == '.' ? POINT_DOTS : DIGIT_DOTS;
}

/* A cell is about twice as high as wide. */
static int columns_of_dot(int scale)
{
    return scale > 1 ? scale + 1 : 1;
}

int rs_big_columns(const char *text, int scale)
{
    int dots = 0;
    for (const char *p = text; *p; p++)
        dots += dots_of(*p) + (p[1] ? 1 : 0);
    return dots * columns_of_dot(scale);
}

bool rs_big_cell(const char *text, int scale, int row, int column)
{
    int dot = column / columns_of_dot(scale);
    for (; *text; text++) {
        int dots = dots_of(*text);
        if (dot < dots) {
            const unsigned char *rows = rows_of(*text);
            return rows && rows[row / scale] >> (2 - dot) & 1;
        }
        dot -= dots;
        if (dot-- == 0)
            return false; /* between two characters */
    }
    return false;
}
