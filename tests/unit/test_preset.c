/* Presets: what is read, what is refused and with which words, and that writing and reading are inverse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recscope/base/memory.h"
#include "recscope/base/random.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"

static struct rs_settings settings, other;

static enum rs_status parse(const char *text, size_t length, struct rs_error *err)
{
    return rs_preset_parse(&settings, text, length, "p.ini", err);
}

#define LINE_50 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"

/* A text and the beginning of the message it must give. */
static const struct {
    const char *text;
    const char *message;
} refused[] = {
    {"[train]\nepoch = 5\n", "p.ini:2: [train] epoch: there is no such key: did you mean epochs?"},
    {"[trian]\nepochs = 5\n", "p.ini:1: [trian]: there is no such section: did you mean [train]?"},
    {"[zzzzzz]\n", "p.ini:1: [zzzzzz]: there is no such section: experiment, data, model, train, sweep, reference"},
    {"\n\n[train]\n\nepochs = many\n", "p.ini:5: [train] epochs = many: not a whole number: a whole number, "},
    {"[train]\nepochs =\n", "p.ini:2: [train] epochs = : not a whole number: "},
    {"[train]\nlearning_rate = nan\n", "p.ini:2: [train] learning_rate = nan: not a number: a number, "},
    {"[train]\nlearning_rate = -1\n", "p.ini:2: [train] learning_rate = -1: out of range: a number, "},
    {"[train]\nlearning_rate = 0.1x\n", "p.ini:2: [train] learning_rate = 0.1x: not a number: "},
    {"[model]\nname = autorek\n", "p.ini:2: [model] name = autorek: there is no such choice, did you mean autorec?: "},
    {"[model]\nlayers = 500,,500\n", "p.ini:2: [model] layers = 500,,500: an entry is not a whole number: "},
    {"[model]\nlayers = 0\n", "p.ini:2: [model] layers = 0: an entry is out of range: "},
    {"epochs = 5\n", "p.ini:1: epochs = 5: a key before any section: [section] on a line above"},
    {"[train]\nepochs = 5\nseed\n", "p.ini:3: seed: neither a section nor a key: key = value"},
    {"[train]\nepochs = 5\nepochs = 6\n", "p.ini:3: [train] epochs = 6: already given on line 2: once"},
    {"[train]\nepochs = 5\n[train]\nepochs = 5\n", "p.ini:4: [train] epochs = 5: already given on line 2: once"},
    {"[train]\nepochs = 5\n  l2 = 3\n", "p.ini:3: l2 = 3: the line is indented: keys and sections start their line"},
    {"[train\nepochs = 5\n", "p.ini:1: [train: the section is not closed: [section]"},
    {"[train ; ]\n", "p.ini:1: [train ; ]: the section is not closed: [section]"},
    {"[train] epochs = 5\n", "p.ini:1: [train] epochs = 5: text behind the section: key = value on a line of its own"},
    {"[" LINE_50 "]\n", "p.ini:1: [" LINE_50 "]: the section's name has 50 bytes: at most 49"},
    {"[experiment]\ntitle = caf\xE9\n", "p.ini:2: not UTF-8: save the file as UTF-8"},
    {"[experiment]\ntitle = a\rb\n", "p.ini:2: a control character (byte 0x0D): a preset is plain text"},
    {"[sweep]\ntrain.rate = 1 2\n", "p.ini:2: [sweep] train.rate: [train] rate: there is no such key"},
    {"[sweep]\nepochs = 1 2\n", "p.ini:2: [sweep] epochs: epochs: not a setting's name: section.key, "},
    {"[sweep]\ntrain.epochs =\n", "p.ini:2: [sweep] train.epochs = : no value to try: values with blanks between"},
};

static void every_mistake_names_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct rs_error err = {0};
        assert_int_equal(parse(refused[i].text, strlen(refused[i].text), &err), RS_PRESET);
        if (strncmp(err.message, refused[i].message, strlen(refused[i].message)) != 0)
            fail_msg("%s\ngave: %s\nnot:  %s", refused[i].text, err.message, refused[i].message);
        assert_int_equal(err.code, RS_PRESET);
    }
}

