# SPDX-License-Identifier: Apache-2.0
"""Builds and runs a Dockerfile without a container engine: stages are overlays over unpacked roots, steps run by chroot.

What wheelfit and its documents write is understood, and anything else refused: FROM ... AS, ARG, ENV, WORKDIR, COPY
(--from, --chmod, here-documents), RUN (--mount=type=cache|bind|tmpfs), ENTRYPOINT and CMD in their JSON form."""
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path


class Failed(Exception):
    """A step that ended with another code than 0."""

    def __init__(self, step, code, output):
        super().__init__(f"{step}: exit {code}\n{output}")
        self.code, self.output = code, output


class Instruction:
    def __init__(self, name, arguments, documents):
        self.name, self.arguments, self.documents = name, arguments, documents

    def options(self):
        """({"mount": ["type=cache,..."], ...}, what follows them)."""
        found, rest = {}, self.arguments
        while match := re.match(r"--([a-z]+)=(\S+)\s+", rest):
            found.setdefault(match[1], []).append(match[2])
            rest = rest[match.end():]
        return found, rest


def parse(text):
    instructions, lines = [], iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        while line.endswith("\\"):
            line = line[:-1] + next(lines).strip()
        name, _, arguments = line.strip().partition(" ")
        documents = {}
        for quoted, mark in re.findall(r"<<(['\"]?)(\w+)['\"]?", arguments):
            if not quoted:
                raise ValueError(f"a here-document whose variables would be filled in: {line}")
            content = []
            while (each := next(lines)) != mark:
                content.append(each + "\n")
            documents[mark] = "".join(content)
        instructions.append(Instruction(name.upper(), arguments.strip(), documents))
    return instructions


class Root:
    """A root directory: an overlay of a directory of its own over the directories of what it was made from."""

    def __init__(self, folder, below=()):
        self.folder, self.below = Path(folder), tuple(below)  # the topmost first
        for part in ("upper", "work", "merged"):
            (self.folder / part).mkdir(parents=True)
        lower = ":".join(map(str, self.below))
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        f"lowerdir={lower},upperdir={self.folder}/upper,workdir={self.folder}/work",
                        str(self.path)], check=True)

    @property
    def path(self):
        return self.folder / "merged"

    def layers(self):
        return (self.folder / "upper", *self.below)

    def inside(self, path):
        return self.path / str(path).lstrip("/")

    def stop(self):
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Image:
    def __init__(self, root, env=None, entrypoint=(), command=(), workdir="/"):
        self.root, self.env, self.workdir = root, dict(env or {}), workdir
        self.entrypoint, self.command = list(entrypoint), list(command)


PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run_in(root, arguments, env, workdir="/", binds=()):
    """`arguments` inside, with /proc, /dev, the machine's own network and what is bound; (code, stdout, stderr)."""
    steps = ["set -e", "mount --make-rprivate /"]
    for source, target in [("/dev", "/dev"), *binds]:
        inside = root.inside(target)
        if Path(source).is_file():
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.touch()
        else:
            inside.mkdir(parents=True, exist_ok=True)
        steps.append(f"mount --rbind {shlex.quote(str(source))} {shlex.quote(str(inside))}")
    steps.append(f"mount -t proc proc {shlex.quote(str(root.inside('/proc')))}")
    variables = " ".join(shlex.quote(f"{name}={value}") for name, value in
                         {"PATH": PATH, "HOME": "/root", **env}.items())
    command = " ".join(shlex.quote(str(argument)) for argument in arguments)
    inner = f"cd {shlex.quote(workdir)} && exec {command}"
    steps.append(f"exec chroot {shlex.quote(str(root.path))} /usr/bin/env -i {variables} /bin/sh -c {shlex.quote(inner)}")
    done = subprocess.run(["unshare", "--mount", "/bin/sh", "-c", "\n".join(steps)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stdout, done.stderr


class Builder:
    """`images`: what FROM may name. `work` gets the stages and the caches of --mount=type=cache."""

    def __init__(self, images, work, context=None, **arguments):
        self.images, self.work, self.context = dict(images), Path(work), context and Path(context)
        self.given, self.stages, self.count, self.ran = arguments, {}, 0, []
        self.globals, self.roots = {}, []

    def build(self, text):
        image = None
        for instruction in parse(text):
            step = getattr(self, "do_" + instruction.name.lower(), None)
            if step is None:
                raise ValueError(f"{instruction.name} is not understood here")
            image = step(image, instruction) or image
        return image

    def stop(self):
        for root in reversed(self.roots):
            root.stop()
        self.roots = []

    def filled(self, text, image):
        names = {**(self.globals if image is None else {**image.arguments, **image.env})}
        return re.sub(r"\$\{?(\w+)\}?", lambda match: names.get(match[1], ""), text)

    def new_root(self, below):
        self.count += 1
        root = Root(self.work / f"root{self.count}", below)
        self.roots.append(root)
        return root

    def start(self, image):
        """A container of the image: a root of its own."""
        return Image(self.new_root(image.root.layers()), image.env, image.entrypoint, image.command, image.workdir)

    def run(self, container, *arguments, **env):
        """As `docker run IMAGE ARGUMENTS`: (code, stdout, stderr)."""
        return run_in(container.root, [*container.entrypoint, *(arguments or container.command)],
                      {**container.env, **env}, container.workdir)

    # --- the instructions ---

    def do_arg(self, image, instruction):
        name, equals, default = instruction.arguments.partition("=")
        scope = self.globals if image is None else image.arguments
        if name in self.given:
            scope[name] = self.given[name]
        elif equals:
            scope[name] = self.filled(default, image)
        elif image is not None and name in self.globals:
            scope[name] = self.globals[name]

    def do_from(self, _, instruction):
        words = self.filled(instruction.arguments, None).split()
        if not words or words[0].upper() == "AS":
            raise ValueError("base name should not be blank")
        base = self.stages.get(words[0]) or self.images[words[0]]
        image = Image(self.new_root(base.root.layers()), base.env, base.entrypoint, base.command, base.workdir)
        image.arguments = {}
        if len(words) == 3 and words[1].upper() == "AS":
            self.stages[words[2]] = image
        return image

    def do_env(self, image, instruction):
        for word in shlex.split(self.filled(instruction.arguments, image)):
            name, _, value = word.partition("=")
            image.env[name] = value

    def do_workdir(self, image, instruction):
        image.workdir = os.path.join(image.workdir, self.filled(instruction.arguments, image))
        image.root.inside(image.workdir).mkdir(parents=True, exist_ok=True)

    def do_entrypoint(self, image, instruction):
        image.entrypoint, image.command = json.loads(instruction.arguments), []

    def do_cmd(self, image, instruction):
        image.command = json.loads(instruction.arguments)

    def do_copy(self, image, instruction):
        options, rest = instruction.options()
        *sources, target = self.filled(rest, image).split()
        place = image.root.inside(os.path.join(image.workdir, target))
        place.parent.mkdir(parents=True, exist_ok=True)
        for source in sources:
            if source.startswith("<<"):
                place.write_text(instruction.documents[source.strip("<'\"")])
            else:
                stage = options.get("from")
                origin = self.stages[stage[0]].root.inside(source) if stage else self.context / source
                into = place / origin.name if target.endswith("/") or len(sources) > 1 else place
                into.parent.mkdir(parents=True, exist_ok=True)
                if origin.is_dir():
                    shutil.copytree(origin, into, symlinks=True, dirs_exist_ok=True)
                else:
                    shutil.copy2(origin, into)
        if "chmod" in options:
            place.chmod(int(options["chmod"][0], 8))

    def do_run(self, image, instruction):
        options, command = instruction.options()
        binds = []
        for mount in options.get("mount", []):
            fields = dict(part.partition("=")[::2] for part in mount.split(","))
            if fields["type"] == "cache":
                source = self.work / "caches" / fields.get("id", fields["target"]).strip("/").replace("/", "_")
                source.mkdir(parents=True, exist_ok=True)
            elif fields["type"] == "bind":
                inside = fields.get("source", "/")
                source = self.stages[fields["from"]].root.inside(inside) if "from" in fields else self.context / inside
            else:
                raise ValueError(f"a mount of type {fields['type']} is not understood here")
            binds.append((source, fields["target"]))
        env = {**image.arguments, **image.env}
        code, output, error = run_in(image.root, ["/bin/sh", "-c", command], env, image.workdir, binds)
        self.ran.append((command, output + error))
        for _, target in binds:  # what a mount was put on is no part of the image
            inside = image.root.inside(target)
            if inside.is_dir() and not any(inside.iterdir()):
                inside.rmdir()
        if code != 0:
            raise Failed(command, code, output + error)
