# SPDX-License-Identifier: Apache-2.0
"""The releases that the fallback stands for: each with its own arguments, in their places, and its own results."""
import contextlib
import importlib
import inspect
import itertools
import re
import sys
import types
import unittest

import torch

import reference
from cases import DATA, DTYPES, HEADS, assert_close, count, leaf, numbers

RECIPE = DATA.parent / "packages" / "flash-attn.toml"
SIGNATURES = [row.split("\t") for row in (DATA.parents[1] / "tests/fallback/signatures.tsv").read_text().splitlines()
              if not row.startswith("#")]
MODULES = ("flash_attn", "flash_attn.bert_padding", "flash_attn.layers.rotary")
MASK = ((1, 1, 0, 1, 0), (0, 0, 0, 0, 0), (1, 1, 1, 1, 1))


def releases():
    rows = RECIPE.read_text().split("[[fallback.release]]")[1:]
    return [release for row in rows
            for release in re.findall(r'"([\d.post]+)"', re.search(r"versions = \[(.*?)\]", row, re.S).group(1))]


def number(release):
    return tuple(int(part) for part in re.findall(r"\d+", release))


@contextlib.contextmanager
def as_release(version):
    """The package, loaded anew as wheelfit installs it for that release."""
    others = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "flash_attn"}
    for name in others:
        del sys.modules[name]
    if version is not None:
        recorded = types.ModuleType("flash_attn._release")
        recorded.VERSION = version
        sys.modules[recorded.__name__] = recorded
    try:
        yield [importlib.import_module(name) for name in MODULES]
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "flash_attn"]:
            del sys.modules[name]
        sys.modules.update(others)


def found(modules, name):
    for module in modules:
        owner = module
        for part in name.split("."):
            owner = None if owner is None else getattr(owner, part, None)
        if owner is not None:
            return owner
    raise AssertionError("there is no " + name)


class Releases(unittest.TestCase):
    def test_every_release_has_the_signatures_of_its_tag(self):
        self.assertGreater(len(releases()), 50)
        for release in releases():
            wanted = {name: signature for since, name, signature in SIGNATURES if number(since) <= number(release)}
            with as_release(release) as modules:
                self.assertEqual((release, release), (modules[0].__version__, modules[0].__wheelfit__["stands_for"]))
                for name, signature in wanted.items():
                    count()
                    self.assertEqual(f"({signature})", str(inspect.signature(found(modules, name))), f"{release} {name}")

    def test_the_newest_is_what_the_file_itself_says_and_has_no_detours(self):
        count()
        with as_release(None) as modules:
            self.assertEqual(max(releases(), key=number), modules[0].__version__)
            for name in {name for _, name, _ in SIGNATURES} - {"RotaryEmbedding.__init__"}:
                self.assertFalse(hasattr(found(modules, name), "__signature__"), name)

    def test_every_change_says_where_it_was_read(self):
        with as_release(None):
            changes = importlib.import_module("flash_attn._changes")
        sources = [row[-1] for row in (*changes.ADDED, *changes.REMOVED, changes.FIVE_VALUES_OF_UNPAD_INPUT,
                                       changes.PACKED_LOG_SUM_EXP)]
        for source in sources:
            count()
            self.assertRegex(source, r"^Dao-AILab/flash-attention \S+ v2\.\S+ and v2\.")

    def test_an_argument_that_came_later_is_refused_by_name(self):
        q = torch.ones(1, 2, 1, 8)
        for release, name in (("2.5.9", "softcap"), ("2.4.0", "deterministic"), ("2.3.6", "alibi_slopes"), ("2.2.5", "window_size")):
            count()
            with as_release(release) as (flash_attn, _, _):
                with self.assertRaisesRegex(TypeError, f"no argument '{name}' in flash-attn {release}"):
                    flash_attn.flash_attn_func(q, q, q, **{name: None})
                with self.assertRaisesRegex(TypeError, "were given"):
                    flash_attn.flash_attn_func(*[q] * 3, 0.0, None, False, (-1, -1), None, False, False, None, None)


