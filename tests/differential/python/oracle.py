# SPDX-License-Identifier: Apache-2.0
"""Answers questions about versions, markers and tags with the `packaging` library: JSON lines in, JSON lines out.

The answer is null where packaging refuses the input.
"""
import json
import sys
import sysconfig

import packaging
from packaging import markers, requirements, specifiers, tags, utils, version
from packaging import _manylinux, _musllinux


def ask_about(question):
    return packaging.__version__


def ask_version(question):
    parsed = version.Version(question["text"])
    return {
        "normal": str(parsed),
        "public": parsed.public,
        "base": parsed.base_version,
        "local": parsed.local or "",
        "prerelease": parsed.is_prerelease,
        "postrelease": parsed.is_postrelease,
    }


def ask_order(question):
    left, right = (version.Version(text) for text in question["texts"])
    return -1 if left < right else 1 if left > right else 0


def ask_specifiers(question):
    parsed = specifiers.SpecifierSet(question["text"])
    versions = [version.Version(text) for text in question["versions"]]
    return {
        "normal": str(parsed),
        "prereleases": bool(parsed.prereleases),
        "admits": [parsed.contains(one, prereleases=True) for one in versions],
    }


def evaluated(marker, environment):
    try:
        return marker.evaluate(environment)
    except Exception:  # an undefined comparison
        return None


def ask_marker(question):
    parsed = markers.Marker(question["text"])
    return {"normal": str(parsed), "values": [evaluated(parsed, one) for one in question["environments"]]}


def ask_requirement(question):
    parsed = requirements.Requirement(question["text"])
    return {
        "name": parsed.name,
        "extras": sorted(parsed.extras),
        "specifiers": str(parsed.specifier),
        "url": parsed.url,
        "marker": None if parsed.marker is None else str(parsed.marker),
    }


def ask_name(question):
    return utils.canonicalize_name(question["text"])


def ask_wheel(question):
    name, parsed, build, found = utils.parse_wheel_filename(question["text"])
    return {
        "name": name,
        "version": str(parsed),
        "build": "".join(str(piece) for piece in build),
        "tags": sorted(map(str, found)),
    }


def linux_platforms(question):
    sysconfig.get_platform = lambda: question["platform"]
    glibc = question["glibc"] or [-1, -1]
    _manylinux._get_glibc_version = lambda: _manylinux._GLibCVersion(*glibc)
    _manylinux._have_compatible_abi = lambda *ignored: True
    musl = question["musl"] and _musllinux._MuslVersion(*question["musl"])
    _musllinux._get_musl_version = lambda executable: musl
    found = list(tags._linux_platforms(is_32bit=False))
    # packaging 26.3 moved the plain tag to the front; pip, and so wheelfit, has it behind the others.
    found.remove(question["platform"])
    return found + [question["platform"]]


def platforms_of(question):
    system, *rest = question["platform"].split("_")
    if system == "linux":
        return linux_platforms(question)
    if system == "macosx":
        found = tags.mac_platforms((int(rest[0]), int(rest[1])), "_".join(rest[2:]))
        # packaging before 26.3 calls the format of CPython's "fat3" builds fat32.
        return [one.replace("fat32", "fat3") for one in found]
    return [question["platform"]]


def ask_tags(question):
    python = question["python"]
    digits = "".join(map(str, python))
    platforms = platforms_of(question)
    settings = {"Py_DEBUG": 0, "WITH_PYMALLOC": 1, "Py_GIL_DISABLED": int(question["free_threaded"])}
    tags._get_config_var = lambda name, warn=False: settings.get(name)
    if question["implementation"] == "pp":
        own = tags.generic_tags("pp" + digits, ["pypy" + digits + "_pp73"], platforms)
        compatible = tags.compatible_tags(python, "pp3", platforms)
    else:
        own = tags.cpython_tags(python, None, platforms)
        compatible = tags.compatible_tags(python, "cp" + digits, platforms)
    return [str(tag) for tag in [*own, *compatible]]


def answer(question):
    try:
        return globals()["ask_" + question["ask"]](question)
    except (ValueError, RecursionError):
        return None


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
