# SPDX-License-Identifier: Apache-2.0
"""What binutils' readelf says of an object: a second opinion to the program's own reader."""
import re

from .places import run

NEEDED = re.compile(r"\(NEEDED\).*\[(.*)\]")
RPATH = re.compile(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]")


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def needed(path):
    return NEEDED.findall(run(["readelf", "-W", "-d", path]))


def search_path(path):
    return [part for match in RPATH.findall(run(["readelf", "-W", "-d", path])) for part in match.split(":")]


def symbols(path):
    """(undefined, defined): sets of (name, version or "")."""
    undefined, defined = set(), set()
    for line in run(["readelf", "-W", "--dyn-syms", path]).splitlines():
        words = line.split()
        if len(words) < 8 or not words[0].endswith(":") or words[4] == "LOCAL":
            continue
        name, _, version = words[7].replace("@@", "@").partition("@")
        if words[6] != "UND":
            defined.add((name, version))
        elif words[4] != "WEAK":
            undefined.add((name, version))
    return undefined, defined
