# SPDX-License-Identifier: Apache-2.0
"""The GPU code that objects hold: the program's reader beside NVIDIA's cuobjdump."""
import re
import subprocess
from collections import Counter
from dataclasses import dataclass

from .places import CACHE, once, pip, run

LISTED = re.compile(r"\.(sm_\d+[af]?\.(?:cubin|ptx))$", re.M)
SECTION = re.compile(r"\s\.nv_fatbin\s")


@dataclass
class Row:
    name: str
    ours: Counter
    compressed: int
    unverified: int
    theirs: Counter  # None: cuobjdump gave up

    @property
    def agrees(self):
        return self.unverified == 0 and (self.theirs is None or self.theirs == self.ours)


def cuobjdump():
    folder = once(CACHE / "cuobjdump",
                  lambda part: pip("install", "--no-deps", "--target", part, "nvidia-cuda-cuobjdump"))
    program = next(folder.rglob("bin/cuobjdump"))
    program.chmod(0o755)
    return program


def has_gpu_code(path):
    return SECTION.search(run(["readelf", "-SW", path])) is not None


def judged(program, path):
    """None where cuobjdump cannot: that of CUDA 13 gives up at code for GPUs which CUDA 13 dropped (sm_50 to sm_70)."""
    tally = Counter()
    for option in ("--list-elf", "--list-ptx"):
        done = subprocess.run([program, option, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if "cuobjdump fatal" in done.stdout:
            return None
        tally.update(LISTED.findall(done.stdout))
    return tally


def compare(judge, named_objects):
    """`named_objects`: (name, path)."""
    objects = [(name, path) for name, path in named_objects if has_gpu_code(path)]
    program = cuobjdump()
    lines = run([judge, "--gpu", *(path for _, path in objects)]).splitlines()
    said = {line.split("\t")[0]: line.split("\t")[1:] for line in lines}
    rows = []
    for name, path in objects:
        compressed, unverified, *counts = said[str(path)]
        ours = Counter({entry.split("=")[0]: int(entry.split("=")[1]) for entry in counts})
        rows.append(Row(name, ours, int(compressed), int(unverified), judged(program, path)))
    return rows
