# SPDX-License-Identifier: Apache-2.0
"""What wheelfit says: tests/proof_truth/judge_one, one process for one environment."""
import os
import sys
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


def ask(judge, sites, objects):
    """{path: Verdict}"""
    lines = run([judge, "--lines", os.path.realpath(sys.executable), ":".join(str(site) for site in sites), *objects])
    answers = {}
    for line in lines.splitlines():
        path, verdict, milliseconds, code, reason, symbol, early = line.split("\t")
        answers[path] = Verdict(verdict, float(milliseconds), code, reason, symbol, early)
    return answers
