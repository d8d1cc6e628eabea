# SPDX-License-Identifier: Apache-2.0
"""Attention over sequences of any lengths, packed one after the other: (tokens, heads, dimension).

Sequences of the same lengths are computed together, and none is padded: no mask is made for what a plain batch would
not need one for either."""
import torch
import torch.nn.functional as F

from flash_attn._attention import Result, attend


def attend_packed(query, key, value, cu_seqlens_q, cu_seqlens_k, rule, block_table=None):
    begins_q, begins_k = cu_seqlens_q.tolist(), cu_seqlens_k.tolist()
    if len(begins_q) != len(begins_k):
        raise ValueError("cu_seqlens_q speaks of %d sequences, cu_seqlens_k of %d"
                         % (len(begins_q) - 1, len(begins_k) - 1))
    if len(begins_q) < 2:
        raise ValueError("cu_seqlens names no sequence")
    if block_table is not None:
        key, value, begins_k = _from_blocks(key, value, begins_k, block_table)
    if max(begins_q) > query.shape[0] or max(begins_k) > key.shape[0]:
        raise ValueError("cu_seqlens names more tokens than there are")
    spans = [(q0, q1, k0, k1) for q0, q1, k0, k1 in zip(begins_q, begins_q[1:], begins_k, begins_k[1:])]
    groups = {}
    for number, (q0, q1, k0, k1) in enumerate(spans):
        groups.setdefault((q1 - q0, k1 - k0), []).append(number)
    parts = [None] * len(spans)
    for numbers in groups.values():
        result = attend(
            _stacked(query, [spans[number][:2] for number in numbers]),
            _stacked(key, [spans[number][2:] for number in numbers]),
            _stacked(value, [spans[number][2:] for number in numbers]),
            _rule_of(rule, numbers, len(spans)))
        for place, number in enumerate(numbers):
            parts[number] = Result(*(None if whole is None else whole[place] for whole in result))
    return _joined(parts, query, value, begins_q[0])


def log_sum_exp_by_sequence(lse, cu_seqlens_q, longest):
    """(heads, tokens) as (batch, heads, longest), zero behind the end of each sequence."""
    begins = cu_seqlens_q.tolist()
    return torch.stack([F.pad(lse[:, begin:end], (0, int(longest) - (end - begin)))
                        for begin, end in zip(begins, begins[1:])])


def _stacked(tokens, spans):
    first, last = spans[0][0], spans[-1][1]
    length = spans[0][1] - spans[0][0]
    if all(span[0] == first + place * length for place, span in enumerate(spans)):
        return tokens[first:last].unflatten(0, (len(spans), length))  # neighbours: nothing is copied
    return torch.stack([tokens[begin:end] for begin, end in spans])


def _rule_of(rule, numbers, sequences):
    slopes = rule.alibi_slopes
    if slopes is None or slopes.dim() == 1 or slopes.shape[0] == 1 or len(numbers) == sequences:
        return rule
    return rule._replace(alibi_slopes=slopes[numbers])


def _joined(parts, query, value, before):
    outs = [part.out for part in parts]
    if before:
        outs.insert(0, query.new_zeros((before, query.shape[1], value.shape[2])))
    out = torch.cat(outs) if len(outs) > 1 else outs[0]
    if out.shape[0] < query.shape[0]:  # tokens behind the last sequence
        out = F.pad(out, (0, 0, 0, 0, 0, query.shape[0] - out.shape[0]))
    if parts[0].lse is None:
        return Result(out, None, None)
    lse = F.pad(torch.cat([part.lse for part in parts], dim=1), (before, 0))
    lse = F.pad(lse, (0, query.shape[0] - lse.shape[1]))
    longest = [max(part.probabilities.shape[axis] for part in parts) for axis in (1, 2)]
    probabilities = torch.stack([
        F.pad(part.probabilities, (0, longest[1] - part.probabilities.shape[2], 0, longest[0] - part.probabilities.shape[1]))
        for part in parts])
    return Result(out, lse, probabilities)


def _from_blocks(key, value, begins, block_table):
    """Keys and values that lie in blocks (blocks, block size, heads, dimension), packed one sequence after the other."""
    lengths = [end - begin for begin, end in zip(begins, begins[1:])]
    size = key.shape[1]
    if any(length > block_table.shape[1] * size for length in lengths):
        raise ValueError("block_table has %d blocks of %d tokens a sequence, and cu_seqlens_k names a longer one"
                         % (block_table.shape[1], size))
    packed = []
    for blocks in (key, value):
        packed.append(torch.cat([blocks[block_table[number, : -(-length // size)].long()].flatten(0, 1)[:length]
                                 for number, length in enumerate(lengths)]))
    places = [0]
    for length in lengths:
        places.append(places[-1] + length)
    return packed[0], packed[1], places
