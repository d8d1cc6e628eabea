# SPDX-License-Identifier: Apache-2.0
"""Rotary position embedding: pairs of a head's dimensions are turned by an angle that grows with the position."""
import torch

from flash_attn._changes import as_released


def apply_rotary_emb(x, cos, sin, interleaved=False, inplace=False, seqlen_offsets=0, cu_seqlens=None, max_seqlen=None):
    """x: (batch, tokens, heads, dimension), or (tokens, heads, dimension) with cu_seqlens. cos, sin: (positions,
    rotary dimension / 2). The first dimensions are turned, the others pass; pairs are neighbours (interleaved) or lie
    half the rotary dimension apart. A sequence begins at its seqlen_offsets: int or (batch,)."""
    half = cos.shape[-1]
    if 2 * half > x.shape[-1]:
        raise ValueError("the rotary dimension %d is larger than the head dimension %d" % (2 * half, x.shape[-1]))
    positions = _positions(x, seqlen_offsets, cu_seqlens)
    cos, sin = (table[positions].unsqueeze(-2).to(torch.promote_types(x.dtype, torch.float32)) for table in (cos, sin))
    turned = _turned(x[..., : 2 * half].to(cos.dtype), cos, sin, interleaved).to(x.dtype)
    if inplace:
        x[..., : 2 * half].copy_(turned)
        return x
    return turned if 2 * half == x.shape[-1] else torch.cat((turned, x[..., 2 * half:]), dim=-1)


apply_rotary_emb_func = apply_rotary_emb  # its name before 2.0.9


@as_released
def apply_rotary_emb_qkv_(qkv, cos, sin, cos_k=None, sin_k=None, interleaved=False, seqlen_offsets=0, num_heads_q=None):
    """Turns q and k in place. qkv: (batch, tokens, 3, heads, dimension), or (batch, tokens, heads of q + 2 * heads of
    k, dimension) with num_heads_q."""
    return _turned_qkv(qkv, cos, sin, cos_k, sin_k, interleaved, seqlen_offsets, num_heads_q)


def _turned_qkv(qkv, cos, sin, cos_k, sin_k, interleaved, seqlen_offsets, num_heads_q):
    cos_k, sin_k = cos if cos_k is None else cos_k, sin if sin_k is None else sin_k
    if qkv.dim() == 5:
        q, k = qkv[:, :, 0], qkv[:, :, 1]
    elif num_heads_q is None:
        raise ValueError("qkv of four dimensions needs num_heads_q")
    else:
        heads_k = (qkv.shape[2] - num_heads_q) // 2
        q, k = qkv[:, :, :num_heads_q], qkv[:, :, num_heads_q : num_heads_q + heads_k]
    apply_rotary_emb(q, cos, sin, interleaved, True, seqlen_offsets)
    apply_rotary_emb(k, cos_k, sin_k, interleaved, True, seqlen_offsets)
    return qkv


def apply_rotary_emb_kv_(kv, cos, sin, interleaved=False, seqlen_offsets=0):
    """Turns k in place. kv: (batch, tokens, 2, heads, dimension)."""
    apply_rotary_emb(kv[:, :, 0], cos, sin, interleaved, True, seqlen_offsets)
    return kv


def _positions(x, offsets, cu_seqlens):
    if cu_seqlens is None:
        place = torch.arange(x.shape[1], device=x.device)
        return place + offsets if isinstance(offsets, int) else place + offsets.to(x.device).long().view(-1, 1)
    begins = cu_seqlens.to(x.device).long()
    if not isinstance(offsets, int):
        offsets = offsets.to(x.device).long()
    shift = (offsets - begins[:-1]).repeat_interleave(begins.diff())
    positions = torch.arange(x.shape[0], device=x.device)
    positions[: shift.shape[0]] += shift
    positions[shift.shape[0]:] = 0  # tokens behind the last sequence
    return positions


def _turned(x, cos, sin, interleaved):
    if interleaved:
        first, second = x[..., 0::2], x[..., 1::2]
    else:
        first, second = x.chunk(2, dim=-1)
    turned = (first * cos - second * sin, first * sin + second * cos)
    return torch.stack(turned, dim=-1).flatten(-2) if interleaved else torch.cat(turned, dim=-1)


class RotaryEmbedding(torch.nn.Module):
    """Holds the tables of cos and sin for as many positions as were asked for. With `scale_base` the lengths decay with
    the distance, too (xPos, Sun and others 2022). Positions are float32, whatever `pos_idx_in_fp32` says."""

    @as_released
    def __init__(self, dim, base=10000.0, interleaved=False, scale_base=None, pos_idx_in_fp32=True, device=None):
        super().__init__()
        self.dim = dim
        self.base = float(base)
        self.interleaved = interleaved
        self.scale_base = scale_base
        pairs = torch.arange(0, dim, 2, device=device, dtype=torch.float32)
        self.register_buffer("inv_freq", self.base ** (-pairs / dim), persistent=False)
        scale = None if scale_base is None else (pairs + 0.4 * dim) / (1.4 * dim)
        self.register_buffer("scale", scale, persistent=False)
        self._key = None
        self._tables = None

    @as_released
    def forward(self, qkv, kv=None, seqlen_offset=0, max_seqlen=None, num_heads_q=None):
        """Turns in place. qkv as for apply_rotary_emb_qkv_, or q (batch, tokens, heads, dimension) where kv (batch,
        tokens, 2, heads, dimension) is given. Returns qkv, or (q, kv)."""
        tokens = qkv.shape[1]
        if max_seqlen is None:
            max_seqlen = tokens + (seqlen_offset if isinstance(seqlen_offset, int) else int(seqlen_offset.max()))
        cos, sin, cos_k, sin_k = self._tables_for(max_seqlen, qkv.device, qkv.dtype)
        if kv is None:
            return _turned_qkv(qkv, cos, sin, cos_k, sin_k, self.interleaved, seqlen_offset, num_heads_q)
        apply_rotary_emb(qkv, cos, sin, self.interleaved, True, seqlen_offset)
        return qkv, apply_rotary_emb_kv_(kv, cos_k, sin_k, self.interleaved, seqlen_offset)

    def _tables_for(self, positions, device, dtype):
        grown = positions if self._key is None else max(positions, self._key[0])
        if self.scale is not None:
            grown = positions  # the decay is centred on the sequence's middle
        if self._key != (grown, device, dtype):
            self._key, self._tables = (grown, device, dtype), self._computed(grown, device, dtype)
        return self._tables

    def _computed(self, positions, device, dtype):
        place = torch.arange(positions, device=device, dtype=torch.float32)
        angle = torch.outer(place, self.inv_freq.to(device=device, dtype=torch.float32))
        cos, sin = angle.cos(), angle.sin()
        if self.scale is None:
            cos, sin = cos.to(dtype), sin.to(dtype)
            return cos, sin, cos, sin
        decay = self.scale.to(device) ** ((place - positions // 2) / self.scale_base).unsqueeze(-1)
        return tuple(table.to(dtype) for table in (cos * decay, sin * decay, cos / decay, sin / decay))