static void the_first_mistake_is_told(void **state)
{
    (void)state;
    struct rs_error err = {0};
    const char *text = "[train]\nepochs = x\nl2 = y\n[nothing]\n";
    assert_int_equal(parse(text, strlen(text), &err), RS_PRESET);
    assert_non_null(strstr(err.message, "p.ini:2: "));
    assert_int_equal(parse(text, strlen(text), NULL), RS_PRESET);
}

static void nul_bytes_are_refused(void **state)
{
    (void)state;
    struct rs_error err = {0};
    static const char text[] = "[train]\nepochs = 5\0 0\n";
    assert_int_equal(parse(text, sizeof text - 1, &err), RS_PRESET);
    assert_string_equal(err.message, "p.ini:2: a NUL byte: a preset is plain text");
}

/* A line of `length` bytes, and what stands behind it. Returns the bytes of the whole text. */
static size_t long_line(char *out, size_t size, size_t length, const char *end)
{
    static const char head[] = "[experiment]\ntitle = ";
    size_t start = strlen("[experiment]\n");
    memset(out, 'x', start + length);
    memcpy(out, head, strlen(head));
    return start + length + (size_t)snprintf(out + start + length, size - start - length, "%s", end);
}

/* Lines of every length around inih's buffer: whole or refused, never cut. */
static void long_lines_are_whole_or_refused(void **state)
{
    (void)state;
    static char text[70000];
    static const char *const ends[] = {"", "\n", "\r\n", "\n\n[train]\nepochs = 5\n"};
    for (size_t length = 180; length < 66000; length += length < 230 ? 1 : 7919) {
        for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
            struct rs_error err = {0};
            char message[100];
            enum rs_status status = parse(text, long_line(text, sizeof text, length, ends[e]), &err);
            snprintf(message, sizeof message, "the line has %zu bytes: at most 197", length);
            assert_int_equal(status, length <= 197 ? RS_OK : RS_PRESET);
            if (status == RS_OK)
                assert_int_equal(strlen(rs_string(&settings, &rs_row_title)), length - strlen("title = "));
            else
                assert_non_null(strstr(err.message, message));
        }
    }
}

static void a_preset_is_read(void **state)
{
    (void)state;
    struct rs_error err = {0};
    const char *text = "\xEF\xBB\xBF; a comment\r\n[experiment]\r\ntitle = Caf\xC3\xA9 # 1 ; a comment\r\nseed = 7\r\n"
                       "\r\n  # an indented comment\r\n[model] ; all of it\r\nlayers = 500, 250 ,500\r\n[train]\r\n"
                       "learning_rate: 1e-3\r\n[sweep]\r\ntrain.l2 = log 1 100 3\r\n[provenance]\r\nversion = 0\r\n"
                       "[reference]\r\nsource = a;b = c";
    assert_int_equal(parse(text, strlen(text), &err), RS_OK);
    assert_string_equal(rs_string(&settings, &rs_row_title), "Caf\xC3\xA9 # 1");
    assert_string_equal(rs_string(&settings, &rs_row_layers), "500,250,500");
    assert_string_equal(rs_string(&settings, &rs_row_learning_rate), "0.001");
    assert_string_equal(rs_string(&settings, &rs_row_reference_source), "a;b = c");
    assert_int_equal(rs_integer(&settings, &rs_row_seed), 7);
    assert_true(rs_value(&settings, &rs_row_seed)->given);
    assert_false(rs_value(&settings, &rs_row_epochs)->given);
}

/* An empty preset is the default experiment; a key of another model is kept. */
static void what_is_not_given_is_the_default(void **state)
{
    (void)state;
    struct rs_error err = {0};
    assert_int_equal(rs_preset_default(&other, &err), RS_OK);
    assert_int_equal(parse("", 0, &err), RS_OK);
    assert_true(rs_settings_equal(&settings, &other));
    const char *text = "[model]\nname = autorec\nfactors = 7\n";
    assert_int_equal(parse(text, strlen(text), &err), RS_OK);
    assert_int_equal(rs_integer(&settings, &rs_row_factors), 7);
    assert_false(rs_row_applies(&settings, &rs_row_factors));
}

