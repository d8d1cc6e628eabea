# SPDX-License-Identifier: Apache-2.0
# One attention on this machine's GPU beside torch's own. Argument: the module. 0: it computes; else one sentence.
import importlib
import sys

import torch

device = sys.argv[2] if len(sys.argv) > 2 else "cuda"
if device == "cuda" and not torch.cuda.is_available():
    sys.exit("torch sees no GPU here: was the container started without its GPUs?")
torch.manual_seed(0)
q, k, v = (torch.randn(2, 128, 4, 64, device=device).to(torch.float16) for _ in range(3))
found = importlib.import_module(sys.argv[1]).flash_attn_func(q, k, v, causal=True)
parts = [part.transpose(1, 2).float() for part in (q, k, v)]
right = torch.nn.functional.scaled_dot_product_attention(*parts, is_causal=True).transpose(1, 2)
error = (found.float() - right).abs().max().item()
if not error < 0.01:
    sys.exit("%s computes wrongly here: it differs by %g from torch's own attention" % (sys.argv[1], error))
