#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a .rows file (docs/formats/rows.md) from a list of the wheels that a source holds.

  refresh_rows.py --list assets.csv [--list more.csv] [--matrix matrix.json] [--as-of DATE] [--title TEXT] > x.rows
  refresh_rows.py --releases OWNER/REPOSITORY > x.rows       (asks the GitHub API; GITHUB_TOKEN is used)

A list is CSV with a header; its columns are the release tag ("tag" or "release") and the file name ("name").
A matrix is JSON {"columns": [...], "releases": {tag: {"rows": [[...]]}}} whose rows have a status: rows whose status
begins with "post-tag" are added, and all rows of the tags given with --whole.
"""
import argparse
import csv
import collections
import itertools
import json
import os
import re
import sys
import urllib.request

# name, version, then the words of the label, interpreter, platform: the axes of a product.
LABEL = re.compile(r"(cu[0-9.]+)?(torch[0-9.]+)?(.*)")


def axes(name, tag):
    """The file name as one value per axis; the version is '*' where the tag repeats it."""
    distribution, version, python, abi, platform = name[: -len(".whl")].split("-")
    version, plus, label = version.partition("+")
    cuda, torch, rest = LABEL.fullmatch(label).groups(default="")
    interpreter = abi if abi.startswith(python) else f"{python}-{abi}"
    return (distribution, "*" if tag == "v" + version else version, plus + cuda, torch, rest, interpreter, platform)


def merged(boxes, axis):
    """Products that differ along one axis only become one product."""
    groups = collections.defaultdict(list)
    for box in boxes:
        groups[box[:axis] + box[axis + 1 :]].append(box[axis])
    return {key[:axis] + (frozenset().union(*values),) + key[axis:] for key, values in groups.items()}


def products(rows):
    """A small set of disjoint products that holds exactly `rows`."""
    start = {tuple(frozenset([value]) for value in row) for row in rows}
    best = None
    for order in itertools.permutations(range(2, 7)):
        boxes, before = start, 0
        while len(boxes) != before:
            before = len(boxes)
            for axis in (1,) + order:
                boxes = merged(boxes, axis)
        if best is None or (len(boxes), line_lengths(boxes)) < (len(best), line_lengths(best)):
            best = boxes
    return best


def line_lengths(boxes):
    return sum(len(line(box)) for box in boxes)


def natural(text):
    return [int(part) if part.isdigit() else part for part in re.split(r"([0-9]+)", text)]


def braces(values):
    """One value as it is, several as "common{a,b}": the common beginning is lifted out at a word boundary."""
    values = sorted(values, key=natural)
    if len(values) == 1:
        return values[0]
    prefix = os.path.commonprefix(values)
    while prefix and prefix[-1].isdigit():
        prefix = prefix[:-1]
    return prefix + "{" + ",".join(value[len(prefix) :] for value in values) + "}"


def line(box):
    distribution, version, cuda, torch, rest, interpreter, platform = (braces(values) for values in box)
    return f"{distribution}-{version}{cuda}{torch}{rest}-{interpreter}-{platform}"


def from_lists(paths):
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield row.get("tag") or row["release"], row["name"]


def from_matrix(path, whole):
    """(tag, name, digest or None) of the rows added after their tag, and of all rows of the tags in `whole`."""
    with open(path, encoding="utf-8") as file:
        matrix = json.load(file)
    for tag, release in matrix["releases"].items():
        for values in release["rows"]:
            row = dict(zip(matrix["columns"], values))
            if tag not in whole and not row["status"].startswith("post-tag"):
                continue
            python = row["python_tag"]
            name = (f"flash_attn-{tag[1:]}+{row['cuda_tag']}torch{row['torch_minor']}cxx11abi{row['abi_label']}"
                    f"-{python}-{python}-{row['platform_tag']}.whl")
            digest = re.search(r"sha256 ([0-9a-f]{64})", row["status"])
            yield tag, name, digest.group(1) if digest else None


def from_github(repository):
    page = 1
    while True:
        request = urllib.request.Request(
            f"https://api.github.com/repos/{repository}/releases?per_page=100&page={page}",
            headers={"Accept": "application/vnd.github+json"})
        if os.environ.get("GITHUB_TOKEN"):
            request.add_header("Authorization", "Bearer " + os.environ["GITHUB_TOKEN"])
        with urllib.request.urlopen(request, timeout=60) as answer:
            releases = json.load(answer)
        for release in releases:
            for asset in release["assets"]:
                if asset["name"].endswith(".whl"):
                    yield release["tag_name"], asset["name"]
        if len(releases) < 100:
            return
        page += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="append", default=[], help="CSV file")
    parser.add_argument("--matrix", help="JSON file")
    parser.add_argument("--whole", action="append", default=[], help="tag of the matrix to take whole")
    parser.add_argument("--releases", help="OWNER/REPOSITORY on GitHub")
    parser.add_argument("--title", default="Wheels that a source is known to hold")
    parser.add_argument("--as-of", default="", help="date of the knowledge")
    options = parser.parse_args()

    names, digests = collections.defaultdict(set), []
    for tag, name in from_lists(options.list):
        names[tag].add(name)
    for tag, name, digest in from_matrix(options.matrix, options.whole) if options.matrix else ():
        names[tag].add(name)
        if digest:
            digests.append((tag, name, digest))
    for tag, name in from_github(options.releases) if options.releases else ():
        names[tag].add(name)

    blocks = collections.defaultdict(list)
    for tag in sorted(names, key=natural):
        lines = sorted(line(box) for box in products({axes(name, tag) for name in names[tag]}))
        blocks[tuple(lines)].append(tag)
    out = sys.stdout
    out.write(f"# {options.title}" + (f", as of {options.as_of}" if options.as_of else "") + ".\n")
    out.write("# Written by tools/refresh_rows.py; the format is docs/formats/rows.md.\n")
    for lines, tags in blocks.items():
        out.write("\nrelease " + " ".join(tags) + "\n" + "\n".join(lines) + "\n")
    if digests:
        out.write("\n")
    for tag, name, digest in sorted(digests):
        out.write(f"sha256 {tag} {name} {digest}\n")


if __name__ == "__main__":
    main()
