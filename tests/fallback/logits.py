# SPDX-License-Identifier: Apache-2.0
"""Run in an environment with transformers and the fallback: a small random Llama, once on transformers' own SDPA path and
once on its path through flash_attn, fp32 on the CPU. Prints one JSON document: what was compared and how far apart it was.

transformers asks whether CUDA is there before it takes flash_attn, and on a CPU it is not: that one question, from that
one function, is answered with yes. Nothing else is patched."""
import json
import os
import sys

# The environment's own folder with an older transformers, where one is given, comes first.
sys.path[:0] = [place for place in os.environ.get("WHEELFIT_TRANSFORMERS", "").split(os.pathsep) if place]

import torch

patch = {"on": True, "answers": 0}
truthful = torch.cuda.is_available


def is_available():
    if sys._getframe(1).f_code.co_name != "is_flash_attn_2_available" or not patch["on"]:
        return truthful()
    patch["answers"] += 1
    return True


torch.cuda.is_available = is_available
torch.set_num_threads(1)

import flash_attn
import transformers
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.modeling_flash_attention_utils import _flash_attention_forward
from transformers.utils import is_flash_attn_2_available

transformers.logging.set_verbosity_error()
PROMPT = torch.randint(1, 64, (3, 12), generator=torch.Generator().manual_seed(7))
LEFT_PADDED = torch.tensor([[1] * 12, [0] * 5 + [1] * 7, [0] * 2 + [1] * 10])
RIGHT_PADDED = LEFT_PADDED.flip(1)
calls = {}


def counted(name):
    """The functions that transformers took from flash_attn, counted where it holds them."""
    module = sys.modules[_flash_attention_forward.__module__]
    function = getattr(module, name)
    calls[name] = 0

    def counting(*arguments, **named):
        calls[name] += 1
        return function(*arguments, **named)
    setattr(module, name, counting)


def models():
    config = LlamaConfig(vocab_size=64, hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4,
                         num_key_value_heads=2, max_position_embeddings=128, pad_token_id=0, eos_token_id=None,
                         initializer_range=0.3)  # so that attention is far from even
    torch.manual_seed(3)
    own = LlamaForCausalLM._from_config(config, attn_implementation="sdpa", torch_dtype=torch.float32).eval()
    through = LlamaForCausalLM._from_config(config, attn_implementation="flash_attention_2", torch_dtype=torch.float32).eval()
    through.load_state_dict(own.state_dict())
    return own, through


def greedy(model, mask):
    done = model.generate(PROMPT, attention_mask=mask, max_new_tokens=10, do_sample=False, output_logits=True,
                          return_dict_in_generate=True)
    return done.sequences, torch.stack(done.logits)


def whole(model, mask):
    logits = model(PROMPT, attention_mask=mask, position_ids=places(mask)).logits
    return logits.argmax(-1), logits


def in_two_parts(model, mask):
    """The second part has several queries and more keys: transformers unpads its queries with unpad_input."""
    first = model(PROMPT[:, :7], attention_mask=mask[:, :7], position_ids=places(mask)[:, :7], use_cache=True)
    second = model(PROMPT[:, 7:], attention_mask=mask, position_ids=places(mask)[:, 7:], past_key_values=first.past_key_values)
    return second.logits.argmax(-1), second.logits


def places(mask):
    return (mask.cumsum(1) - 1).clamp(min=0)


def compared(own, through, mask, run, counts=None):
    before = dict(calls)
    with torch.no_grad():
        (tokens, logits), (other_tokens, other_logits) = run(own, mask), run(through, mask)
    if counts is not None:  # what stands on padding is nobody's business
        logits, other_logits, tokens, other_tokens = (part[counts.bool()] for part in (logits, other_logits, tokens, other_tokens))
    return {"tokens": torch.equal(tokens, other_tokens), "largest": float(logits.abs().max()),
            "apart": float((logits - other_logits).abs().max()), "numbers": logits.numel(),
            "calls": {name: calls[name] - before[name] for name in calls}}


def main():
    patch["on"] = False
    without = is_flash_attn_2_available()
    patch["on"] = True
    for name in ("flash_attn_func", "flash_attn_varlen_func", "unpad_input"):
        counted(name)
    own, through = models()
    full = torch.ones_like(LEFT_PADDED)
    results = {
        "greedy": compared(own, through, full, greedy),
        "greedy, padded": compared(own, through, LEFT_PADDED, greedy),
        "whole, padded right": compared(own, through, RIGHT_PADDED, whole, RIGHT_PADDED),
    }
    try:
        results["two parts, padded"] = compared(own, through, LEFT_PADDED, in_two_parts, LEFT_PADDED[:, 7:])
    except ValueError as error:
        results["two parts, padded"] = {"error": str(error)}
    print(json.dumps({"transformers": transformers.__version__, "flash_attn": flash_attn.__version__,
                      "paths": [own.model.config._attn_implementation, through.model.config._attn_implementation],
                      "accepted": is_flash_attn_2_available(), "accepted_without_the_patch": without,
                      "patched": patch["answers"], "results": results}))


main()
