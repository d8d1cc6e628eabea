# SPDX-License-Identifier: Apache-2.0
"""What happens when sources stall, break, move, limit or are not asked at all."""
import json
import os
import shutil
import subprocess
import sys
import time
import unittest

from environments import compile_library
from faulty import FaultyServer
from harness import DONE, LINUX, REFUSED, TAG, UNPROVEN, UNREACHABLE, EndToEnd, attention_wheel
from nginx import free_port
from wheels import Wheel, simple

# Every way to the network fails and is written down; files and sockets of the machine itself stay.
NO_NETWORK = r"""
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
static int denied(const char* what) {
  if (FILE* log = fopen(getenv("SEEN_NETWORK"), "a")) { fprintf(log, "%s\n", what); fclose(log); }
  errno = ENETUNREACH;
  return -1;
}
extern "C" int socket(int domain, int type, int protocol) noexcept {
  if (domain == AF_INET || domain == AF_INET6) return denied("socket");
  return reinterpret_cast<int (*)(int, int, int)>(dlsym(RTLD_NEXT, "socket"))(domain, type, protocol);
}
extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) { denied("getaddrinfo"); return EAI_FAIL; }
"""


class Network(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_project("vllm-flash-attn", [attention_wheel("2.6.2", tag=TAG)])
        flash_attn = attention_wheel("2.8.3", "flash_attn", requires=("torch",),
                                     local="cu12torch2.4cxx11abiFALSE", tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [flash_attn]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        cls.big = Wheel("handmade", "1.0", {"handmade/__init__.py": "version = '1.0'\n",
                                            "handmade/big.bin": os.urandom(1_200_000)})
        server.add_file(f"files/{cls.big.file_name}", cls.big.bytes())
        shim = compile_library(cls.folder / "no-network", NO_NETWORK, "-ldl")
        cls.shim = cls.folder / "no-network" / "library.so"
        assert shim

    def test_answers_that_are_no_file(self):
        for place in ("gone", "unavailable"):
            with self.subTest(place):
                self.assertIn("404" if place == "gone" else "503", self.assert_unreachable(
                    self.server.url(f"{place}/{self.big.file_name}"), "--timeout", "2").error)

    def test_nobody_listens(self):
        self.assert_unreachable(f"http://127.0.0.1:{free_port()}/{self.big.file_name}", "--timeout", "2")

    def test_a_download_that_is_cut_off_every_time(self):
        content = self.big.bytes()
        server = FaultyServer(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
                              % len(content), content[:4000])
        self.addCleanup(server.stop)
        self.assert_unreachable(server.url(self.big.file_name), "--timeout", "2")

    def test_an_interrupted_download_goes_on_where_it_was(self):
        url = self.server.url(f"slow/files/{self.big.file_name}")
        child = self.start("install", url)
        time.sleep(1.5)
        child.kill()
        child.communicate()
        self.server.forget_requests()
        self.wheelfit("install", url, "--require", "import", expect=DONE)
        self.assertTrue(any('"bytes=' in line and " 206 " in line for line in self.server.requests()),
                        self.server.requests())

    def test_what_is_in_the_store_is_not_fetched_again(self):
        self.wheelfit("fetch", "vllm-flash-attn", expect=(DONE, UNPROVEN))
        self.server.forget_requests()
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", expect=DONE)
        self.assertEqual([], [line for line in self.server.requests() if "/files/" in line])

    def test_a_receipt_brings_the_same_wheel_again(self):
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", expect=DONE)
        receipt = self.home / "kept.json"
        shutil.copy(next(self.venv.site.glob("vllm_flash_attn-*.dist-info")) / "WHEELFIT.json", receipt)
        was = json.loads(receipt.read_text())
        self.wheelfit("uninstall", "vllm-flash-attn", expect=DONE)
        for where in ("--offline", "--no-store"):  # from the store, then from the address
            with self.subTest(where):
                self.wheelfit("install", receipt, where, "--require", "import", expect=DONE)
                now = json.loads((next(self.venv.site.glob("vllm_flash_attn-*.dist-info")) / "WHEELFIT.json").read_text())
                self.assertEqual((was["sha256"], was["url"]), (now["sha256"], now["url"]))
                self.wheelfit("uninstall", "vllm-flash-attn", expect=DONE)
        receipt.write_text(receipt.read_text().replace(was["sha256"], "0" * 64))
        self.assert_one_sentence(self.wheelfit("install", receipt, "--no-store", expect=REFUSED))

    def test_a_listing_is_sent_again_only_if_it_changed(self):
        def listings():
            return [line for line in self.server.requests() if "/api/repos/Dao-AILab/" in line]

        self.wheelfit("plan", "flash-attn", expect=(DONE, UNPROVEN))
        self.assertTrue(any(" 200 " in line for line in listings()), self.server.requests())
        self.server.forget_requests()
        self.wheelfit("plan", "flash-attn", expect=(DONE, UNPROVEN))
        self.assertTrue(all(" 304 " in line for line in listings()), listings())

    def test_a_rate_limit_is_answered_from_what_is_known_and_said(self):
        variables = dict(self.variables, WHEELFIT_GITHUB_API=self.server.url("limited"))
        outcome = self.wheelfit("plan", "flash-attn", variables=variables, expect=(DONE, UNPROVEN))
        self.assertIn("torch2.4cxx11abiFALSE", outcome.output)
        self.assertIn("built-in", outcome.output + outcome.error)

    def test_an_index_of_html_pages(self):
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", "--index-url",
                      self.server.url("html-only/"), expect=DONE)

    def test_an_index_that_moved(self):
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", "--index-url",
                      self.server.url("moved/simple/"), expect=DONE)

    def test_a_yanked_wheel_is_not_taken(self):
        wheels = [attention_wheel("2.6.2", tag=TAG), attention_wheel("2.6.1", tag=TAG)]
        self.server.add_project("yanked/vllm-flash-attn", wheels, yanked={wheels[0].file_name})
        for name in ("index.html", "index.json"):  # one folder deeper than other projects
            page = self.server.www / "simple/yanked/vllm-flash-attn" / name
            page.write_text(page.read_text().replace("../../files/", "../../../files/"))
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", "--index-url",
                      self.server.url("simple/yanked/"), expect=DONE)
        self.assertEqual("2.6.1", self.venv.run_python("import vllm_flash_attn as v; print(v.__version__)"))

    def test_a_proxy(self):
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", "--proxy", self.server.proxy, expect=DONE)
        asked = [line for line in self.server.requests() if "vllm" in line]
        self.assertTrue(asked)
        self.assertTrue(all("through-the-proxy" in line for line in asked), asked)

    def test_no_credential_is_shown_or_kept(self):
        url = self.server.url("simple/").replace("http://", "http://somebody:hunter2@")
        self.venv.use_index(url)
        outcome = self.wheelfit("install", "vllm-flash-attn", "--require", "import", "--verbose", expect=DONE)
        inspected = self.wheelfit("inspect", "--json", expect=(DONE, UNPROVEN))
        kept = [path for folder in (self.venv.path, self.home) for path in folder.rglob("*")
                if path.is_file() and path.name != "pip.conf" and b"hunter2" in path.read_bytes()]
        self.assertNotIn("hunter2", f"{outcome} {inspected}")
        self.assertEqual([], kept)
        self.assertTrue(any("Basic " in line for line in self.server.requests()))

    def test_offline_opens_no_connection(self):
        seen = self.home / "seen-network"
        variables = dict(self.variables, LD_PRELOAD=str(self.shim), SEEN_NETWORK=str(seen))
        control = subprocess.run([sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"],
                                 env=variables, stderr=subprocess.DEVNULL)
        self.assertNotEqual(0, control.returncode)
        self.assertTrue(seen.read_text())  # the shim does see a connection
        seen.unlink()
        for arguments in (("plan", "flash-attn", "--offline"), ("plan", "vllm-flash-attn", "--offline"), ("inspect",),
                          ("install", simple().write(self.home), "--require", "import", "--offline")):
            self.wheelfit(*arguments, variables=variables, expect=(DONE, UNPROVEN))
        self.assertFalse(seen.exists(), seen.read_text() if seen.exists() else "")

    def test_offline_without_the_file_says_so(self):
        before = self.venv.state()
        outcome = self.wheelfit("install", "vllm-flash-attn", "--offline", expect=(REFUSED, UNREACHABLE))
        self.assert_one_sentence(outcome)
        self.assert_unchanged(before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
