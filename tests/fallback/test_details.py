# SPDX-License-Identifier: Apache-2.0
"""Log-sum-exp, probabilities, dropout, long sequences; that no mask is made where none is needed; what is refused."""
import ast
import inspect
import itertools
import os
import subprocess
import sys
import unittest
from unittest import mock

import torch

import reference
from cases import DATA, DIMENSION, DTYPES, HEADS, LENGTHS, assert_close, count, numbers, rules, slopes_for, slopes_of
import flash_attn as fa
from flash_attn import _attention

COMMON = ("dropout_p=0.0, softmax_scale=None, causal=False, window_size=(-1, -1), softcap=0.0, alibi_slopes=None, "
          "deterministic=False, return_attn_probs=False")
SPANS = "cu_seqlens_q, cu_seqlens_k, max_seqlen_q, max_seqlen_k"
SIGNATURES = {  # of flash-attn 2.8.3
    "flash_attn_func": f"(q, k, v, {COMMON})",
    "flash_attn_kvpacked_func": f"(q, kv, {COMMON})",
    "flash_attn_qkvpacked_func": f"(qkv, {COMMON})",
    "flash_attn_varlen_func": f"(q, k, v, {SPANS}, {COMMON}, block_table=None)",
    "flash_attn_varlen_kvpacked_func": f"(q, kv, {SPANS}, {COMMON})",
    "flash_attn_varlen_qkvpacked_func": f"(qkv, cu_seqlens, max_seqlen, {COMMON})",
    "flash_attn_with_kvcache": "(q, k_cache, v_cache, k=None, v=None, rotary_cos=None, rotary_sin=None, cache_seqlens=None, "
                               "cache_batch_idx=None, cache_leftpad=None, block_table=None, softmax_scale=None, causal=False, "
                               "window_size=(-1, -1), softcap=0.0, rotary_interleaved=True, alibi_slopes=None, num_splits=0, "
                               "return_softmax_lse=False)",
}


class Interface(unittest.TestCase):
    def test_names_arguments_and_defaults_are_those_of_the_release(self):
        for name, signature in SIGNATURES.items():
            count()
            self.assertEqual(signature, str(inspect.signature(getattr(fa, name))), name)
            self.assertIs(getattr(fa, name), getattr(fa.flash_attn_interface, name))

    def test_it_says_what_it_is_once_and_can_be_silenced(self):
        self.assertEqual("fallback", fa.__wheelfit__["kind"])
        code = "import flash_attn, flash_attn.bert_padding, flash_attn.layers.rotary; import flash_attn"
        for value, lines in ((None, 1), ("1", 1), ("0", 0)):
            count()
            environment = {name: text for name, text in os.environ.items() if name != "WHEELFIT_FALLBACK_NOTE"}
            environment.update({} if value is None else {"WHEELFIT_FALLBACK_NOTE": value}, PYTHONPATH=str(DATA))
            done = subprocess.run([sys.executable, "-B", "-W", "error", "-c", code], env=environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
            self.assertEqual((0, ""), (done.returncode, done.stdout), done.stderr)
            self.assertEqual(lines, done.stderr.count("wheelfit's fallback"), done.stderr)

    def test_every_file_is_python_3_8(self):
        for path in DATA.rglob("*.py"):
            count()
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))

    def test_what_it_cannot_do_is_said(self):
        q = torch.zeros(1, 2, 2, 8)
        cache = torch.zeros(1, 4, 2, 8)
        for call, kind, words in (
                (lambda: fa.flash_attn_func(q.to(torch.int8), q, q), NotImplementedError, "fp16, bf16, fp32 and fp64"),
                (lambda: fa.flash_attn_func(q, q.double(), q), ValueError, "one dtype"),
                (lambda: fa.flash_attn_func(q[0], q, q), ValueError, "q must have 4 dimensions"),
                (lambda: fa.flash_attn_func(q, q[..., :4], q), ValueError, "one head dimension"),
                (lambda: fa.flash_attn_func(q, torch.zeros(1, 2, 3, 8), torch.zeros(1, 2, 3, 8)), ValueError, "shared out"),
                (lambda: fa.flash_attn_func(q, q, q, 1.5), ValueError, "probability"),
                (lambda: fa.flash_attn_func(q, q, q, window_size=3), (ValueError, TypeError), ""),
                (lambda: fa.flash_attn_func(q, q, q, alibi_slopes=torch.ones(3)), ValueError, "alibi_slopes"),
                (lambda: fa.flash_attn_func(q, q.repeat(2, 1, 1, 1), q.repeat(2, 1, 1, 1)), ValueError, "batch"),
                (lambda: fa.flash_attn_qkvpacked_func(q), ValueError, "qkv must have 5"),
                (lambda: fa.flash_attn_with_kvcache(q, cache, cache, q), ValueError, "together"),
                (lambda: fa.flash_attn_with_kvcache(q, cache, cache, q, q), ValueError, "cache_seqlens"),
                (lambda: fa.flash_attn_with_kvcache(q, cache, cache, q, q, cache_seqlens=3), ValueError, "room for 4 tokens, and 5"),
                (lambda: fa.flash_attn_with_kvcache(q, cache, cache, rotary_cos=q[0, :, 0], rotary_sin=q[0, :, 0]), ValueError,
                 "rotary"),
                (lambda: fa.flash_attn_interface._flash_attn_forward(q), NotImplementedError, "_flash_attn_forward"),
        ):
            count()
            with self.assertRaises(kind) as caught:
                call()
            self.assertIn(words, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))


