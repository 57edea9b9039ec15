/* Verdicts: who won, by how much, and when the program must not say so; and what two settings differ in. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/experiment/preset.h"
#include "recscope/experiment/verdict.h"

static struct rs_settings made(const char *const *assignments)
{
    struct rs_settings settings;
    struct rs_error err;
    assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
    for (; *assignments; assignments++)
        if (rs_preset_assign(&settings, *assignments, &err) != RS_OK)
            fail_msg("%s", err.message);
    return settings;
}

#define WITH(...) made((const char *const[]){__VA_ARGS__, NULL})

static void assert_difference(const char *expected, const struct rs_settings *a, const struct rs_settings *b,
                              size_t size, bool with_seed)
{
    char out[128];
    rs_settings_difference(out, size, a, b, with_seed);
    assert_string_equal(out, expected);
}

static void only_what_differs_is_named(void **state)
{
    (void)state;
    struct rs_settings a = WITH("model.dropout=0.5", "train.l2=10", "experiment.seed=2", "train.threads=1",
                                "experiment.title=other", "model.factors=7", "reference.rmse=1");
    struct rs_settings b = WITH("model.dropout=0");
    /* Neither title, reference and threads, nor the factors that autorec has no use for. */
    assert_difference("dropout 0.5, l2 10", &a, &b, 128, false);
    assert_difference("seed 2, dropout 0.5, l2 10", &a, &b, 128, true);
    assert_difference("dropout 0, l2 0", &b, &a, 128, false);
    assert_difference("", &a, &a, 128, true);
    struct rs_settings mf = WITH("model.name=mf", "model.factors=7");
    assert_difference("model mf, factors 7", &mf, &b, 128, false);
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct rs_settings a = WITH("model.dropout=0.5", "train.l2=10", "train.epochs=5");
    struct rs_settings b = WITH("model.dropout=0");
    assert_difference("dropout 0.5, epochs 5, l2 10", &a, &b, sizeof "dropout 0.5, epochs 5, l2 10", false);
    assert_difference("dropout 0.5, and 2 more", &a, &b, sizeof "dropout 0.5, epochs 5, l2 10" - 1, false);
    assert_difference("3 settings", &a, &b, 16, false);
}

static struct rs_verdict of(size_t n, const double *first, size_t m, const double *second)
{
    struct rs_settings a = WITH("model.dropout=0.5");
    struct rs_settings b = WITH("model.dropout=0");
    const struct rs_verdict_group one = {&a, n, first, NULL};
    const struct rs_verdict_group two = {&b, m, second, NULL};
    struct rs_verdict verdict;
    rs_verdict(&verdict, &one, &two);
    assert_true(strlen(verdict.brief) < RS_VERDICT_BRIEF);
    return verdict;
}

static void one_seed_could_be_luck(void **state)
{
    (void)state;
    struct rs_verdict verdict = of(1, (double[]){0.8155}, 1, (double[]){0.8319});
    assert_int_equal(verdict.kind, RS_VERDICT_FEW_SEEDS);
    assert_int_equal(verdict.winner, 0);
    assert_string_equal(verdict.sentence, "dropout 0.5 beats dropout 0: best eval 0.8155 against 0.8319, 0.0164 less; "
                                          "one seed could be luck");
    assert_string_equal(verdict.brief, "dropout 0.5 beats dropout 0: 0.8155 against 0.8319: one seed could be luck");
    assert_string_equal(verdict.offer, "repeat both with 3 seeds");
    verdict = of(1, (double[]){0.9}, 1, (double[]){0.8});
    assert_int_equal(verdict.winner, 1);
    /* Two against two stay apart by chance once in three times. */
    verdict = of(2, (double[]){0.80, 0.81}, 2, (double[]){0.82, 0.83});
    assert_int_equal(verdict.kind, RS_VERDICT_FEW_SEEDS);
    verdict = of(1, (double[]){0.80}, 3, (double[]){0.82, 0.83, 0.84});
    assert_int_equal(verdict.kind, RS_VERDICT_FEW_SEEDS);
    assert_string_equal(verdict.offer, "repeat both with 3 seeds");
}

