# SPDX-License-Identifier: Apache-2.0
"""A wheel from its source distribution: what stands in the way, what it takes, kills and going on, and the result. The
sources are small and nvcc is a stand-in (sdist.py); the real ones are built by bench/build."""
import os
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from harness import DONE, FAULT, LINUX, REFUSED, UNPROVEN, USAGE, EndToEnd
from nginx import free_port
from sdist import Sdist, archive, sources, toolkit
from wheels import Wheel

VERSION = "2.8.3"
LABEL = "cu121torch2.4sm80"


class Build(EndToEnd):
    extra, slow, broken = 0, 0, ""

    @classmethod
    def serve(cls, server):
        for name in ("wheel", "packaging", "setuptools"):
            if not list(cls.template.site.glob(f"{name}-*.dist-info")):
                cls.template.pip("install", "--no-index", "--no-deps", str(Wheel(name, "99.0").write(cls.folder)))
        server.add_releases("Dao-AILab/flash-attention", {})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_project("flash-attn", [Sdist(VERSION, tag=LINUX, extra=cls.extra, slow=cls.slow, broken=cls.broken)])
        server.add_project("einops", [Wheel("einops", "0.8.0")])

    def setUp(self):
        super().setUp()
        self.toolkit = toolkit(self.home / "cuda")
        self.variables |= {"CUDA_HOME": str(self.toolkit), "CCACHE_DIR": str(self.home / "ccache")}

    def build(self, *options, **more):
        return self.wheelfit("build", f"flash-attn=={VERSION}", "--arch", "8.6", "--compiler-cache", "none", *options, **more)

    def compiler_calls(self):
        calls = self.toolkit / "bin" / "calls"
        return calls.read_text().splitlines() if calls.exists() else []


class WhatStandsInTheWay(Build):
    def test_no_nvcc_names_the_toolkit_of_torch_and_a_way_without_root(self):
        self.variables.pop("CUDA_HOME")
        outcome = self.build("--json", variables=self.variables | {"CUDA_HOME": str(self.home)}, expect=REFUSED)
        self.assertEqual(["cuda-home"], [row["code"] for row in outcome.json["obstacles"]])
        (self.toolkit / "version.json").unlink()
        (self.toolkit / "bin" / "nvcc").write_text("#!/bin/sh\nexit 1\n")
        outcome = self.build(variables=self.variables | {"CUDA_HOME": str(self.toolkit)}, expect=REFUSED)
        self.assertIn("cuda-toolkit-12-1", outcome.output)
        self.assertIn("without root", outcome.output)

    def test_another_major(self):
        self.variables["CUDA_HOME"] = str(toolkit(self.home / "other", "13.0"))
        outcome = self.build("--json", expect=REFUSED)
        self.assertEqual(["cuda-major"], [row["code"] for row in outcome.json["obstacles"]])
        self.assertTrue(any("12-1" in cure for cure in outcome.json["obstacles"][0]["cures"]))

    def test_a_gpu_that_nvcc_does_not_know_and_one_that_the_package_does_not(self):
        outcome = self.wheelfit("build", "flash-attn", "--arch", "12.0", "--json", expect=REFUSED)
        self.assertEqual(["nvcc-architecture"], [row["code"] for row in outcome.json["obstacles"]])
        self.assert_one_sentence(self.wheelfit("build", "flash-attn", "--arch", "7.5", expect=REFUSED))

    def test_what_setup_py_imports(self):
        self.venv.pip("uninstall", "-y", "packaging")
        outcome = self.build("--json", expect=REFUSED)
        self.assertEqual(["build-requirement"], [row["code"] for row in outcome.json["obstacles"]])
        self.assertIn("pip install packaging", outcome.json["obstacles"][0]["cures"][0])

    def test_no_gpu_and_none_named(self):
        outcome = self.wheelfit("build", "flash-attn", expect=USAGE)
        self.assert_one_sentence(outcome)
        self.assertIn("--arch 8.0", outcome.error)

    def test_a_part_that_is_none(self):
        outcome = self.build("--without", "hdim63", expect=USAGE)
        self.assertIn("hdim64", outcome.error)

    def test_too_little_memory_for_one_file(self):
        outcome = self.build("--memory", "1G", expect=4)
        self.assert_one_sentence(outcome)
        self.assertIn("GB of memory", outcome.error)
        self.assertEqual([], self.compiler_calls())

    def test_a_dry_run_says_what_it_takes_and_compiles_nothing(self):
        before = self.venv.state()
        outcome = self.build("--dry-run", "--json", expect=DONE)
        forecast = outcome.json["forecast"]
        self.assertEqual((4, 4), (forecast["units"], forecast["units_left"]))
        self.assertEqual("variable", outcome.json["limited_by"])
        self.assertGreater(forecast["build_seconds"], 100)
        self.assertGreater(forecast["peak_memory_bytes"], 10**9)
        self.assertIsNone(outcome.json["wheel"])
        self.assertEqual([], self.compiler_calls())
        self.assert_unchanged(before)
        self.assertEqual([], list((self.store / "builds").iterdir()))


