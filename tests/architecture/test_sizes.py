# SPDX-License-Identifier: Apache-2.0
"""Files of at most 500 lines, functions of at most 60."""
import re
import unittest

from source_tree import ROOT, code_only, cpp_files, line_of, relative, repository_files

FILE_LIMIT = 500
FUNCTION_LIMIT = 60
TYPE = re.compile(r"\b(class|struct|union|enum)\b[^()=]*$")


def _kind(head):
    if re.search(r"\bnamespace\b|\bextern\s*$", head):
        return "namespace"
    if TYPE.search(head):
        return "type"
    parenthesis = head.find("(")
    if parenthesis < 0 or ("=" in head[:parenthesis] and "operator" not in head):
        return "data"
    return "function"


def functions(text):
    """(first line, lines) of each function of C++ code: the outermost braces that belong to no namespace or type."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda match: re.sub(r"[^\n]", " ", match[0]), code_only(text),
                  flags=re.M)
    found, stack, head_start = [], [], 0
    for match in re.finditer(r"[{};]", code):
        at, inside = match.start(), bool(stack) and stack[-1][0] in ("function", "data")
        if match[0] == "{":
            kind = "block" if inside or (stack and stack[-1][0] == "block") else _kind(code[head_start:at])
            stack.append((kind, head_start))
            if kind in ("namespace", "type"):
                head_start = at + 1
        elif match[0] == "}" and stack:
            kind, start = stack.pop()
            outermost = not stack or stack[-1][0] in ("namespace", "type")
            # A constructor's `: member_{1}, other_{2} {` goes on with its body.
            goes_on = kind == "function" and re.match(r"\s*[,{]", code[at + 1:at + 200])
            if outermost and not goes_on:
                if kind == "function":
                    first = start + len(code[start:]) - len(code[start:].lstrip())
                    found.append((line_of(code, first), line_of(code, at) - line_of(code, first) + 1))
                head_start = at + 1
            elif outermost:
                head_start = start
        elif not stack or stack[-1][0] in ("namespace", "type"):
            head_start = at + 1
    return found


class Sizes(unittest.TestCase):
    def test_no_file_is_longer_than_500_lines(self):
        counted = [path for path in repository_files() if path.suffix in (".cpp", ".hpp", ".py", ".sh")
                   or path.parent in (ROOT / "scripts", ROOT / ".ci")]
        lengths = {relative(path): path.read_text(encoding="utf-8").count("\n") for path in counted}
        self.assertEqual({}, {name: lines for name, lines in lengths.items() if lines > FILE_LIMIT})

    def test_no_function_is_longer_than_60_lines(self):
        wrong = [f"{relative(path)}:{line}: a function of {lines} lines"
                 for path in cpp_files("src") for line, lines in functions(path.read_text(encoding="utf-8"))
                 if lines > FUNCTION_LIMIT]
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))


class TheMeasureItself(unittest.TestCase):
    def test_counts_functions_members_and_constructors_but_no_tables(self):
        text = "\n".join([
            "namespace a {", "struct B {", "  int c() const {", "    return 1;", "  }", "};",
            "constexpr int table[] = {", "  1,", "};", "// { in a comment", 'const char* s = "{";',
            "B::B() : x_{1}, y_{2} {", "  if (x) {", "  }", "}", "bool operator==(B l, B r) {", "  return true;", "}",
            "}  // namespace a"])
        self.assertEqual([(3, 3), (12, 4), (16, 3)], functions(text))


if __name__ == "__main__":
    unittest.main(verbosity=2)
