# SPDX-License-Identifier: Apache-2.0
"""What wheelfit says: tests/proof_truth/judge_one, one process for one environment."""
import os
from dataclasses import dataclass

from .places import run


@dataclass
class Verdict:
    verdict: str
    milliseconds: float
    code: str     # of the first reason
    reason: str
    symbol: str   # the first missing one, demangled
    early: str    # by the first bytes alone; "" where they do not suffice


def ask(judge, torch, objects):
    """{path: Verdict}"""
    sites = ":".join(str(site) for site in torch.sites)
    lines = run([judge, "--lines", os.path.realpath(torch.python), sites, *objects])
    answers = {}
    for line in lines.splitlines():
        path, verdict, milliseconds, code, reason, symbol, early = line.split("\t")
        answers[path] = Verdict(verdict, float(milliseconds), code, reason, symbol, early)
    return answers
