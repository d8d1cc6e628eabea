# SPDX-License-Identifier: Apache-2.0
"""Attention of one batch whose sequences are equally long, in flash-attn's layout (batch, sequence, heads, dimension).

No mask is made where none is needed: what is dense, or causal over equal lengths, goes to scaled_dot_product_attention
as it is. What that function cannot say (softcap, log-sum-exp, probabilities) is computed step by step."""
import math
from collections import namedtuple

import torch
import torch.nn.functional as F

from flash_attn import _mask

# How scores become probabilities. `details`: whether log-sum-exp and probabilities are wanted too.
Rule = namedtuple("Rule", "dropout_p scale causal window softcap alibi_slopes details")
Result = namedtuple("Result", "out lse probabilities")

# PyTorch before 2.3 has no float16 arithmetic for attention on the CPU.
_HALF_ON_CPU = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2]) >= (2, 3)
_FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def make_rule(query, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, details):
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError("dropout_p is a probability, and %r is none" % (dropout_p,))
    if softcap < 0.0:
        raise ValueError("softcap is 0 (none) or positive, not %r" % (softcap,))
    if len(window_size) != 2:
        raise ValueError("window_size is (left, right), not %r" % (window_size,))
    heads = query.shape[-2]
    if alibi_slopes is not None and (alibi_slopes.dim() not in (1, 2) or alibi_slopes.shape[-1] != heads):
        raise ValueError("alibi_slopes must be (%d,) or (batch, %d) here, not %s"
                         % (heads, heads, tuple(alibi_slopes.shape)))
    scale = 1.0 / math.sqrt(query.shape[-1]) if softmax_scale is None else float(softmax_scale)
    return Rule(dropout_p, scale, bool(causal), tuple(window_size), softcap, alibi_slopes, details)


def check(query, key, value, dimensions):
    for name, tensor in (("q", query), ("k", key), ("v", value)):
        if tensor.dim() != dimensions:
            raise ValueError("%s must have %d dimensions, and has %d" % (name, dimensions, tensor.dim()))
        if tensor.dtype not in _FLOATS:
            raise NotImplementedError("this fallback of flash_attn computes in fp16, bf16, fp32 and fp64, and %s is %s"
                                      % (name, tensor.dtype))
    if not query.dtype == key.dtype == value.dtype:
        raise ValueError("q, k and v must have one dtype, and have %s, %s and %s"
                         % (query.dtype, key.dtype, value.dtype))
    if query.shape[-1] != key.shape[-1]:
        raise ValueError("q and k must have one head dimension, and have %d and %d" % (query.shape[-1], key.shape[-1]))
    if key.shape[:-1] != value.shape[:-1]:
        raise ValueError("k and v must have the same sequences and heads, and are %s and %s"
                         % (tuple(key.shape), tuple(value.shape)))
    if key.shape[-2] == 0 or query.shape[-2] % key.shape[-2]:
        raise ValueError("the %d heads of q cannot be shared out among the %d heads of k and v"
                         % (query.shape[-2], key.shape[-2]))


def attend(query, key, value, rule, start=None, end=None):
    """`start` and `end` are (batch,): where the keys of each sequence begin and end in `key`; None: all of them."""
    queries, keys = query.shape[1], key.shape[1]
    left, right = _mask.bounds(rule.causal, rule.window, queries, keys)
    blind = 0
    if right is not None and start is None and end is None:
        blind = min(max(queries - keys - right, 0), queries)  # leading queries that see no key
    if rule.softcap or rule.details or blind == queries or 0 in (query.numel(), key.numel()):
        return _step_by_step(query, key, value, rule, left, right, start, end)
    if blind:
        return Result(F.pad(attend(query[:, blind:], key, value, rule).out, (0, 0, 0, 0, blind, 0)), None, None)
    plain = start is None and end is None and rule.alibi_slopes is None
    if plain and left is None and right is None:
        return Result(_fused(query, key, value, rule, None), None, None)
    if plain and left is None and right == 0 and queries == keys:
        return Result(_fused(query, key, value, rule, None, causal=True), None, None)
    mask, sees = _fused_mask(query, keys, rule, left, right, start, end)
    out = _fused(query, key, value, rule, mask)
    return Result(out if sees is None else out.masked_fill(~sees.transpose(1, 2), 0.0), None, None)


