# SPDX-License-Identifier: Apache-2.0
"""docs/proof-truth.md."""
from collections import Counter
from dataclasses import dataclass

HEAD = """# The proof and the truth
Written by `scripts/proof-table`; do not edit. What wheelfit says without loading anything, beside what happens when a
real Python imports a real torch and opens the same object with `dlopen(RTLD_NOW)`.

- **says**: `fits`, `refused`, `unproven`, by the whole object. **first bytes**: the verdict by the symbol tables at the
  object's front, as they are read before a download; `-` where they do not lie there.
- **truth**: `loads`, `fails`; `imports` where the module's initialiser was seen to run, too.
- **why**: the missing symbol, or the sentence of the refusal.

| | compared | agree | `fits`, but fails | `refused`, but loads | unproven |
|---|---|---|---|---|---|
"""
STAND_INS = """Each is the release of the package index, in an environment of its own, and `import torch` was run in it. NVIDIA's
libraries beside it are stand-ins, but for the real CUDA runtime: objects of the same names that export, with the same
versions, what torch's libraries ask of them. (The real ones are 2 to 4 GB for each torch, and nothing is computed here.)
What else is found, such as a toolkit's libraries in the loader's cache, is this machine's: both sides see the same.
"""
INSTALLED = """The environment as it was found, with the libraries of NVIDIA's that it has.
"""
TORCH_COLUMNS = """
| torch | CUDA | C++ ABI |
|---|---|---|
"""
WHEELS = """
## Wheels of the package index under each torch
One row for a wheel and a torch: how many of its shared objects load, and what was said of them. **why** is of the first
object that is refused. An object that fails because a library of the same wheel is opened for it first by its package
(torchaudio's `_torchaudio.so`) fails here on both sides.

| wheel | torch | objects | load | said to fit | refused | unproven | agree | first refused | why |
|---|---|---|---|---|---|---|---|---|---|
"""
REUSE = """
## The reuse window: flash-attn's host code
`flash_api.cpp` of {source} (the source distribution on the package index), its kernels replaced by empty functions,
compiled by g++ against each torch's headers and linked as torch's CUDAExtension links, libcudart of CUDA 12 or 13 among
it; then loaded under each torch.

| built against | under torch | says | first bytes | truth | agree | why |
|---|---|---|---|---|---|---|
"""
GPU_CODE = """
## The GPU code in them
Every image of every container, counted by target, beside `cuobjdump --list-elf` and `--list-ptx`. **compressed**: images
that had to be decompressed; **unverified**: images whose target only the container's header tells.

| object | images | compressed | unverified | as cuobjdump | targets |
|---|---|---|---|---|---|
"""


@dataclass
class Row:
    subject: str   # "torchvision 0.24.0", "torch 2.10.0, CUDA 12"
    torch: object
    name: str      # of the object
    verdict: object
    truth: object

    @property
    def agrees(self):
        return self.verdict.verdict == "unproven" or (self.verdict.verdict == "fits") == self.truth.loads

    @property
    def early_agrees(self):
        """A refusal by the first bytes must hold; to fit by them says nothing of the libraries."""
        return self.verdict.early != "refused" or not self.truth.loads

    @property
    def why(self):
        text = self.verdict.symbol or self.verdict.reason
        return cell(text if len(text) <= 110 else text[:107] + "...")


def cell(text):
    return f"`{text}`".replace("|", "\\|") if text else ""


def counts(title, rows):
    def number(condition):
        return sum(1 for row in rows if condition(row))
    return (f"| {title} | {len(rows)} | {number(lambda r: r.agrees)} | "
            f"{number(lambda r: r.verdict.verdict == 'fits' and not r.truth.loads)} | "
            f"{number(lambda r: r.verdict.verdict == 'refused' and r.truth.loads)} | "
            f"{number(lambda r: r.verdict.verdict == 'unproven')} |\n")


def early_counts(title, rows):
    told = [row for row in rows if row.verdict.early]
    hard = sum(1 for row in told if row.verdict.early == "refused" and row.truth.loads)
    soft = sum(1 for row in told if row.verdict.early == "fits" and not row.truth.loads)
    unproven = sum(1 for row in told if row.verdict.early == "unproven")
    return f"| {title} | {len(told)} | {len(told) - hard - soft - unproven} | {soft} | {hard} | {unproven} |\n"


