# SPDX-License-Identifier: Apache-2.0
"""The wheels that are tried, and the shared objects in them."""
from dataclasses import dataclass

from . import elf
from .places import CACHE, download_wheel, once, run

# Small packages that link torch, of as many releases as there are; one name's wheels differ in the torch they were
# built for, in its C++ ABI and in their CUDA major.
WHEELS = """
vllm-flash-attn 2.5.9.post1 2.6.1 2.6.2
torchvision 0.19.0 0.20.1 0.21.0 0.22.1 0.23.0 0.24.0 0.25.0 0.26.0 0.27.0
torchaudio 2.4.0 2.5.1 2.6.0 2.7.1 2.8.0 2.9.0 2.10.0 2.11.0
torchrl 0.5.0 0.6.0 0.7.2 0.8.1 0.9.2 0.10.1
xformers 0.0.27.post2 0.0.28.post3 0.0.29.post3 0.0.31.post1 0.0.32.post2 0.0.33 0.0.34 0.0.35
torchao 0.9.0 0.13.0 0.15.0
"""


@dataclass
class Wheel:
    name: str  # "torchvision 0.24.0"
    objects: list


def listed():
    for line in WHEELS.split("\n"):
        name, *releases = line.split() or [""]
        yield from ((name, release) for release in releases)


def obtain(name, release):
    file = download_wheel(f"{name}=={release}", CACHE / "wheels")
    folder = once(CACHE / "unpacked" / f"{name}-{release}",
                  lambda part: run(["unzip", "-q", "-o", file, "-d", part]))
    objects = sorted(path for path in folder.rglob("*.so*") if path.is_file() and elf.is_elf(path))
    return Wheel(f"{name} {release}", objects)
