# SPDX-License-Identifier: Apache-2.0
"""Which keys a query sees. Query i of n is aligned to the end of the keys: its own place among m keys is i + m - n."""
import torch


def bounds(causal, window_size, queries, keys):
    """(left, right): how far a query looks back and ahead. None where that hides no key from any query."""
    left, right = window_size
    left = None if left < 0 or left >= keys - 1 else left
    right = 0 if causal else right
    right = None if right < 0 or right >= queries - 1 else right
    return left, right


def distances(queries, keys, end, device):
    """How far each key lies before its query's own place: (1 or batch, queries, keys)."""
    own = torch.arange(queries, device=device).view(1, -1, 1) - queries
    own = own + (keys if end is None else end.view(-1, 1, 1))
    return own - torch.arange(keys, device=device).view(1, 1, -1)


def visible(distance, left, right, start, end):
    """A boolean mask like `distance`, or None where every query sees every key. `start` and `end` are (batch,): where
    the keys of each sequence begin and end, or None."""
    conditions = []
    if left is not None:
        conditions.append(distance <= left)
    if right is not None:
        conditions.append(distance >= -right)
    column = torch.arange(distance.shape[-1], device=distance.device)
    if end is not None:
        conditions.append(column < end.view(-1, 1, 1))
    if start is not None:
        conditions.append(column >= start.view(-1, 1, 1))
    mask = None
    for condition in conditions:
        mask = condition if mask is None else mask & condition
    return mask


def alibi_bias(slopes, distance, dtype):
    """(1 or batch, heads, queries, keys). `slopes` is (heads,) or (batch, heads)."""
    slopes = slopes.to(dtype).view(-1, slopes.shape[-1], 1, 1)
    return -slopes * distance.abs().unsqueeze(1)
