/* The formula of AutoRec: any number of hidden layers, either orientation, dropout drawn as masks m and n. */
#include "equation.h"
#include "recscope/linalg/activation.h"

/* What a layer's activation is called before its bracket; the identity needs neither. */
static const char *function_of(const struct rs_equation *out, size_t activation)
{
    if (activation == RS_IDENTITY)
        return "";
    return activation == RS_SIGMOID ? rs_symbol(out, RS_SYMBOL_SIGMA) : rs_activation_names[activation];
}

/* What stands in the formula: the names of the parameters, the masks, the functions. */
struct writing {
    const struct rs_conf_value *layers;
    const char *input, *hidden, *output, *mu;
    bool mask, input_mask;
};

static struct writing writing_of(const struct rs_settings *settings, const struct rs_equation *out)
{
    bool by_item = rs_choice(settings, &rs_row_orientation) == 0;
    return (struct writing){
        .layers = rs_value(settings, &rs_row_layers),
        .input = rs_symbol(out, by_item ? RS_SYMBOL_OF_ITEM : RS_SYMBOL_OF_USER),
        .hidden = function_of(out, rs_choice(settings, &rs_row_hidden_activation)),
        .output = function_of(out, rs_choice(settings, &rs_row_output_activation)),
        .mu = rs_symbol(out, RS_SYMBOL_MU),
        .mask = rs_number(settings, &rs_row_dropout) > 0,
        .input_mask = rs_number(settings, &rs_row_input_dropout) > 0,
    };
}

static void write_input(const struct writing *writing, struct rs_equation *out)
{
    if (writing->input_mask)
        rs_equation_add(out, "n%s", rs_symbol(out, RS_SYMBOL_MASK));
    rs_equation_add(out, "%s", writing->input);
}

/* Hidden layer `layer` (from 1) and all below it. A layer of one unit has no mask: it would be off or on as a whole. */
static void write_layers(const struct writing *writing, size_t layer, struct rs_equation *out)
{
    bool mask = writing->mask && writing->layers->list[layer - 1] > 1;
    if (mask)
        rs_equation_add(out, "(m%s", rs_symbol(out, RS_SYMBOL_MASK));
    rs_equation_add(out, "%s(V", writing->hidden);
    if (layer > 1)
        rs_equation_add_index(out, layer);
    rs_equation_add(out, " ");
    bool input_mask = writing->input_mask && layer == 1;
    rs_equation_add(out, "%s", input_mask ? "(" : "");
    if (layer > 1)
        write_layers(writing, layer - 1, out);
    else
        write_input(writing, out);
    rs_equation_add(out, "%s", input_mask ? ")" : "");
    rs_equation_add(out, " + %s", writing->mu);
    if (layer > 1)
        rs_equation_add_index(out, layer);
    rs_equation_add(out, mask ? "))" : ")");
}

/* a_l = m * g(V_l a_(l-1) + mu_l), a_0 = r: as short for twelve layers as for three. */
static void write_recurrence(const struct writing *writing, struct rs_equation *out)
{
    const char *l = rs_symbol(out, RS_SYMBOL_SUB_L);
    rs_equation_add(out, ",  a%s = %s%s", l, writing->mask ? "m" : "",
                    writing->mask ? rs_symbol(out, RS_SYMBOL_MASK) : "");
    rs_equation_add(out, writing->hidden[0] || writing->mask ? "%s(V%s a%s + %s%s)" : "%sV%s a%s + %s%s",
                    writing->hidden, l, rs_symbol(out, RS_SYMBOL_SUB_BEFORE), writing->mu, l);
    rs_equation_add(out, ",  a");
    rs_equation_add_index(out, 0);
    rs_equation_add(out, " = ");
    write_input(writing, out);
}

/* What the symbols stand for. */
static void write_sizes(const struct rs_settings *settings, const struct writing *writing, struct rs_equation *out)
{
    const char *times = rs_symbol(out, RS_SYMBOL_TIMES);
    const char *columns = rs_choice(settings, &rs_row_orientation) == 0 ? "users" : "items";
    const struct rs_conf_value *layers = writing->layers;
    rs_equation_add(out, ",  V: %u %s %s", layers->list[0], times, columns);
    for (size_t l = 1; l < layers->length && l < 3; l++) {
        rs_equation_add(out, ", V");
        rs_equation_add_index(out, l + 1);
        rs_equation_add(out, ": %u %s %u", layers->list[l], times, layers->list[l - 1]);
    }
    if (layers->length > 3)
        rs_equation_add(out, ", ...");
    if (writing->mask)
        rs_equation_add(out, ", m: drops %s", rs_string(settings, &rs_row_dropout));
    if (writing->input_mask)
        rs_equation_add(out, ", n: drops %s", rs_string(settings, &rs_row_input_dropout));
    if (rs_choice(settings, &rs_row_output_activation) == RS_SIGMOID ||
        rs_choice(settings, &rs_row_output_activation) == RS_TANH)
        rs_equation_add(out, ", output moved to the rating scale");
}

/* The lecture has x, U, b, c where the paper has r, W, mu, b, and its f and g are exchanged. */
static void write_letters(const struct writing *writing, struct rs_equation *out)
{
    if (writing->layers->length > 1) {
        rs_equation_add(out, "  (lecture: U, b, c for W, %s, b)", writing->mu);
        return;
    }
    bool output = writing->output[0];
    rs_equation_add(out, "  (lecture: %s%sU %s(V x + b) + c%s)", writing->output, output ? "(" : "", writing->hidden,
                    output ? ")" : "");
}

void rs_autorec_equation(const struct rs_settings *settings, struct rs_equation *out)
{
    struct writing writing = writing_of(settings, out);
    size_t layers = writing.layers->length;
    bool abbreviated = layers > 3 || (layers > 2 && out->detail == RS_EQUATION_SHORT);
    bool output = writing.output[0];
    rs_equation_add(out, "h(%s) = %s%sW%s", writing.input, writing.output, output ? "(" : "",
                    rs_symbol(out, RS_SYMBOL_DOT));
    if (abbreviated) {
        rs_equation_add(out, "a");
        rs_equation_add_index(out, layers);
    } else {
        write_layers(&writing, layers, out);
    }
    rs_equation_add(out, " + b%s", output ? ")" : "");
    if (abbreviated)
        write_recurrence(&writing, out);
    if (out->detail >= RS_EQUATION_SIZES)
        write_sizes(settings, &writing, out);
    if (out->detail >= RS_EQUATION_LETTERS)
        write_letters(&writing, out);
}
