#!/usr/bin/env python3
"""make_golden.py > golden_cases.h -- the golden numbers, computed by PyTorch's autograd and optimisers.

The models are written here from their papers' equations, densely and in double precision; nothing is shared with the
program but its random numbers, which are written again as well, so that dropout draws the same masks. Weights and
rates are multiples of powers of two, exact in float. Needs PyTorch (Debian: python3-torch); the test does not.
"""
import torch

torch.set_default_dtype(torch.float64)

# ---- data: 7 users, 6 items; user 5 and item 4 have no training rating -----------------------------------------------
USERS, ITEMS = 7, 6
LOW, HIGH = 0.5, 5.0
TRAIN, EVAL, TEST = range(3)
RATINGS = [
    (0, 0, 4.0, TRAIN), (0, 1, 2.5, TRAIN), (0, 3, 5.0, TRAIN), (0, 4, 3.0, TEST),
    (1, 0, 3.5, TRAIN), (1, 2, 1.0, TRAIN), (1, 5, 2.0, EVAL),
    (2, 1, 0.5, TRAIN), (2, 3, 4.5, TRAIN), (2, 5, 3.0, TRAIN),
    (3, 0, 5.0, TRAIN), (3, 1, 4.0, TRAIN), (3, 2, 3.0, TRAIN), (3, 3, 2.0, TRAIN), (3, 5, 1.5, TRAIN),
    (4, 2, 2.0, TRAIN), (4, 3, 3.5, EVAL),
    (5, 1, 4.0, TEST), (5, 4, 1.0, EVAL),
    (6, 0, 1.5, TRAIN), (6, 3, 3.0, TRAIN), (6, 4, 2.5, TEST), (6, 5, 4.5, TRAIN),
]
TRAINING = [r for r in RATINGS if r[3] == TRAIN]
MEAN = sum(r[2] for r in TRAINING) / len(TRAINING)

# ---- counter-based random numbers: SplitMix64 ------------------------------------------------------------------------
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
DROPOUT = 4  # the purpose's number


def mix(x):
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


def uniforms(seed, purpose, epoch, step, row):
    state = mix((seed + GOLDEN) & MASK)
    state = mix(state ^ (purpose * GOLDEN & MASK))
    state = mix((state + epoch * GOLDEN) & MASK)
    state = mix(state ^ (step * GOLDEN & MASK))
    state = mix((state + row * GOLDEN) & MASK)
    while True:
        state = (state + GOLDEN) & MASK
        yield (mix(state) >> 11) * 2.0**-53


def mask(step, rate, layer, row, count):
    """Of `count` numbers of row `row` of the batch: 0 where dropped, otherwise 1 / (1 - rate)."""
    draw = uniforms(step["seed"], DROPOUT, step["epoch"], step["step"], layer << 40 | row)
    return [0.0 if next(draw) < rate else 1 / (1 - rate) for _ in range(count)]