static void better_is_said_of_ranges_that_are_apart(void **state)
{
    (void)state;
    struct rs_verdict verdict = of(3, (double[]){0.8155, 0.8163, 0.8149}, 3, (double[]){0.8319, 0.8330, 0.8310});
    assert_int_equal(verdict.kind, RS_VERDICT_BETTER);
    assert_int_equal(verdict.winner, 0);
    assert_true(fabs(verdict.difference - 0.0164) < 1e-9);
    assert_string_equal(
        verdict.sentence,
        "dropout 0.5 is better than dropout 0: best eval 0.8155 (0.8149 to 0.8163) against 0.8319 "
        "(0.8310 to 0.8330), median and range of 3 and 3 seeds, 0.0164 less; the ranges do not overlap");
    assert_string_equal(verdict.brief, "dropout 0.5 is better: 0.8149 to 0.8163 against 0.8310 to 0.8330");
    assert_string_equal(verdict.offer, "");
}

static void a_difference_inside_the_spread_is_none(void **state)
{
    (void)state;
    /* Two of three seeds win, the medians differ, and yet the ranges overlap. */
    struct rs_verdict verdict = of(3, (double[]){0.8155, 0.8321, 0.8149}, 3, (double[]){0.8319, 0.8330, 0.8310});
    assert_int_equal(verdict.kind, RS_VERDICT_NO_DIFFERENCE);
    assert_int_equal(verdict.winner, -1);
    assert_string_equal(verdict.sentence, "no difference beyond the seeds' spread: best eval 0.8155 (0.8149 to 0.8321) "
                                          "with dropout 0.5 against 0.8319 (0.8310 to 0.8330) with dropout 0");
    verdict = of(1, (double[]){0.81550}, 1, (double[]){0.81552});
    assert_int_equal(verdict.kind, RS_VERDICT_NO_DIFFERENCE);
    assert_string_equal(verdict.brief, "no difference: best eval 0.8155 with both");
}

static void what_was_not_measured_does_not_count(void **state)
{
    (void)state;
    struct rs_verdict verdict = of(3, (double[]){NAN, 0.8, INFINITY}, 1, (double[]){0.9});
    assert_string_equal(verdict.brief, "dropout 0.5 beats dropout 0: 0.8000 against 0.9000: one seed could be luck");
    verdict = of(1, (double[]){NAN}, 1, (double[]){0.9});
    assert_int_equal(verdict.kind, RS_VERDICT_NOTHING);
    verdict = of(0, NULL, 1, (double[]){0.9});
    assert_int_equal(verdict.kind, RS_VERDICT_NOTHING);
}

static void other_seeds_of_the_same_settings(void **state)
{
    (void)state;
    struct rs_settings a = WITH("experiment.seed=1");
    struct rs_settings b = WITH("experiment.seed=2");
    const double best[] = {0.8319, 0.8301};
    const struct rs_verdict_group one = {&a, 1, &best[0], NULL};
    const struct rs_verdict_group two = {&b, 1, &best[1], NULL};
    struct rs_verdict verdict;
    rs_verdict(&verdict, &one, &two);
    assert_int_equal(verdict.kind, RS_VERDICT_SAME);
    assert_int_equal(verdict.winner, -1);
    assert_string_equal(verdict.brief, "same settings: 0.8319 and 0.8301, a seed's doing");
    assert_string_equal(verdict.offer, "");
}

static void long_names_stay_within_a_line(void **state)
{
    (void)state;
    struct rs_settings a = WITH("model.layers=500,250,500", "model.hidden_activation=identity", "train.l2=10");
    struct rs_settings b = WITH("model.input_dropout=0.25", "train.sampling=random");
    const double best[] = {0.8319, 0.8301, 0.8302, 0.8401, 0.8402, 0.8403};
    for (size_t count = 1; count <= 3; count++) {
        const struct rs_verdict_group one = {&a, count, &best[0], NULL};
        const struct rs_verdict_group two = {&b, count, &best[3], NULL};
        struct rs_verdict verdict;
        rs_verdict(&verdict, &one, &two);
        assert_true(strlen(verdict.brief) < RS_VERDICT_BRIEF - 1 && strlen(verdict.sentence) < 400);
        assert_non_null(strstr(verdict.brief, "0.84")); /* the figures are not what is cut */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_differs_is_named),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(one_seed_could_be_luck),
        cmocka_unit_test(better_is_said_of_ranges_that_are_apart),
        cmocka_unit_test(a_difference_inside_the_spread_is_none),
        cmocka_unit_test(what_was_not_measured_does_not_count),
        cmocka_unit_test(other_seeds_of_the_same_settings),
        cmocka_unit_test(long_names_stay_within_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
