# SPDX-License-Identifier: Apache-2.0
"""flash_attn_with_kvcache beside the float64 reference: plain, chosen rows, left padding, blocks; new keys or none;
rotary embedding; equal and unequal lengths. The caches must hold exactly what they should afterwards."""
import itertools
import unittest

import torch

import reference
from cases import DIMENSION, HEADS, assert_close, count, numbers, rules, slopes_for, slopes_of
import flash_attn as fa

BATCH, ROOM, BLOCK = 3, 12, 4
FORMS = ("plain", "rows", "leftpad", "blocks")
NEW = (None, 1, 3)
ROTARY = (None, "neighbours", "halves")
LENGTHS = ("int", "equal", "unequal", "none")
QUERIES = (1, 3, 5)
ROWS, TABLE = (4, 0, 2), ((5, 0, 7), (1, 8, 3), (2, 6, 4))


def place(form, b, token):
    """Where token `token` of sequence b lies in the cache."""
    if form == "blocks":
        return TABLE[b][token // BLOCK], token % BLOCK
    return (ROWS[b] if form == "rows" else b), token


class KeyValueCache(unittest.TestCase):
    def test_with_kvcache(self):
        variants = itertools.cycle((form, new, rotary, lengths, queries) for form, new, rotary, lengths, queries in
                                   itertools.product(FORMS, NEW, ROTARY, LENGTHS, QUERIES)
                                   if not (rotary and new is None) and not (new and lengths == "none"))
        heads = itertools.cycle(HEADS)
        for rule in rules():
            for form, new, rotary, lengths, queries in itertools.islice(variants, 4):
                self.one(rule, form, new, rotary, lengths, queries, *next(heads))

    def one(self, rule, form, new, rotary, lengths, queries, heads, shared):
        dtype, causal, window, softcap, alibi = rule
        count()
        what = f"kvcache {rule} {form} new={new} rotary={rotary} {lengths} {queries} {heads}/{shared}"
        shape = (9, BLOCK, shared, DIMENSION) if form == "blocks" else (5, ROOM, shared, DIMENSION)
        caches = [numbers(shape, dtype, seed) for seed in (11, 12)]
        before = [cache.clone() for cache in caches]
        q = numbers((BATCH, queries, heads, DIMENSION), dtype, 1)
        fresh = [None if new is None else numbers((BATCH, new, shared, DIMENSION), dtype, seed) for seed in (2, 3)]
        filled = {"int": [6] * 3, "equal": [6] * 3, "unequal": [4, 9, 2], "none": [ROOM] * 3}[lengths]
        skipped = [1, 0, 2] if form == "leftpad" else [0] * 3
        cos, sin = (numbers((ROOM + 8, 3), dtype, 20), numbers((ROOM + 8, 3), dtype, 21)) if rotary else (None, None)
        slopes = slopes_for(alibi, BATCH, heads)
        out, lse = fa.flash_attn_with_kvcache(
            q, *caches, *fresh, rotary_cos=cos, rotary_sin=sin,
            cache_seqlens={"int": 6, "none": None}.get(lengths, torch.tensor(filled, dtype=torch.int32)),
            cache_batch_idx=torch.tensor(ROWS, dtype=torch.int32) if form == "rows" else None,
            cache_leftpad=torch.tensor(skipped, dtype=torch.int32) if form == "leftpad" else None,
            block_table=torch.tensor(TABLE, dtype=torch.int32) if form == "blocks" else None, causal=causal,
            window_size=window, softcap=softcap, rotary_interleaved=rotary == "neighbours", alibi_slopes=slopes,
            num_splits=4, return_softmax_lse=True)
        alone = fa.flash_attn_with_kvcache(
            q, *[cache.clone() for cache in caches], rotary_cos=None, cache_seqlens=torch.tensor(filled) + (new or 0),
            cache_batch_idx=torch.tensor(ROWS) if form == "rows" else None,
            cache_leftpad=torch.tensor(skipped) if form == "leftpad" else None,
            block_table=torch.tensor(TABLE) if form == "blocks" else None, causal=causal, window_size=window,
            softcap=softcap, alibi_slopes=slopes) if not rotary else None
        written = set()
        for b in range(BATCH):
            q64 = q[b].double()
            if rotary:
                spread = causal or window != (-1, -1)
                q64 = reference.rotated(q64, cos.double(), sin.double(),
                                        [filled[b] + (i if spread else 0) for i in range(queries)], rotary == "neighbours")
            sides = []
            for which, (cache, old) in enumerate(zip(caches, before)):
                tokens = [old[place(form, b, t)].double() for t in range(filled[b])]
                if new:
                    added = fresh[which][b].double()
                    if rotary and which == 0:
                        added = reference.rotated(added, cos.double(), sin.double(),
                                                  range(filled[b], filled[b] + new), rotary == "neighbours")
                    for i in range(new):
                        spot = place(form, b, filled[b] + i)
                        written.add(spot)
                        assert_close(cache[spot], added[i], dtype, what + ", the cache")
                    tokens += list(added)
                sides.append(torch.stack(tokens)[skipped[b]:])
            wanted, sums, _ = reference.attention(q64, *sides, causal, window, softcap, slopes_of(slopes, b))
            assert_close(out[b], wanted, dtype, what, factor=2)
            assert_close(lse[b], sums, dtype, what + ", log-sum-exp", factor=2)
            if alone is not None:
                assert_close(alone[b], wanted, dtype, what + ", without log-sum-exp", factor=2)
        for cache, old in zip(caches, before):
            untouched = torch.ones(cache.shape[:2], dtype=torch.bool)
            for spot in written:
                untouched[spot] = False
            assert torch.equal(cache[untouched], old[untouched]), what + ": more of the cache was changed"

    def test_an_empty_cache_gives_zeros(self):
        cache = numbers((2, 8, 2, DIMENSION), torch.float32, 1)
        q = numbers((2, 3, 2, DIMENSION), torch.float32, 2)
        for lengths in (0, torch.tensor([0, 0]), torch.tensor([0, 5])):
            out, lse = fa.flash_attn_with_kvcache(q, cache, cache, cache_seqlens=lengths, return_softmax_lse=True)
            plain = fa.flash_attn_with_kvcache(q, cache, cache, cache_seqlens=lengths)
            biased = fa.flash_attn_with_kvcache(q, cache, cache, cache_seqlens=lengths, alibi_slopes=torch.ones(2))
            for each in (out, plain, biased):
                self.assertEqual(0.0, float(each[0].abs().max()))
                self.assertTrue(torch.isfinite(each).all())
            self.assertTrue(torch.isinf(lse[0]).all() and (lse[0] > 0).all())

    def test_gradients_of_queries_without_keys_are_zero(self):
        cache = numbers((2, 8, 2, DIMENSION), torch.float32, 1)
        for softcap, slopes in itertools.product((0.0, 1.5), (None, torch.ones(2))):
            count()
            q = numbers((2, 3, 2, DIMENSION), torch.float32, 2).requires_grad_()
            keys = cache.clone().requires_grad_()
            out = fa.flash_attn_with_kvcache(q, keys, cache, cache_seqlens=torch.tensor([0, 5]), softcap=softcap,
                                             alibi_slopes=slopes)
            for gradient in torch.autograd.grad(out.sum(), (q, keys)):
                self.assertTrue(torch.isfinite(gradient).all())
                self.assertEqual(0.0, float(gradient[0].abs().max()))
                self.assertGreater(float(gradient[1].abs().max()), 0.0)