/* A random value that the row takes. */
static void random_value(struct rs_rng *rng, const struct rs_conf_row *row, char *out, size_t size)
{
    static const char letters[] = "abcXYZ019 ;#=:[].,\xC3\xA9%\"'\\-";
    double span = row->high - row->low;
    size_t used = 0;
    size_t count = 0;
    switch (row->type) {
    case RS_CONF_INTEGER:
        snprintf(out, size, "%.0f", row->low + (double)rs_rng_below(rng, (uint64_t)span + 1));
        break;
    case RS_CONF_NUMBER:
        snprintf(out, size, "%.17g", row->low + span * rs_rng_uniform(rng));
        break;
    case RS_CONF_CHOICE:
        while (row->choices[count])
            count++;
        snprintf(out, size, "%s", row->choices[rs_rng_below(rng, count)]);
        break;
    case RS_CONF_LIST:
        count = 1 + rs_rng_below(rng, RS_CONF_LIST_SIZE);
        for (size_t i = 0; i < count; i++)
            used += (size_t)snprintf(out + used, size - used, "%s%.0f", i ? "," : "",
                                     row->low + (double)rs_rng_below(rng, (uint64_t)span + 1));
        break;
    case RS_CONF_TEXT:
        count = rs_rng_below(rng, 200);
        for (size_t i = 0; i < count; i++)
            out[used++] = letters[rs_rng_below(rng, sizeof letters - 1)];
        out[used] = '\0';
        break;
    }
}

/* Whatever can be assigned can be written, and reads back equal; what cannot be written is refused when assigned. */
static void written_and_read_again_is_equal(void **state)
{
    (void)state;
    size_t assigned = 0;
    for (uint64_t round = 0; round < 300; round++) {
        struct rs_rng rng = rs_rng_at(1, RS_DRAW_TEST, 0, 0, round);
        struct rs_error err = {0};
        struct rs_text text = {0};
        assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
        for (size_t i = 0; i < settings.count; i++) {
            char value[512];
            char assignment[700];
            const struct rs_conf_row *row = settings.rows[i];
            if (rs_rng_below(&rng, 3) == 0)
                continue;
            random_value(&rng, row, value, sizeof value);
            snprintf(assignment, sizeof assignment, "%s.%s=%s", row->section, row->key, value);
            assigned += rs_preset_assign(&settings, assignment, &err) == RS_OK;
        }
        bool full = round % 2 == 1;
        assert_int_equal(
            full ? rs_preset_format_full(&text, &settings, &err) : rs_preset_format(&text, &settings, &err), RS_OK);
        if (rs_preset_parse(&other, text.length ? text.data : "", text.length, "again", &err) != RS_OK)
            fail_msg("%s\n%s", err.message, text.data);
        for (size_t i = 0; i < settings.count; i++)
            assert_string_equal(settings.value[i].text, other.value[i].text);
        assert_true(rs_settings_equal(&settings, &other));
        rs_text_free(&text);
    }
    assert_true(assigned > 5000);
}

