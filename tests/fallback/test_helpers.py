# SPDX-License-Identifier: Apache-2.0
"""bert_padding and layers.rotary beside loops written out."""
import itertools
import unittest

import torch

import reference
from cases import DTYPES, assert_close, count, numbers
from flash_attn import bert_padding
from flash_attn.layers import rotary

MASK = ((1, 1, 0, 1, 0), (0, 0, 0, 0, 0), (1, 1, 1, 1, 1))
UNUSED = ((0, 0, 1, 0, 0), (1, 0, 0, 0, 0), (0, 0, 0, 0, 0))


class Padding(unittest.TestCase):
    def test_unpad_and_pad(self):
        for dtype, kind, rest in itertools.product(DTYPES, (torch.bool, torch.int32, torch.int64), ((), (3,), (2, 4))):
            count()
            x = numbers((3, 5, *rest), dtype, 1).requires_grad_()
            tokens, indices, begins, longest, used = bert_padding.unpad_input(x, torch.tensor(MASK).to(kind))
            places = [(b, t) for b in range(3) for t in range(5) if MASK[b][t]]
            self.assertEqual([5 * b + t for b, t in places], indices.tolist())
            self.assertTrue(torch.equal(tokens, torch.stack([x[place] for place in places])))
            self.assertEqual(([0, 3, 3, 8], 5, [3, 0, 5]), (begins.tolist(), longest, used.tolist()))
            self.assertEqual((torch.int32, torch.int32), (begins.dtype, used.dtype))
            padded = bert_padding.pad_input(tokens, indices, 3, 5)
            kept = torch.tensor(MASK, dtype=dtype).view(3, 5, *(1 for _ in rest))
            self.assertTrue(torch.equal(padded, x * kept))
            gradient, = torch.autograd.grad(padded.sum(), x)
            self.assertTrue(torch.equal(gradient, kept.expand_as(x)))

    def test_unused_tokens_are_kept_and_told_apart(self):
        count()
        x = numbers((3, 5), torch.float32, 1)
        _, indices, begins, longest, used = bert_padding.unpad_input(x, torch.tensor(MASK), torch.tensor(UNUSED))
        self.assertEqual([0, 4, 5, 10], begins.tolist())
        self.assertEqual((10, 5, [3, 0, 5]), (len(indices), longest, used.tolist()))

    def test_concatenated_sequences(self):
        count()
        x = numbers((3, 6, 2), torch.float32, 1)
        tokens, indices, begins, longest = bert_padding.unpad_input_for_concatenated_sequences(
            x, torch.tensor([[2, 3, 0, 0, 0, 0], [3, 2, 0, 0, 0, 0], [6, 0, 0, 0, 0, 0]]))
        self.assertEqual(([0, 2, 5, 8, 10, 16], 6), (begins.tolist(), longest))
        self.assertTrue(torch.equal(tokens, torch.cat([x[0, :5], x[1, :5], x[2]])))
        self.assertEqual([*range(5), *range(6, 11), *range(12, 18)], indices.tolist())

    def test_the_three_parts(self):
        count()
        x = numbers((6, 2), torch.float32, 1).requires_grad_()
        indices = torch.tensor([4, 0])
        self.assertTrue(torch.equal(x[[4, 0]], bert_padding.index_first_axis(x, indices)))
        put = bert_padding.index_put_first_axis(x[:2], indices, 6)
        self.assertTrue(torch.equal(torch.stack([x[1], *x.new_zeros(3, 2), x[0], x.new_zeros(2)]), put))
        chosen, residual = bert_padding.index_first_axis_residual(x, indices)
        self.assertTrue(torch.equal(chosen, x[[4, 0]]) and not residual.requires_grad)


