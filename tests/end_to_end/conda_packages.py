# SPDX-License-Identifier: Apache-2.0
"""Makes packages of conda's in both real formats, and channels of them: right ones, and wrong ones."""
import bz2
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import zipfile

from environments import MACHINE, MINOR

SUBDIR = {"x86_64": "linux-64", "aarch64": "linux-aarch64"}.get(MACHINE, "noarch")
PLACEHOLDER = "/home/conda/feedstock_root/build_artifacts/flash_1/_h_env" + "_placehold" * 19
SITE = f"lib/python{MINOR}/site-packages/"
ZSTD = shutil.which("zstd")


def zstd(content):
    return subprocess.run([ZSTD, "-q", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout


def tar(members):
    """members: (name, content) or (TarInfo, content)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for entry, content in members:
            if not isinstance(entry, tarfile.TarInfo):
                entry = tarfile.TarInfo(entry)
                entry.size = len(content)
                entry.mode = 0o755 if entry.name.startswith("bin/") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


class Package:
    """The parts of a package; each can be spoiled before its bytes are asked for."""

    def __init__(self, name, version, files, build=None, build_number=0, depends=(), subdir=SUBDIR, noarch=None):
        self.build = build or f"py{MINOR.replace('.', '')}_{build_number}"
        self.index = {"name": name, "version": version, "build": self.build, "build_number": build_number,
                      "depends": list(depends), "subdir": subdir, "arch": MACHINE, "platform": "linux"}
        if noarch:
            self.index["noarch"] = noarch
        self.files = {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}
        self.placeholders = {}      # path -> "text" or "binary"
        self.info = {}              # more of info/
        self.extra = []             # members of the package's tar as they are
        self.lies = {}              # path -> content that paths.json speaks of

    @classmethod
    def of_wheel(cls, wheel, name, **more):
        """As conda-build would have packed what pip unpacked."""
        files = {(SITE + path): content for path, content in wheel.files.items()}
        files[f"{SITE}{wheel.dist_info}/INSTALLER"] = "conda"
        files[f"{SITE}{wheel.dist_info}/RECORD"] = "".join(f"{path},,\n" for path in wheel.files)
        files[f"{SITE}{wheel.dist_info}/direct_url.json"] = '{"url": "file:///build"}'
        files[f"{SITE}{wheel.name}/__pycache__/__init__.cpython-00.pyc"] = b"\0compiled elsewhere"
        return cls(name, wheel.version, files, **more)

    @property
    def stem(self):
        return "-".join((self.index["name"], self.index["version"], self.build))

    def paths_json(self):
        rows = []
        for path, content in self.files.items():
            row = {"_path": path, "path_type": "hardlink", "size_in_bytes": len(content),
                   "sha256": hashlib.sha256(self.lies.get(path, content)).hexdigest()}
            if path in self.placeholders:
                row.update(prefix_placeholder=PLACEHOLDER, file_mode=self.placeholders[path])
            rows.append(row)
        return json.dumps({"paths": rows, "paths_version": 1})

    def info_members(self, old=False):
        info = {"index.json": json.dumps(self.index)}
        if old:
            info["files"] = "".join(f"{path}\n" for path in self.files)
            info["has_prefix"] = "".join(f"{PLACEHOLDER} {mode} {path}\n" for path, mode in self.placeholders.items())
        else:
            info["paths.json"] = self.paths_json()
        info.update(self.info)
        return [(f"info/{name}", content.encode()) for name, content in info.items()]

    def conda(self, extra_members=()):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("metadata.json", '{"conda_pkg_format_version": 2}')
            archive.writestr(f"pkg-{self.stem}.tar.zst", zstd(tar([*self.files.items(), *self.extra])))
            archive.writestr(f"info-{self.stem}.tar.zst", zstd(tar(self.info_members())))
            for name, content in extra_members:
                archive.writestr(name, content)
        return buffer.getvalue()

    def tar_bz2(self, old=False):
        return bz2.compress(tar([*self.info_members(old), *self.files.items(), *self.extra]), 1)

    def write(self, folder, ending=".conda", **more):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (self.stem + ending)
        path.write_bytes(self.conda(**more) if ending == ".conda" else self.tar_bz2(**more))
        return path


def repodata_row(package, path):
    content = path.read_bytes()
    return {**package.index, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
            "md5": hashlib.md5(content).hexdigest()}


def write_channel(folder, packages, compressed=True):
    """packages: [(Package, ending)]; lays out SUBDIR and noarch as conda-forge does."""
    for subdir in (SUBDIR, "noarch"):
        repodata = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": {}, "removed": [], "repodata_version": 1}
        for package, ending in packages:
            if package.index["subdir"] == subdir:
                path = package.write(folder / subdir, ending)
                kind = "packages.conda" if ending == ".conda" else "packages"
                repodata[kind][path.name] = repodata_row(package, path)
        (folder / subdir).mkdir(parents=True, exist_ok=True)
        content = json.dumps(repodata).encode()
        if compressed:
            (folder / subdir / "repodata.json.zst").write_bytes(zstd(content))
        else:
            (folder / subdir / "repodata.json").write_bytes(content)
