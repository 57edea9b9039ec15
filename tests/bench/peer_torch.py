#!/usr/bin/python3
"""AutoRec in PyTorch, as its users write it: dense rows, a mask over the observed cells, Adam.

    peer_torch.py TRAIN [--orientation item|user] [--layers 500,250,500] [--batch 128] [--threads 2] [--seed 1]

The same work as `recscope train` with loss_scale = sum, optimizer = adam, learning_rate = 0.001, no dropout and no
penalty: h(r) = W g(V r + mu) + b with a sigmoid g, sum of squared errors over observed cells, missing cells are 0; the
weights are drawn as recscope draws them. TRAIN has lines "user item rating". For every line on standard input one epoch
is trained, and one object printed: seconds of training alone, the mean loss of the batches, and then the RMSE over all
training cells, by which one sees that the work is the same.
"""
import argparse
import json
import sys
import time

import numpy
import torch

SMALL = 0.02  # standard deviation of the first and last matrix


def read(path, orientation):
    """The dense matrix (rows, columns) of an epoch, 0 where nothing is observed."""
    with open(path, encoding="ascii") as file:
        triples = numpy.fromstring(file.read(), sep=" ").reshape(-1, 3)
    _, user = numpy.unique(triples[:, 0], return_inverse=True)
    _, item = numpy.unique(triples[:, 1], return_inverse=True)
    row, column = (item, user) if orientation == "item" else (user, item)
    dense = numpy.zeros((row.max() + 1, column.max() + 1), dtype=numpy.float32)
    dense[row, column] = triples[:, 2]
    return torch.from_numpy(dense), float(triples[:, 2].mean())


def uniform(tensor, deviation):
    torch.nn.init.uniform_(tensor, -deviation * 3 ** 0.5, deviation * 3 ** 0.5)


def make_model(columns, layers, mean):
    widths = [columns, *layers, columns]
    modules = []
    for number, (before, after) in enumerate(zip(widths, widths[1:])):
        linear = torch.nn.Linear(before, after)
        between = 0 < number < len(layers)
        uniform(linear.weight, before ** -0.5 if between else SMALL)
        torch.nn.init.constant_(linear.bias, mean if number == len(layers) else 0)
        modules += [linear] if number == len(layers) else [linear, torch.nn.Sigmoid()]
    return torch.nn.Sequential(*modules)


def epoch(model, optimizer, cells, mask, observed, batch):
    """Seconds, and the mean over the batches of their mean squared error. observed: cells in each row."""
    start = time.perf_counter()
    losses = []
    for rows in torch.randperm(cells.shape[0]).split(batch):
        x = cells[rows]
        m = mask[rows]
        optimizer.zero_grad(set_to_none=True)
        loss = ((model(x) - x) * m).square().sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item() / max(int(observed[rows].sum()), 1))
    return time.perf_counter() - start, sum(losses) / len(losses)


def rmse(model, cells, mask, batch=512):
    total = 0.0
    with torch.no_grad():
        for x, m in zip(cells.split(batch), mask.split(batch)):
            total += float(((model(x) - x) * m).square().sum())
    return (total / float(mask.sum(dtype=torch.float64))) ** 0.5


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("--orientation", choices=["item", "user"], default="item")
    parser.add_argument("--layers", type=lambda text: [int(width) for width in text.split(",")], default=[500])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    cells, mean = read(options.train, options.orientation)
    mask = (cells != 0).to(torch.float32)
    observed = (cells != 0).sum(1)
    model = make_model(cells.shape[1], options.layers, mean)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    print(json.dumps({"torch": torch.__version__, "rows": cells.shape[0], "cells": int(mask.sum(dtype=torch.float64)),
                      "parameters": sum(p.numel() for p in model.parameters())}), flush=True)
    for _ in sys.stdin:
        seconds, loss = epoch(model, optimizer, cells, mask, observed, options.batch)
        print(json.dumps({"seconds": seconds, "batch_loss": loss, "train_rmse": rmse(model, cells, mask)}), flush=True)


main()
