# SPDX-License-Identifier: Apache-2.0
"""Servers that take a request and then send nothing more: every wait ends, with exit 3 and a sentence."""
import os
import unittest

from faulty import FaultyServer
from harness import EndToEnd
from wheels import Wheel, simple


class Stalls(EndToEnd):
    def test_a_download_that_stalls_ends(self):
        big = Wheel("handmade", "1.0", {"handmade/big.bin": os.urandom(1_200_000)})
        content = big.bytes()
        server = FaultyServer(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
                              % len(content), content[:4000], hang=True)
        self.addCleanup(server.stop)
        self.assert_unreachable(server.url(big.file_name), "--stall-timeout", "1", timeout=40)

    def test_a_server_that_says_nothing(self):
        server = FaultyServer(b"", hang=True)
        self.addCleanup(server.stop)
        self.assert_unreachable(server.url(simple().file_name), "--timeout", "1", timeout=20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
