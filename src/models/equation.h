/* equation.h -- how a model writes its formula, in UTF-8 or in plain letters. */
#ifndef RS_MODELS_EQUATION_H
#define RS_MODELS_EQUATION_H

#include "recscope/models/model.h"

/* How much is said; each level has what the one before it has. */
enum rs_equation_detail {
    RS_EQUATION_SHORT,   /* the formula, with repeated layers abbreviated */
    RS_EQUATION_WHOLE,   /* the formula, layer by layer */
    RS_EQUATION_SIZES,   /* and the shapes, and what the masks are */
    RS_EQUATION_LETTERS, /* and the lecture's letters where they differ from the paper's */
    RS_EQUATION_DETAILS
};

struct rs_equation {
    bool utf8;
    enum rs_equation_detail detail;
    char *out;
    size_t size, used; /* what does not fit is cut off at a whole character */
};

/* XX(name, UTF-8, plain) */
#define RS_SYMBOL_MAP(XX)                                                                                              \
    XX(DOT, "·", " . ")                                                                                                \
    XX(TIMES, "×", "x")                                                                                                \
    XX(MASK, " ⊙ ", " * ")                                                                                             \
    XX(MU, "μ", "mu")                                                                                                  \
    XX(SIGMA, "σ", "sigmoid")                                                                                          \
    XX(OF_ITEM, "r⁽ⁱ⁾", "r(i)")                                                                                        \
    XX(OF_USER, "r⁽ᵘ⁾", "r(u)")                                                                                        \
    XX(SUB_U, "ᵤ", "_u")                                                                                               \
    XX(SUB_I, "ᵢ", "_i")                                                                                               \
    XX(SUB_J, "ⱼ", "_j")                                                                                               \
    XX(SUB_L, "ₗ", "_l")                                                                                               \
    XX(SUB_BEFORE, "ₗ₋₁", "_(l-1)")

enum rs_symbol {
#define RS_SYMBOL_ENUM(name, utf8, plain) RS_SYMBOL_##name,
    RS_SYMBOL_MAP(RS_SYMBOL_ENUM)
#undef RS_SYMBOL_ENUM
};

const char *rs_symbol(const struct rs_equation *equation, enum rs_symbol symbol);
void rs_equation_add(struct rs_equation *equation, const char *format, ...) RS_FORMAT(2, 3);
/* A small number below the line: "₁₂", "_12". */
void rs_equation_add_index(struct rs_equation *equation, size_t index);

/* autorec_equation.c */
void rs_autorec_equation(const struct rs_settings *settings, struct rs_equation *out);

#endif
