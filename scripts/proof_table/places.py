# SPDX-License-Identifier: Apache-2.0
"""Where things lie, and how commands are run."""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wheelfit" / "proof-table"
PYTHON_TAG = f"{sys.version_info.major}.{sys.version_info.minor}"
# The oldest names first: pip takes what any of them admits.
PLATFORMS = ["linux_x86_64", "manylinux1_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64",
             "manylinux_2_24_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64"]


class Trouble(Exception):
    """Something that the table needs cannot be had; the sentence says what."""


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


def run(command, **options):
    """The command's standard output; Trouble with its last words where it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False, **options)
    if done.returncode != 0:
        words = " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise Trouble(f"{Path(str(command[0])).name} failed: {words}")
    return done.stdout


def pip(*arguments, **options):
    return run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], **options)


def download_wheel(requirement, folder):
    """The wheel's file; asks the index only once."""
    name, version = requirement.split("==")
    stem = f"{name.replace('-', '_')}-{version}-"

    def there():
        return sorted(path for path in folder.glob("*.whl") if path.name.lower().startswith(stem))

    if not there():
        say(f"downloading {requirement}")
        folder.mkdir(parents=True, exist_ok=True)
        platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
        pip("download", "--no-deps", "--only-binary", ":all:", "--python-version", PYTHON_TAG, *platforms,
            "-d", folder, requirement)
    found = there()
    if not found:
        raise Trouble(f"pip brought no wheel for {requirement}")
    return found[0]


def once(folder, make):
    """`make(part)` fills a folder that takes its name only when it is whole."""
    if folder.is_dir():
        return folder
    part = folder.with_name(folder.name + ".part")
    run(["rm", "-rf", part])
    part.mkdir(parents=True)
    make(part)
    part.rename(folder)
    return folder