def pairs(rows):
    grouped = {}
    for row in rows:
        grouped.setdefault((row.subject, row.torch.version), []).append(row)
    return grouped


def wheel_row(group):
    said = Counter(row.verdict.verdict for row in group)
    refused = next((row for row in group if row.verdict.verdict == "refused"), None)
    loads = sum(1 for row in group if row.truth.loads)
    agree = "yes" if all(row.agrees for row in group) else "**no**"
    return (f"| {group[0].subject} | {group[0].torch.version} | {len(group)} | {loads} | {said['fits']} | "
            f"{said['refused']} | {said['unproven']} | {agree} | {cell(refused.name) if refused else ''} | "
            f"{refused.why if refused else ''} |\n")


def reuse_row(row):
    truth = "imports" if row.truth.imported else "loads" if row.truth.loads else "fails"
    return (f"| {row.subject} | {row.torch.version} | {row.verdict.verdict} | {row.verdict.early or '-'} | {truth} | "
            f"{'yes' if row.agrees else '**no**'} | {row.why} |\n")


def gpu_row(row):
    agree = "it cannot read it" if row.theirs is None else "yes" if row.theirs == row.ours else "**no**"
    targets = " ".join(f"{name}" for name in sorted(row.ours, key=lambda name: (name.split(".")[1], len(name), name)))
    return (f"| {row.name} | {sum(row.ours.values())} | {row.compressed} | {row.unverified} | {agree} | "
            f"{targets} |\n")


def gpu_summary(rows):
    if not rows:
        return ""
    judged = [row for row in rows if row.theirs is not None]
    return (f"\n{len(rows)} objects with CUDA code, {sum(sum(row.ours.values()) for row in rows)} images, "
            f"{sum(row.compressed for row in rows)} of them compressed, {sum(row.unverified for row in rows)} "
            f"unverified. {len(judged)} judged by cuobjdump, {sum(1 for row in judged if row.agrees)} of them equal.\n")


def disagreements(rows):
    lines = [f"- {row.subject} under {row.torch.version}, {cell(row.name)}: {row.verdict.verdict}, really "
             f"{'loads' if row.truth.loads else 'fails'}; {cell(row.verdict.reason or row.truth.words[-200:])}\n"
             for row in rows if not (row.agrees and row.early_agrees)]
    return "\n## Where they differ\n" + "".join(lines) if lines else ""


def text(torches, wheel_rows, reuse_rows, gpu_rows, source, about_torch):
    grouped = pairs(wheel_rows)
    agreeing = sum(1 for group in grouped.values() if all(row.agrees for row in group))
    parts = [HEAD, counts("shared objects of wheels x torch", wheel_rows),
             early_counts("the same by their first bytes", wheel_rows)]
    if reuse_rows:
        parts += [counts("flash-attn builds x torch", reuse_rows),
                  early_counts("the same by their first bytes", reuse_rows)]
    parts.append("\n`fits` by the first bytes means that every symbol is bound and every library found that is named there.\n"
                 "Most that stay unproven want a library that their own wheel brings along.\n")
    parts.append(f"\n{len(grouped)} pairs of a wheel and a torch, {agreeing} of them agree in every object.\n")
    parts.append(gpu_summary(gpu_rows))
    parts += ["\n## The torch releases\n", about_torch, TORCH_COLUMNS]
    parts += [f"| {torch.version} | {torch.cuda} | {'new' if torch.cxx11_abi == 'True' else 'old'} |\n"
              for torch in torches]
    if reuse_rows:
        parts.append(REUSE.format(source=source.replace("==", " ")))
        parts += [reuse_row(row) for row in reuse_rows]
    parts.append(WHEELS)
    parts += [wheel_row(group) for group in grouped.values()]
    if gpu_rows:
        parts.append(GPU_CODE)
        parts += [gpu_row(row) for row in gpu_rows]
    parts.append(disagreements(wheel_rows + reuse_rows))
    return "".join(parts)
