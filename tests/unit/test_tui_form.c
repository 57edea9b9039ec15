/* Fields, arrow keys and typed text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/form.h"
#include "../../src/tui/terminal.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"

static struct rs_settings settings;

static int prepare(void **state)
{
    (void)state;
    struct rs_error err;
    return rs_preset_default(&settings, &err) == RS_OK ? 0 : -1;
}

static const char *stepped(const struct rs_conf_row *row, const char *from, int direction, bool large)
{
    static char out[RS_CONF_TEXT_SIZE];
    struct rs_error err;
    assert_int_equal(rs_settings_parse(&settings, row, from, &err), RS_OK);
    return rs_form_nudge(&settings, row, direction, large, out) ? out : NULL;
}

static const char *nudged(const struct rs_conf_row *row, const char *from, int direction)
{
    return stepped(row, from, direction, false);
}

static void arrows_move_values(void **state)
{
    (void)state;
    assert_string_equal(nudged(&rs_row_learning_rate, "0.001", 1), "0.002");
    assert_string_equal(nudged(&rs_row_learning_rate, "0.002", -1), "0.001");
    assert_string_equal(nudged(&rs_row_learning_rate, "0.002", 1), "0.005");
    assert_string_equal(nudged(&rs_row_learning_rate, "0.005", 1), "0.01");
    assert_string_equal(nudged(&rs_row_learning_rate, "0.003", 1), "0.005");
    assert_string_equal(nudged(&rs_row_learning_rate, "0.003", -1), "0.002");
    assert_string_equal(nudged(&rs_row_learning_rate, "1e-05", -1), "5e-06");
    assert_string_equal(nudged(&rs_row_learning_rate, "1e-09", -1), "1e-09");
    assert_string_equal(nudged(&rs_row_learning_rate, "100", 1), "100");
    assert_string_equal(nudged(&rs_row_epochs, "60", 1), "100");
    assert_string_equal(nudged(&rs_row_epochs, "60", -1), "50");
    assert_string_equal(nudged(&rs_row_epochs, "1", -1), "1");
    assert_string_equal(nudged(&rs_row_l2, "0", 1), "0.001");
    assert_string_equal(nudged(&rs_row_l2, "0.001", -1), "0");
    assert_string_equal(nudged(&rs_row_batch_size, "128", 1), "256");
    assert_string_equal(nudged(&rs_row_batch_size, "1", -1), "0");
    assert_string_equal(nudged(&rs_row_dropout, "0", 1), "0.1");
    assert_string_equal(nudged(&rs_row_dropout, "0.25", 1), "0.3");
    assert_string_equal(nudged(&rs_row_dropout, "0", -1), "0");
    assert_string_equal(nudged(&rs_row_dropout, "0.95", 1), "0.95");
    assert_string_equal(nudged(&rs_row_layers, "500,250", 1), "1000,500");
    assert_string_equal(nudged(&rs_row_layers, "1", -1), "1");
    assert_string_equal(nudged(&rs_row_orientation, "item", 1), "user");
    assert_string_equal(nudged(&rs_row_orientation, "item", -1), "user");
    assert_string_equal(nudged(&rs_row_orientation, "user", 1), "item");
    assert_null(nudged(&rs_row_source, "builtin:ice1", 1));
}

static void large_steps_go_further(void **state)
{
    (void)state;
    assert_string_equal(stepped(&rs_row_learning_rate, "0.001", 1, true), "0.01");
    assert_string_equal(stepped(&rs_row_learning_rate, "0.001", -1, true), "0.0001");
    assert_string_equal(stepped(&rs_row_batch_size, "128", 1, true), "1024");
    assert_string_equal(stepped(&rs_row_seed, "1", 1, true), "11");
    assert_string_equal(stepped(&rs_row_layers, "500", 1, true), "500,500");
    assert_string_equal(stepped(&rs_row_layers, "500,250", -1, true), "500");
    assert_null(stepped(&rs_row_layers, "500", -1, true)); /* one layer stays */
    assert_null(stepped(&rs_row_layers, "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", 1, true));
}

/* Whatever the row: what an arrow key proposes is a value the row takes. */
static void every_row_takes_what_arrows_propose(void **state)
{
    (void)state;
    struct rs_error err;
    for (size_t i = 0; i < settings.count; i++) {
        const struct rs_conf_row *row = settings.rows[i];
        for (int direction = -1; direction <= 1; direction += 2) {
            for (int times = 0; times < 60; times++) {
                char text[RS_CONF_TEXT_SIZE];
                if (!rs_form_nudge(&settings, row, direction, times % 3 == 2, text))
                    break;
                assert_int_equal(rs_settings_parse(&settings, row, text, &err), RS_OK);
            }
        }
    }
}

/* Each row that applies is a field once; the others are counted. */
static void every_row_that_applies_is_a_field_once(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_form form;
    static const char *const models[] = {"autorec", "mf"};
    rs_form_init(&form, &settings);
    for (size_t m = 0; m < 2; m++) {
        assert_int_equal(rs_settings_parse(&settings, &rs_row_model, models[m], &err), RS_OK);
        rs_form_update(&form, &settings);
        assert_int_equal(form.count + form.hidden, settings.count);
        for (size_t i = 0; i < settings.count; i++) {
            size_t found = 0;
            for (size_t k = 0; k < form.count; k++)
                found += form.row[k] == settings.rows[i];
            assert_int_equal(found, rs_row_applies(&settings, settings.rows[i]));
        }
        assert_ptr_equal(rs_form_row(&form), &rs_row_model); /* the focus has stayed */
    }
}