class Details(unittest.TestCase):
    def test_log_sum_exp_and_probabilities(self):
        variants = itertools.cycle(itertools.product(HEADS, LENGTHS))
        for dtype, causal, window, softcap, alibi in rules():
            (heads, shared), (queries, keys) = next(variants)
            count()
            slopes = slopes_for(alibi, 2, heads)
            q, k, v = (numbers((2, length, number, DIMENSION), dtype, seed) for seed, (length, number) in
                       enumerate(((queries, heads), (keys, shared), (keys, shared))))
            given = dict(causal=causal, window_size=window, softcap=softcap, alibi_slopes=slopes, return_attn_probs=True)
            what = f"details {dtype} {causal} {window} {softcap} {alibi} {queries}x{keys}"
            begins = [torch.arange(3, dtype=torch.int32) * length for length in (queries, keys)]
            dense = fa.flash_attn_func(q, k, v, **given)
            packed = fa.flash_attn_varlen_func(*(x.flatten(0, 1) for x in (q, k, v)), *begins, queries, keys, **given)
            self.assertEqual((heads, 2 * queries), tuple(packed[1].shape))
            for b in range(2):
                out, lse, weights = reference.attention(*(x[b].double() for x in (q, k, v)), causal, window, softcap,
                                                        slopes_of(slopes, b))
                rows = slice(b * queries, (b + 1) * queries)
                for form, got in (("dense", [x[b] for x in dense]),
                                  ("packed", [packed[0][rows], packed[1][:, rows], packed[2][b]])):
                    for name, mine, wanted in zip(("out", "lse", "probabilities"), got, (out, lse, weights)):
                        assert_close(mine, wanted, dtype, f"{what} {form} {name}")

    def test_packed_details_of_unequal_sequences_are_padded_with_zeros(self):
        q = numbers((5, 2, DIMENSION), torch.float32, 1)
        begins = torch.tensor([0, 2, 5], dtype=torch.int32)
        _, lse, weights = fa.flash_attn_varlen_func(q, q, q, begins, begins, 3, 3, return_attn_probs=True)
        self.assertEqual(((2, 5), (2, 2, 3, 3)), (tuple(lse.shape), tuple(weights.shape)))
        self.assertEqual(0.0, float(weights[0, :, 2:].abs().max() + weights[0, :, :, 2:].abs().max()))

    def test_dropout_drops_and_scales(self):
        for dtype, details, causal, p in itertools.product((torch.float32, torch.float64), (False, True), (False, True), (0.25, 0.5)):
            count()
            torch.manual_seed(5)
            tokens = 48
            q, k = numbers((1, tokens, 2, tokens), dtype, 1), numbers((1, tokens, 2, tokens), dtype, 2)
            v = torch.eye(tokens, dtype=dtype).view(1, tokens, 1, tokens).expand(1, tokens, 2, tokens)  # out is the weights
            whole = fa.flash_attn_func(q, k, v, causal=causal).double()
            result = fa.flash_attn_func(q, k, v, p, causal=causal, return_attn_probs=details)
            out = (result[0] if details else result).double()
            kept = out != 0
            assert_close(out.to(dtype), torch.where(kept, whole / (1 - p), torch.zeros_like(whole)), dtype, "dropout")
            possible = whole > 0
            self.assertAlmostEqual(1 - p, float(kept[possible].double().mean()), delta=0.05)
            if details:  # what was dropped is negative
                marked = result[2].double().transpose(1, 2)
                self.assertTrue(torch.equal(marked[possible] > 0, kept[possible]))
                assert_close(marked.abs().to(dtype), whole, dtype, "marked probabilities")
        q = torch.ones(1, 3, 1, 4)
        self.assertEqual(0.0, float(fa.flash_attn_func(q, q, q, 1.0, return_attn_probs=True)[0].abs().max()))

    def test_long_rows_whose_first_keys_are_all_hidden(self):
        # PyTorch 2.4 on the CPU makes NaN of a boolean mask that hides a whole block of 512 keys.
        for dtype, causal, window, alibi in itertools.product(DTYPES, (False, True), ((5, 0), (7, 9)), (None, "heads")):
            count()
            slopes = slopes_for(alibi, 1, 2)
            q, k, v = (numbers((1, 1100, 2, DIMENSION), dtype, seed).requires_grad_() for seed in range(3))
            given = dict(causal=causal, window_size=window, alibi_slopes=slopes)
            out = fa.flash_attn_func(q, k, v, **given)
            slow = fa.flash_attn_func(*(x.double() for x in (q, k, v)), **given, return_attn_probs=True)[0]
            assert_close(out, slow, dtype, f"long {dtype} {causal} {window} {alibi}")
            for gradient in torch.autograd.grad(out.double().sum(), (q, k, v)):
                self.assertTrue(torch.isfinite(gradient).all())

    def test_alibi_far_from_every_key_keeps_its_digits(self):
        for dtype in DTYPES:
            count()
            q, k, v = (numbers((1, length, 2, DIMENSION), dtype, seed) for seed, length in enumerate((2000, 6, 6)))
            slopes = torch.tensor([0.5, 0.25])
            out = fa.flash_attn_func(q, k, v, alibi_slopes=slopes)
            slow = fa.flash_attn_func(*(x.double() for x in (q, k, v)), alibi_slopes=slopes, return_attn_probs=True)[0]
            assert_close(out, slow, dtype, f"far alibi {dtype}")

    def test_half_precision_where_torch_lacks_it_on_the_cpu(self):
        with mock.patch.object(_attention, "_HALF_ON_CPU", False):
            for causal, window in itertools.product((False, True), ((-1, -1), (1, 1))):
                count()
                q = numbers((1, 5, 2, DIMENSION), torch.float16, 1)
                out = fa.flash_attn_func(q, q, q, causal=causal, window_size=window)
                self.assertEqual(torch.float16, out.dtype)
                x = q[0].double()
                assert_close(out[0], reference.attention(x, x, x, causal, window)[0], torch.float16, "widened half")


