# SPDX-License-Identifier: Apache-2.0
"""The six functions beside the float64 reference: every dtype x causal x window x softcap x ALiBi, over grouped heads,
unequal lengths, packed layouts, results and gradients."""
import itertools
import unittest

import torch

import reference
from cases import (DIMENSION, HEADS, LENGTHS, assert_close, count, leaf, numbers, rules, slopes_for, slopes_of)
import flash_attn as fa

BATCH = 2
# Sequences of one packed batch: equal ones (computed as one), unequal ones, some without queries or keys.
EQUAL = ([(4, 4)] * 3, [(4, 4), (2, 2), (4, 4), (6, 6)], [(1, 1), (5, 5), (0, 0)])
UNEQUAL = ([(2, 6), (5, 3), (1, 4)], [(0, 3), (2, 0), (4, 4), (3, 5)], [(3, 5), (3, 5)])


def judged(call, tensors, expected, dtype, what):
    """Runs `call` on leaves of `tensors` and `expected` on float64 ones; compares results and gradients."""
    count()
    ours, theirs = [leaf(tensor) for tensor in tensors], [leaf(tensor.double()) for tensor in tensors]
    out, wanted = call(*ours), expected(*theirs)
    assert out.dtype == dtype and out.is_contiguous(), f"{what}: {out.dtype}, contiguous {out.is_contiguous()}"
    assert_close(out, wanted, dtype, what)
    weights = numbers(wanted.shape, dtype, 7)
    gradients = torch.autograd.grad(out, ours, weights, allow_unused=True)
    for name, gradient, reference_gradient in zip("qkv", gradients, torch.autograd.grad(wanted, theirs, weights.double(),
                                                                                       allow_unused=True)):
        if reference_gradient is None:
            continue
        assert gradient is not None, f"{what}: no gradient of {name}"
        assert_close(gradient, reference_gradient, dtype, f"{what}, gradient of {name}", factor=3)


def dense_reference(causal, window, softcap, slopes, scale=None):
    def expected(q, k, v):
        return torch.stack([reference.attention(q[b], k[b], v[b], causal, window, softcap, slopes_of(slopes, b), scale)[0]
                            for b in range(q.shape[0])])
    return expected


def packed_reference(spans, causal, window, softcap, slopes):
    def expected(q, k, v):
        outs, at_q, at_k = [], 0, 0
        for b, (queries, keys) in enumerate(spans):
            outs.append(reference.attention(q[at_q : at_q + queries], k[at_k : at_k + keys], v[at_k : at_k + keys],
                                            causal, window, softcap, slopes_of(slopes, b))[0])
            at_q, at_k = at_q + queries, at_k + keys
        return torch.cat(outs)
    return expected


def starts(lengths):
    return torch.tensor([0, *itertools.accumulate(lengths)], dtype=torch.int32)


class Dense(unittest.TestCase):
    def test_flash_attn_func(self):
        for (dtype, causal, window, softcap, alibi), (heads, shared), (queries, keys) in itertools.product(
                rules(), HEADS, LENGTHS):
            slopes = slopes_for(alibi, BATCH, heads)
            tensors = [numbers((BATCH, queries, heads, DIMENSION), dtype, 1),
                       numbers((BATCH, keys, shared, DIMENSION), dtype, 2), numbers((BATCH, keys, shared, DIMENSION), dtype, 3)]
            judged(lambda q, k, v: fa.flash_attn_func(q, k, v, causal=causal, window_size=window, softcap=softcap,
                                                      alibi_slopes=slopes),
                   tensors, dense_reference(causal, window, softcap, slopes), dtype,
                   f"func {dtype} causal={causal} {window} softcap={softcap} alibi={alibi} {heads}/{shared} {queries}x{keys}")

    def test_kvpacked(self):
        variants = itertools.cycle(itertools.product(HEADS, LENGTHS, (None, 0.3)))
        for dtype, causal, window, softcap, alibi in rules():
            for (heads, shared), (queries, keys), scale in itertools.islice(variants, 2):
                slopes = slopes_for(alibi, BATCH, heads)
                tensors = [numbers((BATCH, queries, heads, DIMENSION), dtype, 1),
                           numbers((BATCH, keys, 2, shared, DIMENSION), dtype, 2)]
                expected = dense_reference(causal, window, softcap, slopes, scale)
                judged(lambda q, kv: fa.flash_attn_kvpacked_func(q, kv, 0.0, scale, causal, window, softcap, slopes),
                       tensors, lambda q, kv: expected(q, kv[:, :, 0], kv[:, :, 1]), dtype,
                       f"kvpacked {dtype} causal={causal} {window} {softcap} {alibi} {heads}/{shared} {queries}x{keys}")

    def test_qkvpacked(self):
        for (dtype, causal, window, softcap, alibi), tokens in itertools.product(rules(), (1, 6)):
            slopes = slopes_for(alibi, BATCH, 3)
            expected = dense_reference(causal, window, softcap, slopes)
            judged(lambda qkv: fa.flash_attn_qkvpacked_func(qkv, 0.0, None, causal, window, softcap, slopes),
                   [numbers((BATCH, tokens, 3, 3, DIMENSION), dtype, 1)], lambda qkv: expected(*qkv.unbind(2)), dtype,
                   f"qkvpacked {dtype} causal={causal} {window} {softcap} {alibi} {tokens}")


