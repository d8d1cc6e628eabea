# SPDX-License-Identifier: Apache-2.0
"""The reuse window: flash-attn's own host code, compiled against one torch and loaded under another.

The source comes from the package index; only flash_api.cpp is compiled. The kernels that it calls are empty functions
of the same names, which the result itself exports: no name of torch's is added or taken away by that. What is linked is
what torch.utils.cpp_extension.CUDAExtension links, libcudart among it: once that of CUDA 12, once that of CUDA 13."""
import os
import re
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .places import CACHE, Trouble, once, pip, run, say
from .torches import dependencies

SOURCE = "flash-attn==2.8.3"
MODULE = "flash_attn_2_cuda"
FILE = MODULE + sysconfig.get_config_var("EXT_SUFFIX")
BUILT_AGAINST = ["2.6.0", "2.7.1", "2.8.0", "2.9.0", "2.10.0", "2.11.0", "2.12.0"]
LIBRARIES = ["c10", "torch", "torch_cpu", "torch_python", "c10_cuda", "torch_cuda"]


@dataclass
class Build:
    name: str  # "torch 2.10.0, CUDA 12"
    release: str
    cuda: str
    object: Path


def cuda_headers():
    for folder in (os.environ.get("CUDA_HOME"), "/usr/local/cuda"):
        if folder and (Path(folder) / "include" / "cuda_runtime_api.h").is_file():
            return Path(folder) / "include"
    raise Trouble("the reuse window needs the CUDA headers: CUDA_HOME names no toolkit")


def source(torch):
    """csrc/ of the source distribution. pip runs its setup.py for the metadata, which wants a torch to import."""
    def fetch(part):
        say(f"downloading the source of {SOURCE}")
        environment = dict(os.environ, PYTHONPATH=f"{torch.site}:{dependencies()}",
                           FLASH_ATTENTION_SKIP_CUDA_BUILD="TRUE")
        pip("download", "--no-deps", "--no-binary", SOURCE.split("==", maxsplit=1)[0], "--no-build-isolation",
            "-d", part, SOURCE, env=environment)
        run(["tar", "-xf", next(part.glob("*.tar.gz")), "-C", part, "--strip-components=1"])
    return once(CACHE / "source" / SOURCE, fetch) / "csrc"


def compiled(torch, csrc, python_headers):
    target = CACHE / "reuse" / f"{torch.release}.o"
    if not target.is_file():
        say(f"compiling flash_api.cpp against torch {torch.release}")
        target.parent.mkdir(parents=True, exist_ok=True)
        includes = [csrc / "flash_attn", csrc / "flash_attn" / "src", csrc / "cutlass" / "include",
                    torch.package / "include", torch.package / "include/torch/csrc/api/include", cuda_headers(),
                    python_headers]
        part = target.with_suffix(".part")
        run(["g++", "-c", "-fPIC", "-O1", "-w", "-std=c++17", "-DTORCH_API_INCLUDE_EXTENSION_H",
             f"-DTORCH_EXTENSION_NAME={MODULE}", f"-D_GLIBCXX_USE_CXX11_ABI={int(torch.cxx11_abi == 'True')}",
             *(f"-I{folder}" for folder in includes), csrc / "flash_attn" / "flash_api.cpp", "-o", part])
        part.rename(target)
    return target


def kernels(object_file, folder):
    """An assembler file with the kernels' launchers that the object asks for."""
    names = re.findall(r"^\s+U (\S*run_mha_\S*)$", run(["nm", "-u", object_file]), re.M)
    if not names:
        raise Trouble("flash_api.o asks for no kernels: its source has changed")
    lines = ['.section .note.GNU-stack,"",@progbits', ".text"]
    for name in names:
        lines += [f".globl {name}", f".hidden {name}", f".type {name},@function", f"{name}: ret"]
    file = folder / "kernels.s"
    file.write_text("\n".join(lines) + "\n")
    return file


def linked(torch, object_file, cuda, runtime):
    """The extension module, as cpp_extension would link it with that CUDA's runtime."""
    def link(part):
        file = part / FILE
        run(["g++", "-shared", object_file, kernels(object_file, part), f"-L{torch.package / 'lib'}",
             *(f"-l{name}" for name in LIBRARIES), "-Wl,--allow-shlib-undefined", "-Wl,--no-as-needed", runtime,
             "-o", file])
    folder = once(CACHE / "reuse" / f"{torch.release}-cuda{cuda}", link)
    return Build(f"torch {torch.release}, CUDA {cuda}", torch.release, cuda, folder / FILE)


def runtimes(torches):
    """{"12": .../libcudart.so.12, "13": ...}"""
    found = {}
    for torch in torches:
        for file in sorted((torch.site / "nvidia").rglob("libcudart.so.*")):
            found.setdefault(torch.cuda.split(".")[0], file)
    return found


def builds(torches):
    python_headers = Path(sysconfig.get_path("include"))
    if not (python_headers / "Python.h").is_file():
        raise Trouble("the reuse window needs Python.h (python3-dev)")
    by_release = {torch.release: torch for torch in torches}
    chosen = [by_release[release] for release in BUILT_AGAINST if release in by_release]
    csrc = source(chosen[-1])
    made = []
    for torch in chosen:
        object_file = compiled(torch, csrc, python_headers)
        for cuda, runtime in sorted(runtimes(torches).items()):
            made.append(linked(torch, object_file, cuda, runtime))
    return made
