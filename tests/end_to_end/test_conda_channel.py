# SPDX-License-Identifier: Apache-2.0
"""conda's rung: found in a channel where no wheel fits, made a wheel, or put there by the environment's own program."""
import json
import shutil
import stat
import unittest

from conda_packages import PLACEHOLDER, SITE, SUBDIR, ZSTD, Package, write_channel
from environments import CP, MACHINE, MINOR, Venv
from harness import DONE, REFUSED, UNPROVEN, UNREACHABLE, EndToEnd, attention_wheel
from test_conda import CALLS_ANOTHER
from wheels import Wheel

TORCH = ("pytorch >=2.4.0,<2.5.0a0", "pytorch * cuda*", "cuda-version >=12.1,<13")
PYTHON = (f"python >={MINOR},<{MINOR[:2]}{int(MINOR[2:]) + 1}.0a0", f"python_abi {MINOR}.* *_{CP}", "__glibc >=2.17,<3.0.a0")


def package(version="2.8.3", number=0, depends=(*PYTHON, *TORCH), **more):
    wheel = attention_wheel(version, "flash_attn", requires=("torch", "einops"), **more)
    made = Package.of_wheel(wheel, "flash-attn", build_number=number, depends=depends)
    made.files["bin/flash-info"] = f"#!{PLACEHOLDER}/bin/python\n".encode()
    made.placeholders = {"bin/flash-info": "text"}
    return made


@unittest.skipUnless(ZSTD, "the zstd program makes the packages")
class Channel(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_releases("Dao-AILab/flash-attention", {})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_project("einops", [Wheel("einops", "0.8.0")])

    def channel(self, *packages, name="channel", **more):
        folder = self.server.www / name
        shutil.rmtree(folder, ignore_errors=True)
        write_channel(folder, packages, **more)
        return self.server.url(name)

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.server.www / "channel", ignore_errors=True)

    def rung(self, outcome, name="conda"):
        return next(row for row in outcome.json["ladder"] if row["rung"] == name)

    def asked(self):
        return [line.split()[1] for line in self.server.requests() if line.split()[1].startswith("/channel/")]


