/* Figures: what is in the file of each kind, and what is left behind when writing fails. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cairo.h>
#include <cmocka.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/plot/figure.h"

static char folder[] = "/tmp/recscope-figure-XXXXXX";
static char path[256];

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

/* rmdir fails where a test left anything behind. */
static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const double xs[] = {0, 1, 2, 3, 4, 5};
static const double train[] = {2.8, 1.0, 0.9, 0.8, 0.7, 0.6};
static const double eval[] = {2.8, 1.0, 0.95, NAN, 0.9, 0.92};
static const double low[] = {2.7, 0.9, 0.85, 0.8, 0.8, 0.8};

static const struct rs_plot_series series[] = {
    {.name = "train <&>",
     .x = xs,
     .y = train,
     .count = 6,
     .role = RS_PLOT_PRIMARY,
     .fit = true,
     .dash = RS_DASH_DASHED},
    {.name = "eval", .x = xs, .y = eval, .raw = train, .count = 6, .role = RS_PLOT_SECONDARY, .fit = true},
    {.name = "3 seeds", .x = xs, .y = train, .low = low, .high = eval, .count = 6, .role = RS_PLOT_RUN_2, .fit = true},
};
static const struct rs_plot_line lines[] = {{"noise floor", 0.65, RS_PLOT_FLOOR}, {"mean", 7, RS_PLOT_BASELINE}};
static const struct rs_plot_mark marks[] = {{"best 0.9 at 4", 4, 0.9, RS_PLOT_BEST}};
static const struct rs_plot_event events[] = {{"lr 0.001 \xE2\x86\x92 0.01", 2, RS_PLOT_CHANGE}};

static const struct rs_chart chart = {.x = {.label = "epoch", .whole = true},
                                      .y = {.label = "RMSE", .log = true},
                                      .series = series,
                                      .series_count = 3,
                                      .lines = lines,
                                      .line_count = 2,
                                      .marks = marks,
                                      .mark_count = 1,
                                      .events = events,
                                      .event_count = 1};
static const struct rs_figure_options options = {.title = "A title", .subtitle = "and what it is about"};

static const char *path_of(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* The file's bytes; the caller frees. The file is gone afterwards. */
static char *written(const char *name, const struct rs_chart *what, const struct rs_figure_options *how, size_t *length)
{
    struct rs_error err = {0};
    char *bytes;
    if (rs_figure_write(path_of(name), what, how, &err) != RS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(rs_file_read(path, &bytes, length, &err), RS_OK);
    unlink(path);
    return bytes;
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (; (text = strstr(text, what)); text += strlen(what))
        count++;
    return count;
}

static void svg_holds_text_and_a_path_for_each_series(void **state)
{
    (void)state;
    size_t length;
    char *svg = written("a.svg", &chart, &options, &length);
    assert_int_equal(strncmp(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600pt\" height=\"375pt\"", 66), 0);
    static const char *const texts[] = {">A title</text>",       ">and what it is about</text>",
                                        ">epoch</text>",         ">RMSE (log)</text>",
                                        ">noise floor 0.650<",   ">train &lt;&amp;&gt;</text>",
                                        ">best 0.9 at 4</text>", ">lr 0.001 \xE2\x86\x92 0.01</text>",
                                        ">eval 0.9200<",         "mean 7.000<"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strstr(svg, texts[i]))
            fail_msg("%s is missing", texts[i]);
    assert_int_equal(count_of(svg, "<title>train &lt;&amp;&gt;</title></path>"), 1);
    assert_int_equal(count_of(svg, "<title>eval</title></path>"), 1);
    assert_int_equal(count_of(svg, "<title>3 seeds</title></path>"), 1);
    assert_int_equal(count_of(svg, "<g "), count_of(svg, "</g>"));
    assert_string_equal(svg + length - 7, "</svg>\n");
    rs_free(svg);
}

static void png_has_its_size(void **state)
{
    (void)state;
    struct rs_figure_options small = options;
    struct rs_error err;
    small.width = 300;
    small.height = 200;
    small.scale = 1.5;
    assert_int_equal(rs_figure_write(path_of("a.png"), &chart, &small, &err), RS_OK);
    cairo_surface_t *image = cairo_image_surface_create_from_png(path);
    assert_int_equal(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(image), 450);
    assert_int_equal(cairo_image_surface_get_height(image), 300);
    cairo_surface_destroy(image);
    unlink(path);
}

static void the_same_chart_gives_the_same_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *begins;
    } kinds[] = {{"a.pdf", "%PDF-1."}, {"a.svg", "<svg "}, {"a.png", "\x89PNG\r\n\x1a\n"}};
    for (size_t i = 0; i < 3; i++) {
        size_t lengths[2];
        char *first = written(kinds[i].name, &chart, &options, &lengths[0]);
        char *second = written(kinds[i].name, &chart, &options, &lengths[1]);
        assert_memory_equal(first, kinds[i].begins, strlen(kinds[i].begins));
        assert_int_equal(lengths[0], lengths[1]);
        assert_memory_equal(first, second, lengths[0]);
        if (i == 0) { /* the two were written within a second */
            const char *date = "/CreationDate (1970";
            bool found = false;
            for (size_t at = 0; at + strlen(date) < lengths[0] && !found; at++)
                found = memcmp(first + at, date, strlen(date)) == 0;
            assert_true(found);
        }
        rs_free(first);
        rs_free(second);
    }
}

