# SPDX-License-Identifier: Apache-2.0
"""A source distribution that is built as the real one is: its setup.py writes build.ninja as torch's builder does, runs
ninja, links and packs. The compiler for its .cu files is a stand-in for nvcc that compiles them as C++."""
import io
import os
import tarfile
from pathlib import Path

from environments import EXTENSION, MODULE

SETUP = r'''
import os, subprocess, sys, hashlib, base64, zipfile
from pathlib import Path

here = Path(__file__).resolve().parent
version = "@VERSION@"
label = os.environ.get("FLASH_ATTN_LOCAL_VERSION")
full = version + ("+" + label if label else "")
print("variables", {k: v for k, v in sorted(os.environ.items()) if k.startswith(("FLASH", "NVCC", "MAX_J", "CUDA_H"))})
if os.environ.get("FLASH_ATTENTION_FORCE_BUILD") != "TRUE":
    sys.exit("it would look for a wheel")
temp = here / "build" / "temp"
temp.mkdir(parents=True, exist_ok=True)
sources = sorted((here / "csrc").glob("*.cpp")) + sorted((here / "csrc").glob("*.cu"))
objects = [temp / (source.stem + ".o") for source in sources]
archs = " ".join(f"-gencode arch=compute_{n},code=sm_{n}" for n in ("80", "90"))
nvcc = Path(os.environ["CUDA_HOME"]) / "bin" / "nvcc"
lines = ["ninja_required_version = 1.3", "cxx = c++", f"nvcc = {nvcc}", f"cflags = -fPIC -I{here}/csrc -c",
         "post_cflags = -D_GLIBCXX_USE_CXX11_ABI=0", f"cuda_cflags = -I{here}/csrc -c",
         "cuda_post_cflags = -fPIC -D_GLIBCXX_USE_CXX11_ABI=0 " + archs + " --threads 4", "",
         "rule compile", "  command = $cxx $cflags -c $in -o $out $post_cflags", "", "rule cuda_compile",
         "  command = $nvcc $cuda_cflags -c $in -o $out $cuda_post_cflags", ""]
for source, made in zip(sources, objects):
    rule = "cuda_compile" if source.suffix == ".cu" else "compile"
    lines.append(f"build {made}: {rule} {source}")
(temp / "build.ninja").write_text("\n".join(lines) + "\n")
subprocess.check_output(["ninja", "--version"])
subprocess.run(["ninja", "-v", "-j", os.environ["MAX_JOBS"]], cwd=temp, check=True)

import torch
library = Path(torch.__file__).parent / "lib" / "libc10.so"
module = "flash_attn_2_cuda@EXTENSION@"
subprocess.run(["c++", "-shared", "-o", str(temp / module), *map(str, objects), "-Wl,--no-as-needed", str(library)], check=True)
tag = "@TAG@"
info = f"flash_attn-{full}.dist-info/"
files = {"flash_attn/__init__.py": f"import torch, flash_attn_2_cuda\n__version__ = '{full}'\n"
                                   "def flash_attn_func(*a, **n): raise RuntimeError('no GPU')\n"
                                   "flash_attn_varlen_func = flash_attn_with_kvcache = flash_attn_func\n",
         module: (temp / module).read_bytes(),
         info + "METADATA": f"Metadata-Version: 2.1\nName: flash-attn\nVersion: {full}\nRequires-Dist: torch\n",
         info + "WHEEL": f"Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: false\nTag: {tag}\n"}
record = ""
dist = Path(sys.argv[sys.argv.index("--dist-dir") + 1])
dist.mkdir(parents=True, exist_ok=True)
with zipfile.ZipFile(dist / f"flash_attn-{full}-{tag}.whl", "w") as wheel:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        wheel.writestr(name, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    wheel.writestr(info + "RECORD", record + info + "RECORD,,\n")
'''

# What the stand-in header of the left-out kernels expects of flash-attn's own headers.
FLASH_H = """#pragma once
struct Flash_fwd_params {};
struct Flash_bwd_params : Flash_fwd_params {};
namespace FLASH_NAMESPACE {
template <typename T, int Headdim, bool Is_causal> void run_mha_fwd_(Flash_fwd_params&, cudaStream_t);
template <typename T, int Headdim, bool Is_causal> void run_mha_bwd_(Flash_bwd_params&, cudaStream_t);
}
"""
API = """
#include <string>
#include <cuda_runtime.h>
#include "namespace_config.h"
#include "flash.h"
#include <cutlass/numeric_types.h>
namespace c10::detail { void torchCheckFail(const char*, const char*, unsigned, const std::string&); }
void check() { c10::detail::torchCheckFail("", "", 0, "no"); }
extern "C" void forward() { Flash_fwd_params p; FLASH_NAMESPACE::run_mha_fwd_<cutlass::half_t, 64, false>(p, nullptr); }
extern "C" void backward() { Flash_bwd_params p; FLASH_NAMESPACE::run_mha_bwd_<cutlass::half_t, 64, false>(p, nullptr); }
"""

