# SPDX-License-Identifier: Apache-2.0
# Imports modules in the interpreter it is given to and prints one JSON document: what came, what did not, and the
# error as Python words it. Argument: {"modules": [...], "torch_first": true}.
import importlib
import json
import os
import sys

# A directory of the caller's that happens to be called like the module must not be imported in its place.
sys.path[:] = [entry for entry in sys.path if entry]
# What modules print while they are imported goes to standard error; the document alone to standard output.
document_out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def imported(name):
    # Read by the parent when this process dies in the import.
    print("wheelfit: importing " + name, file=sys.stderr, flush=True)
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # SystemExit too: a module that exits has not been imported
        return {"name": name, "imported": False, "error": "%s: %s" % (type(error).__name__, error)}
    version = getattr(module, "__version__", None)
    return {
        "name": name,
        "imported": True,
        "version": None if version is None else str(version),
        "file": getattr(module, "__file__", None),
    }


def main():
    request = json.loads(sys.argv[1])
    document = {"schema_version": 1, "python": sys.version.split()[0], "torch": None, "modules": []}
    usable = True
    if request.get("torch_first"):
        document["torch"] = imported("torch")
        usable = document["torch"]["imported"]
    if usable:
        document["modules"] = [imported(name) for name in request["modules"]]
    json.dump(document, document_out)
    document_out.write("\n")
    document_out.flush()
    # Without the interpreter's and CUDA's tear-down: a crash there proves nothing about the import.
    os._exit(0)


main()
