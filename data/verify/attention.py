# SPDX-License-Identifier: Apache-2.0
# Proves attention functions on a GPU: forward and backward over a small grid against scaled_dot_product_attention in
# float32, and a timing of both. Prints one JSON document.
#
# Argument: {"module": "flash_attn", "forward_only": false, "device": "cuda"}. "cpu" is for functions that run there.
#
# What counts as right: the largest error against float32 is at most twice that of scaled_dot_product_attention in
# the same half precision, plus one rounding step (the type's epsilon) of the largest value. Wrong kernels miss that
# by orders of magnitude, right ones keep well below it.
import importlib
import json
import os
import sys

sys.path[:] = [entry for entry in sys.path if entry]
document_out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

HEAD_DIMENSIONS = (64, 96, 128, 256)
HEADS = 4
LENGTHS = (37, 128, 91)  # of the sequences of a batch of unequal lengths
TIMED = ((4, 16, 2048, 128, "bfloat16", True), (4, 16, 2048, 64, "float16", False))


def finish(document):
    json.dump(document, document_out)
    document_out.write("\n")
    document_out.flush()
    os._exit(0)


def described(error):
    return "%s: %s" % (type(error).__name__, str(error).strip().splitlines()[0] if str(error).strip() else "")


def find_functions(name):
    """The module's functions; some packages keep them one level down."""
    found = {}
    for module_name in (name, name + ".flash_attn_interface"):
        try:
            module = importlib.import_module(module_name)
        except ImportError:
            if module_name == name:
                raise
            continue
        for function in ("flash_attn_func", "flash_attn_varlen_func"):
            if function not in found and callable(getattr(module, function, None)):
                found[function] = getattr(module, function)
    return found


