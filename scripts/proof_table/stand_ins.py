# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for NVIDIA's libraries (2 to 4 GB for each torch): objects of the same names that export, under the same
versions, exactly what torch's own libraries ask of them, and whose functions return 0. The CUDA runtime is the real
one. Loading, and what the proof reads, sees no difference; nothing is computed with them."""
import re
import subprocess
import sys

from . import elf
from .places import Trouble, download_wheel, run

# The package of each library, by the folder that it has there.
FOLDERS = {"cublas": "cublas", "cublasLt": "cublas", "cupti": "cuda_cupti", "nvrtc": "cuda_nvrtc", "cudart":
           "cuda_runtime", "cudnn": "cudnn", "cufft": "cufft", "curand": "curand", "cusolver": "cusolver", "cusparse":
           "cusparse", "cusparseLt": "cusparselt", "cufile": "cufile", "nccl": "nccl", "nvToolsExt": "nvtx",
           "nvJitLink": "nvjitlink", "nvshmem_host": "nvshmem"}
# Which library an unversioned name belongs to, the longest beginning first.
OWNERS = {"cusparseLt": "cusparseLt", "cublasLt": "cublasLt", "cuFile": "cufile", "nccl": "nccl", "pnccl": "nccl",
          "curand": "curand", "cudnn": "cudnn", "cufft": "cufft", "cusolver": "cusolver", "cusparse": "cusparse",
          "cublas": "cublas", "nvrtc": "nvrtc", "cupti": "cupti", "nvshmem": "nvshmem_host", "nvtx": "nvToolsExt",
          "nvJitLink": "nvJitLink"}


def stem_of(library):
    return re.match(r"lib(\w+)\.so", library)[1] if re.match(r"lib(\w+)\.so", library) else ""


def asked(torch_libraries):
    """{library's name: {(symbol, version)}} of what torch's libraries ask of NVIDIA's."""
    libraries, undefined, defined = set(), set(), set()
    for path in torch_libraries:
        libraries |= {name for name in elf.needed(path) if stem_of(name) in FOLDERS}
        wants, has = elf.symbols(path)
        undefined |= wants
        defined |= {name for name, _ in has}
    by_stem = {stem_of(name): name for name in libraries}
    result = {name: set() for name in libraries}
    for name, version in undefined:
        owner = next((OWNERS[start] for start in OWNERS if name.startswith(start)), None)
        if version in result:
            result[version].add((name, version))
        elif owner in by_stem and name not in defined:
            result[by_stem[owner]].add((name, version))
    return result


def build(library, wanted, folder):
    folder.mkdir(parents=True, exist_ok=True)
    source, script = folder / f"{library}.s", folder / f"{library}.map"
    lines = ['.section .note.GNU-stack,"",@progbits', ".text"]
    for name in sorted(name for name, _ in wanted):
        lines += [f".globl {name}", f".type {name},@function", f"{name}: xorl %eax,%eax", " ret"]
    source.write_text("\n".join(lines) + "\n")
    versions = {}
    for name, version in sorted(wanted):
        versions.setdefault(version, []).append(name)
    nodes = [f"{version} {{ {' '.join(name + ';' for name in names)} }};" for version, names in versions.items()
             if version]
    script.write_text("\n".join(nodes) + "\n")
    with_versions = [f"-Wl,--version-script={script}"] if nodes else []
    run(["gcc", "-shared", "-nostdlib", f"-Wl,-soname,{library}", *with_versions, source, "-o", folder / library])
    source.unlink()
    script.unlink()


def place_of(package, search_path):
    """Where torch looks for a package's libraries, below the site directory: "nvidia/cublas/lib"."""
    inside = [part.removeprefix("$ORIGIN/../../") for part in search_path if part.startswith("$ORIGIN/../../")]
    own = [part for part in inside if part.endswith(f"{package}/lib")]
    shared = [part for part in inside if part.endswith("cu13/lib")]
    if not own + shared:
        return f"nvidia/{package}/lib"  # torch preloads it from there
    return (own + shared)[0]


def real_runtime(major_minor, folder, downloads):
    """libcudart itself: small, and what extension modules ask for by name."""
    name = "nvidia-cuda-runtime-cu12" if major_minor.startswith("12") else "nvidia-cuda-runtime"
    listed = subprocess.run([sys.executable, "-m", "pip", "index", "versions", name], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True, check=False).stdout
    found = re.search(rf"\b{re.escape(major_minor)}\.\d+\b", listed.partition("Available versions:")[2])
    if not found:
        raise Trouble(f"the index has no {name} {major_minor}")
    wheel = download_wheel(f"{name}=={found[0]}", downloads)
    folder.mkdir(parents=True, exist_ok=True)
    run(["unzip", "-q", "-o", "-j", wheel, "*/libcudart.so.*", "-d", folder])


def furnish(site, torch_libraries, cuda, downloads):
    """Puts the stand-ins below `site`, where torch looks for the packages' libraries."""
    search_path = [part for path in torch_libraries for part in elf.search_path(path)]
    for library, wanted in asked(torch_libraries).items():
        package = FOLDERS[stem_of(library)]
        folder = site / place_of(package, search_path)
        if package == "cuda_runtime":
            real_runtime(cuda, folder, downloads)
        else:
            build(library, wanted, folder)
