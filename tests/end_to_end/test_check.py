# SPDX-License-Identifier: Apache-2.0
"""check, and what the proof does to plan and install: real objects, a real nginx that answers ranges."""
import random
import unittest

from environments import EXTENSION, extension
from harness import DONE, LINUX, REFUSED, UNPROVEN, EndToEnd, attention_wheel
from wheels import Wheel

# What torch 2.4's stand-in does not have.
CALLS_LATER_TORCH = """
namespace c10::detail { void torchCheckFail(const char*, long); }
void check() { c10::detail::torchCheckFail("", 1L); }
"""
FOR_TORCH = "cu12torch{}cxx11abiFALSE"


def release(torch, body="", version="2.8.3", **more):
    return attention_wheel(version, "flash_attn", requires=("torch",), local=FOR_TORCH.format(torch), tag=LINUX,
                           body=body, **more)


def large(wheel):
    """With a part that no proof needs."""
    wheel.files["flash_attn/kernels.bin"] = random.Random(7).randbytes(20_000_000)
    return wheel


class Check(EndToEnd):
    releases = {}

    @classmethod
    def serve(cls, server):
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_releases("Dao-AILab/flash-attention", {})

    def official(self, *wheels):
        self.server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": list(wheels)})
        return [self.server.url(f"github/Dao-AILab/flash-attention/releases/download/v2.8.3/{wheel.file_name}"
                                .replace("+", "%2B")) for wheel in wheels]

    def check(self, subject, expect, *options):
        return self.wheelfit("check", subject, "--json", *options, expect=expect).json

    def test_a_wheel_that_fits(self):
        answer = self.check(release("2.4").write(self.home), DONE)
        self.assertEqual(("fits", "symbols", "whole", []),
                         (answer["verdict"], answer["proof"], answer["extent"], answer["reasons"]))
        module = answer["needs"]["modules"][0]
        self.assertEqual(f"flash_attn_2_cuda{EXTENSION}", module["name"])
        self.assertIn("libc10.so", [library["name"] for library in module["libraries"]])
        self.assertTrue(answer["needs"]["uses_torch"])

    def test_a_missing_symbol_is_named(self):
        answer = self.check(release("2.4", CALLS_LATER_TORCH).write(self.home), REFUSED)
        self.assertEqual("refused", answer["verdict"])
        self.assertIn("is named for torch 2.4", answer["reasons"][0]["text"])
        missing = answer["needs"]["modules"][0]["missing"][0]
        self.assertEqual("c10::detail::torchCheckFail(char const*, long)", missing["demangled"])

    def test_a_shared_object(self):
        path = self.home / f"core{EXTENSION}"
        path.write_bytes(extension("core"))
        self.assertEqual("fits", self.check(path, DONE)["verdict"])
        path.write_text("INPUT(core.so)\n" * 20)
        self.assertEqual("refused", self.check(path, REFUSED)["verdict"])

    def test_an_address_is_read_by_ranges(self):
        wheel = large(release("2.4"))
        url, = self.official(wheel)
        answer = self.check(url, DONE)
        self.assertEqual(("fits", "first-bytes"), (answer["verdict"], answer["extent"]))
        self.assertEqual(len(wheel.bytes()), answer["size"])
        self.assertLess(answer["bytes_read"], answer["size"] / 100)
        self.assertFalse(list(self.store.glob("**/*.whl")), "nothing was downloaded")

    def test_a_server_without_ranges_means_a_download(self):
        wheel = release("2.4")
        url, = self.official(wheel)
        answer = self.check(url.replace("/github/", "/no-ranges/github/"), DONE)
        self.assertEqual(("fits", "whole"), (answer["verdict"], answer["extent"]))
        self.assertIn("downloaded", answer["remark"])
        self.assertGreaterEqual(answer["bytes_read"], answer["size"])

    def test_a_hollow_wheel(self):
        hollow = Wheel("flash_attn", "2.8.3", tag=LINUX, local=FOR_TORCH.format("2.4"), pure=False)
        path = hollow.write(self.home)
        self.assertEqual(["hollow"], [reason["code"] for reason in self.check(path, REFUSED)["reasons"]])
        before = self.venv.state()
        outcome = self.wheelfit("install", path, expect=REFUSED)
        self.assert_one_sentence(outcome)
        self.assertIn("hollow", outcome.error)
        self.assert_unchanged(before)

    def test_against_a_description_nothing_is_proven(self):
        answer = self.check(release("2.4").write(self.home), UNPROVEN, "--target",
                            f"python=3.{LINUX.split('-')[0][3:]},torch=2.4.0+cu121,abi=false,glibc=2.39")
        self.assertEqual("unproven", answer["verdict"])
        answer = self.check(release("2.4").write(self.home), REFUSED, "--target",
                            f"python=3.{LINUX.split('-')[0][3:]},torch=2.4.0+cu121,abi=false,glibc=2.1")
        self.assertIn("glibc", [reason["code"] for reason in answer["reasons"]])

    def test_the_plan_is_proven_before_the_download(self):
        self.official(large(release("2.4")))
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=DONE).json
        self.assertEqual(("symbols", "fits"), (plan["chosen"]["proof"], plan["chosen"]["verdict"]))
        self.assertFalse(list(self.store.glob("**/*.whl")), "nothing was downloaded")

    def test_symbols_admit_a_wheel_for_another_torch_and_refuse_one(self):
        self.official(release("2.3"), release("2.5", CALLS_LATER_TORCH))
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=DONE).json
        self.assertIn("torch2.3", plan["chosen"]["name"])
        self.assertEqual("symbols", plan["chosen"]["proof"])
        self.wheelfit("install", "flash-attn", "--require", "import", expect=(DONE, UNPROVEN))
        self.assertEqual("2.8.3", self.venv.run_python("import flash_attn; print(flash_attn.__version__)"))

    def test_where_symbols_refuse_all_nothing_is_chosen(self):
        self.official(release("2.3", CALLS_LATER_TORCH))
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=REFUSED).json
        self.assertIsNone(plan["chosen"])
        self.assertIn("torch-minor", [reason["code"] for reason in plan["candidates"][0]["reasons"]])

    def test_a_name_that_its_binary_does_not_keep_gives_way_to_the_next(self):
        self.official(release("2.4", CALLS_LATER_TORCH, version="2.8.3"))
        self.server.add_releases("Dao-AILab/flash-attention",
                                 {"v2.8.3": [release("2.4", CALLS_LATER_TORCH)],
                                  "v2.8.2": [release("2.4", version="2.8.2")]})
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=DONE).json
        self.assertEqual("2.8.2", plan["chosen"]["version"])

    def test_the_whole_wheel_is_proven_before_anything_is_visible(self):
        wheel = release("2.4", CALLS_LATER_TORCH)
        before = self.venv.state()
        outcome = self.wheelfit("install", wheel.write(self.home), expect=REFUSED)
        self.assertEqual(1, outcome.error.count("error: "), str(outcome))
        self.assertIn("torchCheckFail", outcome.error)
        self.assert_unchanged(before)

    def test_a_wheel_that_its_whole_binary_refuses_gives_way_to_the_next(self):
        self.server.add_releases("Dao-AILab/flash-attention",
                                 {"v2.8.3": [release("2.4", CALLS_LATER_TORCH)],
                                  "v2.8.2": [release("2.4", version="2.8.2")]}, below="no-ranges/")
        # Without ranges it is chosen by its name, and its binary is first seen when it is here.
        outcome = self.wheelfit("install", "flash-attn", "--require", "import", expect=(DONE, UNPROVEN))
        self.assertIn("the next that fits is taken", outcome.error)
        self.assertEqual("2.8.2", self.venv.run_python("import flash_attn; print(flash_attn.__version__)"))

    def test_the_receipt_names_the_proof(self):
        self.wheelfit("install", release("2.4").write(self.home), expect=(DONE, UNPROVEN))
        receipt = self.wheelfit("verify", "flash-attn", "--json", expect=(DONE, UNPROVEN)).json["receipt"]
        self.assertIn(("symbols", True), [(proof["kind"], proof["passed"]) for proof in receipt["proofs"]])

    def test_verify_proves_the_symbols_of_what_is_installed(self):
        self.wheelfit("install", release("2.4").write(self.home), "--require", "symbols", expect=DONE)
        outcome = self.wheelfit("verify", "flash-attn", "--require", "symbols", expect=DONE)
        self.assertRegex(outcome.output, "passed +[0-9]+ checks: symbols, ")
        for module in (self.venv.site).glob(f"flash_attn_2_cuda{EXTENSION}"):
            module.write_bytes(extension("flash_attn_2_cuda", CALLS_LATER_TORCH))
        answer = self.wheelfit("verify", "flash-attn", "--json", expect=REFUSED).json
        symbols = next(check for check in answer["checks"] if check["name"] == "symbols")
        self.assertEqual("failed", symbols["result"])
        self.assertIn("torchCheckFail", symbols["detail"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