/* What samples share a column loses no spike, and the file does not grow with them. */
static void a_spike_is_in_the_figure(void **state)
{
    (void)state;
    static double x[100000];
    static double y[100000];
    for (size_t i = 0; i < 100000; i++) {
        x[i] = (double)i;
        y[i] = i == 54321 ? 2 : i == 12345 ? 0 : 1 + (double)(i % 7) / 100;
    }
    const struct rs_plot_series many = {.name = "loss", .x = x, .y = y, .count = 100000, .role = RS_PLOT_NOISE};
    const struct rs_chart wide = {.x = {.label = "step"},
                                  .y = {.label = "loss", .given = true, .low = 0, .high = 2},
                                  .series = &many,
                                  .series_count = 1};
    size_t length;
    char *svg = written("spike.svg", &wide, &options, &length);
    assert_true(length < 200000);
    const char *area = strstr(svg, "<rect x=");
    double top;
    double height;
    assert_non_null(area);
    top = strtod(strstr(area, "y=\"") + 3, NULL);
    height = strtod(strstr(area, "height=\"") + 8, NULL);
    char spike[32];
    snprintf(spike, sizeof spike, " %.2fL", top);
    assert_non_null(strstr(svg, spike));
    snprintf(spike, sizeof spike, " %.2fL", top + height);
    assert_non_null(strstr(svg, spike));
    rs_free(svg);
}

static void refuse(const char *name, const struct rs_figure_options *how, enum rs_status expected, const char *says)
{
    struct rs_error err = {0};
    assert_int_equal(rs_figure_write(name, &chart, how, &err), expected);
    if (!strstr(err.message, says) || !strstr(err.message, name))
        fail_msg("%s", err.message);
}

static void what_cannot_be_written_is_said(void **state)
{
    (void)state;
    const struct rs_figure_options huge = {.width = 1e6};
    refuse(path_of("a.jpeg"), &options, RS_USAGE, ".svg, .png or .pdf");
    refuse(path_of("a.svg"), &huge, RS_USAGE, "100 to 10000");
    static const char *const names[] = {"none/a.svg", "none/a.png", "none/a.pdf"};
    for (size_t i = 0; i < 3; i++)
        refuse(path_of(names[i]), &options, RS_IO, "No such file");
    assert_true(rs_figure_knows("x.pdf") && !rs_figure_knows("x.txt") && !rs_figure_knows(".svg"));
}

/* As on a full disk: the first bytes can be written, the rest cannot. */
static void a_disk_that_fills_up_is_said(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit little = {.rlim_cur = 100, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    refuse(path_of("full.svg"), &options, RS_IO, "cannot be written: File too large");
    refuse(path_of("full.pdf"), &options, RS_IO, "cannot be written: File too large");
    refuse(path_of("full.png"), &options, RS_IO, "cannot be written: File too large");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

/* A file that is there stays as it was when the new one cannot be made. drop_folder sees what is left behind. */
static void memory_that_fails_leaves_the_old_file(void **state)
{
    (void)state;
    struct rs_error err;
    static const char *const names[] = {"old.svg", "old.png", "old.pdf"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(rs_file_write(path_of(names[i]), "old", 3, &err), RS_OK);
        enum rs_status status = RS_MEMORY;
        int64_t successes = 0;
        for (; status == RS_MEMORY && successes < 10000; successes++) {
            char *bytes;
            size_t length;
            rs_memory_fail_after(successes);
            status = rs_figure_write(path, &chart, &options, &err);
            rs_memory_fail_after(-1);
            if (status == RS_OK)
                break;
            assert_int_equal(rs_file_read(path, &bytes, &length, &err), RS_OK);
            assert_string_equal(bytes, "old");
            rs_free(bytes);
        }
        assert_int_equal(status, RS_OK);
        assert_true(successes > 0);
        unlink(path);
    }
}

/* Nothing to show, or nothing that can be shown, is a figure as well. */
static void strange_charts_are_drawn(void **state)
{
    (void)state;
    static const double wild[] = {NAN, 1e308, -1e308, INFINITY, 0, 1e-308};
    const struct rs_plot_series strange = {.name = "\xFF wild\n",
                                           .x = xs,
                                           .y = wild,
                                           .raw = wild,
                                           .low = wild,
                                           .high = wild,
                                           .count = 6,
                                           .role = RS_PLOT_NOISE,
                                           .fit = true};
    struct rs_chart charts[2] = {{.x = {.label = "x"}, .y = {.label = "y"}},
                                 {.x = {.label = "x", .log = true}, .y = {.label = "y", .log = true}}};
    charts[1].series = &strange;
    charts[1].series_count = 1;
    static const char *const names[] = {"s.svg", "s.png", "s.pdf"};
    const struct rs_figure_options tiny = {.width = 100, .height = 100};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 3; k++) {
            size_t length;
            char *bytes = written(names[k], &charts[i], &tiny, &length);
            assert_null(k == 0 ? strstr(bytes, "nan") : NULL);
            rs_free(bytes);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svg_holds_text_and_a_path_for_each_series),
        cmocka_unit_test(png_has_its_size),
        cmocka_unit_test(the_same_chart_gives_the_same_bytes),
        cmocka_unit_test(a_spike_is_in_the_figure),
        cmocka_unit_test(what_cannot_be_written_is_said),
        cmocka_unit_test(a_disk_that_fills_up_is_said),
        cmocka_unit_test(memory_that_fails_leaves_the_old_file),
        cmocka_unit_test(strange_charts_are_drawn),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
