# SPDX-License-Identifier: Apache-2.0
"""What all tests of the fallback share: inputs, tolerances, the count of cases, the axes of the product."""
import itertools
import sys
from pathlib import Path

import torch

DATA = Path(__file__).resolve().parents[2] / "data" / "fallback"
sys.path.insert(0, str(DATA))

# Largest error allowed beside float64 on the same (rounded) inputs, relative to the largest value, at least 1.
TOLERANCE = {torch.float64: 1e-11, torch.float32: 1e-5, torch.float16: 4e-3, torch.bfloat16: 3e-2}
DTYPES = tuple(TOLERANCE)
WINDOWS = ((-1, -1), (2, 0), (1, 2), (3, -1))
SOFTCAPS = (0.0, 1.5)
ALIBI = (None, "heads", "batch")
HEADS = ((2, 2), (4, 2), (3, 1))
LENGTHS = ((5, 5), (3, 7), (7, 3), (1, 6))
DIMENSION = 8

counted = {"cases": 0}


def rules():
    """Every dtype x causal x window x softcap x ALiBi."""
    return itertools.product(DTYPES, (False, True), WINDOWS, SOFTCAPS, ALIBI)


def count():
    counted["cases"] += 1


def generator(seed):
    return torch.Generator().manual_seed(seed)


def numbers(shape, dtype, seed):
    return torch.randn(shape, generator=generator(seed), dtype=torch.float64).to(dtype)


def slopes_for(kind, batch, heads):
    if kind is None:
        return None
    shape = (heads,) if kind == "heads" else (batch, heads)
    return torch.rand(shape, generator=generator(99)) * 0.5 + 0.05


def slopes_of(slopes, sequence):
    return slopes if slopes is None or slopes.dim() == 1 else slopes[sequence]


def assert_close(got, wanted, dtype, what, factor=1.0):
    assert tuple(got.shape) == tuple(wanted.shape), f"{what}: shape {tuple(got.shape)}, not {tuple(wanted.shape)}"
    if not got.numel():
        return
    assert torch.equal(torch.isfinite(got), torch.isfinite(wanted)), f"{what}: not finite where it should be"
    finite = torch.isfinite(wanted)
    error = (got.double() - wanted)[finite].abs()
    allowed = factor * TOLERANCE[dtype] * max(1.0, float(wanted[finite].abs().max()) if finite.any() else 1.0)
    assert not error.numel() or float(error.max()) <= allowed, f"{what}: off by {float(error.max()):.3g}, allowed {allowed:.3g}"


def leaf(tensor):
    return tensor.detach().clone().requires_grad_(True)