/* Bytes of a preset changed at random: read or refused with a line, and what was read can be written and read. */
static void damaged_presets_are_read_or_refused(void **state)
{
    (void)state;
    static const char whole[] =
        "[experiment]\ntitle = a title ; and a comment\nnotes=;x\n# more\n\n[model]\nlayers = 5,6\n"
        "name = mf\r\n[sweep]\ntrain.l2 = 1 2\n[train]\nlearning_rate: 0.1\nepochs = 7\n";
    static const char pool[] = "\n\n\r\t =;:#[].,0x\"\xC3\xFF\x01";
    size_t read = 0;
    for (uint64_t round = 0; round < 20000; round++) {
        struct rs_rng rng = rs_rng_at(3, RS_DRAW_TEST, 0, 0, round);
        struct rs_error err = {0};
        char text[sizeof whole];
        memcpy(text, whole, sizeof whole);
        for (uint64_t change = rs_rng_below(&rng, 4) + 1; change > 0; change--)
            text[rs_rng_below(&rng, sizeof whole - 1)] = pool[rs_rng_below(&rng, sizeof pool)];
        enum rs_status status = parse(text, rs_rng_below(&rng, sizeof whole), &err);
        if (status != RS_OK) {
            assert_int_equal(status, RS_PRESET);
            assert_memory_equal(err.message, "p.ini:", 6);
            continue;
        }
        struct rs_text again = {0};
        read++;
        if (rs_preset_format(&again, &settings, &err) != RS_OK ||
            rs_preset_parse(&other, again.length ? again.data : "", again.length, "again", &err) != RS_OK)
            fail_msg("%s\n%s", err.message, text);
        assert_true(rs_settings_equal(&settings, &other));
        rs_text_free(&again);
    }
    assert_true(read > 1000);
}

/* A record says every value that has a meaning; a preset says what is not the default. */
static void a_record_does_not_lean_on_defaults(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_text text = {0};
    assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
    assert_int_equal(rs_preset_format(&text, &settings, &err), RS_OK);
    assert_int_equal(text.length, 0);
    assert_int_equal(rs_preset_format_full(&text, &settings, &err), RS_OK);
    assert_non_null(strstr(text.data, "\nlayers = "));
    assert_non_null(strstr(text.data, "\nepochs = "));
    assert_null(strstr(text.data, "\nfactors = ")); /* of another model */
    rs_text_free(&text);
}

static void texts_no_line_can_hold_are_refused(void **state)
{
    (void)state;
    struct rs_error err = {0};
    char assignment[300] = "experiment.title=";
    memset(assignment + strlen(assignment), 'x', 200);
    assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
    assert_int_equal(rs_preset_assign(&settings, assignment, &err), RS_PRESET);
    assert_non_null(strstr(err.message, "200 bytes do not fit on a preset's line: at most 191"));
    assert_int_equal(rs_preset_assign(&settings, "experiment.title=a ;b", &err), RS_PRESET);
    assert_non_null(strstr(err.message, "[experiment] title = a ;b: a semicolon behind a blank starts a comment"));
    assert_int_equal(rs_preset_assign(&settings, "experiment.title= a", &err), RS_PRESET);
    assert_int_equal(rs_preset_assign(&settings, "experiment.title=a\xFF", &err), RS_PRESET);
    assert_string_equal(rs_string(&settings, &rs_row_title), "");
    /* The form of a screen may take such a text; writing it is refused and writes nothing. */
    char path[] = "/tmp/recscope-preset-XXXXXX";
    assert_non_null(mkdtemp(path));
    char file[64];
    snprintf(file, sizeof file, "%s/p.ini", path);
    assert_int_equal(rs_settings_parse(&settings, &rs_row_title, "a ;b", &err), RS_OK);
    assert_int_equal(rs_preset_write(file, &settings, &err), RS_PRESET);
    assert_int_equal(access(file, F_OK), -1);
    assert_int_equal(rmdir(path), 0);
}

static void assignments_are_checked(void **state)
{
    (void)state;
    struct rs_error err = {0};
    assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
    assert_int_equal(rs_preset_assign(&settings, "train.epochs=5", &err), RS_OK);
    assert_int_equal(rs_integer(&settings, &rs_row_epochs), 5);
    assert_int_equal(rs_preset_assign(&settings, "train.epochs", &err), RS_USAGE);
    assert_int_equal(rs_preset_assign(&settings, "=5", &err), RS_USAGE);
    assert_int_equal(rs_preset_assign(&settings, "epochs=5", &err), RS_PRESET);
    assert_int_equal(rs_preset_assign(&settings, "train.epoch=5", &err), RS_PRESET);
    assert_non_null(strstr(err.message, "did you mean epochs?"));
    assert_int_equal(rs_preset_assign(&settings, "train.epochs=-1", &err), RS_PRESET);
    assert_int_equal(rs_integer(&settings, &rs_row_epochs), 5);
}

