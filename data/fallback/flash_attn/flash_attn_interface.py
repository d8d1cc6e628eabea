# SPDX-License-Identifier: Apache-2.0
"""flash-attn's functions with its arguments and defaults. `deterministic` and `num_splits` choose among kernels that do
not exist here: they are accepted and change nothing. What a release has not yet, _changes.py takes away."""
from flash_attn._attention import attend, check, make_rule
from flash_attn._changes import PACKED_LOG_SUM_EXP, as_released, at_least
from flash_attn._kvcache import attend_cached
from flash_attn._varlen import attend_packed, log_sum_exp_by_sequence


@as_released
def flash_attn_func(q, k, v, dropout_p=0.0, softmax_scale=None, causal=False, window_size=(-1, -1), softcap=0.0,
                    alibi_slopes=None, deterministic=False, return_attn_probs=False):
    """q: (batch, queries, heads, dimension); k, v: (batch, keys, heads of k, dimension). Returns `out` like q, or
    (out, log-sum-exp (batch, heads, queries), probabilities (batch, heads, queries, keys))."""
    return _dense(q, k, v, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, return_attn_probs)


@as_released
def flash_attn_kvpacked_func(q, kv, dropout_p=0.0, softmax_scale=None, causal=False, window_size=(-1, -1), softcap=0.0,
                             alibi_slopes=None, deterministic=False, return_attn_probs=False):
    """kv: (batch, keys, 2, heads of k, dimension)."""
    k, v = _parts(kv, "kv", 2, 5)
    return _dense(q, k, v, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, return_attn_probs)


@as_released
def flash_attn_qkvpacked_func(qkv, dropout_p=0.0, softmax_scale=None, causal=False, window_size=(-1, -1), softcap=0.0,
                              alibi_slopes=None, deterministic=False, return_attn_probs=False):
    """qkv: (batch, tokens, 3, heads, dimension)."""
    q, k, v = _parts(qkv, "qkv", 3, 5)
    return _dense(q, k, v, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, return_attn_probs)


@as_released
def flash_attn_varlen_func(q, k, v, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, max_seqlen_k, dropout_p=0.0,
                           softmax_scale=None, causal=False, window_size=(-1, -1), softcap=0.0, alibi_slopes=None,
                           deterministic=False, return_attn_probs=False, block_table=None):
    """q: (tokens, heads, dimension); k, v likewise, or (blocks, block size, heads, dimension) with a block_table.
    Sequence b is cu_seqlens[b] to cu_seqlens[b + 1]. With return_attn_probs: (out, log-sum-exp (heads, tokens),
    probabilities (batch, heads, longest, longest)). Before 2.6.0 log-sum-exp is (batch, heads, max_seqlen_q)."""
    return _varlen(q, k, v, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, dropout_p, softmax_scale, causal, window_size,
                   softcap, alibi_slopes, return_attn_probs, block_table)


@as_released
def flash_attn_varlen_kvpacked_func(q, kv, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, max_seqlen_k, dropout_p=0.0,
                                    softmax_scale=None, causal=False, window_size=(-1, -1), softcap=0.0,
                                    alibi_slopes=None, deterministic=False, return_attn_probs=False):
    """kv: (tokens, 2, heads of k, dimension)."""
    k, v = _parts(kv, "kv", 2, 4)
    return _varlen(q, k, v, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, dropout_p, softmax_scale, causal, window_size,
                   softcap, alibi_slopes, return_attn_probs)


@as_released
def flash_attn_varlen_qkvpacked_func(qkv, cu_seqlens, max_seqlen, dropout_p=0.0, softmax_scale=None, causal=False,
                                     window_size=(-1, -1), softcap=0.0, alibi_slopes=None, deterministic=False,
                                     return_attn_probs=False):
    """qkv: (tokens, 3, heads, dimension)."""
    q, k, v = _parts(qkv, "qkv", 3, 4)
    return _varlen(q, k, v, cu_seqlens, cu_seqlens, max_seqlen, dropout_p, softmax_scale, causal, window_size, softcap,
                   alibi_slopes, return_attn_probs)


@as_released
def flash_attn_with_kvcache(q, k_cache, v_cache, k=None, v=None, rotary_cos=None, rotary_sin=None, cache_seqlens=None,
                            cache_batch_idx=None, cache_leftpad=None, block_table=None, softmax_scale=None,
                            causal=False, window_size=(-1, -1), softcap=0.0, rotary_interleaved=True,
                            alibi_slopes=None, num_splits=0, return_softmax_lse=False):
    """Writes k and v (batch, new tokens, heads of k, dimension) behind cache_seqlens into the caches, in place, and
    attends to what the caches then hold. Returns `out`, or (out, log-sum-exp (batch, heads, queries))."""
    check(q, k_cache, v_cache, 4)
    rule = make_rule(q, 0.0, softmax_scale, causal, window_size, softcap, alibi_slopes, return_softmax_lse)
    result = attend_cached(q, k_cache, v_cache, k, v, rotary_cos, rotary_sin, cache_seqlens, cache_batch_idx,
                           cache_leftpad, block_table, rotary_interleaved, rule)
    return (result.out, result.lse) if return_softmax_lse else result.out


def _dense(q, k, v, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, details):
    check(q, k, v, 4)
    if q.shape[0] != k.shape[0]:
        raise ValueError("q has a batch of %d, k and v of %d" % (q.shape[0], k.shape[0]))
    rule = make_rule(q, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, details)
    result = attend(q, k, v, rule)
    return tuple(result) if details else result.out


def _varlen(q, k, v, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, dropout_p, softmax_scale, causal, window_size, softcap,
            alibi_slopes, details, block_table=None):
    check(q, *((k, v) if block_table is None else (k.flatten(0, 1), v.flatten(0, 1))), 3)
    rule = make_rule(q, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, details)
    result = attend_packed(q, k, v, cu_seqlens_q, cu_seqlens_k, rule, block_table)
    if details and not at_least(PACKED_LOG_SUM_EXP[0]):
        result = result._replace(lse=log_sum_exp_by_sequence(result.lse, cu_seqlens_q, max_seqlen_q))
    return tuple(result) if details else result.out


def _parts(packed, name, count, dimensions):
    if packed.dim() != dimensions or packed.shape[-3] != count:
        raise ValueError("%s must have %d dimensions, the third from the end %d long, and is %s"
                         % (name, dimensions, count, tuple(packed.shape)))
    return packed.unbind(-3)


def _absent(name):
    def absent(*arguments, **named):
        raise NotImplementedError("this fallback of flash_attn has no %s: it is a door to flash-attention's own kernels"
                                  % name)
    absent.__name__ = name
    return absent


# Other packages import these when they are loaded, and call them later or never.
_flash_attn_forward = _absent("_flash_attn_forward")
_flash_attn_backward = _absent("_flash_attn_backward")
_flash_attn_varlen_forward = _absent("_flash_attn_varlen_forward")
_flash_attn_varlen_backward = _absent("_flash_attn_varlen_backward")
