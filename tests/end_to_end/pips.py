# SPDX-License-Identifier: Apache-2.0
"""Many releases of pip, each in environments of many Pythons, with a stand-in for torch and compilers that fail."""
import functools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from environments import EXTENSION, MACHINE, clean_variables, extension, torch_wheel
from wheels import Wheel

PYTHONS = range(8, 14)
# A minute for a screen of work: a pip that hangs is a failure, not a wait.
LONGEST = 180


def releases():
    """{name: folder}, the folder holding pip/ and pip-X.dist-info/ (scripts/lib.sh: make_pips)."""
    folder = os.environ.get("WHEELFIT_PIPS")
    if not folder or not Path(folder).is_dir():
        return {}
    return {entry.name: entry for entry in sorted(Path(folder).iterdir()) if (entry / "pip").is_dir()}


def pythons():
    """{minor: interpreter} of what is at hand: pyenv's, then PATH's."""
    found = {}
    for minor in PYTHONS:
        made = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3"))
        interpreter = str(made[-1]) if made else shutil.which(f"python3.{minor}")
        if interpreter:
            found[minor] = interpreter
    return found


def real_index():
    """How the index is asked that pip itself would ask: variables, maybe none. The index is pip's own default then."""
    kept = {name: value for name, value in os.environ.items()
            if name in ("PIP_INDEX_URL", "PIP_CERT", "PIP_PROXY", "PIP_TRUSTED_HOST", "PIP_DEFAULT_TIMEOUT")
            or name.lower() in ("http_proxy", "https_proxy", "no_proxy", "all_proxy", "ssl_cert_file", "requests_ca_bundle")}
    asked = subprocess.run(["python3", "-m", "pip", "config", "get", "global.index-url"], text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if asked.returncode == 0 and asked.stdout.strip():
        kept.setdefault("PIP_INDEX_URL", asked.stdout.strip())
    return kept


def suffix(minor):
    return f".cpython-3{minor}-{MACHINE}-linux-gnu.so"


@functools.lru_cache(maxsize=None)
def torch_files(minor):
    """What a probe and the proof read of torch, as one Python would find it."""
    with tempfile.TemporaryDirectory() as folder:
        files = torch_wheel(Path(folder)).files
    return {name.replace(EXTENSION, suffix(minor)): content for name, content in files.items()}


def tiny_wheel(module, version, minor, local):
    """Named, tagged and shaped like a CUDA wheel; it can only be imported."""
    core = f"{module}_2_cuda"
    return Wheel(module, version, {
        f"{module}/__init__.py": "mark = 'seeded'\n",
        f"{core}{suffix(minor)}": extension(core),
    }, tag=f"cp3{minor}-cp3{minor}-linux_{MACHINE}", local=local, pure=False)


class PipVenv:
    """One release of pip in a fresh environment of one Python."""

    def __init__(self, folder, interpreter, minor, pip, variables):
        self.folder, self.minor, self.home = folder, minor, folder / "home"
        self.home.mkdir(parents=True)
        self.path = folder / "venv"
        self.python = self.path / "bin" / "python"
        self.site = self.path / f"lib/python3.{minor}/site-packages"
        self.mark = folder / "built"
        tools = folder / "tools"
        tools.mkdir()
        for name in ("cc", "gcc", "c++", "g++", "nvcc", "ninja"):
            (tools / name).write_text(f"#!/bin/sh\necho {name} >>{self.mark}\nexit 1\n")
            (tools / name).chmod(0o755)
        self.variables = {**clean_variables(self.home), **variables, "PATH": f"{tools}:/usr/bin:/bin", "CC": str(tools / "cc"),
                          "CXX": str(tools / "c++"), "PIP_NO_PYTHON_VERSION_WARNING": "1", "PIP_ROOT_USER_ACTION": "ignore",
                          "WHEELFIT_STORE": str(self.home / "store"), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([interpreter, "-m", "venv", "--without-pip", str(self.path)], check=True, env=self.variables)
        for part in pip.iterdir():
            shutil.copytree(part, self.site / part.name)
        self._add(torch_files(minor))

    def _add(self, files):
        for name, content in files.items():
            target = self.site / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def runs(self):
        """None, or why this pip does not run on this Python."""
        # Some say their version and fail at the first look at what is installed.
        done = self._run([str(self.python), "-m", "pip", "list"])
        return None if done.returncode == 0 else done.stderr.strip().splitlines()[-1]

    def supports(self):
        """Whether the pip says that it is for this Python."""
        text = next(self.site.glob("pip-*.dist-info/METADATA")).read_text(encoding="utf-8")
        wanted = re.search(r"^Requires-Python: .*>=\s*3\.(\d+)", text, re.M)
        return not wanted or self.minor >= int(wanted[1])

    def _run(self, command, **more):
        return subprocess.run(command, env={**self.variables, **more}, cwd=self.home, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LONGEST, check=False)

    def pip(self, *arguments, **more):
        return self._run([str(self.python), "-m", "pip", *map(str, arguments)], **more)

    def wheelfit(self, program, *arguments, **more):
        return self._run([program, *map(str, arguments), "--python", str(self.python)], **more)

    def installed(self, name):
        """What the module says of itself; None where it is not there."""
        done = self._run([str(self.python), "-c", f"import {name}; print({name}.mark)"])
        return done.stdout.strip() if done.returncode == 0 else None

    def forget(self, name):
        for path in self.site.glob(f"{name}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    @staticmethod
    def hosts(log):
        """Whom a pip that was asked for `-vvv` has talked to."""
        return set(re.findall(r"Starting new HTTPS? connection \(\d+\): ([^\s:]+)", log))
