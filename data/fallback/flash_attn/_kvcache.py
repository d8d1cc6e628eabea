# SPDX-License-Identifier: Apache-2.0
"""Attention with a cache of keys and values: contiguous (batch of the cache, tokens, heads, dimension), or in blocks
(blocks, block size, heads, dimension) that a block table puts in order."""
import torch

from flash_attn._attention import attend, check
from flash_attn.layers.rotary import apply_rotary_emb


def attend_cached(q, k_cache, v_cache, k, v, rotary_cos, rotary_sin, cache_seqlens, cache_batch_idx, cache_leftpad,
                  block_table, rotary_interleaved, rule):
    batch, queries = q.shape[:2]
    _check_arguments(q, k_cache, k, v, rotary_cos, rotary_sin, cache_seqlens, cache_batch_idx, cache_leftpad,
                     block_table)
    room = k_cache.shape[1] if block_table is None else block_table.shape[1] * k_cache.shape[1]
    lengths = _lengths(cache_seqlens, batch, room, q.device)
    if rotary_cos is not None:
        # Without a causal mask or a window all queries count as standing at the place behind the cache.
        spread = rule.causal or rule.window != (-1, -1)
        q = _rotated_queries(q, rotary_cos, rotary_sin, lengths, rotary_interleaved, spread)
        k = apply_rotary_emb(k, rotary_cos, rotary_sin, rotary_interleaved, seqlen_offsets=lengths)
    added = 0 if k is None else k.shape[1]
    shortest, longest = _extent(cache_seqlens, lengths, room)
    if longest + added > room:
        raise ValueError("the cache has room for %d tokens, and %d would be in it" % (room, longest + added))
    if k is not None:
        with torch.no_grad():
            _write(k_cache, k, lengths, cache_batch_idx, block_table)
            _write(v_cache, v, lengths, cache_batch_idx, block_table)
    longest += added
    keys, values = (_read(cache, longest, cache_batch_idx, block_table) for cache in (k_cache, v_cache))
    end = None if shortest + added == longest else lengths + added
    if cache_leftpad is not None and end is None:
        end = lengths + added
    start = None if cache_leftpad is None else cache_leftpad.to(q.device).long()
    return attend(q, keys[:batch], values[:batch], rule, start, end)


def _check_arguments(q, k_cache, k, v, rotary_cos, rotary_sin, cache_seqlens, cache_batch_idx, cache_leftpad,
                     block_table):
    if (k is None) != (v is None):
        raise ValueError("k and v come together or not at all")
    if k is not None:
        check(q, k, v, 4)
        if cache_seqlens is None:
            raise ValueError("cache_seqlens must say where in the cache k and v belong")
    if (rotary_cos is None) != (rotary_sin is None):
        raise ValueError("rotary_cos and rotary_sin come together or not at all")
    if rotary_cos is not None and k is None:
        raise ValueError("a rotary embedding is applied to new keys, and k is not given")
    if block_table is not None and (cache_batch_idx is not None or cache_leftpad is not None):
        raise NotImplementedError("a cache in blocks has neither cache_batch_idx nor cache_leftpad, as in flash-attn")
    if block_table is None and cache_batch_idx is None and k_cache.shape[0] < q.shape[0]:
        raise ValueError("q has a batch of %d, the cache of %d" % (q.shape[0], k_cache.shape[0]))


def _lengths(cache_seqlens, batch, room, device):
    if cache_seqlens is None or isinstance(cache_seqlens, int):
        return torch.full((batch,), room if cache_seqlens is None else cache_seqlens, dtype=torch.long, device=device)
    return cache_seqlens.to(device).long().expand(batch)


def _extent(cache_seqlens, lengths, room):
    """(shortest, longest); a tensor on a GPU is read once for it."""
    if cache_seqlens is None:
        return room, room
    if isinstance(cache_seqlens, int):
        return cache_seqlens, cache_seqlens
    values = lengths.tolist()
    return (min(values), max(values)) if values else (0, 0)


def _rotated_queries(q, cos, sin, lengths, interleaved, spread):
    if spread:
        return apply_rotary_emb(q, cos, sin, interleaved, seqlen_offsets=lengths)
    batch, queries = q.shape[:2]
    one_place = q.reshape(batch, 1, -1, q.shape[-1])  # as if all were heads of one token
    return apply_rotary_emb(one_place, cos, sin, interleaved, seqlen_offsets=lengths).reshape(q.shape)


def _write(cache, new, lengths, cache_batch_idx, block_table):
    batch, added = new.shape[:2]
    token = lengths.view(-1, 1) + torch.arange(added, device=new.device)
    if block_table is None:
        row = torch.arange(batch, device=new.device) if cache_batch_idx is None else cache_batch_idx.long()
        cache[row.view(-1, 1).expand_as(token), token] = new.to(cache.dtype)
        return
    size = cache.shape[1]
    block = block_table.long().gather(1, token // size)
    cache[block, token % size] = new.to(cache.dtype)


def _read(cache, longest, cache_batch_idx, block_table):
    """(batch, longest, heads, dimension)"""
    if block_table is not None:
        blocks = block_table[:, : max(-(-longest // cache.shape[1]), 1)].long()
        return cache[blocks].flatten(1, 2)[:, :longest]
    if cache_batch_idx is not None:
        return cache[:, :longest][cache_batch_idx.long()]
    return cache[:, :longest]
