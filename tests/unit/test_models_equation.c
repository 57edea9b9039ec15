/* The formula of each model as its settings make it, in UTF-8 and in plain letters, short and whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

#define WIDE 400

/* The row of an item, of a user. */
#define RI "r⁽ⁱ⁾"
#define RU "r⁽ᵘ⁾"
#define H  "h(" RI ") = W·"

static void assert_equation(const char *const *assignments, bool utf8, size_t columns, const char *expected)
{
    struct rs_settings settings;
    struct rs_error err;
    char out[512];
    assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
    for (; *assignments; assignments++)
        if (rs_preset_assign(&settings, *assignments, &err) != RS_OK)
            fail_msg("%s", err.message);
    size_t used = rs_model_equation(out, sizeof out, &settings, utf8, columns);
    assert_string_equal(out, expected);
    assert_true(used <= strlen(out) && (utf8 || used == strlen(out)));
}

#define EQUATION(utf8, columns, expected, ...)                                                                         \
    assert_equation((const char *const[]){__VA_ARGS__, NULL}, utf8, columns, expected)

static void autorec_says_what_is_set(void **state)
{
    (void)state;
    EQUATION(true, 40, H "σ(V " RI " + μ) + b", "model.name=autorec");
    EQUATION(false, 40, "h(r(i)) = W . sigmoid(V r(i) + mu) + b", "model.name=autorec");
    EQUATION(true, 40, "h(" RU ") = W·relu(V " RU " + μ) + b", "model.orientation=user",
             "model.hidden_activation=relu");
    EQUATION(true, 40, "h(" RI ") = σ(W·(V " RI " + μ) + b)", "model.hidden_activation=identity",
             "model.output_activation=sigmoid");
    EQUATION(true, 40, H "(m ⊙ σ(V " RI " + μ)) + b", "model.dropout=0.5");
    EQUATION(false, 60, "h(r(i)) = W . (m * sigmoid(V (n * r(i)) + mu)) + b", "model.dropout=0.5",
             "model.input_dropout=0.2");
}

static void deep_layers_are_composed(void **state)
{
    (void)state;
    EQUATION(true, 60, H "σ(V₂ σ(V " RI " + μ) + μ₂) + b", "model.layers=500,250");
    EQUATION(true, 70, H "σ(V₃ σ(V₂ σ(V " RI " + μ) + μ₂) + μ₃) + b", "model.layers=500,250,500");
    EQUATION(true, 50,
             H "a₃ + b,  aₗ = σ(Vₗ aₗ₋₁ + μₗ),"
               "  a₀ = " RI,
             "model.layers=500,250,500");
    EQUATION(true, 60,
             H "a₁₂ + b,  aₗ = m ⊙ σ(Vₗ aₗ₋₁ + μₗ),"
               "  a₀ = " RI,
             "model.layers=9,9,9,9,9,9,9,9,9,9,9,9", "model.dropout=0.1");
    EQUATION(true, 60, H "a₄ + b,  aₗ = Vₗ aₗ₋₁ + μₗ,  a₀ = " RI, "model.layers=9,9,9,9",
             "model.hidden_activation=identity");
    /* A layer of one unit is never dropped. */
    EQUATION(true, 60, H "(m ⊙ σ(V₂ σ(V " RI " + μ) + μ₂)) + b", "model.layers=1,9", "model.dropout=0.1");
}

static void wide_screens_get_sizes_and_the_lecture_s_letters(void **state)
{
    (void)state;
    EQUATION(true, 60, H "σ(V " RI " + μ) + b,  V: 500 × users", "model.name=autorec");
    EQUATION(true, WIDE,
             H "σ(V " RI " + μ) + b,  V: 500 × users  "
               "(lecture: U σ(V x + b) + c)",
             "model.name=autorec");
    EQUATION(false, WIDE,
             "h(r(u)) = tanh(W . (m * (V r(u) + mu)) + b),  V: 500 x items, m: drops 0.5, output moved to the rating "
             "scale  (lecture: tanh(U (V x + b) + c))",
             "model.hidden_activation=identity", "model.output_activation=tanh", "model.orientation=user",
             "model.dropout=0.5");
    EQUATION(true, WIDE,
             H "a₄ + b,  aₗ = σ(Vₗ aₗ₋₁ + μₗ),  "
               "a₀ = " RI ",  V: 9 × users, V₂: 8 × 9, V₃: 7 × 8, ...  "
               "(lecture: U, b, c for W, μ, b)",
             "model.layers=9,8,7,6");
}

static void mf_is_a_dot_product(void **state)
{
    (void)state;
    EQUATION(true, 40, "r(u,i) = μ + bᵤ + bᵢ + qᵢ·pᵤ", "model.name=mf");
    EQUATION(false, 40, "r(u,i) = q_i . p_u", "model.name=mf", "model.biases=no");
    EQUATION(true, WIDE, "r(u,i) = qᵢ·pᵤ,  q and p: 40 factors each  (lecture: Uᵢ·Vⱼ)", "model.name=mf",
             "model.biases=no");
}

static void the_short_form_fits_80_columns(void **state)
{
    (void)state;
    const char *const layers[] = {"500", "500,250", "500,250,500", "9,9,9,9,9,9,9,9,9,9,9,9,9,9,9,9"};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        for (size_t utf8 = 0; utf8 < 2; utf8++) {
            struct rs_settings settings;
            struct rs_error err;
            char out[512];
            assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
            assert_int_equal(rs_settings_parse(&settings, &rs_row_layers, layers[i], &err), RS_OK);
            assert_int_equal(rs_settings_parse(&settings, &rs_row_dropout, "0.5", &err), RS_OK);
            assert_int_equal(rs_settings_parse(&settings, &rs_row_input_dropout, "0.5", &err), RS_OK);
            size_t used = rs_model_equation(out, sizeof out, &settings, utf8 == 1, 0);
            if (used > 80)
                fail_msg("%zu columns: %s", used, out);
        }
}

static void what_does_not_fit_ends_with_a_whole_character(void **state)
{
    (void)state;
    struct rs_settings settings;
    struct rs_error err;
    assert_int_equal(rs_preset_default(&settings, &err), RS_OK);
    for (size_t size = 1; size < 60; size++) {
        char out[64];
        rs_model_equation(out, size, &settings, true, 80);
        assert_true(strlen(out) < size);
        assert_true(rs_is_utf8(out, strlen(out)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(autorec_says_what_is_set),
        cmocka_unit_test(deep_layers_are_composed),
        cmocka_unit_test(wide_screens_get_sizes_and_the_lecture_s_letters),
        cmocka_unit_test(mf_is_a_dot_product),
        cmocka_unit_test(the_short_form_fits_80_columns),
        cmocka_unit_test(what_does_not_fit_ends_with_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