class Found(Channel):
    def test_where_no_wheel_fits_the_newest_build_is_taken_and_leaves_with_pip(self):
        best = package(number=5)
        self.channel((package(number=4), ".conda"), (best, ".conda"), (package("2.7.4"), ".tar.bz2"),
                     (package("2.9.0", depends=(*PYTHON, "pytorch >=2.5.1,<2.6.0a0")), ".conda"))
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=UNPROVEN)
        chosen = plan.json["chosen"]
        self.assertEqual(("conda", best.stem + ".conda", "index", "unproven"),
                         tuple(chosen[key] for key in ("kind", "name", "source", "verdict")))
        self.assertEqual(self.server.url(f"channel/{SUBDIR}/{best.stem}.conda"), chosen["url"])
        self.assertEqual((True, False), (self.rung(plan)["taken"], self.rung(plan, "wheel")["taken"]))
        self.assertIn("its symbols are compared once it is here", json.dumps(plan.json))
        page = self.wheelfit("plan", "flash-attn").output
        self.assertIn("conda package from conda-forge", page)
        self.assertEqual("To do it: wheelfit install flash-attn", page.strip().splitlines()[-1].split(" --python")[0])

        before = self.venv.state(bytecode=False)
        done = self.wheelfit("install", "flash-attn", "--require", "import", "--json", expect=DONE)
        receipt = done.json["receipt"]
        self.assertEqual((best.stem + ".conda", "index", chosen["url"], chosen["sha256"]),
                         tuple(receipt[key] for key in ("wheel", "source", "url", "sha256")))
        self.assertEqual("2.8.3", self.venv.run_python("import flash_attn; print(flash_attn.__version__)"))
        self.assertIn(str(self.venv.path), (self.venv.path / "bin" / "flash-info").read_text())
        self.assertEqual("already-installed", self.wheelfit("install", "flash-attn", "--require", "import", "--json",
                                                            expect=DONE).json["outcome"])
        again = next(self.venv.site.glob("flash_attn-*.dist-info")) / "WHEELFIT.json"
        self.wheelfit("install", again, "--require", "import", expect=DONE)
        self.venv.pip("uninstall", "-y", "flash-attn", "einops")
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_a_listing_is_kept_as_far_as_it_speaks_of_the_package(self):
        self.channel((package(), ".conda"))
        self.wheelfit("plan", "flash-attn", expect=UNPROVEN)
        self.assertIn(f"/channel/{SUBDIR}/repodata.json.zst", self.asked())
        self.server.forget_requests()
        self.wheelfit("plan", "flash-attn", expect=UNPROVEN)
        self.assertEqual([], self.asked())
        offline = self.wheelfit("plan", "flash-attn", "--offline", "--only", "conda", "--json", expect=UNPROVEN)
        self.assertEqual("conda", offline.json["chosen"]["kind"])

    def test_a_channel_that_is_not_compressed_and_an_address_of_a_file(self):
        self.channel((package(), ".tar.bz2"), compressed=False)
        plan = self.wheelfit("plan", "flash-attn", "--json", "--only", "conda", expect=UNPROVEN)
        self.assertTrue(plan.json["chosen"]["name"].endswith(".tar.bz2"))
        local = (self.server.www / "channel").as_uri()
        self.wheelfit("install", "flash-attn", "--conda-channel", local, "--require", "import", expect=DONE)

    def test_reasons_where_none_fits(self):
        for depends, words in (((*PYTHON, "pytorch >=2.5.1,<2.6.0a0"), "is made for torch 2.5, here is 2.4.0"),
                               (("python >=3.7,<3.8.0a0", "python_abi 3.7.* *_cp37m", *TORCH), "is built for cp37"),
                               ((*PYTHON[:2], *TORCH, "__glibc >=2.99"), "needs glibc 2.99")):
            self.channel((package(depends=depends), ".conda"))
            shutil.rmtree(self.store, ignore_errors=True)
            plan = self.wheelfit("plan", "flash-attn", "--json", expect=REFUSED)
            self.assertIn(words, self.rung(plan)["reason"])
            page = " ".join(self.wheelfit("plan", "flash-attn", expect=REFUSED).output.split())
            self.assertIn("conda: the nearest, ", page)

    def test_a_channel_that_is_not_there_is_said(self):
        self.assertIn("conda-forge is no conda channel", self.rung(self.wheelfit("plan", "flash-attn", "--json", expect=REFUSED))["reason"])
        dead = self.wheelfit("plan", "flash-attn", "--json", "--conda-channel", "http://127.0.0.1:9/x", "--timeout", "2",
                             expect=REFUSED)
        self.assertFalse(self.rung(dead)["taken"])
        self.assertIn("conda-forge", dead.error)
        (self.server.www / "channel" / SUBDIR).mkdir(parents=True)
        (self.server.www / "channel" / SUBDIR / "repodata.json.zst").write_bytes(b"\x28\xb5\x2f\xfd damaged")
        broken = self.wheelfit("plan", "flash-attn", "--json", expect=REFUSED)
        self.assertIn("cannot be used", self.rung(broken)["reason"])

    def test_one_whose_symbols_do_not_fit_gives_way_to_the_next_and_then_to_the_fallback(self):
        self.channel((package(number=9, body=CALLS_ANOTHER), ".conda"), (package("2.8.2"), ".conda"))
        done = self.wheelfit("install", "flash-attn", "--require", "import", "--json", expect=(DONE, UNPROVEN))
        self.assertEqual("2.8.2", done.json["receipt"]["version"])
        self.assertIn("only_in_another_build", done.error)
        self.venv.pip("uninstall", "-y", "flash-attn")
        self.channel((package(number=9, body=CALLS_ANOTHER), ".conda"))
        shutil.rmtree(self.store)
        before = self.venv.state(bytecode=False)
        refused = self.wheelfit("install", "flash-attn", expect=REFUSED)
        self.assert_one_sentence(refused)
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_a_changed_package_is_refused_by_its_hash(self):
        self.channel((package(), ".conda"))
        self.wheelfit("plan", "flash-attn", expect=UNPROVEN)
        path = next((self.server.www / "channel" / SUBDIR).glob("*.conda"))
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        before = self.venv.state()
        self.wheelfit("install", "flash-attn", expect=(REFUSED, UNREACHABLE))
        self.assert_unchanged(before)


@unittest.skipUnless(MACHINE == "x86_64", "the releases stand for x86_64 wheels")
class WhereAWheelFits(Channel):
    @classmethod
    def serve(cls, server):
        super().serve(server)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [attention_wheel(
            "2.8.3", "flash_attn", requires=("torch",), local="cu12torch2.4cxx11abiFALSE", tag=f"{CP}-{CP}-linux_{MACHINE}")]})

    def test_the_channel_is_not_asked(self):
        self.channel((package("2.9.0"), ".conda"))
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=(DONE, UNPROVEN))
        self.assertEqual(("wheel", "a higher rung holds"), (plan.json["chosen"]["kind"], self.rung(plan)["reason"]))
        self.assertEqual([], self.asked())
        only = self.wheelfit("plan", "flash-attn", "--only", "conda", "--json", expect=UNPROVEN)
        self.assertEqual("2.9.0", only.json["chosen"]["version"])