class AWheel(Build):
    def test_is_made_proven_kept_and_made_once(self):
        first = self.build("--json", expect=DONE)
        wheel = Path(first.json["wheel"])
        self.assertEqual(f"flash_attn-{VERSION}+{LABEL}-{LINUX}.whl", wheel.name)
        self.assertTrue(wheel.is_relative_to(self.store / "wheels"))
        self.assertEqual(("symbols", False, 4), (first.json["proof"], first.json["built_before"], len(first.json["compiled"])))
        self.assertTrue(all("sm_80" in call and "sm_90" not in call and "--threads 1" in call for call in self.compiler_calls()),
                        self.compiler_calls())
        log = Path(first.json["log"]).read_text()
        for variable in ("'FLASH_ATTN_CUDA_ARCHS': '80'", "'FLASH_ATTENTION_FORCE_BUILD': 'TRUE'", "'NVCC_THREADS': '1'",
                         "'MAX_JOBS': '1'"):
            self.assertIn(variable, log)
        self.assertEqual(["build.log", "lock"], sorted(path.name for path in Path(first.json["build_directory"]).iterdir()))
        calls = len(self.compiler_calls())
        again = self.build("--json", expect=DONE)
        self.assertEqual((True, str(wheel)), (again.json["built_before"], again.json["wheel"]))
        self.assertEqual(calls, len(self.compiler_calls()))
        self.wheelfit("install", wheel, "--require", "import", "--offline", expect=DONE)
        self.assertEqual(f"{VERSION}+{LABEL}", self.venv.run_python("import flash_attn; print(flash_attn.__version__)"))
        self.venv.pip("uninstall", "-y", "flash-attn")

    def test_install_takes_the_rung_only_with_the_callers_word(self):
        refused = self.wheelfit("install", "flash-attn", "--arch", "8.0", expect=REFUSED)
        self.assertIn("--build", refused.error)
        plan = self.wheelfit("plan", "flash-attn", "--build", "--arch", "8.0", "--json", expect=UNPROVEN)
        self.assertEqual(("build", VERSION), (plan.json["chosen"]["kind"], plan.json["chosen"]["version"]))
        self.wheelfit("install", "flash-attn", "--build", "--arch", "8.0", "--require", "import", "--compiler-cache", "none",
                      expect=DONE)
        self.assertEqual(f"{VERSION}+{LABEL}", self.venv.run_python("import flash_attn; print(flash_attn.__version__)"))

    def test_where_it_cannot_be_built_the_next_permitted_rung_is_taken(self):
        self.venv.pip("uninstall", "-y", "packaging")
        outcome = self.wheelfit("install", "flash-attn", "--build", "--arch", "8.0", "--fallback", "sdpa", "--dry-run", "--json",
                                expect=(DONE, UNPROVEN))
        self.assertIn(VERSION, outcome.output)

    def test_parts_left_out_are_stood_in_for_and_named(self):
        outcome = self.build("--without", "backward", "--json", expect=DONE)
        wheel = Path(outcome.json["wheel"])
        self.assertIn(f"+{LABEL}.nobackward-", wheel.name)
        self.assertEqual(["flash_fwd_hdim64_fp16_sm80.cu"],
                         [row["name"] for row in outcome.json["compiled"] if row["name"].endswith(".cu")])
        self.wheelfit("install", wheel, "--require", "import", expect=DONE)
        told = self.venv.run_python(
            "import ctypes, flash_attn, flash_attn_2_cuda as m\n"
            "ctypes.CDLL(m.__file__).forward(); print('forward')")
        self.assertEqual("forward", told)
        child = subprocess.run([self.venv.python, "-c", "import ctypes, flash_attn, flash_attn_2_cuda as m\n"
                                                        "ctypes.CDLL(m.__file__).backward()"], capture_output=True, text=True)
        self.assertIn("built by wheelfit without the backward pass for head dimension 64", child.stderr)

    def test_from_a_file_into_a_folder_and_nothing_left_behind(self):
        sdist = self.home / f"flash_attn-{VERSION}.tar.gz"
        sdist.write_bytes(Sdist(VERSION, tag=LINUX).bytes())
        self.wheelfit("build", sdist, "--arch", "8.0", "--no-store", "-o", self.home / "out", "--offline", expect=DONE)
        self.assertEqual([f"flash_attn-{VERSION}+{LABEL}-{LINUX}.whl"], [path.name for path in (self.home / "out").iterdir()])
        self.assertFalse(self.store.exists())

    def test_a_wheel_without_its_module_is_not_kept(self):
        files = sources(VERSION, tag=LINUX)
        packed = "         module: (temp / module).read_bytes(),\n"
        self.assertIn(packed, files["setup.py"])
        files["setup.py"] = files["setup.py"].replace(packed, "")
        sdist = self.home / f"flash_attn-{VERSION}.tar.gz"
        sdist.write_bytes(archive(files, VERSION))
        outcome = self.wheelfit("build", sdist, "--arch", "8.0", "--compiler-cache", "none", expect=REFUSED)
        self.assert_one_sentence(outcome)
        self.assertIn("was built without its module flash_attn_2_cuda", outcome.error)
        self.assertEqual([], list((self.store / "wheels").rglob("*.whl")))

    def test_through_a_compiler_cache(self):
        options = ("build", f"flash-attn=={VERSION}", "--arch", "8.0", "--json")
        first = self.wheelfit(*options, expect=DONE)
        self.assertEqual("ccache", first.json["compiler_cache"])
        again = self.wheelfit(*options, "--again", expect=DONE)
        self.assertEqual((False, 4), (again.json["built_before"], len(again.json["compiled"])))
        counted = subprocess.run(["ccache", "--print-stats"], env=self.variables, capture_output=True, text=True).stdout
        hits = sum(int(line.split()[1]) for line in counted.splitlines() if line.split()[0].endswith("_cache_hit"))
        self.assertGreaterEqual(hits, 4, counted)


