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

enum rs_symbol {
    RS_SYMBOL_DOT,
    RS_SYMBOL_TIMES,
    RS_SYMBOL_MASK, /* element by element */
    RS_SYMBOL_MU,
    RS_SYMBOL_SIGMA,
    RS_SYMBOL_OF_ITEM,
    RS_SYMBOL_OF_USER,
    RS_SYMBOL_SUB_U,
    RS_SYMBOL_SUB_I,
    RS_SYMBOL_SUB_J,
    RS_SYMBOL_SUB_L,
    RS_SYMBOL_SUB_BEFORE /* the layer below l */
};

const char *rs_symbol(const struct rs_equation *equation, enum rs_symbol symbol);
void rs_equation_add(struct rs_equation *equation, const char *format, ...) RS_FORMAT(2, 3);
/* A small number below the line: "₁₂", "_12". */
void rs_equation_add_index(struct rs_equation *equation, size_t index);

/* autorec_equation.c */
void rs_autorec_equation(const struct rs_settings *settings, struct rs_equation *out);

#endif
