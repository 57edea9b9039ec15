#include "equation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "registry.h"

#define EQUATION_SIZE 512

const char *rs_symbol(const struct rs_equation *equation, enum rs_symbol symbol)
{
    static const char *const texts[][2] = {
        [RS_SYMBOL_DOT] = {" . ", "·"},         [RS_SYMBOL_TIMES] = {"x", "×"},
        [RS_SYMBOL_MASK] = {" * ", " ⊙ "},      [RS_SYMBOL_MU] = {"mu", "μ"},
        [RS_SYMBOL_SIGMA] = {"sigmoid", "σ"},   [RS_SYMBOL_OF_ITEM] = {"r(i)", "r⁽ⁱ⁾"},
        [RS_SYMBOL_OF_USER] = {"r(u)", "r⁽ᵘ⁾"}, [RS_SYMBOL_SUB_U] = {"_u", "ᵤ"},
        [RS_SYMBOL_SUB_I] = {"_i", "ᵢ"},        [RS_SYMBOL_SUB_J] = {"_j", "ⱼ"},
        [RS_SYMBOL_SUB_L] = {"_l", "ₗ"},        [RS_SYMBOL_SUB_BEFORE] = {"_(l-1)", "ₗ₋₁"},
    };
    return texts[symbol][equation->utf8];
}

void rs_equation_add(struct rs_equation *equation, const char *format, ...)
{
    va_list arguments;
    size_t room = equation->size - equation->used;
    va_start(arguments, format);
    int length = vsnprintf(equation->out + equation->used, room, format, arguments);
    va_end(arguments);
    equation->used += length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
    if ((size_t)length < room)
        return;
    /* Not half a character. */
    while (equation->used > 0 && ((unsigned char)equation->out[equation->used - 1] & 0xC0) == 0x80)
        equation->used--;
    if (equation->used > 0 && ((unsigned char)equation->out[equation->used - 1] & 0xC0) == 0xC0)
        equation->used--;
    equation->out[equation->used] = '\0';
}

void rs_equation_add_index(struct rs_equation *equation, size_t index)
{
    static const char *const below[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", index);
    if (!equation->utf8)
        rs_equation_add(equation, "_%s", digits);
    for (const char *digit = digits; equation->utf8 && *digit; digit++)
        rs_equation_add(equation, "%s", below[*digit - '0']);
}

/* All symbols are one column wide, and none combine. */
static size_t columns_of(const char *text)
{
    size_t columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xC0) != 0x80;
    return columns;
}

size_t rs_model_equation(char *out, size_t size, const struct rs_settings *settings, bool utf8, size_t columns)
{
    char text[EQUATION_SIZE];
    for (int detail = RS_EQUATION_DETAILS - 1; detail >= 0; detail--) {
        struct rs_equation equation = {utf8, (enum rs_equation_detail)detail, text, sizeof text, 0};
        text[0] = '\0';
        rs_model_chosen(settings)->equation(settings, &equation);
        if (detail == 0 || (columns_of(text) <= columns && equation.used < size))
            break;
    }
    struct rs_equation copy = {utf8, RS_EQUATION_SHORT, out, size, 0};
    out[0] = '\0';
    rs_equation_add(&copy, "%s", text);
    return columns_of(out);
}