class Places(unittest.TestCase):
    """The same call by places, as callers of each release write it."""
    def test_slopes_by_place(self):
        for (heads, shared), dtype in itertools.product(HEADS, DTYPES):
            q, k, v = numbers((2, 5, heads, 8), dtype, 1), numbers((2, 5, shared, 8), dtype, 2), numbers((2, 5, shared, 8), dtype, 3)
            slopes = torch.rand(heads) + 0.1
            for release, rest in (("2.4.0", (slopes,)), ("2.5.9", (slopes, False)), ("2.6.3", (0.0, slopes)), ("2.8.3", (0.0, slopes))):
                count()
                with as_release(release) as (flash_attn, _, _):
                    out = flash_attn.flash_attn_func(q, k, v, 0.0, None, True, (2, 0), *rest)
                for b in range(2):
                    wanted, _, _ = reference.attention(q[b].double(), k[b].double(), v[b].double(), True, (2, 0), slopes=slopes)
                    assert_close(out[b], wanted, dtype, release)

    def test_packed_forms_still_reach_the_same_functions(self):
        for release, dtype in itertools.product(("2.2.0", "2.3.6", "2.4.1", "2.5.8", "2.6.3", "2.8.3"), DTYPES):
            count()
            qkv = numbers((1, 6, 3, 2, 8), dtype, 1)
            begins = torch.tensor([0, 6], dtype=torch.int32)
            wanted, _, _ = reference.attention(*qkv[0].double().unbind(1), causal=True)
            with as_release(release) as (flash_attn, _, _):
                assert_close(flash_attn.flash_attn_qkvpacked_func(qkv, causal=True)[0], wanted, dtype, release)
                assert_close(flash_attn.flash_attn_kvpacked_func(qkv[:, :, 0], qkv[:, :, 1:], causal=True)[0], wanted, dtype, release)
                assert_close(flash_attn.flash_attn_varlen_qkvpacked_func(qkv[0], begins, 6, causal=True), wanted, dtype, release)
                assert_close(flash_attn.flash_attn_varlen_kvpacked_func(
                    qkv[0, :, 0], qkv[0, :, 1:], begins, begins, 6, 6, causal=True), wanted, dtype, release)
                assert_close(flash_attn.flash_attn_with_kvcache(*qkv.unbind(2), causal=True)[0], wanted, dtype, release)

    def test_the_rotary_module_as_its_callers_make_it(self):
        for release, rest in (("2.2.0", (True, None)), ("2.7.4", (False, None)), ("2.8.0", (None,)), ("2.8.3", (None,))):
            count()
            qkv = numbers((1, 4, 3, 2, 8), torch.float32, 1)
            with as_release(release) as (_, _, rotary):
                turned = rotary.RotaryEmbedding(8, 10000.0, False, None, *rest)(qkv.clone(), seqlen_offset=2)
            angle = torch.outer(torch.arange(6.0), 10000.0 ** (-torch.arange(0, 8, 2) / 8)).double()
            assert_close(turned[0, :, 0], reference.rotated(qkv[0, :, 0].double(), angle.cos(), angle.sin(), range(2, 6), False),
                         torch.float32, release)


class Results(unittest.TestCase):
    def test_unpad_input_gives_four_values_up_to_2_6_3_and_five_from_2_7_0(self):
        forms = itertools.product(releases(), DTYPES, (torch.bool, torch.int64), ((), (2, 4)))
        for release, variants in itertools.groupby(forms, lambda form: form[0]):
            with as_release(release) as (_, bert_padding, _):
                for _, dtype, kind, rest in variants:
                    count()
                    x = leaf(numbers((3, 5, *rest), dtype, 1))
                    values = bert_padding.unpad_input(x, torch.tensor(MASK).to(kind))
                    self.assertEqual(4 if number(release) < (2, 7) else 5, len(values), release)
                    tokens, indices, begins, longest = values[:4]
                    places = [(b, t) for b in range(3) for t in range(5) if MASK[b][t]]
                    self.assertEqual([5 * b + t for b, t in places], indices.tolist())
                    self.assertTrue(torch.equal(tokens, torch.stack([x[place] for place in places])))
                    self.assertEqual(([0, 3, 3, 8], 5, torch.int32), (begins.tolist(), longest, begins.dtype))
                    self.assertEqual([] if len(values) == 4 else [[3, 0, 5]], [used.tolist() for used in values[4:]])
                    kept = torch.tensor(MASK, dtype=dtype).view(3, 5, *(1 for _ in rest))
                    padded = bert_padding.pad_input(tokens, indices, 3, 5)
                    self.assertTrue(torch.equal(padded, x * kept))
                    gradient, = torch.autograd.grad(padded.sum(), x)
                    self.assertTrue(torch.equal(gradient, kept.expand_as(x)))

    def test_padded_attention_through_the_four_values(self):
        for (release, size), dtype, causal in itertools.product((("2.5.8", 4), ("2.6.3", 4), ("2.7.0", 5)), DTYPES, (False, True)):
            count()
            x = numbers((3, 5, 3, 2, 8), dtype, 4)
            with as_release(release) as (flash_attn, bert_padding, _):
                tokens, indices, begins, longest = bert_padding.unpad_input(x, torch.tensor(MASK))[:4]
                out = bert_padding.pad_input(flash_attn.flash_attn_varlen_qkvpacked_func(tokens, begins, longest, causal=causal), indices, 3, 5)
            for b in range(3):
                seen = [t for t in range(5) if MASK[b][t]]
                wanted = torch.zeros(5, 2, 8, dtype=torch.float64)
                if seen:
                    wanted[seen] = reference.attention(*x[b, seen].double().unbind(1), causal=causal)[0]
                assert_close(out[b], wanted, dtype, release)

    def test_log_sum_exp_of_packed_sequences(self):
        lengths, begins = (3, 0, 4), torch.tensor([0, 3, 3, 7], dtype=torch.int32)
        for release, dtype, causal in itertools.product(("2.3.0", "2.5.9.post1", "2.6.0", "2.8.3"), DTYPES, (False, True)):
            count()
            q, k, v = (numbers((7, 2, 8), dtype, seed) for seed in (1, 2, 3))
            with as_release(release) as (flash_attn, _, _):
                _, lse, _ = flash_attn.flash_attn_varlen_func(q, k, v, begins, begins, 5, 5, causal=causal, return_attn_probs=True)
            self.assertEqual((3, 2, 5) if number(release) < (2, 6) else (2, 7), tuple(lse.shape), release)
            for b, length in enumerate(lengths):
                part = slice(int(begins[b]), int(begins[b + 1]))
                got = lse[b, :, :length] if lse.dim() == 3 else lse[:, part]
                assert_close(got, reference.attention(q[part].double(), k[part].double(), v[part].double(), causal)[1], dtype, release)


if __name__ == "__main__":
    unittest.main()