class Packed(unittest.TestCase):
    def test_varlen_func(self):
        variants = itertools.cycle(itertools.product(HEADS, EQUAL + UNEQUAL))
        for dtype, causal, window, softcap, alibi in rules():
            for (heads, shared), spans in itertools.islice(variants, 5):
                self.one(dtype, causal, window, softcap, alibi, heads, shared, spans, "varlen")

    def test_varlen_kvpacked(self):
        variants = itertools.cycle(itertools.product(HEADS, UNEQUAL + EQUAL))
        for dtype, causal, window, softcap, alibi in rules():
            for (heads, shared), spans in itertools.islice(variants, 2):
                self.one(dtype, causal, window, softcap, alibi, heads, shared, spans, "varlen_kvpacked")

    def test_varlen_with_blocks(self):
        variants = itertools.cycle(itertools.product(HEADS, UNEQUAL + EQUAL))
        for dtype, causal, window, softcap, alibi in rules():
            (heads, shared), spans = next(variants)
            self.one(dtype, causal, window, softcap, alibi, heads, shared, spans, "blocks")

    def one(self, dtype, causal, window, softcap, alibi, heads, shared, spans, form):
        slopes = slopes_for(alibi, len(spans), heads)
        begins = [starts(lengths) for lengths in zip(*spans)]
        total_q, total_k = (int(each[-1]) for each in begins)
        tensors = [numbers((total_q, heads, DIMENSION), dtype, 1), numbers((total_k, shared, DIMENSION), dtype, 2),
                   numbers((total_k, shared, DIMENSION), dtype, 3)]
        longest = [max(lengths) for lengths in zip(*spans)]
        expected = packed_reference(spans, causal, window, softcap, slopes)
        rest = (*begins, *longest, 0.0, None, causal, window, softcap, slopes)
        what = f"{form} {dtype} causal={causal} {window} {softcap} {alibi} {heads}/{shared} {spans}"
        if form == "varlen":
            judged(lambda q, k, v: fa.flash_attn_varlen_func(q, k, v, *rest), tensors, expected, dtype, what)
        elif form == "blocks":
            judged(lambda q, k, v: fa.flash_attn_varlen_func(q, *in_blocks(k, v, spans), *rest[:-6], causal=causal,
                                                             window_size=window, softcap=softcap, alibi_slopes=slopes,
                                                             block_table=block_table(spans)),
                   tensors, expected, dtype, what)
        else:
            pair = torch.stack(tensors[1:], dim=1)
            judged(lambda q, kv: fa.flash_attn_varlen_kvpacked_func(q, kv, *rest), [tensors[0], pair],
                   lambda q, kv: expected(q, kv[:, 0], kv[:, 1]), dtype, what)

    def test_varlen_qkvpacked(self):
        variants = itertools.cycle(EQUAL)
        for dtype, causal, window, softcap, alibi in rules():
            for spans in itertools.islice(variants, 2):
                slopes = slopes_for(alibi, len(spans), 2)
                begins = starts([queries for queries, _ in spans])
                expected = packed_reference(spans, causal, window, softcap, slopes)
                judged(lambda qkv: fa.flash_attn_varlen_qkvpacked_func(qkv, begins, 6, 0.0, None, causal, window, softcap,
                                                                       slopes),
                       [numbers((int(begins[-1]), 3, 2, DIMENSION), dtype, 1)], lambda qkv: expected(*qkv.unbind(1)),
                       dtype, f"varlen_qkvpacked {dtype} causal={causal} {window} {softcap} {alibi} {spans}")

    def test_tokens_behind_the_last_sequence_are_zero(self):
        q = numbers((9, 2, DIMENSION), torch.float32, 1)
        begins = torch.tensor([0, 3, 7], dtype=torch.int32)
        out = fa.flash_attn_varlen_func(q, q, q, begins, begins, 4, 4)
        self.assertEqual((9, 2, DIMENSION), tuple(out.shape))
        self.assertEqual(0.0, float(out[7:].abs().max()))


BLOCK = 2
PER_SEQUENCE = 4


def block_table(spans):
    """Sequence b's blocks, in an order that is not theirs in memory."""
    total = len(spans) * PER_SEQUENCE
    return torch.tensor([(7 * number + 3) % total if total % 7 else number for number in range(total)],
                        dtype=torch.int32).view(len(spans), PER_SEQUENCE)


def in_blocks(k, v, spans):
    table, blocks = block_table(spans), []
    for tokens in (k, v):
        pieces, at = [None] * table.numel(), 0
        for b, (_, keys) in enumerate(spans):
            padded = torch.nn.functional.pad(tokens[at : at + keys], (0, 0, 0, 0, 0, BLOCK * PER_SEQUENCE - keys))
            for number, block in zip(table[b].tolist(), padded.split(BLOCK)):
                pieces[number] = block
            at += keys
        blocks.append(torch.stack(pieces))
    return blocks
