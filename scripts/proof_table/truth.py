# SPDX-License-Identifier: Apache-2.0
"""What really happens: a child Python imports torch, then forks for every object and opens it with dlopen(RTLD_NOW),
as the import of an extension module does. Where the object is named as a module for this Python it is imported too."""
import os
import subprocess

from .places import Trouble

CHILD = r"""
import ctypes, importlib.machinery, os, sys
import torch
def report(*words):
    os.write(1, ("\t".join(word.replace("\t", " ").replace("\n", " ") for word in words) + "\n").encode())
def opened(path):
    try:
        ctypes.CDLL(path, os.RTLD_NOW | os.RTLD_LOCAL)
    except OSError as error:
        return str(error)
    return ""
def imported(path):
    name = os.path.basename(path)
    suffix = next((s for s in importlib.machinery.EXTENSION_SUFFIXES if s != ".so" and name.endswith(s)), None)
    if suffix is None:
        return ""
    try:
        name = name[:-len(suffix)]
        spec = importlib.machinery.ModuleSpec(name, importlib.machinery.ExtensionFileLoader(name, path), origin=path)
        spec.loader.create_module(spec)
    except BaseException as error:
        return type(error).__name__ + ": " + str(error)
    return "imported"
for path in sys.stdin.read().split("\n"):
    if not path:
        continue
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        words = opened(path)
        report("fails" if words else "loads", path, words)
        if not words and imported(path) == "imported":
            report("imported", path, "")
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status:
        report("died", path, str(status))
"""


class Truth:
    """Of one object: whether it loads, whether its import was seen to work, and the loader's words."""

    def __init__(self):
        self.loads, self.imported, self.died, self.words = None, False, False, ""


def ask(torch, objects):
    """{path: Truth}"""
    environment = {"PYTHONPATH": os.pathsep.join(str(site) for site in torch.sites), "PATH": "/usr/bin:/bin",
                   "PYTHONNOUSERSITE": "1", "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run([torch.python, "-c", CHILD], input="\n".join(str(path) for path in objects), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
    answers = {str(path): Truth() for path in objects}
    for line in done.stdout.splitlines():
        word, path, words = line.split("\t")
        truth = answers[path]
        if word == "imported":
            truth.imported = True
        elif word == "died":
            # A constructor or an initialiser ended the process: dlopen had bound everything before it ran them.
            truth.died = True
            truth.loads = True if truth.loads is None else truth.loads
        else:
            truth.loads, truth.words = word == "loads", words
    silent = [path for path, truth in answers.items() if truth.loads is None]
    if done.returncode != 0 or silent:
        raise Trouble(f"the child Python said nothing of {len(silent)} objects: {done.stderr.strip()[-300:]}")
    return answers