@unittest.skipUnless(shutil.which("sccache"), "no sccache is here")
class WithSccache(Build):
    def setUp(self):
        super().setUp()
        self.variables["PATH"] += os.pathsep + str(Path(shutil.which("sccache")).parent)

    def serving(self):
        """Processes of sccache that belong to this test."""
        return [entry for entry in Path("/proc").glob("[0-9]*") if self.of_sccache(entry)]

    def of_sccache(self, process):
        try:
            return b"sccache" in (process / "cmdline").read_bytes() and str(self.home).encode() in (process / "environ").read_bytes()
        except OSError:
            return False

    def build_through_it(self, store, *options, **more):
        return self.wheelfit("build", f"flash-attn=={VERSION}", "--arch", "8.0", "--store", store, "--json", *options, **more)

    @unittest.skipUnless(shutil.which("redis-server"), "no redis-server is here")
    def test_two_machines_share_one_over_the_network(self):
        port = free_port()
        redis = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""], cwd=self.home,
                                 stdout=subprocess.DEVNULL)
        self.addCleanup(redis.wait)
        self.addCleanup(redis.terminate)
        self.variables["SCCACHE_REDIS_ENDPOINT"] = f"tcp://127.0.0.1:{port}"

        def asked(word):
            told = subprocess.run(["redis-cli", "-p", str(port), "info", "stats"], capture_output=True, text=True).stdout
            return int(next(line for line in told.splitlines() if line.startswith(word)).split(":")[1])

        first = self.build_through_it(self.home / "one", expect=DONE)
        self.assertEqual("sccache", first.json["compiler_cache"], "a shared storage is named")
        found, kept = asked("keyspace_hits"), subprocess.run(["redis-cli", "-p", str(port), "dbsize"], capture_output=True,
                                                             text=True).stdout
        self.assertGreater(int(kept.split()[-1]), 2, "at least what c++ made is kept there")
        second = self.build_through_it(self.home / "two", expect=DONE)
        self.assertEqual(4, len(second.json["compiled"]))
        self.assertGreaterEqual(asked("keyspace_hits") - found, 2, "the other machine's is found")
        self.assertEqual([], self.serving(), "its server ends with the build")

    def test_without_a_shared_storage_it_keeps_what_it_makes_in_the_store(self):
        outcome = self.build_through_it(self.store, "--compiler-cache", "sccache", expect=DONE)
        self.assertEqual("sccache", outcome.json["compiler_cache"])
        self.assertTrue(list((self.store / "sccache").rglob("*")))

    def test_one_that_is_not_there(self):
        self.variables["PATH"] = self.variables["PATH"].rpartition(os.pathsep)[0]
        outcome = self.build_through_it(self.store, "--compiler-cache", "sccache", expect=USAGE)
        self.assertIn("there is no sccache on PATH", outcome.output)
        self.assertFalse((self.store / "builds").exists(), "it is known before anything is done")

    def test_a_storage_that_is_not_there(self):
        self.variables["SCCACHE_REDIS_ENDPOINT"] = "tcp://127.0.0.1:1"
        outcome = self.wheelfit("build", f"flash-attn=={VERSION}", "--arch", "8.0", expect=FAULT)
        self.assert_one_sentence(outcome)
        self.assertIn("sccache does not start", outcome.error)
        self.assertIn("--compiler-cache none", outcome.error)
        self.assertEqual([], self.serving())


