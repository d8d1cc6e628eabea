# SPDX-License-Identifier: Apache-2.0
"""What came and went between the releases that this stands for, one row each with where it was read.

The functions are written with everything that the newest release has. as_released() takes away what the release that
this stands for (_release.py) has not: so an argument has the place there that callers of that release expect."""
import functools
import inspect

from flash_attn._release import VERSION

_INTERFACE = "Dao-AILab/flash-attention flash_attn/flash_attn_interface.py"
_ROTARY = "Dao-AILab/flash-attention flash_attn/layers/rotary.py"
_DENSE = ("flash_attn_func", "flash_attn_kvpacked_func", "flash_attn_qkvpacked_func")
_VARLEN = ("flash_attn_varlen_func", "flash_attn_varlen_kvpacked_func", "flash_attn_varlen_qkvpacked_func")
_CACHE = ("flash_attn_with_kvcache",)

# (the first release that has it, functions, arguments, read where)
ADDED = (
    ("2.2.3", _CACHE, ("rotary_cos", "rotary_sin", "rotary_interleaved"), _INTERFACE + " v2.2.2 and v2.2.3"),
    ("2.3.0", _DENSE + _VARLEN + _CACHE, ("window_size",), _INTERFACE + " v2.2.5 and v2.3.0"),
    ("2.3.1", _CACHE, ("cache_batch_idx",), _INTERFACE + " v2.3.0 and v2.3.1"),
    ("2.4.0", _DENSE + _VARLEN + _CACHE, ("alibi_slopes",), _INTERFACE + " v2.3.6 and v2.4.0"),
    ("2.4.1", _DENSE + _VARLEN, ("deterministic",), _INTERFACE + " v2.4.0.post1 and v2.4.1"),
    ("2.5.0", _CACHE, ("block_table",), _INTERFACE + " v2.4.3.post1 and v2.5.0"),
    ("2.5.7", _VARLEN[:1], ("block_table",), _INTERFACE + " v2.5.6 and v2.5.7"),
    ("2.6.0", _DENSE + _VARLEN + _CACHE, ("softcap",), _INTERFACE + " v2.5.9.post1 and v2.6.0"),
    ("2.6.0", _CACHE, ("return_softmax_lse",), _INTERFACE + " v2.5.9.post1 and v2.6.0"),
    ("2.6.1", _CACHE, ("cache_leftpad",), _INTERFACE + " v2.6.0.post1 and v2.6.1"),
    ("2.7.0", ("unpad_input",), ("unused_mask",),
     "Dao-AILab/flash-attention flash_attn/bert_padding.py v2.6.3 and v2.7.0"),
    ("2.7.0", ("apply_rotary_emb_qkv_", "RotaryEmbedding.forward"), ("num_heads_q",), _ROTARY + " v2.6.3 and v2.7.0"),
)

# (the first release that has it no more, functions, arguments, read where)
REMOVED = (
    ("2.8.0", ("RotaryEmbedding.__init__",), ("pos_idx_in_fp32",), _ROTARY + " v2.7.4.post1 and v2.8.0"),
)

# What functions return: (the first release that does so, read where)
FIVE_VALUES_OF_UNPAD_INPUT = ("2.7.0", "Dao-AILab/flash-attention flash_attn/bert_padding.py v2.6.3 and v2.7.0")
PACKED_LOG_SUM_EXP = (
    "2.6.0", "Dao-AILab/flash-attention csrc/flash_attn/flash_api.cpp v2.5.9.post1 and v2.6.0, mha_varlen_fwd")


def at_least(release):
    """Whether what this stands for is that release or a later one."""
    return _number(VERSION) >= _number(release)


def as_released(function):
    """`function` with the arguments that it had in the release that this stands for."""
    gone = {argument for release, names, arguments, _ in ADDED if not at_least(release)
            for argument in arguments if function.__qualname__ in names}
    gone |= {argument for release, names, arguments, _ in REMOVED if at_least(release)
             for argument in arguments if function.__qualname__ in names}
    if not gone:
        return function
    signature = inspect.signature(function)
    kept = [parameter for name, parameter in signature.parameters.items() if name not in gone]
    names = [parameter.name for parameter in kept]

    @functools.wraps(function)
    def released(*values, **named):
        if len(values) > len(names):
            raise TypeError("%s() takes %d arguments in flash-attn %s, and %d were given"
                            % (function.__name__, len(names), VERSION, len(values)))
        for name in named:
            if name in gone:
                raise TypeError("%s() has no argument '%s' in flash-attn %s" % (function.__name__, name, VERSION))
        return function(**dict(zip(names, values)), **named)

    released.__signature__ = signature.replace(parameters=kept)
    return released


def _number(release):
    return tuple(int(part) for part in release.split(".")[:3])