# Writes down what it is told, then does what its own arguments say with the environment.
STAND_IN = """#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >> {log}; done
printf -- '--\\n' >> {log}
{body}
"""


class OwnProgram(Channel):
    """A conda environment in all that a probe reads of it; the program itself is a stand-in that records its argv."""

    def setUp(self):
        super().setUp()
        self.channel((package(), ".conda"))
        self.log = self.home / "argv.log"
        self.venv.become_condas()

    def stand_in(self, path, body=""):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN.format(log=self.log, body=body))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def commands(self):
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        commands, words = [], []
        for line in lines:
            if line == "--":
                commands.append(words)
                words = []
            else:
                words.append(line)
        return commands

    def pins(self):
        return ["libtorch=2.4.0=cuda120_h_300", f"python={MINOR}.7=h955ad1f_0", "pytorch=2.4.0=cuda120_py_300"]

    def wanted(self):
        return f"flash-attn=2.8.3={package().build}"

    def test_the_kind_is_seen(self):
        inspect = self.wheelfit("inspect", "--json")
        self.assertEqual("conda", inspect.json["environment"]["interpreter"]["kind"]["value"], inspect)

    def test_argv_of_conda_mamba_and_micromamba(self):
        channel = self.server.url("channel")
        for name in ("conda", "mamba", "micromamba"):
            with self.subTest(name):
                self.log.unlink(missing_ok=True)
                program = self.stand_in(self.home / "programs" / name, "exit 1")
                for path in (self.home / "programs").iterdir():
                    if path != program:
                        path.unlink()
                self.variables["PATH"] = f"{self.home}/programs:/usr/bin:/bin"
                refused = self.wheelfit("install", "flash-attn", expect=REFUSED)
                self.assertIn(f"{name} could not install", refused.error)
                self.assertEqual([["install", "-p", str(self.venv.path), "-y", "--freeze-installed", "--override-channels",
                                   "-c", channel, self.wanted(), *self.pins()]], self.commands())

    def test_argv_for_a_file(self):
        path = package().write(self.home)
        listed = self.home / "listed.txt"
        self.stand_in(self.venv.path / "bin" / "micromamba", f'cp "$7" {listed}; exit 1')
        self.wheelfit("install", path, expect=REFUSED)
        self.assertEqual(["install", "-p", str(self.venv.path), "-y", "--offline", "--file"], self.commands()[0][:6])
        self.assertEqual(f"@EXPLICIT\n{path.as_uri()}\n", listed.read_text())

    def test_argv_of_pixi(self):
        project = self.home / "project"
        prefix = project / ".pixi" / "envs" / "default"
        prefix.parent.mkdir(parents=True)
        (project / "pixi.toml").write_text("[project]\n")
        self.venv.path.rename(prefix)
        self.venv = Venv(prefix, self.home)
        self.stand_in(self.home / ".pixi" / "bin" / "pixi", "exit 1")
        self.wheelfit("install", "flash-attn", expect=REFUSED)
        self.assertEqual([["add", "--manifest-path", str(project / "pixi.toml"), self.wanted()]], self.commands())

    def told(self, *options, variables=None, name="micromamba"):
        """The variables of the program, without those that it has whatever wheelfit does."""
        seen = self.home / "variables"
        self.stand_in(self.venv.path / "bin" / name, f"env -0 > {seen}; echo \"no way through $https_proxy\" >&2; exit 1")
        outcome = self.wheelfit("install", "flash-attn", *options, variables={**self.variables, **(variables or {})},
                                expect=REFUSED)
        self.assertIn(f"{name} could not install", outcome.error)
        self.assertNotIn("hunter2", outcome.error + outcome.output)
        told = dict(pair.split("=", 1) for pair in seen.read_text().split("\0") if pair)
        return {name: value for name, value in told.items() if name not in {*self.variables, "PWD", "SHLVL", "_", "OLDPWD"}}

    def no_pip_settings(self):
        """Neither the environment's nor the machine's own."""
        return {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": self.server.url("simple/")}

    def test_it_is_told_nothing_where_nothing_is_set(self):
        self.variables.update(self.no_pip_settings())
        for name in ("conda", "mamba", "micromamba"):
            self.assertEqual({}, self.told(name=name))
            (self.venv.path / "bin" / name).unlink()

    def test_it_is_told_of_the_flags(self):
        bundle = self.home / "authority.pem"
        bundle.write_text("")  # no TLS is spoken here
        proxy = self.server.proxy.replace("http://", "http://somebody:hunter2@")
        self.server.forget_requests()
        told = self.told("--proxy", proxy, "--cacert", bundle, variables={"NO_PROXY": "intranet", "MAMBA_SSL_VERIFY": "false"})
        proxies = {name: proxy for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
        bundles = {name: str(bundle) for name in ("CONDA_SSL_VERIFY", "REQUESTS_CA_BUNDLE", "MAMBA_SSL_VERIFY",
                                                  "MAMBA_CACERT_PATH", "SSL_CERT_FILE")}
        self.assertEqual({**proxies, **bundles, "NO_PROXY": "intranet", "no_proxy": "intranet"}, told)
        self.assertTrue(any("/channel/" in line and "through-the-proxy" in line for line in self.server.requests()))
        self.assertEqual([["install"]], [command[:1] for command in self.commands()])
        self.assertNotIn("hunter2", self.log.read_text())

    def test_it_is_told_what_pips_settings_and_variables_say(self):
        bundle = self.home / "authority.pem"
        bundle.write_text("")
        with (self.venv.path / "pip.conf").open("a") as settings:
            settings.write(f"proxy = {self.server.proxy}\ncert = {bundle}\n")
        told = self.told(variables={"CONDA_SSL_VERIFY": "/the/users/own.pem"})
        self.assertEqual([self.server.proxy] * 2, [told["https_proxy"], told["HTTP_PROXY"]])
        self.assertEqual(["/the/users/own.pem", str(bundle)], [told["CONDA_SSL_VERIFY"], told["MAMBA_CACERT_PATH"]])
        told = self.told(variables={**self.no_pip_settings(), "HTTP_PROXY": self.server.proxy.removeprefix("http://"),
                                    "SSL_CERT_FILE": str(bundle)})
        self.assertEqual([self.server.proxy] * 2, [told["http_proxy"], told["HTTP_PROXY"]])
        self.assertNotIn("https_proxy", told)
        self.assertEqual([str(bundle)] * 2, [told["REQUESTS_CA_BUNDLE"], told["SSL_CERT_FILE"]])

    def install_body(self, extra=""):
        """What the program would have done: the package's files, as its own unpacker lays them out."""
        source = self.home / "unpacked"
        for path, content in package().files.items():
            if not path.endswith("direct_url.json"):
                (source / path).parent.mkdir(parents=True, exist_ok=True)
                (source / path).write_bytes(content)
        return f'case "$1" in install) cp -r {source}/. {self.venv.path}/; {extra} ;; remove) rm -r {self.venv.site}/flash_attn* ;; esac'

    def test_what_it_installs_is_proven_and_left_as_it_is(self):
        self.stand_in(self.venv.path / "bin" / "mamba", self.install_body())
        dry = self.wheelfit("install", "flash-attn", "--dry-run")
        self.assertIn("it would be done by:", dry.error)
        self.assertEqual([], self.commands())
        done = self.wheelfit("install", "flash-attn", "--require", "import", "--json", expect=DONE)
        self.assertEqual("installed", done.json["outcome"])
        self.assertTrue(done.json["verification"]["imported"])
        self.assertEqual(1, len(self.commands()))
        self.assertEqual([], list(self.venv.site.rglob("WHEELFIT.json")))  # conda's folder is conda's

    def test_torch_that_moved_is_said(self):
        meta = self.venv.path / "conda-meta"
        self.stand_in(self.venv.path / "bin" / "conda",
                      self.install_body(f"mv {meta}/pytorch-2.4.0-cuda120_py_300.json {meta}/pytorch-2.5.1-cpu_py_0.json"))
        refused = self.wheelfit("install", "flash-attn", expect=REFUSED)
        self.assert_one_sentence(refused)
        self.assertIn("moved Python or torch", refused.error)
        self.assertIn("pytorch 2.5.1 cpu_py_0", refused.error)

    def test_what_fails_its_proof_is_taken_out_again(self):
        broken = f"echo 'raise ImportError(1)' > {self.venv.site}/flash_attn/__init__.py"
        self.stand_in(self.venv.path / "bin" / "conda", self.install_body(broken))
        refused = self.wheelfit("install", "flash-attn", "--json", expect=REFUSED)
        self.assertEqual("rolled-back", refused.json["outcome"])
        self.assertEqual(["remove", "-p", str(self.venv.path), "-y", "--force", "flash-attn"], self.commands()[-1])
        self.assertFalse((self.venv.site / "flash_attn").exists())

    def test_without_a_program_it_becomes_a_wheel(self):
        self.wheelfit("install", "flash-attn", "--require", "import", expect=DONE)
        self.assertEqual("wheelfit", next(self.venv.site.glob("flash_attn-*.dist-info/INSTALLER")).read_text().strip())


if __name__ == "__main__":
    unittest.main(verbosity=2)