static void a_focus_whose_row_goes_is_another_row(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_form form;
    rs_form_init(&form, &settings);
    rs_form_move(&form, 1000);
    while (rs_form_row(&form) != &rs_row_layers)
        rs_form_move(&form, -1);
    assert_int_equal(rs_settings_parse(&settings, &rs_row_model, "mf", &err), RS_OK);
    rs_form_update(&form, &settings);
    assert_true(form.focus < form.count);
    assert_ptr_not_equal(rs_form_row(&form), &rs_row_layers);
}

static void fields_are_found_by_their_words(void **state)
{
    (void)state;
    struct rs_form form;
    rs_form_init(&form, &settings);
    assert_true(rs_form_find(&form, "learning"));
    assert_ptr_equal(rs_form_row(&form), &rs_row_learning_rate);
    assert_true(rs_form_find(&form, "DROPOUT"));
    assert_false(rs_form_find(&form, "no such words"));
}

static void choices_are_completed(void **state)
{
    (void)state;
    char out[RS_CONF_TEXT_SIZE];
    assert_true(rs_form_complete(&rs_row_orientation, "us", out));
    assert_string_equal(out, "user");
    assert_true(rs_form_complete(&rs_row_orientation, "user", out)); /* the next one, going round */
    assert_string_equal(out, "item");
    assert_true(rs_form_complete(&rs_row_source, "builtin:i", out));
    assert_string_equal(out, "builtin:ice1");
    assert_false(rs_form_complete(&rs_row_orientation, "x", out));
    assert_false(rs_form_complete(&rs_row_dropout, "0", out));
}

static void the_focus_stays_in_sight(void **state)
{
    (void)state;
    struct rs_form form;
    rs_form_init(&form, &settings);
    static const int moves[] = {1, 5, 30, 100, -3, -1, -40, 7, -100};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        for (int rows = 1; rows < 60; rows += 7) {
            rs_form_move(&form, moves[i]);
            rs_form_show(&form, rows);
            size_t line = form.top;
            while (line < form.lines && form.line[line].field != form.focus)
                line++;
            assert_true(form.focus < form.count);
            assert_true(line < form.lines && line < form.top + (size_t)rows);
        }
    }
}

/* Where there is room, sections have headings; a field is on one line, in its section. */
static void sections_have_headings_where_there_is_room(void **state)
{
    (void)state;
    struct rs_form form;
    rs_form_init(&form, &settings);
    rs_form_show(&form, 15);
    assert_int_equal(form.lines, form.count + 1); /* the last one: what is hidden */
    rs_form_show(&form, 31);
    const char *heading = "";
    size_t headings = 0;
    size_t next = 0;
    for (size_t i = 0; i < form.lines; i++) {
        const struct rs_form_line *line = &form.line[i];
        if (line->heading)
            heading = line->heading;
        headings += line->heading != NULL;
        if (line->field == RS_FORM_NO_FIELD)
            continue;
        assert_int_equal(line->field, next++);
        if (form.row[line->field] == &rs_row_learning_rate || form.row[line->field] == &rs_row_lazy)
            assert_string_equal(heading, "Training");
        if (form.row[line->field] == &rs_row_split)
            assert_string_equal(heading, "Data");
    }
    assert_int_equal(next, form.count);
    assert_true(headings >= 4);
}

static void type(struct rs_entry *entry, const char *text)
{
    for (; *text; text++)
        assert_true(rs_entry_key(entry, (unsigned char)*text));
}

static void text_is_typed_and_mended(void **state)
{
    (void)state;
    struct rs_entry entry;
    rs_entry_begin(&entry, "0.001");
    type(&entry, "0.5");
    assert_string_equal(entry.text, "0.5"); /* typing takes the place of what was there */
    rs_entry_begin(&entry, "caf.ini");
    rs_entry_key(&entry, RS_KEY_HOME);
    for (int i = 0; i < 3; i++)
        rs_entry_key(&entry, RS_KEY_RIGHT);
    rs_entry_key(&entry, 0xE9);
    rs_entry_key(&entry, 0x1F600);
    assert_string_equal(entry.text, "caf\xC3\xA9\xF0\x9F\x98\x80.ini");
    rs_entry_key(&entry, RS_KEY_ERASE);
    assert_string_equal(entry.text, "caf\xC3\xA9.ini");
    rs_entry_key(&entry, RS_KEY_LEFT);
    rs_entry_key(&entry, RS_KEY_DELETE);
    assert_string_equal(entry.text, "caf.ini");
    assert_false(rs_entry_key(&entry, RS_KEY_ENTER));
    assert_false(rs_entry_key(&entry, RS_KEY_UP));
    for (int i = 0; i < 3000; i++)
        rs_entry_key(&entry, 0x20AC);
    assert_true(entry.length < sizeof entry.text && strlen(entry.text) == entry.length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(arrows_move_values, prepare),
        cmocka_unit_test_setup(large_steps_go_further, prepare),
        cmocka_unit_test_setup(every_row_takes_what_arrows_propose, prepare),
        cmocka_unit_test_setup(every_row_that_applies_is_a_field_once, prepare),
        cmocka_unit_test_setup(a_focus_whose_row_goes_is_another_row, prepare),
        cmocka_unit_test_setup(fields_are_found_by_their_words, prepare),
        cmocka_unit_test_setup(choices_are_completed, prepare),
        cmocka_unit_test_setup(the_focus_stays_in_sight, prepare),
        cmocka_unit_test_setup(sections_have_headings_where_there_is_room, prepare),
        cmocka_unit_test(text_is_typed_and_mended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
