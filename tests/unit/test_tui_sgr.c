/* Colours that stand already are not set again, and nothing else is touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/sgr.h"

#define F(n) "\033[38;5;" n "m"
#define B(n) "\033[48;5;" n "m"

static void what_stands_is_not_set_again(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } cases[] = {
        {F("1") B("2") "a" F("3") B("2") "b", F("1") B("2") "a" F("3") "b"},
        {F("1") "a" F("1") "b", F("1") "ab"},
        {F("1") "a" F("11") "b" F("1"), F("1") "a" F("11") "b" F("1")},
        /* a reset, in each of its spellings, and any other attribute */
        {B("2") "\033[m" B("2"), B("2") "\033[m" B("2")},
        {B("2") "\033[0;1m" B("2"), B("2") "\033[0;1m" B("2")},
        {B("2") "\033[39;49m" B("2"), B("2") "\033[39;49m" B("2")},
        {B("2") "\033[7m" B("2"), B("2") "\033[7m" B("2")},
        {F("1") "\033[38;5;1;1m" F("1"), F("1") "\033[38;5;1;1m" F("1")},
        /* what only looks like one */
        {F("1") "\033[5;9H" F("1"), F("1") "\033[5;9H"},
        {F("1") "\033[38;5;1", F("1") "\033[38;5;1"},
        {"\033", "\033"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[128];
        size_t length = strlen(cases[i].before);
        memcpy(bytes, cases[i].before, length + 1);
        size_t left = rs_sgr_squeeze(bytes, length);
        bytes[left] = '\0';
        assert_string_equal(bytes, cases[i].after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_stands_is_not_set_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