# ---- models ----------------------------------------------------------------------------------------------------------
def function(kind, x):
    return {"identity": lambda x: x, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[kind](x)


def scaled(kind, x):
    """The output activation, moved to the rating scale where it is bounded."""
    y = function(kind, x)
    if kind == "sigmoid":
        return LOW + (HIGH - LOW) * y
    if kind == "tanh":
        return LOW + (HIGH - LOW) * (y + 1) / 2
    return y


class AutoRec:
    """h(r) = f(W g(V r + mu) + b), Sedhain et al. 2015, with more layers of g where `layers` has them."""

    def __init__(self, orientation, layers, hidden, output):
        self.settings = f"name=autorec orientation={orientation} layers={','.join(map(str, layers))} " \
                        f"hidden_activation={hidden} output_activation={output}"
        by_item = orientation == "item"
        self.rows, self.columns = (ITEMS, USERS) if by_item else (USERS, ITEMS)
        self.layers, self.hidden, self.output = layers, hidden, output
        self.cells = {(i, u) if by_item else (u, i): (r, part) for u, i, r, part in RATINGS}
        self.shapes, before = [], self.columns
        for width in layers:
            self.shapes += [(before, width, True), (1, width, False)]  # rows, columns, penalised
            before = width
        self.shapes += [(self.columns, before, True), (self.columns, 1, False)]

    def observed(self, row):
        return [c for c in range(self.columns) if self.cells.get((row, c), (0, None))[1] == TRAIN]

    def forward(self, weights, units, step=None):
        """(B, columns) outputs; dropout with a step."""
        x = torch.zeros(len(units), self.columns)
        for b, row in enumerate(units):
            seen = self.observed(row)
            kept = mask(step, step["input_dropout"], 0, b, len(seen)) if step else [1.0] * len(seen)
            for c, m in zip(seen, kept):
                x[b, c] = self.cells[row, c][0] * m
        layer = 1
        for l, width in enumerate(self.layers):
            x = function(self.hidden, x @ weights[2 * l] + weights[2 * l + 1])
            if width > 1:  # a layer of one unit is never dropped
                if step and step["dropout"] > 0:
                    x = x * torch.tensor([mask(step, step["dropout"], layer, b, width) for b in range(len(units))])
                layer += 1
        return scaled(self.output, x @ weights[-2].T + weights[-1].T)

    def loss(self, weights, units, step):
        """Squared error; cells; and of each parameter, for each row, how many of the batch's cells use it."""
        y = self.forward(weights, units, step)
        seen = [(b, c) for b, row in enumerate(units) for c in self.observed(row)]
        error = sum((y[b, c] - self.cells[units[b], c][0])**2 for b, c in seen)
        by_column = [sum(c == j for _, c in seen) for j in range(self.columns)]
        uses = [by_column if rows == self.columns and n in (0, len(weights) - 2) else [len(seen)] * rows
                for n, (rows, _, _) in enumerate(self.shapes)]
        return error, len(seen), uses, [n in (0, len(weights) - 2) for n in range(len(weights))]

    def predictions(self, weights):
        y = self.forward(weights, list(range(self.rows)))
        return [y[row, c] for row, c in sorted(self.cells) if self.cells[row, c][1] != TRAIN]


class MF:
    """p(u, i) = p_u . q_i, or mean + b_u + b_i + p_u . q_i, Koren et al. 2009."""

    def __init__(self, factors, biases):
        self.settings = f"name=mf factors={factors} biases={'yes' if biases else 'no'}"
        self.biases = biases
        self.shapes = [(USERS, factors, True), (ITEMS, factors, True)]
        self.shapes += [(USERS, 1, True), (ITEMS, 1, True)] if biases else []

    def predict(self, weights, u, i):
        p = weights[0][u] @ weights[1][i]
        return MEAN + p + weights[2][u, 0] + weights[3][i, 0] if self.biases else p

    def loss(self, weights, units, step):
        batch = [TRAINING[n] for n in units]
        error = sum((self.predict(weights, u, i) - r)**2 for u, i, r, _ in batch)
        of_user = [sum(u == k for u, _, _, _ in batch) for k in range(USERS)]
        of_item = [sum(i == k for _, i, _, _ in batch) for k in range(ITEMS)]
        return error, len(batch), [of_user, of_item] * 2, [True] * len(weights)

    def predictions(self, weights):
        return [self.predict(weights, u, i) for u, i, _, part in RATINGS if part != TRAIN]


def draw(model, number):
    """Weights that are multiples of 1/256, within about +-0.6: exact in float, away from the kinks of relu."""
    generator = torch.Generator().manual_seed(number)
    weights = []
    for rows, columns, _ in model.shapes:
        w = torch.round(torch.randn(rows, columns, generator=generator) * 0.4 * 256) / 256
        weights.append(w + (w == 0) / 256)
    if getattr(model, "output", None) == "relu":
        weights[-1] += 1  # a dead output has no gradient
    weights = [w.requires_grad_() for w in weights]
    return weights


def objective(model, weights, units, step):
    """The squared error, and J's share, divided by the cells where the step asks for the mean."""
    error, cells, uses, lazy = model.loss(weights, units, step)
    total = error
    for n, (rows, _, penalised) in enumerate(model.shapes):
        if not penalised:
            continue
        for row in range(rows):
            if step["ratings_scope"]:
                share = uses[n][row]
            else:  # a lazy step leaves the rows without a cell as they are
                share = step["share"] if step["every_row"] or not lazy[n] or uses[n][row] else 0
            total = total + step["l2"] / 2 * share * (weights[n][row]**2).sum()
    return error, total / cells if step["mean"] else total


# ---- cases -----------------------------------------------------------------------------------------------------------
def settings(**changed):
    step = dict(seed=7, epoch=3, step=11, dropout=0.0, input_dropout=0.0, l2=0.0, share=1.0, ratings_scope=False,
                mean=False, every_row=True)
    return {**step, **changed}


L2 = dict(l2=0.375, share=0.25)
DROP = dict(dropout=0.375, input_dropout=0.25)
ALL_RATINGS = [4, 0, 9, 13, 2, 2, 7, 10, 11, 1]  # one rating twice, users and items several times
GRADIENTS = [
    ("mf", MF(3, False), ALL_RATINGS, settings()),
    ("mf_l2", MF(17, False), ALL_RATINGS, settings(**L2)),
    ("mf_biases_lazy", MF(3, True), ALL_RATINGS, settings(**L2, every_row=False)),
    ("mf_biases_l2_of_ratings", MF(5, True), ALL_RATINGS, settings(l2=0.125, ratings_scope=True, mean=True)),
    ("mf_one_factor_short_batch", MF(1, True), [3], settings(**L2)),
    ("item_sigmoid", AutoRec("item", [4], "sigmoid", "identity"), [3, 0, 4, 5, 1], settings()),
    ("item_sigmoid_l2_lazy", AutoRec("item", [5], "sigmoid", "identity"), [2, 5], settings(**L2, every_row=False)),
    ("item_scaled_sigmoid_dropout", AutoRec("item", [6], "tanh", "sigmoid"), [3, 0, 4, 5, 1], settings(**L2, **DROP)),
    ("item_scaled_tanh", AutoRec("item", [3], "relu", "tanh"), [0, 1, 2, 3, 4, 5], settings(**L2, mean=True)),
    ("user_two_layers", AutoRec("user", [5, 3], "tanh", "identity"), [6, 0, 5, 3], settings(**L2)),
    ("user_two_layers_dropout", AutoRec("user", [6, 4], "sigmoid", "sigmoid"), [1, 3, 2, 0], settings(**L2, **DROP)),
    ("user_relu_l2_of_ratings", AutoRec("user", [4, 2], "relu", "identity"), [3, 4, 0],
     settings(l2=0.125, ratings_scope=True)),
    ("user_one_unit_short_batch", AutoRec("user", [1], "sigmoid", "relu"), [4], settings(**L2)),
]
STEPS = [  # name, model, three batches, settings: the last batch is short
    ("mf", MF(3, True), [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], [12, 13, 14]], settings(**L2, mean=True)),
    ("item", AutoRec("item", [5], "sigmoid", "identity"), [[3, 0], [5, 1], [2]], settings(**L2, **DROP)),
    ("user", AutoRec("user", [4, 3], "tanh", "sigmoid"), [[6, 0, 3], [1, 2, 5], [4]], settings(**L2)),
]
OPTIMIZERS = [
    ("sgd", 0.015625, lambda w, rate: torch.optim.SGD(w, lr=rate)),
    ("heavy_ball", 0.015625, lambda w, rate: torch.optim.SGD(w, lr=rate, momentum=0.9)),
    ("adam", 0.03125, lambda w, rate: torch.optim.Adam(w, lr=rate, betas=(0.9, 0.999), eps=1e-8)),
    ("rprop", 0.0625, lambda w, rate: torch.optim.Rprop(w, lr=rate, etas=(0.5, 1.2), step_sizes=(1e-6, 50))),
]