class NoMask(unittest.TestCase):
    """Where scaled_dot_product_attention can be asked directly, it is, and with the tensors as they are."""

    def calls(self, function):
        count()
        made = []
        real = torch.nn.functional.scaled_dot_product_attention

        def recorded(*arguments, **named):
            made.append((named.get("attn_mask"), named.get("is_causal")))
            return real(*arguments, **named)
        with mock.patch.object(torch.nn.functional, "scaled_dot_product_attention", recorded):
            function()
        return made

    def test_none_is_made(self):
        q, k = torch.randn(2, 6, 4, 8), torch.randn(2, 6, 2, 8)
        begins = torch.tensor([0, 3, 6, 12], dtype=torch.int32)
        flat = q.flatten(0, 1)
        cache = torch.randn(2, 9, 2, 8)
        for name, function, wanted in (
                ("dense", lambda: fa.flash_attn_func(q, q, q), [(None, False)]),
                ("shared heads", lambda: fa.flash_attn_func(q, k, k), [(None, False)]),
                ("unequal", lambda: fa.flash_attn_func(q[:, :2], q, q), [(None, False)]),
                ("causal", lambda: fa.flash_attn_func(q, q, q, causal=True), [(None, True)]),
                ("causal, more queries", lambda: fa.flash_attn_func(q, q[:, :4], q[:, :4], causal=True), [(None, True)]),
                ("causal, one query", lambda: fa.flash_attn_func(q[:, :1], k, k, causal=True), [(None, False)]),
                ("a window wider than the keys", lambda: fa.flash_attn_func(q, q, q, window_size=(5, 5)), [(None, False)]),
                ("packed", lambda: fa.flash_attn_varlen_func(flat, flat, flat, begins, begins, 6, 6, causal=True), [(None, True)] * 2),
                ("cache", lambda: fa.flash_attn_with_kvcache(q[:, :1], cache, cache, k[:, :1], k[:, :1], cache_seqlens=5,
                                                             causal=True), [(None, False)])):
            with self.subTest(name):
                self.assertEqual(wanted, self.calls(function))

    def test_one_is_made_where_it_must_be(self):
        q = torch.randn(2, 6, 4, 8)
        (mask, causal), = self.calls(lambda: fa.flash_attn_func(q[:, :3], q, q, causal=True))
        self.assertEqual((1, 1, 3, 6), tuple(mask.shape))
        self.assertFalse(causal)
