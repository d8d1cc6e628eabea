# SPDX-License-Identifier: Apache-2.0
"""Makes wheels: right ones, and wrong ones of every kind that must be refused."""
import base64
import hashlib
import io
import stat
import struct
import warnings
import zipfile


def record_row(name, content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


class Wheel:
    """The parts of a wheel; each can be spoiled before bytes() is asked for."""

    def __init__(self, name, version, files=None, tag="py3-none-any", requires=(), local="", metadata_name=None,
                 metadata_version=None, wheel_version="1.0", pure=True, entry_points=""):
        self.name, self.version, self.tag, self.local = name, version, tag, local
        self.dist_info = f"{name}-{version}.dist-info"
        metadata = [f"Metadata-Version: 2.1\nName: {metadata_name or name}\nVersion: {metadata_version or version}\n"]
        metadata += [f"Requires-Dist: {requirement}\n" for requirement in requires]
        self.files = dict(files if files is not None else {f"{name}/__init__.py": f"version = {version!r}\n"})
        self.files[f"{self.dist_info}/METADATA"] = "".join(metadata)
        self.files[f"{self.dist_info}/WHEEL"] = (
            f"Wheel-Version: {wheel_version}\nGenerator: tests\nRoot-Is-Purelib: {str(pure).lower()}\nTag: {tag}\n")
        if entry_points:
            self.files[f"{self.dist_info}/entry_points.txt"] = entry_points
        self.unrecorded = set()     # in the archive, not in RECORD
        self.lies = {}              # name -> content that RECORD speaks of
        self.attributes = {}        # name -> st_mode
        self.extra_entries = []     # (name, content) appended as they are, RECORD does not know them
        self.compression = zipfile.ZIP_DEFLATED

    @property
    def file_name(self):
        return f"{self.name}-{self.version}{'+' + self.local if self.local else ''}-{self.tag}.whl"

    def bytes(self):
        contents = {name: content.encode() if isinstance(content, str) else content
                    for name, content in self.files.items()}
        record = "".join(record_row(name, self.lies.get(name, content)) for name, content in contents.items()
                         if name not in self.unrecorded)
        record_name = f"{self.dist_info}/RECORD"
        contents[record_name] = (record + f"{record_name},,\n").encode()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", self.compression) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # duplicate names are what some callers want
            for name, content in [*contents.items(), *self.extra_entries]:
                entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
                entry.compress_type = self.compression
                entry.external_attr = self.attributes.get(name, stat.S_IFREG | 0o644) << 16
                archive.writestr(entry, content)
        return buffer.getvalue()

    def write(self, folder):
        path = folder / self.file_name
        path.write_bytes(self.bytes())
        return path


def simple(**more):
    return Wheel("handmade", "1.0", **more)


def with_files(**files):
    wheel = simple()
    wheel.files.update({name: content for name, content in files.items()})
    return wheel


def bad_wheels():
    """[(kind, file name, bytes)]: each must be refused, and leave the environment as it was."""
    good = simple()
    name, init = good.file_name, "handmade/__init__.py"
    kinds = []

    def add(kind, wheel):
        kinds.append((kind, name, wheel if isinstance(wheel, bytes) else wheel.bytes()))

    add("empty file", b"")
    add("a web page instead of a wheel", b"<!DOCTYPE html>\n<html><body>sign in</body></html>\n" * 40)
    add("truncated", good.bytes()[:-60])
    add("half of it", good.bytes()[:len(good.bytes()) // 2])

    stored = simple()
    stored.compression = zipfile.ZIP_STORED
    raw = bytearray(stored.bytes())
    raw[raw.index(b"version = ") + 3] ^= 1
    add("CRC mismatch", bytes(raw))

    wheel = simple()
    wheel.lies[init] = b"something else"
    add("RECORD has another hash", wheel)
    wheel = simple()
    wheel.unrecorded.add(init)
    add("file that RECORD does not name", wheel)
    raw = bytearray(good.bytes())
    missing = simple()
    del missing.files[f"{missing.dist_info}/WHEEL"]
    add("no WHEEL file", missing)

    for kind, entry in (("path that climbs out", "../evil.py"), ("absolute path", "/tmp/wheelfit-evil.py"),
                        ("path that climbs out further in", "handmade/../../evil.py"),
                        ("backslashes that climb out", "..\\evil.py"),
                        (".data path that climbs out", "handmade-1.0.data/scripts/../../../evil")):
        wheel = simple()
        wheel.files[entry] = "evil = True\n"
        add(kind, wheel)

    wheel = simple()
    wheel.files["handmade/link"] = "/etc/passwd"
    wheel.attributes["handmade/link"] = stat.S_IFLNK | 0o777
    add("symbolic link", wheel)
    wheel = simple()
    wheel.extra_entries.append((init, b"version = 'another'\n"))
    add("the same name twice", wheel)
    wheel = simple()
    wheel.files["handmade/__INIT__.py"] = "version = 'upper'\n"
    add("names that differ only in case", wheel)
    wheel = simple()
    wheel.files["other-2.0.dist-info/METADATA"] = "Metadata-Version: 2.1\nName: other\nVersion: 2.0\n"
    wheel.files["other-2.0.dist-info/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    add("two dist-infos", wheel)
    wheel = simple()
    wheel.files["handmade-1.0.data/nonsense/x"] = "x"
    add("unknown .data folder", wheel)
    add("another name in METADATA", simple(metadata_name="somethingelse"))
    add("another version in METADATA", simple(metadata_version="2.0"))
    add("Wheel-Version 2.0", simple(wheel_version="2.0"))
    add("entry point that leaves the scripts folder",
        simple(entry_points="[console_scripts]\n../../evil = handmade:main\n"))
    wheel = simple()
    wheel.files["handmade/zeros.bin"] = bytes(150_000_000)
    add("absurd compression ratio", wheel)
    wheel = simple()
    wheel.compression = zipfile.ZIP_LZMA
    add("compression that wheels do not use", wheel)

    header = bytearray(good.bytes())
    end = header.rindex(b"PK\x05\x06")
    struct.pack_into("<I", header, end + 16, len(header) + 1000)
    add("central directory beyond the end", bytes(header))
    kinds.append(("no wheel's name", "handmade.whl", good.bytes()))
    kinds.append(("made for another Python", "handmade-1.0-cp27-cp27mu-any.whl", good.bytes()))
    kinds.append(("made for another machine", "handmade-1.0-py3-none-win_amd64.whl", good.bytes()))
    return kinds