# ---- C ---------------------------------------------------------------------------------------------------------------
def array(kind, name, numbers):
    lines, line = [], "   "
    for number in numbers:
        if len(line) + len(number) + 2 > 120:
            lines.append(line)
            line = "   "
        line += " " + number + ","
    return f"static const {kind} {name}[] = {{\n" + "\n".join(lines + [line]) + "\n};"


def flat(weights, form):
    return [form(x) for w in weights for x in w.detach().flatten().tolist()]


def single(x):
    text = f"{x:.9g}"
    return text + ("F" if any(c in text for c in ".e") else ".0F")


def exact(x):
    return f"{x:.10g}"


def step_text(step):
    values = [f".{key} = {str(value).lower() if isinstance(value, (bool, int)) else single(value)}"
              for key, value in step.items() if value]
    return "{" + ", ".join(values[:6]) + ("," + "\n              " + ", ".join(values[6:]) if values[6:] else "") + "}"


def gradients():
    rows = []
    for number, (name, model, units, step) in enumerate(GRADIENTS):
        weights = draw(model, number + 1)
        error, total = objective(model, weights, units, step)
        total.backward()
        print(array("uint32_t", f"units_{name}", map(str, units)))
        print(array("float", f"weight_{name}", flat(weights, single)))
        print(array("double", f"gradient_{name}", flat([w.grad for w in weights], exact)))
        asked = [exact(float(p)) for p in model.predictions(weights)]
        print(array("double", f"prediction_{name}", asked))
        rows.append(f"    {{.name = \"{name}\",\n     .settings = \"{model.settings}\",\n"
                    f"     .step = {step_text(step)},\n     .units = units_{name}, .count = {len(units)},\n"
                    f"     .weight = weight_{name}, .weights = {sum(w.numel() for w in weights)},\n"
                    f"     .squared_error = {exact(float(error))}, .gradient = gradient_{name},\n"
                    f"     .prediction = prediction_{name}, .predictions = {len(asked)}}},")
    print("static const struct golden_gradient golden_gradients[] = {\n" + "\n".join(rows) + "\n};\n")


