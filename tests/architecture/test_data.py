# SPDX-License-Identifier: Apache-2.0
"""Every fact in data/ says where it is from."""
import tomllib
import unittest

from source_tree import ROOT, relative, repository_files

# These arrays of tables describe where to look, not what is true.
NOT_FACTS = ("source",)
# "METADATA of the published wheel" says where to look; "known" does not.
SHORTEST_PLACE = 12


def tables():
    for path in repository_files():
        # Sentences in other languages state no facts.
        if path.suffix == ".toml" and (ROOT / "data") in path.parents and path.parent.name != "lang":
            yield path, tomllib.loads(path.read_text(encoding="utf-8"))


class Sources(unittest.TestCase):
    def test_every_row_has_its_source(self):
        wrong, rows = [], 0
        for path, document in tables():
            for name, entries in document.items():
                if name in NOT_FACTS or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
                    continue
                for number, entry in enumerate(entries, 1):
                    rows += 1
                    if len(str(entry.get("source", ""))) < SHORTEST_PLACE:
                        wrong.append(f"{relative(path)}: [[{name}]] number {number} has no source")
        self.assertGreater(rows, 0)
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_built_in_lists_say_how_old_they_are(self):
        wrong = [f"{relative(path)}: {source.get('id')}" for path, document in tables()
                 for source in document.get("source", []) if source.get("rows") and not source.get("rows_as_of")]
        self.assertEqual([], wrong)


if __name__ == "__main__":
    unittest.main(verbosity=2)
