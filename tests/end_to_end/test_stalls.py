# SPDX-License-Identifier: Apache-2.0
"""Servers that take a request and then send nothing more: every wait ends, with exit 3 and a sentence."""
import os
import unittest

from faulty import FaultyServer
from harness import EndToEnd
from wheels import Wheel


class Stalls(EndToEnd):
    @classmethod
    def serve(cls, server):
        cls.big = Wheel("handmade", "1.0", {"handmade/__init__.py": "version = '1.0'\n",
                                            "handmade/big.bin": os.urandom(1_200_000)})
        server.add_file(f"files/{cls.big.file_name}", cls.big.bytes())

    def test_a_download_that_stalls_ends(self):
        self.assert_unreachable(self.server.url(f"stalled/files/{self.big.file_name}"), "--timeout", "2", timeout=240)

    def test_a_server_that_says_nothing(self):
        server = FaultyServer(b"", hang=True)
        self.addCleanup(server.stop)
        self.assert_unreachable(server.url(self.big.file_name), "--timeout", "1", timeout=200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
