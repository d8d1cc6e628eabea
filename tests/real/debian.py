# SPDX-License-Identifier: Apache-2.0
"""An unpacked Debian root with Python, kept outside the repository."""
import os
import re
import shutil
import subprocess
from pathlib import Path

DEBOOTSTRAP = shutil.which("debootstrap") or shutil.which("debootstrap", path="/usr/sbin:/sbin")
SUITE = "bookworm"  # its python3 is 3.11
MINOR = "3.11"


def mirror():
    """Where this machine's own apt gets its packages; None where that cannot be told."""
    for file in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]:
        if not file.is_file():
            continue
        for line in file.read_text().splitlines():
            found = re.match(r"(?:URIs:|deb(?:\s+\[[^]]*\])?)\s+(https?://\S+)", line)
            if found and "security" not in found[1]:
                return found[1]
    return None


def root(home):
    """(the root's folder, "") or (None, why there is none)."""
    folder = Path(home) / "debian-root"
    if (folder / "usr/bin/python3").exists():
        return folder, ""
    if os.geteuid() != 0 or DEBOOTSTRAP is None:
        return None, "debootstrap and root are wanted"
    source = mirror()
    if source is None:
        return None, "apt's sources name no mirror"
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    made = subprocess.run([DEBOOTSTRAP, "--variant=minbase", "--include=python3,python3-venv,python3-pip", SUITE,
                           str(part), source], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if made.returncode != 0:
        shutil.rmtree(part, ignore_errors=True)
        return None, f"debootstrap failed: {(made.stdout.strip().splitlines() or [''])[-1]}"
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return folder, ""
