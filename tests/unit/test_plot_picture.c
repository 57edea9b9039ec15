/* A grid of characters as a picture file, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cairo.h>
#include <cmocka.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/plot/picture.h"

#define ROWS    2
#define COLUMNS 4

static char folder[] = "/tmp/recscope-picture-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void cells_of(struct rs_picture_cell *cells, const char *text)
{
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        cells[i] = (struct rs_picture_cell){.width = 1, .ink = 0xFF0000, .paper = 0x000000};
        snprintf(cells[i].text, sizeof cells[i].text, "%s", text);
    }
}

/* Red pixels of the file's picture. */
static unsigned red_in(const char *path)
{
    unsigned red = 0;
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    const unsigned char *bytes = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
        for (int x = 0; x < cairo_image_surface_get_width(surface); x++) {
            uint32_t pixel;
            memcpy(&pixel, bytes + y * stride + 4 * x, sizeof pixel);
            red += (pixel >> 16 & 255) > 200;
        }
    cairo_surface_destroy(surface);
    return red;
}

/* A full block covers its cell, a half one half of it, a braille character a dot for each bit. */
static void characters_cover_what_they_should(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned least, most; /* pixels of a cell of 9 x 18 */
    } cases[] = {{"\xE2\x96\x88", 162, 162},
                 {"\xE2\x96\x84", 81, 81},
                 {"\xE2\x96\x9A", 60, 90},
                 {"\xE2\xA0\x80", 0, 0},
                 {" ", 0, 0},
                 {"\xE2\xA3\xBF", 16, 80},
                 {"\xF0\x9C\xB5\xB0", 105, 145}}; /* an octant of seven eighths */
    char path[64];
    snprintf(path, sizeof path, "%s/a.png", folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rs_picture_cell cells[ROWS * COLUMNS];
        struct rs_error err = {0};
        cells_of(cells, cases[i].text);
        assert_int_equal(rs_picture_write(path, cells, ROWS, COLUMNS, 0, &err), RS_OK);
        unsigned red = red_in(path) / (ROWS * COLUMNS);
        assert_in_range(red, cases[i].least, cases[i].most);
    }
    assert_int_equal(unlink(path), 0);
}

static void vectors_are_written_too(void **state)
{
    (void)state;
    struct rs_picture_cell cells[ROWS * COLUMNS];
    struct rs_error err = {0};
    char path[64];
    char *bytes;
    size_t length;
    snprintf(path, sizeof path, "%s/a.svg", folder);
    cells_of(cells, "x");
    assert_int_equal(rs_picture_write(path, cells, ROWS, COLUMNS, 0, &err), RS_OK);
    assert_int_equal(rs_file_read(path, &bytes, &length, &err), RS_OK);
    assert_non_null(strstr(bytes, "<svg"));
    rs_free(bytes);
    assert_int_equal(unlink(path), 0);
}

static void other_names_and_places_are_refused(void **state)
{
    (void)state;
    struct rs_picture_cell cells[ROWS * COLUMNS];
    struct rs_error err = {0};
    cells_of(cells, "x");
    assert_int_equal(rs_picture_write("a.gif", cells, ROWS, COLUMNS, 0, &err), RS_USAGE);
    assert_string_equal(err.message, "a.gif: not a picture's name: it ends in .svg or .png");
    assert_int_equal(rs_picture_write("/nowhere/a.png", cells, ROWS, COLUMNS, 0, &err), RS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_cover_what_they_should),
        cmocka_unit_test(vectors_are_written_too),
        cmocka_unit_test(other_names_and_places_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
