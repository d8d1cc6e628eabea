# SPDX-License-Identifier: Apache-2.0
"""Every kind of bad wheel: exit 2, one sentence, an environment that is byte for byte what it was."""
import hashlib
import json
import unittest
from pathlib import Path

from harness import REFUSED, TAG, UNREACHABLE, EndToEnd, attention_wheel
from wheels import bad_wheels, simple


class BadWheels(EndToEnd):
    @classmethod
    def serve(cls, server):
        project = [attention_wheel("2.6.2", tag=TAG)]
        server.add_project("vllm-flash-attn", project)
        page = server.www / "simple/vllm-flash-attn"
        wrong = hashlib.sha256(b"another file").hexdigest()
        right = hashlib.sha256(project[0].bytes()).hexdigest()
        for name in ("index.json", "index.html"):
            (page / name).write_text((page / name).read_text().replace(right, wrong))

    def assert_refused(self, before, subject):
        outcome = self.wheelfit("install", subject, expect=REFUSED)
        self.assert_one_sentence(outcome)
        self.assert_unchanged(before, str(outcome))
        self.assertFalse(Path("/tmp/wheelfit-evil.py").exists())
        self.assertFalse((self.home / "evil.py").exists())
        return outcome

    def test_each_kind_as_a_file(self):
        before = self.venv.state()
        for number, (kind, name, content) in enumerate(bad_wheels()):
            with self.subTest(kind):
                folder = self.home / str(number)
                folder.mkdir()
                (folder / name).write_bytes(content)
                self.assert_refused(before, folder / name)

    def test_some_kinds_from_an_address(self):
        before = self.venv.state()
        for number, (kind, name, content) in enumerate(bad_wheels()[:10]):
            with self.subTest(kind):
                self.assert_refused(before, self.server.add_file(f"bad/{number}/{name}", content))

    def test_the_reason_is_in_json_too(self):
        path = self.home / simple().file_name
        path.write_bytes(b"no zip at all")
        document = self.wheelfit("install", path, "--json", expect=REFUSED).json
        self.assertEqual(1, document["schema_version"])
        self.assertIn(simple().file_name, json.dumps(document))

    def test_a_file_that_is_not_what_the_index_promised(self):
        before = self.venv.state()
        outcome = self.assert_refused(before, "vllm-flash-attn")
        self.assertRegex(outcome.error, "(?i)sha-?256|hash")

    def test_a_web_page_instead_of_a_listing(self):
        before = self.venv.state()
        self.server.add_file("strange/vllm-flash-attn/index.html", b"<html>sign in to the hotel's network</html>")
        outcome = self.wheelfit("install", "vllm-flash-attn", "--index-url", self.server.url("strange/"),
                                expect=(REFUSED, UNREACHABLE))
        self.assert_one_sentence(outcome)
        self.assert_unchanged(before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