def kernel(direction, slow=0):
    pragma = f"// SLOW {slow}\n" if slow else ""
    return f"""{pragma}#include "namespace_config.h"
#include "flash_{direction}_launch_template.h"
namespace FLASH_NAMESPACE {{
template<>
void run_mha_{direction}_<cutlass::half_t, 64, false>(Flash_{direction}_params &params, cudaStream_t stream) {{
    run_mha_{direction}_hdim64<cutlass::half_t, false>(params, stream);
}}
}}
"""


def launch(direction):
    return f"""#include <cuda_runtime.h>
#include <cutlass/numeric_types.h>
#include "flash.h"
namespace FLASH_NAMESPACE {{
template <typename T, bool C> void run_mha_{direction}_hdim64(Flash_{direction}_params&, cudaStream_t) {{}}
}}
"""


def sources(version="2.8.3", tag="", extra=0, slow=0, broken=""):
    """{path in the archive: content}"""
    files = {
        "setup.py": SETUP.replace("@VERSION@", version).replace("@EXTENSION@", EXTENSION).replace("@TAG@", tag),
        "csrc/cutlass/include/cutlass/numeric_types.h": "// what wheelfit looks for\n",
        "csrc/cutlass/numeric_types.h": "#pragma once\nnamespace cutlass { struct half_t {}; struct bfloat16_t {}; }\n",
        "csrc/cuda_runtime.h": "#pragma once\ntypedef void* cudaStream_t;\n",
        "csrc/namespace_config.h": "#define FLASH_NAMESPACE flash\n",
        "csrc/flash.h": FLASH_H, "csrc/flash_api.cpp": API, "csrc/module.cpp": MODULE.format(name="flash_attn_2_cuda"),
        "csrc/flash_fwd_launch_template.h": launch("fwd"), "csrc/flash_bwd_launch_template.h": launch("bwd"),
        "csrc/flash_fwd_hdim64_fp16_sm80.cu": kernel("fwd", slow),
        "csrc/flash_bwd_hdim64_fp16_sm80.cu": kernel("bwd", slow) + broken,
    }
    for number in range(extra):
        files[f"csrc/flash_fwd_extra{number}_sm80.cu"] = f"// SLOW {slow}\nint extra{number}() {{ return {number}; }}\n"
    return files


def archive(files, version="2.8.3"):
    """The bytes of flash_attn-<version>.tar.gz."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"flash_attn-{version}/{name}")
            entry.size = len(content.encode())
            tar.addfile(entry, io.BytesIO(content.encode()))
    return packed.getvalue()


class Sdist:
    """As the server's projects take files."""

    def __init__(self, version="2.8.3", **more):
        self.file_name = f"flash_attn-{version}.tar.gz"
        self.content = archive(sources(version, **more), version)

    def bytes(self):
        return self.content


NVCC = r'''#!/bin/sh
# A file that says "SLOW n" takes n seconds more.
case "$1" in
  --version) echo "Cuda compilation tools, release @VERSION@, V@VERSION@.99"; exit 0 ;;
  --list-gpu-code) printf 'sm_75\nsm_80\nsm_90\n'; exit 0 ;;
esac
echo "$*" >> "$(dirname "$0")/calls"
slow=
for word; do
  shift
  case "$word" in
    -gencode|--threads) skip=1; continue ;;
    *.cu) slow=$(sed -n 's/^\/\/ SLOW //p' "$word") ; set -- "$@" -x c++ "$word"; continue ;;
  esac
  if [ -n "$skip" ]; then skip=; continue; fi
  set -- "$@" "$word"
done
[ -z "$slow" ] || sleep "$slow"
exec c++ "$@"
'''


def toolkit(folder, version="12.1"):
    """A CUDA toolkit as far as it is looked at."""
    folder = Path(folder)
    (folder / "bin").mkdir(parents=True)
    (folder / "include" / "crt").mkdir(parents=True)
    (folder / "include" / "crt" / "host_config.h").write_text("#if __GNUC__ > 99\n#error\n#endif\n")
    (folder / "version.json").write_text('{"cuda": {"name": "CUDA SDK", "version": "%s.0"}}' % version)
    nvcc = folder / "bin" / "nvcc"
    nvcc.write_text(NVCC.replace("@VERSION@", version))
    os.chmod(nvcc, 0o755)
    return folder
