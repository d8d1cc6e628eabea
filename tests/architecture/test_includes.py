# SPDX-License-Identifier: Apache-2.0
"""Who may include whom. The rules are the table of ARCHITECTURE.md, read from there."""
import re
import unittest

from source_tree import ROOT, SOURCE, cpp_files, relative

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:<([^>\n]+)>|"([^"\n]+)")', re.M)
# Third-party headers that are cheap enough for headers of ours, and allowed in every folder.
EVERYWHERE = ("tl/expected.hpp", "nlohmann/json_fwd.hpp", "fmt/core.h")
IMPLEMENTATION_ONLY_EVERYWHERE = ("fmt/",)


def read_table():
    """{folder: (our folders and headers, foreign header prefixes)}"""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    section = text.split("\n## Who may include whom\n", 1)[1].split("\n## ", 1)[0]
    rules = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        names = [re.findall(r"`([^`]+)`", cell) for cell in cells]
        for folder in names[0]:
            rules[folder] = (names[1], names[2])
    return rules


def folder_of(path):
    inside = path.relative_to(SOURCE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.name


def may_include_ours(folder, header, allowed):
    target = header.split("/")[0]
    return target in (folder, "base") or target in allowed or header in allowed


def may_include_foreign(header, allowed, is_public):
    if "." not in header and "/" not in header:
        return True  # the C++ standard library
    if header in EVERYWHERE:
        return True
    if is_public:
        return False
    return header.startswith(IMPLEMENTATION_ONLY_EVERYWHERE) or header.startswith(tuple(allowed))


def public_headers():
    """Headers that another folder includes, and what they include in turn: these stay free of foreign types."""
    includes = {path: [SOURCE / match[2] for match in INCLUDE.finditer(path.read_text(encoding="utf-8")) if match[2]]
                for path in cpp_files("src")}
    found = {header for path, headers in includes.items() for header in headers
             if folder_of(header) != folder_of(path)}
    while True:
        more = {header for path in found for header in includes.get(path, [])} - found
        if not more:
            return found
        found |= more


class Includes(unittest.TestCase):
    def setUp(self):
        self.rules = read_table()

    def test_every_folder_has_a_row_and_every_row_a_folder(self):
        folders = {folder_of(path) for path in cpp_files("src")}
        self.assertEqual(sorted(folders), sorted(self.rules))

    def test_no_folder_includes_what_its_row_does_not_name(self):
        wrong, public = [], public_headers()
        for path in cpp_files("src"):
            ours, foreign = self.rules[folder_of(path)]
            for match in INCLUDE.finditer(path.read_text(encoding="utf-8")):
                system, quoted = match.groups()
                if quoted and not (SOURCE / quoted).is_file():
                    wrong.append(f"{relative(path)}: \"{quoted}\" is no header below src/")
                elif quoted and not may_include_ours(folder_of(path), quoted, ours):
                    wrong.append(f"{relative(path)}: {folder_of(path)} may not include {quoted}")
                elif system and not may_include_foreign(system, foreign, path in public):
                    wrong.append(f"{relative(path)}: <{system}> does not belong here")
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_the_rules_have_no_circle(self):
        def folders_of(name):
            return {entry.split("/")[0] for entry in self.rules[name][0] if "/" not in entry}

        reached = {name: folders_of(name) for name in self.rules}
        for _ in self.rules:
            for name in reached:
                reached[name] |= set().union(*(reached[other] for other in reached[name]), set())
        self.assertEqual([], [name for name in reached if name in reached[name]])


if __name__ == "__main__":
    unittest.main(verbosity=2)
