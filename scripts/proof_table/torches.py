# SPDX-License-Identifier: Apache-2.0
"""Real torch releases, each in a site directory of its own beside stand-ins for NVIDIA's libraries."""
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from . import stand_ins
from .places import CACHE, Trouble, download_wheel, once, pip, run, say

RELEASES = ["2.4.0", "2.6.0", "2.7.1", "2.8.0", "2.9.0", "2.10.0", "2.11.0", "2.12.0"]
# What `import torch` imports besides itself: pure Python, but for numpy.
DEPENDENCIES = ["typing_extensions", "sympy", "filelock", "fsspec", "jinja2", "networkx", "numpy<2", "packaging",
                "wheel", "setuptools", "psutil", "ninja"]


@dataclass
class Torch:
    release: str
    site: Path      # holds torch/ and nvidia/
    version: str    # "2.8.0+cu128"
    cuda: str       # "12.8"
    cxx11_abi: str  # "True"
    sites: list     # what Python's path begins with
    python: str = sys.executable

    @property
    def package(self):
        return self.site / "torch"


def dependencies():
    return once(CACHE / "deps", lambda folder: pip("install", "--no-warn-script-location", "--only-binary", ":all:",
                                                   "--target", folder, *DEPENDENCIES))


def unpack(release, folder):
    downloads = CACHE / "downloads"
    wheel = download_wheel(f"torch=={release}", downloads)
    run(["unzip", "-q", "-o", wheel, "-d", folder])
    wheel.unlink()  # 0.9 GB that nobody asks for again


def libraries_of(package):
    return sorted(path for path in package.rglob("*.so*") if path.is_file() and not path.is_symlink())


def obtain(release):
    site = once(CACHE / "torch" / release, lambda folder: unpack(release, folder))
    text = (site / "torch" / "version.py").read_text()
    version = re.search(r"__version__ = '(.+?)'", text)[1]
    cuda = re.search(r"cuda.*= '(.+?)'", text)
    if not cuda:
        raise Trouble(f"torch {release} is a build without CUDA")
    if not (site / "nvidia").is_dir():
        say(f"stand-ins for torch {release}")
        libraries = libraries_of(site / "torch" / "lib")
        made = once(site / "stand-ins",
                    lambda part: stand_ins.furnish(part, libraries, cuda[1], CACHE / "downloads"))
        for folder in sorted(made.iterdir(), key=lambda path: path.name == "nvidia"):
            folder.rename(site / folder.name)
        made.rmdir()
    abi = run([sys.executable, "-c", "import torch; print(torch._C._GLIBCXX_USE_CXX11_ABI)"],
              env={"PYTHONPATH": f"{site}:{dependencies()}", "PATH": "/usr/bin:/bin"}).strip()
    return Torch(release, site, version, cuda[1], abi, [site, dependencies()])


def installed(python):
    """The torch of an environment that is there, with the real libraries of NVIDIA's that it has."""
    question = ("import torch, pathlib; print(torch.__version__, torch.version.cuda, "
                "torch._C._GLIBCXX_USE_CXX11_ABI, pathlib.Path(torch.__file__).parents[1], sep='\\n')")
    version, cuda, abi, site = run([python, "-c", question]).splitlines()
    return Torch(version.split("+")[0], Path(site), version, cuda, abi, [Path(site)], str(python))
