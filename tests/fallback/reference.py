# SPDX-License-Identifier: Apache-2.0
"""Attention as its documentation words it, one sequence at a time, in float64. Shares nothing with what it judges."""
import functools
import math

import torch


def sees(query, key, queries, keys, causal, window):
    """Whether one query sees one key, by the words of flash-attn's documentation."""
    place = query + keys - queries
    left, right = window
    if causal and key > place:
        return False
    if left >= 0 and key < place - left:
        return False
    return causal or right < 0 or key <= place + right


@functools.lru_cache(maxsize=None)
def mask(queries, keys, causal, window):
    rows = [[sees(i, j, queries, keys, causal, window) for j in range(keys)] for i in range(queries)]
    return torch.tensor(rows, dtype=torch.bool).view(queries, keys)


@functools.lru_cache(maxsize=None)
def distance(queries, keys):
    rows = [[abs(i + keys - queries - j) for j in range(keys)] for i in range(queries)]
    return torch.tensor(rows, dtype=torch.float64).view(queries, keys)


def attention(q, k, v, causal=False, window=(-1, -1), softcap=0.0, slopes=None, scale=None):
    """q: (queries, heads, dimension), k, v: (keys, heads of k, dimension), float64. (out, lse, probabilities)."""
    queries, heads, dimension = q.shape
    keys, group = k.shape[0], heads // k.shape[1]
    scale = 1 / math.sqrt(dimension) if scale is None else scale
    seen = mask(queries, keys, causal, window)
    alive = [i for i in range(queries) if bool(seen[i].any())]
    outs, sums, weights = [], [], []
    for head in range(heads):
        out = torch.zeros(queries, v.shape[2], dtype=torch.float64)
        lse = torch.full((queries,), math.inf, dtype=torch.float64)
        probability = torch.zeros(queries, keys, dtype=torch.float64)
        if alive:
            scores = (q[alive, head] @ k[:, head // group].T) * scale
            if softcap:
                scores = softcap * torch.tanh(scores / softcap)
            if slopes is not None:
                scores = scores - float(slopes[head]) * distance(queries, keys)[alive]
            powers = torch.where(seen[alive], torch.exp(scores), torch.zeros((), dtype=torch.float64))
            total = powers.sum(1, keepdim=True)
            probability = probability.index_copy(0, torch.tensor(alive), powers / total)
            lse = lse.index_copy(0, torch.tensor(alive), torch.log(total[:, 0]))
            out = probability @ v[:, head // group]
        outs.append(out)
        sums.append(lse)
        weights.append(probability)
    return torch.stack(outs, 1), torch.stack(sums), torch.stack(weights)


def rotated(x, cos, sin, positions, interleaved):
    """x: (tokens, heads, dimension), float64: complex numbers turned, token by token."""
    half = cos.shape[1]
    tokens = []
    for token, position in zip(x, positions):
        real, imaginary = ((token[:, 0 : 2 * half : 2], token[:, 1 : 2 * half : 2]) if interleaved
                           else (token[:, :half], token[:, half : 2 * half]))
        turned = torch.complex(real, imaginary) * torch.complex(cos[position], sin[position])
        new = token.clone()
        if interleaved:
            new[:, 0 : 2 * half : 2], new[:, 1 : 2 * half : 2] = turned.real, turned.imag
        else:
            new[:, :half], new[:, half : 2 * half] = turned.real, turned.imag
        tokens.append(new)
    return torch.stack(tokens) if tokens else x