static void files_are_written_and_found(void **state)
{
    (void)state;
    struct rs_error err = {0};
    char folder[] = "/tmp/recscope-preset-XXXXXX";
    char file[64];
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/p.ini", folder);
    assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
    assert_int_equal(rs_preset_assign(&settings, "experiment.title=mine", &err), RS_OK);
    assert_int_equal(rs_preset_write(file, &settings, &err), RS_OK);
    assert_int_equal(rs_preset_read(&other, file, &err), RS_OK);
    assert_true(rs_settings_equal(&settings, &other));

    assert_int_equal(rs_preset_read(&other, folder, &err), RS_PRESET);
    assert_non_null(strstr(err.message, ": this is a folder: the file of a preset"));
    assert_int_equal(rs_preset_read(&other, "playgrund", &err), RS_PRESET);
    assert_string_equal(err.message, "playgrund: there is no such preset: did you mean playground?");
    unlink(file);
    assert_int_equal(rs_preset_read(&other, file, &err), RS_PRESET);
    assert_int_equal(rmdir(folder), 0);
}

/* The program needs no file to start: its default experiment is the playground's preset. */
static void the_default_is_the_playground(void **state)
{
    (void)state;
    struct rs_error err = {0};
    assert_int_equal(rs_preset_read(&settings, "presets/playground.ini", &err), RS_OK);
    assert_int_equal(rs_preset_default(&other, &err), RS_OK);
    for (size_t i = 0; i < settings.count; i++) {
        const struct rs_conf_row *row = settings.rows[i];
        if (row != &rs_row_title && row != &rs_row_notes)
            assert_string_equal(settings.value[i].text, other.value[i].text);
    }
}

static void shipped_presets_read(void **state)
{
    (void)state;
    static const char *const names[] = {"playground", "autorec-ml100k", "autorec-ml1m", "mf-ml100k", "mf-ml1m", "ice1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct rs_error err = {0};
        if (rs_preset_read(&settings, names[i], &err) != RS_OK)
            fail_msg("%s", err.message);
        assert_true(rs_string(&settings, &rs_row_title)[0] != '\0');
        assert_true(rs_string(&settings, &rs_row_notes)[0] != '\0');
        for (size_t k = 0; k < settings.count; k++)
            if (settings.value[k].given && !rs_row_applies(&settings, settings.rows[k]))
                fail_msg("%s: %s has no meaning there", names[i], settings.rows[k]->key);
    }
}

/* Every allocation may fail: an error, no leak, no crash. */
static void running_out_of_memory_is_an_error(void **state)
{
    (void)state;
    for (int64_t after = 0; after < 12; after++) {
        struct rs_error err = {0};
        struct rs_text text = {0};
        assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
        rs_memory_fail_after(after);
        enum rs_status status = rs_preset_format_full(&text, &settings, &err);
        rs_memory_fail_after(-1);
        rs_text_free(&text);
        assert_true(status == RS_OK || status == RS_MEMORY);
        assert_true(after > 0 || status == RS_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_names_its_line),
        cmocka_unit_test(the_first_mistake_is_told),
        cmocka_unit_test(nul_bytes_are_refused),
        cmocka_unit_test(long_lines_are_whole_or_refused),
        cmocka_unit_test(a_preset_is_read),
        cmocka_unit_test(what_is_not_given_is_the_default),
        cmocka_unit_test(written_and_read_again_is_equal),
        cmocka_unit_test(damaged_presets_are_read_or_refused),
        cmocka_unit_test(a_record_does_not_lean_on_defaults),
        cmocka_unit_test(texts_no_line_can_hold_are_refused),
        cmocka_unit_test(assignments_are_checked),
        cmocka_unit_test(files_are_written_and_found),
        cmocka_unit_test(the_default_is_the_playground),
        cmocka_unit_test(shipped_presets_read),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