def _fused_mask(query, keys, rule, left, right, start, end):
    """(what is given to scaled_dot_product_attention, which rows see a key at all: None for every row)."""
    distance = _mask.distances(query.shape[1], keys, end, query.device)
    mask = _mask.visible(distance, left, right, start, end)
    mask = None if mask is None else mask.unsqueeze(1)
    sees = None
    if start is not None or end is not None:
        # A row of nothing but -inf is NaN in some backends: it may look at everything, and its result is zeroed.
        sees = mask.any(-1, keepdim=True)
        mask = mask | ~sees
    # Far below every score, but finite: some backends make NaN of a whole block of keys at -inf.
    hidden = torch.finfo(query.dtype).min / 2
    if rule.alibi_slopes is None:
        return torch.zeros(mask.shape, dtype=query.dtype, device=query.device).masked_fill(~mask, hidden), sees
    bias = _mask.alibi_bias(rule.alibi_slopes, distance, _accurate(query.dtype))
    if mask is not None:
        bias = bias.masked_fill(~mask, -math.inf)
    # What a whole row has in common changes nothing, and without it the bias keeps its digits in half precision.
    bias = bias - bias.amax(-1, keepdim=True)
    return bias.clamp(min=hidden).to(query.dtype), sees


def _fused(query, key, value, rule, mask, causal=False):
    q, k, v = query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2)
    widened = q.dtype == torch.float16 and q.device.type == "cpu" and not _HALF_ON_CPU
    if widened:
        q, k, v = q.float(), k.float(), v.float()
        mask = None if mask is None else mask.float()
    batch, heads, queries, dimension = q.shape
    shared = heads // k.shape[1]
    # Query heads that share a key head become more queries of that head, where no mask tells one query from another.
    folded = shared > 1 and not causal and (mask is None or queries == 1)
    if folded:
        q = q.reshape(batch, k.shape[1], shared * queries, dimension)
        if mask is not None and mask.shape[1] > 1:
            mask = mask.reshape(mask.shape[0], k.shape[1], shared, mask.shape[-1])
    elif shared > 1:
        k, v = _repeated(k, shared), _repeated(v, shared)
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=rule.dropout_p, is_causal=causal,
                                         scale=rule.scale)
    if folded:
        out = out.reshape(batch, heads, queries, out.shape[-1])
    # Callers use .view() on what flash-attn returns.
    return (out.to(query.dtype) if widened else out).transpose(1, 2).contiguous()


def _accurate(dtype):
    return torch.promote_types(dtype, torch.float32)


def _repeated(heads, times):
    batch, count, length, dimension = heads.shape
    return heads.unsqueeze(2).expand(batch, count, times, length, dimension).reshape(batch, count * times, length, dimension)


def _step_by_step(query, key, value, rule, left, right, start, end):
    accurate = _accurate(query.dtype)
    q, k, v = (tensor.transpose(1, 2).to(accurate) for tensor in (query, key, value))
    shared = q.shape[1] // k.shape[1]
    if shared > 1:
        k, v = _repeated(k, shared), _repeated(v, shared)
    scores = torch.matmul(q * rule.scale, k.transpose(-2, -1))
    if rule.softcap:
        scores = rule.softcap * torch.tanh(scores / rule.softcap)
    distance = _mask.distances(query.shape[1], key.shape[1], end, query.device)
    if rule.alibi_slopes is not None:
        scores = scores + _mask.alibi_bias(rule.alibi_slopes, distance, accurate)
    mask = _mask.visible(distance, left, right, start, end)
    if mask is not None or key.shape[1] == 0:
        mask = torch.ones_like(distance, dtype=torch.bool) if mask is None else mask
        mask = mask.unsqueeze(1)
        sees = mask.any(-1, keepdim=True)
        # Rows that see nothing keep their scores, so that no gradient of theirs is NaN, and are zeroed below.
        scores = scores.masked_fill(~mask & sees, -math.inf)
    probabilities = torch.softmax(scores, dim=-1)
    lse = torch.logsumexp(scores, dim=-1) if rule.details else None
    if mask is not None:
        probabilities = probabilities.masked_fill(~mask, 0.0)
        lse = None if lse is None else lse.masked_fill(~sees.squeeze(-1), math.inf)
    return _mixed(probabilities, v, lse, rule, query.dtype)


def _mixed(probabilities, v, lse, rule, dtype):
    weights = probabilities
    if rule.dropout_p:
        kept = torch.rand_like(probabilities) >= rule.dropout_p
        weights = probabilities * kept * (1.0 / (1.0 - rule.dropout_p) if rule.dropout_p < 1.0 else 0.0)
        probabilities = torch.where(kept, probabilities, -probabilities)  # flash-attn's way to tell what was dropped
    out = torch.matmul(weights, v).to(dtype).transpose(1, 2).contiguous()
    return Result(out, lse, probabilities.to(dtype) if rule.details else None)