class Proof:
    def __init__(self, torch, functions, device, forward_only):
        self.torch = torch
        self.functions = functions
        self.device = device
        self.forward_only = forward_only
        self.broken = None  # the CUDA context is lost: nothing after it means anything

    def sdpa(self, q, k, v, causal):
        """(length, heads, dimension) in, the same out; a bottom-right causal mask as flash_attn >= 2.1 has it."""
        torch = self.torch
        k = k.repeat_interleave(q.shape[1] // k.shape[1], dim=1)
        v = v.repeat_interleave(q.shape[1] // v.shape[1], dim=1)
        mask = None
        if causal:
            mask = torch.ones(q.shape[0], k.shape[0], dtype=torch.bool, device=q.device)
            mask = mask.tril(diagonal=k.shape[0] - q.shape[0])
        out = torch.nn.functional.scaled_dot_product_attention(
            q.transpose(0, 1)[None], k.transpose(0, 1)[None], v.transpose(0, 1)[None], attn_mask=mask)
        return out[0].transpose(0, 1)

    def reference(self, q, k, v, lengths_q, lengths_k, causal):
        parts, at_q, at_k = [], 0, 0
        for length_q, length_k in zip(lengths_q, lengths_k):
            parts.append(self.sdpa(q[at_q:at_q + length_q], k[at_k:at_k + length_k], v[at_k:at_k + length_k], causal))
            at_q += length_q
            at_k += length_k
        return self.torch.cat(parts)

    def tested(self, q, k, v, lengths_q, lengths_k, causal, varlen):
        torch = self.torch
        if varlen:
            offsets = [torch.tensor([0] + lengths, device=q.device).cumsum(0).to(torch.int32)
                       for lengths in (lengths_q, lengths_k)]
            out = self.functions["flash_attn_varlen_func"](
                q, k, v, cu_seqlens_q=offsets[0], cu_seqlens_k=offsets[1], max_seqlen_q=max(lengths_q),
                max_seqlen_k=max(lengths_k), causal=causal)
        else:
            batch = len(lengths_q)
            out = self.functions["flash_attn_func"](
                *(x.view(batch, -1, x.shape[1], x.shape[2]) for x in (q, k, v)), causal=causal)
        out = out[0] if isinstance(out, (tuple, list)) else out
        return out.reshape(q.shape)

    def compute(self, function, inputs, gradient, dtype):
        leaves = [x.detach().to(dtype).requires_grad_(not self.forward_only) for x in inputs]
        out = function(*leaves)
        results = [out]
        if not self.forward_only:
            results += self.torch.autograd.grad(out, leaves, gradient.to(dtype))
        return [result.detach().float() for result in results]

    def compare(self, dtype, dimension, heads_k, lengths_q, lengths_k, causal, varlen):
        torch = self.torch
        torch.manual_seed(20240817)
        # Rounded to half precision first: all three sides see the same numbers.
        make = lambda length, heads: torch.randn(length, heads, dimension, device=self.device).to(dtype).float()
        q, k, v = make(sum(lengths_q), HEADS), make(sum(lengths_k), heads_k), make(sum(lengths_k), heads_k)
        gradient = torch.randn_like(q).to(dtype).float()
        by_sdpa = lambda *x: self.reference(*x, lengths_q, lengths_k, causal)
        by_package = lambda *x: self.tested(*x, lengths_q, lengths_k, causal, varlen)
        exact = self.compute(by_sdpa, (q, k, v), gradient, torch.float32)
        half = self.compute(by_sdpa, (q, k, v), gradient, dtype)
        ours = self.compute(by_package, (q, k, v), gradient, dtype)
        worst = 0.0
        for name, a, b, c in zip(("the output", "the gradient of q", "the gradient of k", "the gradient of v"),
                                 exact, half, ours):
            error = (c - a).abs().max().item()
            bound = 2 * (b - a).abs().max().item() + torch.finfo(dtype).eps * max(1.0, a.abs().max().item())
            if not error <= bound:  # NaN fails as well
                return "failed", "the largest error of %s is %.3g, and %.3g is allowed" % (name, error, bound)
            worst = max(worst, error)
        return "passed", "largest error %.2g" % worst

    def check(self, name, *case):
        if self.broken:
            return {"name": name, "result": "not_checked", "detail": self.broken}
        needed = "flash_attn_varlen_func" if case[-1] else "flash_attn_func"
        if needed not in self.functions:
            return {"name": name, "result": "not_checked", "detail": "the module has no " + needed}
        try:
            result, detail = self.compare(*case)
        except BaseException as error:
            result, detail = "failed", described(error)
            if "CUDA error" in detail:
                self.broken = "an earlier check lost the GPU: " + detail
            elif "requires" in detail and "head dim" in detail.lower():
                result = "not_checked"  # a limit the package states: "backward for head dim > 192 requires A100 ..."
            elif "built by wheelfit without" in detail:
                result = "not_checked"  # left out on purpose; the version says so
        return {"name": name, "result": result, "detail": detail}

    def grid(self):
        torch = self.torch
        direction = "forward" if self.forward_only else "forward and backward"
        for label, dtype in (("fp16", torch.float16), ("bf16", torch.bfloat16)):
            for causal in (False, True):
                end = " causal" if causal else ""
                for dimension in HEAD_DIMENSIONS:
                    start = "%s %s d%d" % (direction, label, dimension)
                    even = [113, 113]
                    yield self.check(start + end, dtype, dimension, HEADS, even, even, causal, False)
                    yield self.check(start + end + " gqa", dtype, dimension, HEADS // 2, even, even, causal, False)
                    lengths = list(LENGTHS)
                    yield self.check(start + end + " varlen", dtype, dimension, HEADS, lengths, lengths, causal, True)
                yield self.check("%s %s d64%s queries after keys" % (direction, label, end), dtype, 64, HEADS,
                                 [40, 40], [177, 177], causal, False)

    def milliseconds(self, function):
        torch = self.torch
        for _ in range(3):
            function()
        times = []
        for _ in range(10):
            start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            start.record()
            function()
            end.record()
            end.synchronize()
            times.append(start.elapsed_time(end))
        return sorted(times)[len(times) // 2]

    def timing(self, batch, heads, length, dimension, dtype, causal):
        torch = self.torch
        q, k, v = (torch.randn(batch, length, heads, dimension, device=self.device, dtype=getattr(torch, dtype))
                   for _ in range(3))
        turned = [x.transpose(1, 2).contiguous() for x in (q, k, v)]
        with torch.no_grad():
            ours = self.milliseconds(lambda: self.functions["flash_attn_func"](q, k, v, causal=causal))
            sdpa = self.milliseconds(
                lambda: torch.nn.functional.scaled_dot_product_attention(*turned, is_causal=causal))
        label = {"float16": "fp16", "bfloat16": "bf16"}[dtype]
        shape = "b%d h%d s%d d%d %s%s" % (batch, heads, length, dimension, label, " causal" if causal else "")
        return {"shape": shape, "milliseconds": ours, "sdpa_milliseconds": sdpa}

    def timings(self):
        rows = []
        for case in TIMED:
            if self.device != "cuda" or self.broken or "flash_attn_func" not in self.functions:
                break
            try:
                rows.append(self.timing(*case))
            except BaseException as error:  # out of memory on a small or busy GPU: a timing is no proof
                print(described(error), file=sys.stderr)
        return rows


def main():
    request = json.loads(sys.argv[1])
    device = request.get("device", "cuda")
    document = {"schema_version": 1, "python": sys.version.split()[0], "torch": None, "gpu": None, "capability": None,
                "reason": None, "checks": [], "timings": []}
    try:
        import torch
        document["torch"] = torch.__version__
        if device == "cuda" and not torch.cuda.is_available():
            document["reason"] = "torch sees no GPU"
            finish(document)
        if device == "cuda":
            document["gpu"] = torch.cuda.get_device_name(0)
            document["capability"] = list(torch.cuda.get_device_capability(0))
            torch.backends.cuda.matmul.allow_tf32 = False
        functions = find_functions(request["module"])
        if not functions:
            document["reason"] = "the module %s has no attention function that is known" % request["module"]
            finish(document)
        proof = Proof(torch, functions, device, request.get("forward_only", False))
        document["checks"] = list(proof.grid())
        document["timings"] = proof.timings()
    except BaseException as error:
        document["checks"].append({"name": "attention", "result": "failed", "detail": described(error)})
    finish(document)


main()