class Rotary(unittest.TestCase):
    def tables(self, dtype, half):
        angle = numbers((20, half), torch.float64, 4)
        return angle.cos().to(dtype), angle.sin().to(dtype)

    def expected(self, x, cos, sin, positions, interleaved):
        return reference.rotated(x.double(), cos.double(), sin.double(), positions, interleaved)

    def test_apply_rotary_emb(self):
        for dtype, interleaved, inplace, half, offsets in itertools.product(
                DTYPES, (False, True), (False, True), (2, 4), (0, 3, torch.tensor([5, 0]))):
            count()
            cos, sin = self.tables(dtype, half)
            x = numbers((2, 6, 3, 8), dtype, 1)
            given, shift = x.clone(), offsets.tolist() if torch.is_tensor(offsets) else [offsets] * 2
            out = rotary.apply_rotary_emb(given, cos, sin, interleaved, inplace, offsets)
            self.assertIs(inplace, out is given)
            for b in range(2):
                positions = range(shift[b], shift[b] + 6)
                assert_close(out[b], self.expected(x[b], cos, sin, positions, interleaved), dtype, "rotary")
            if not inplace:
                self.assertTrue(torch.equal(given, x))

    def test_packed_sequences(self):
        for dtype, interleaved, offsets in itertools.product(DTYPES, (False, True), (0, torch.tensor([4, 0, 1]))):
            count()
            cos, sin = self.tables(dtype, 4)
            x = numbers((9, 2, 8), dtype, 1)
            begins, shift = torch.tensor([0, 3, 4, 9], dtype=torch.int32), offsets.tolist() if torch.is_tensor(offsets) else [0] * 3
            out = rotary.apply_rotary_emb(x, cos, sin, interleaved, False, offsets, begins, 5)
            positions = [shift[b] + t for b, length in enumerate((3, 1, 5)) for t in range(length)]
            assert_close(out, self.expected(x, cos, sin, positions, interleaved), dtype, "packed rotary")

    def test_gradients(self):
        for interleaved, inplace in itertools.product((False, True), (False, True)):
            count()
            cos, sin = self.tables(torch.float64, 2)
            x = numbers((1, 3, 1, 6), torch.float64, 1).requires_grad_()
            self.assertTrue(torch.autograd.gradcheck(
                lambda y: rotary.apply_rotary_emb(y.clone(), cos, sin, interleaved, inplace), (x,)))

    def test_the_packed_layouts_turn_q_and_k_and_leave_v(self):
        for dtype in DTYPES:
            count()
            cos, sin = self.tables(dtype, 4)
            qkv, shared, kv = numbers((2, 5, 3, 2, 8), dtype, 1), numbers((2, 5, 4 + 2 + 2, 8), dtype, 2), numbers((2, 5, 2, 2, 8), dtype, 3)
            out = rotary.apply_rotary_emb_qkv_(qkv.clone(), cos, sin, sin, cos)
            grouped = rotary.apply_rotary_emb_qkv_(shared.clone(), cos, sin, num_heads_q=4)
            paired = rotary.apply_rotary_emb_kv_(kv.clone(), cos, sin, seqlen_offsets=2)
            for b in range(2):
                assert_close(out[b, :, 0], self.expected(qkv[b, :, 0], cos, sin, range(5), False), dtype, "q")
                assert_close(out[b, :, 1], self.expected(qkv[b, :, 1], sin, cos, range(5), False), dtype, "k")
                assert_close(grouped[b, :, :6], self.expected(shared[b, :, :6], cos, sin, range(5), False), dtype, "grouped")
                assert_close(paired[b, :, 0], self.expected(kv[b, :, 0], cos, sin, range(2, 7), False), dtype, "kv")
            self.assertTrue(torch.equal(out[:, :, 2], qkv[:, :, 2]) and torch.equal(grouped[:, :, 6:], shared[:, :, 6:])
                            and torch.equal(paired[:, :, 1], kv[:, :, 1]))

    def test_the_module(self):
        for scale_base, interleaved in itertools.product((None, 8.0), (False, True)):
            count()
            module = rotary.RotaryEmbedding(8, interleaved=interleaved, scale_base=scale_base)
            x = numbers((1, 1, 1, 1, 8), torch.float32, 1).expand(1, 6, 3, 1, 8)
            out = module(x.clone())
            scores = out[0, :, 0, 0] @ out[0, :, 1, 0].T  # of the same vector at every place: only distances count
            for apart in range(-5, 6):
                diagonal = scores.diagonal(apart)
                self.assertLess(float((diagonal - diagonal[0]).abs().max()), 1e-4 * float(scores.abs().max()))
            q, kv = numbers((1, 4, 2, 8), torch.float32, 2), numbers((1, 4, 2, 2, 8), torch.float32, 3)
            joined = module(torch.cat([q.unsqueeze(2), kv], 2).clone(), seqlen_offset=2, max_seqlen=6)
            apart_q, apart_kv = module(q.clone(), kv.clone(), seqlen_offset=2, max_seqlen=6)
            assert_close(torch.cat([apart_q.unsqueeze(2), apart_kv], 2), joined.double(), torch.float32, "apart")
        self.assertEqual({}, module.state_dict())