def steps():
    rows = []
    for number, (name, model, batches, step) in enumerate(STEPS):
        print(array("float", f"start_{name}", flat(draw(model, number + 101), single)))
        for n, units in enumerate(batches):
            print(array("uint32_t", f"units_{name}_{n}", map(str, units)))
        for optimizer, rate, make in OPTIMIZERS:
            weights = draw(model, number + 101)
            optimiser = make(weights, rate)
            for n, units in enumerate(batches):
                optimiser.zero_grad()
                objective(model, weights, units, {**step, "step": n})[1].backward()
                optimiser.step()
            print(array("double", f"after_{name}_{optimizer}", flat(weights, exact)))
            rows.append(f"    {{.name = \"{name}\", .optimizer = \"{optimizer}\",\n"
                        f"     .settings = \"{model.settings}\",\n     .step = {step_text({**step, 'step': 0})},\n"
                        f"     .rate = {single(rate)},\n"
                        f"     .units = {{{', '.join(f'units_{name}_{n}' for n in range(3))}}},\n"
                        f"     .count = {{{', '.join(str(len(u)) for u in batches)}}},\n"
                        f"     .weight = start_{name}, .weights = {sum(w.numel() for w in weights)},\n"
                        f"     .after = after_{name}_{optimizer}}},")
    print("static const struct golden_steps golden_steps[] = {\n" + "\n".join(rows) + "\n};\n")


print(f"""/* golden_cases.h -- made by make_golden.py with PyTorch {torch.__version__} in double precision: change it there.
 *
 * Losses, gradients and weights after three optimiser steps of small models on {USERS} users and {ITEMS} items.
 */
/* clang-format off */
#ifndef RECSCOPE_TESTS_GOLDEN_CASES_H
#define RECSCOPE_TESTS_GOLDEN_CASES_H

#include "golden.h"

enum {{ GOLDEN_USERS = {USERS}, GOLDEN_ITEMS = {ITEMS} }};

static const float golden_low = {single(LOW)}, golden_high = {single(HIGH)};
""")
print(array("struct golden_rating", "golden_ratings",
            [f"{{{u}, {i}, {single(r)}, {part}}}" for u, i, r, part in RATINGS]))
gradients()
steps()
print("#endif")
