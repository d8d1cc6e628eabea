# SPDX-License-Identifier: Apache-2.0
"""Real virtual environments with a stand-in for torch, and what can be told about their files."""
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from wheels import Wheel

PYTHON = os.environ.get("WHEELFIT_TEST_PYTHON") or sys.executable
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
CP = f"cp{sys.version_info.major}{sys.version_info.minor}"
MACHINE = os.uname().machine

TORCH = """
from . import _C
from .version import __version__
class _Cuda:
    is_available = staticmethod(lambda: False)
    device_count = staticmethod(lambda: 0)
cuda = _Cuda()
"""
# The function whose mangled name tells which std::string the library was built with.
C10 = """
#include <string>
namespace c10::detail {
void torchCheckFail(const char*, const char*, unsigned, const std::string& message) { static std::string last; last = message; }
}
"""


# A module that imports, without Python's headers: PyModuleDef is thirteen words.
MODULE = """
extern "C" void* PyModule_Create2(void*, int);
namespace {{ void* definition[13] = {{(void*)1, 0, 0, 0, 0, (void*)"{name}", 0, (void*)-1}}; }}
extern "C" void* PyInit_{name}() {{ return PyModule_Create2(definition, 1013); }}
"""
EXTENSION = sysconfig.get_config_var("EXT_SUFFIX")


def compile_library(folder, source, *options):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.cpp").write_text(source)
    subprocess.run(["g++", "-std=c++17", "-O1", "-shared", "-fPIC", *options, str(folder / "source.cpp"),
                    "-o", str(folder / "library.so")], check=True)
    return (folder / "library.so").read_bytes()


@functools.lru_cache(maxsize=None)
def extension(name, body="", cxx11_abi=0):
    """The bytes of an extension module that needs libc10.so, as torch's extensions do, and finds it loaded. `body` is
    C++ beside the module's own."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        abi = f"-D_GLIBCXX_USE_CXX11_ABI={cxx11_abi}"
        (folder / "libc10.so").write_bytes(compile_library(folder / "c10", C10, abi, "-Wl,-soname,libc10.so"))
        return compile_library(folder / name, body + MODULE.format(name=name), abi, "-Wl,--no-as-needed",
                               str(folder / "libc10.so"), "-Wl,-rpath,$ORIGIN/lib")


def torch_wheel(folder, version="2.4.0", cuda="12.1", cxx11_abi=0):
    """What a probe and the proof read of torch: version.py, _C, libc10.so, TorchConfig.cmake. It imports, and can do
    nothing."""
    library = compile_library(folder, C10, f"-D_GLIBCXX_USE_CXX11_ABI={cxx11_abi}", "-Wl,-soname,libc10.so")
    return Wheel("torch", version, {
        "torch/__init__.py": TORCH,
        f"torch/_C{EXTENSION}": extension("_C", cxx11_abi=cxx11_abi),
        "torch/version.py": f"__version__ = '{version}+cu{cuda.replace('.', '')}'\ndebug = False\ncuda = '{cuda}'\n"
                            "git_version = 'd990dada86a8ad94882b5c23e859b88c0c255bda'\nhip = None\n",
        "torch/lib/libc10.so": library,
        "torch/share/cmake/Torch/TorchConfig.cmake":
            f'set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI={cxx11_abi}")\n',
    }, tag=f"{CP}-{CP}-linux_{MACHINE}", pure=False)


def clean_variables(home, **more):
    """Variables for a child that must see nothing of whoever runs the tests: no pip settings, no proxies."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"), "LC_ALL": "C.UTF-8", "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}


class Venv:
    def __init__(self, path, home, **variables):
        self.path, self.variables = Path(path), clean_variables(home, **variables)
        self.python = self.path / "bin" / "python"
        self.site = self.path / "lib" / f"python{MINOR}" / "site-packages"

    @classmethod
    def made(cls, path, home, wheels):
        venv = cls(path, home)
        subprocess.run([PYTHON, "-m", "venv", str(path)], check=True, env=venv.variables)
        files = [str(wheel.write(Path(home))) for wheel in wheels]
        venv.pip("install", "--no-index", "--no-deps", *files)
        return venv

    def copied(self, path):
        """Another environment like this one. bin/python and `-m pip` work there; pip's own script would not."""
        subprocess.run(["cp", "-a", str(self.path), str(path)], check=True)  # a thousand files, for every test
        copy = Venv(path, self.path)
        copy.variables = dict(self.variables)
        return copy

    def use_index(self, url):
        (self.path / "pip.conf").write_text(f"[global]\nindex-url = {url}\n")

    def become_condas(self):
        """A conda environment in all that a probe reads of it, with a Python that runs."""
        (self.path / "pyvenv.cfg").unlink()
        real = Path(sys.executable).resolve()
        for path in ("python", "python3", f"python{MINOR}"):
            (self.path / "bin" / path).unlink(missing_ok=True)
        shutil.copy(real, self.path / "bin" / f"python{MINOR}")
        for path in ("python", "python3"):
            (self.path / "bin" / path).symlink_to(f"python{MINOR}")
        library = Path(sysconfig.get_path("stdlib"))
        for entry in library.iterdir():
            if entry.name not in ("site-packages", "dist-packages", "EXTERNALLY-MANAGED", "site.py", "sitecustomize.py", "__pycache__"):
                (self.site.parent / entry.name).symlink_to(entry)
        for shared in real.parent.parent.glob("lib/libpython*.so*"):
            (self.path / "lib" / shared.name).symlink_to(shared)
        # Debian's Python looks for dist-packages; conda's own, which this one stands for, does not.
        (self.site.parent / "site.py").write_text((library / "site.py").read_text().replace("dist-packages", "site-packages"))
        (self.site.parent / "sitecustomize.py").write_text(f"import site\nsite.addsitedir({str(self.site)!r})\n")
        meta = self.path / "conda-meta"
        meta.mkdir()
        (meta / "history").write_text("")
        for name, version, build in (("python", f"{MINOR}.7", "h955ad1f_0"), ("pytorch", "2.4.0", "cuda120_py_300"),
                                     ("libtorch", "2.4.0", "cuda120_h_300"), ("zlib", "1.3", "h_0")):
            (meta / f"{name}-{version}-{build}.json").write_text(json.dumps({"name": name, "version": version, "build": build}))
        for info in self.site.glob("torch-*.dist-info"):
            (info / "INSTALLER").write_text("conda")

    def pip(self, *arguments, check=True):
        done = subprocess.run([str(self.python), "-m", "pip", *arguments], env=self.variables, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise AssertionError(f"pip {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def run_python(self, code):
        done = subprocess.run([str(self.python), "-c", code], env=self.variables, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout.strip()

    def state(self, bytecode=True):
        """{path: what it is}, for every file and folder of the environment."""
        found = {}
        for folder, folders, files in os.walk(self.path):
            if not bytecode and "__pycache__" in folders:
                folders.remove("__pycache__")
            for name in [*folders, *files]:
                path = Path(folder, name)
                key = str(path.relative_to(self.path))
                if path.is_symlink():
                    found[key] = "-> " + os.readlink(path)
                elif path.is_dir():
                    found[key] = f"folder {path.stat().st_mode:o}"
                else:
                    found[key] = f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        return found
