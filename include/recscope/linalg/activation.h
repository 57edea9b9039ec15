/* activation.h -- element-wise functions between layers.
 *
 * Slopes are written in the function's value y = f(x), which is what the forward pass keeps.
 */
#ifndef RECSCOPE_LINALG_ACTIVATION_H
#define RECSCOPE_LINALG_ACTIVATION_H

/* XX(id, name in presets) */
#define RS_ACTIVATION_MAP(XX)                                                                                          \
    XX(IDENTITY, "identity")                                                                                           \
    XX(SIGMOID, "sigmoid")                                                                                             \
    XX(TANH, "tanh")                                                                                                   \
    XX(RELU, "relu")

enum rs_activation {
#define RS_ACTIVATION_ENUM(id, name) RS_##id,
    RS_ACTIVATION_MAP(RS_ACTIVATION_ENUM)
#undef RS_ACTIVATION_ENUM
};

/* The names in order, NULL-terminated: the choices of a configuration row. */
extern const char *const rs_activation_names[];

#endif
