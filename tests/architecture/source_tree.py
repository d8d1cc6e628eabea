# SPDX-License-Identifier: Apache-2.0
"""The repository's files, and C++ text with its comments (and, on demand, its literals) blanked out."""
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


def repository_files():
    """What git knows or would add; a plain walk where there is no git (a source archive)."""
    try:
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
        names = [name for name in listing.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = []
        for folder, folders, files in os.walk(ROOT):
            skipped = (".git", ".cache", "__pycache__", *(("build",) if Path(folder) == ROOT else ()))
            folders[:] = [name for name in folders if name not in skipped]
            names += [str(Path(folder, name).relative_to(ROOT)) for name in files]
    return sorted(ROOT / name for name in set(names) if (ROOT / name).is_file())


def cpp_files(*folders):
    tops = [ROOT / folder for folder in folders]
    return [path for path in repository_files()
            if path.suffix in (".cpp", ".hpp") and any(top in path.parents for top in tops)]


def relative(path):
    return str(path.relative_to(ROOT))


_TOKEN = re.compile(
    r'(?P<raw>R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)")'
    r'|(?P<string>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<char>'(?:[^'\\\n]|\\.){1,8}')"
    r"|(?P<comment>//[^\n]*|/\*.*?\*/)", re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return _TOKEN.sub(lambda match: _blank(match[0]) if match["comment"] else match[0], text)


def code_only(text):
    """Comments and literals blanked, line numbers kept. Digit separators (1'000) are no character literals."""
    text = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "_", text)
    return _TOKEN.sub(lambda match: _blank(match[0]), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
