# SPDX-License-Identifier: Apache-2.0
"""Between padded batches (batch, sequence, ...) and packed tokens (tokens, ...)."""
import torch
import torch.nn.functional as F

from flash_attn._changes import FIVE_VALUES_OF_UNPAD_INPUT, as_released, at_least


def index_first_axis(input, indices):
    """Rows of the first axis."""
    return input[indices]


def index_put_first_axis(values, indices, first_axis_dim):
    """The other way: `values` at `indices` of a first axis that is zero elsewhere."""
    out = values.new_zeros((first_axis_dim,) + tuple(values.shape[1:]))
    return out.index_copy(0, indices.long(), values)


def index_first_axis_residual(input, indices):
    """The rows, and `input` itself, detached."""
    return input[indices], input.detach()


@as_released
def unpad_input(hidden_states, attention_mask, unused_mask=None):
    """(tokens, indices, cu_seqlens, longest, seqused); flash-attn before 2.7.0 had no `seqused` and gave four values.
    `attention_mask` is (batch, sequence), not 0 where a token counts; `unused_mask` likewise: kept, but not used."""
    used = attention_mask.long()
    kept = attention_mask if unused_mask is None else attention_mask + unused_mask
    lengths = kept.sum(dim=-1, dtype=torch.int32)
    values = _packed(hidden_states, kept, lengths) + (used.sum(dim=-1, dtype=torch.int32),)
    return values if at_least(FIVE_VALUES_OF_UNPAD_INPUT[0]) else values[:4]


def unpad_input_for_concatenated_sequences(hidden_states, attention_mask_in_length):
    """Several short sequences share a row: a row of the mask holds their lengths, then zeros.
    (tokens, indices, cu_seqlens, longest)"""
    per_row = attention_mask_in_length.sum(dim=-1)
    place = torch.arange(attention_mask_in_length.shape[-1], device=per_row.device)
    kept = place < per_row.unsqueeze(-1)
    lengths = attention_mask_in_length.flatten()
    lengths = lengths[lengths != 0].to(torch.int32)
    return _packed(hidden_states, kept, lengths)


def pad_input(hidden_states, indices, batch, seqlen):
    """(batch, seqlen, ...), zero where no token is."""
    padded = index_put_first_axis(hidden_states, indices, batch * seqlen)
    return padded.view(batch, seqlen, *hidden_states.shape[1:])


def _packed(hidden_states, kept, lengths):
    indices = kept.flatten().nonzero().flatten()
    cu_seqlens = F.pad(lengths.cumsum(0, dtype=torch.int32), (1, 0))
    longest = int(lengths.max()) if lengths.numel() else 0
    return index_first_axis(hidden_states.flatten(0, 1), indices), indices, cu_seqlens, longest