class Ended(Build):
    extra, slow = 4, 1

    def until(self, holds, what):
        end = time.monotonic() + 60
        while not holds():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.05)

    def objects(self):
        return list((self.store / "builds").glob("*/source/build/temp/*.o.made"))

    def leftovers(self):
        """Processes that work below the store."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.store) in (process / "cmdline").read_text():
                    found.append(process.name)
            except OSError:
                continue
        return found

    def ended_by(self, number, after):
        child = self.start("build", f"flash-attn=={VERSION}", "--arch", "8.0", "--compiler-cache", "none", "--jobs", "2")
        self.until(lambda: len(self.objects()) >= after, f"{after} objects")
        child.send_signal(number)
        child.communicate(timeout=30)
        return child.returncode

    def test_killed_twice_it_goes_on_and_loses_only_what_was_in_flight(self):
        self.ended_by(signal.SIGKILL, 2)
        here = len(self.objects())
        self.ended_by(signal.SIGKILL, here + 2)
        done = len(self.objects())
        self.assertGreaterEqual(done, 4)
        outcome = self.wheelfit("build", f"flash-attn=={VERSION}", "--arch", "8.0", "--compiler-cache", "none", "--json", expect=DONE)
        self.assertEqual((done, 8 - done), (outcome.json["compiled_before"], len(outcome.json["compiled"])))
        self.assertEqual("symbols", outcome.json["proof"])
        self.assertEqual([], self.leftovers())

    def test_ctrl_c_leaves_no_compiler_and_says_so(self):
        self.assertEqual(130, self.ended_by(signal.SIGINT, 1))
        self.assertEqual([], self.leftovers())


class NotCompiling(Build):
    broken = "#error csrc/cutlass is missing\n"

    def test_the_cause_is_explained_and_the_log_named(self):
        before = self.venv.state()
        outcome = self.build(expect=REFUSED)
        self.assert_one_sentence(outcome)
        self.assertIn("flash_bwd_hdim64_fp16_sm80.cu could not be compiled", outcome.error)
        self.assertIn("csrc/cutlass is empty", outcome.error)
        self.assertIn("build.log", outcome.error)
        self.assert_unchanged(before)


if __name__ == "__main__":
    unittest.main()
