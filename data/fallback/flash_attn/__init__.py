# SPDX-License-Identifier: Apache-2.0
"""flash_attn without flash-attention's kernels: the same functions on PyTorch's scaled_dot_product_attention.

Written for wheelfit, which installs it where no real wheel fits and the caller allowed it."""
import os as _os
import sys as _sys

# The release whose functions, arguments and defaults these are. The distribution's own version says "+sdpa".
from flash_attn._release import VERSION as __version__

# A real flash_attn has no such name: whoever must know asks hasattr(flash_attn, "__wheelfit__").
__wheelfit__ = {
    "kind": "fallback",
    "implementation": "torch.nn.functional.scaled_dot_product_attention",
    "stands_for": __version__,
}

from flash_attn.flash_attn_interface import (
    flash_attn_func,
    flash_attn_kvpacked_func,
    flash_attn_qkvpacked_func,
    flash_attn_varlen_func,
    flash_attn_varlen_kvpacked_func,
    flash_attn_varlen_qkvpacked_func,
    flash_attn_with_kvcache,
)

# Importing happens once in a process, and so does this note. Not a warning: under -W error the import would fail.
if _os.environ.get("WHEELFIT_FALLBACK_NOTE", "1") != "0":
    print(
        "flash_attn: this is wheelfit's fallback on PyTorch's scaled_dot_product_attention, not flash-attention's own "
        "kernels (WHEELFIT_FALLBACK_NOTE=0 silences this note)",
        file=_sys.stderr,
    )
