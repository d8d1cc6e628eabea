# SPDX-License-Identifier: Apache-2.0
"""What must not be written: package names in code, registries' host names, paths of somebody's machine, output
outside render/. Patterns of forbidden words are put together here so that this file does not contain them."""
import re
import unittest

from source_tree import code_only, cpp_files, line_of, relative, repository_files, without_comments

# Comments may give examples; strings and identifiers may not: knowledge about packages is data. The command line's
# own words (help, and what a bare `wheelfit` plans for) are no knowledge.
PACKAGE_NAMES = re.compile(r"flash[-_]?attn|\bvllm|\bxformers|\bmamba[-_]ssm|causal[-_]conv1d", re.I)

REGISTRIES = re.compile("|".join((
    "p" + r"ypi\.(org|io)", "python" + r"hosted\.org", r"deb\." + r"debian\.org", "registry" + r"\.npmjs",
    "archive" + r"\.ubuntu\.com")), re.I)
MACHINE_PATHS = re.compile(r"(^|[^A-Za-z0-9_.])/(" + "|".join(("wo" + "rk", "ro" + "ot", "fa" + "rm")) + r")/", re.M)

OUTPUT = re.compile(r"\bstd::(cout|cerr|clog)\b|\b(stdout|stderr)\b|(?<![\w.])(v?printf|v?fprintf|puts|putchar)\s*\("
                    r"|\bfmt::print\b")
# The GPU probe is a child process of ours: its standard output is the pipe to its parent.
MAY_WRITE = ("src/render/", "src/probe/gpu_child")


def matches(pattern, paths, view=lambda text: text):
    found = []
    for path in paths:
        try:
            text = view(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # not a text
        found += [f"{relative(path)}:{line_of(text, match.start())}: {match[0].strip()}"
                  for match in pattern.finditer(text)]
    return found


class Words(unittest.TestCase):
    def assert_none(self, found):
        self.assertEqual([], found, "\n" + "\n".join(found))

    def test_no_package_name_in_code(self):
        paths = [path for path in cpp_files("src") if not relative(path).startswith("src/cli/")]
        self.assert_none(matches(PACKAGE_NAMES, paths, without_comments))

    def test_no_registry_host_in_any_file(self):
        self.assert_none(matches(REGISTRIES, repository_files()))

    def test_no_path_of_one_machine_in_any_file(self):
        self.assert_none(matches(MACHINE_PATHS, repository_files()))

    def test_only_render_writes_to_the_terminal(self):
        paths = [path for path in cpp_files("src") if not relative(path).startswith(MAY_WRITE)]
        self.assert_none(matches(OUTPUT, paths, code_only))


class ThePatternsThemselves(unittest.TestCase):
    def test_they_find_what_they_are_for(self):
        self.assertTrue(REGISTRIES.search("https://" + "py" + "pi.org/simple"))
        self.assertTrue(MACHINE_PATHS.search("see /" + "work/main"))
        self.assertFalse(MACHINE_PATHS.search("a frame" + "work/main"))
        self.assertTrue(PACKAGE_NAMES.search('if (name == "flash_attn")'))
        self.assertFalse(PACKAGE_NAMES.search(without_comments("int x;  // flash-attn\n")))
        self.assertTrue(OUTPUT.search("std::cout << 1"))
        self.assertFalse(OUTPUT.search("std::snprintf(buffer"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
