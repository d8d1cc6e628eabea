# SPDX-License-Identifier: Apache-2.0
"""Answers questions about links, keys and index pages with pip's own code: JSON lines in, JSON lines out. PYTHONPATH
holds the folder of one release of pip. The answer is null where pip raises. Runs on Python 3.6 and later."""
import importlib
import json
import sys
import urllib.parse

import pip
import pip._internal.vcs  # teaches urllib the schemes, as in every run of pip
from pip._internal import cache

CACHE = "/cache"


def first_module(*names):
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            pass
    raise ImportError(names[-1])


# Before 18 pip's modules import each other in a circle; this is where it begins.
first_module("pip._internal.index.package_finder", "pip._internal.index")
collector = first_module("pip._internal.index.collector", "pip._internal.collector", "pip._internal.index")
try:
    from pip._internal.models.link import Link
except ImportError:
    Link = collector.Link

try:
    from pip._internal.exceptions import PipError
except ImportError:
    PipError = ValueError


def wheel_cache():
    try:
        return cache.SimpleWheelCache(CACHE)
    except TypeError:
        pass
    control = first_module("pip._internal.models.format_control", "pip._internal.index").FormatControl
    return cache.SimpleWheelCache(CACHE, control(set(), set()))


WHEELS = wheel_cache()


def directories(link):
    paths = [WHEELS.get_path_for_link(link)]
    if hasattr(WHEELS, "get_path_for_link_legacy"):
        paths.append(WHEELS.get_path_for_link_legacy(link))
    return [path[len(CACHE) + 1:] for path in paths]


def link_of(question):
    if question.get("hashes") and "hashes" in Link.__init__.__code__.co_varnames:
        return Link(question["url"], hashes=dict(question["hashes"]))
    return Link(question["url"])


def ask_about(question):
    return {"pip": pip.__version__, "python": "%d.%d" % sys.version_info[:2]}


def ask_key(question):
    name, version = question["interpreter"]
    cache.interpreter_name = lambda: name
    cache.interpreter_version = lambda: version
    return directories(link_of(question))


def ask_link(question):
    link = link_of(question)
    return {"url": link.url_without_fragment, "hash": [link.hash_name, link.hash] if link.hash_name else None,
            "subdirectory": link.subdirectory_fragment or "", "file_name": link.filename}


def ask_absolute(question):
    base, href = question["base"], question["href"]
    if hasattr(Link, "from_element"):
        return Link.from_element({"href": href}, page_url=base, base_url=base).url
    clean = getattr(collector, "_clean_link", None)
    if clean is None:
        page = collector.HTMLPage.__new__(collector.HTMLPage)
        clean = page.clean_link
    return clean(urllib.parse.urljoin(base, href))


def links_on(question):
    content, kind, url = question["page"].encode("utf-8"), question["content_type"], question["url"]
    headers = {"Content-Type": kind}
    if hasattr(collector, "IndexContent"):
        page = collector.IndexContent(content, kind, collector._get_encoding_from_headers(headers), url, cache_link_parsing=False)
        return list(collector.parse_links(page))
    if not hasattr(collector, "parse_links"):
        page = collector.HTMLPage(content, url, headers)
        return list(page.iter_links() if hasattr(page, "iter_links") else page.links)
    accepted = collector.HTMLPage.__init__.__code__.co_varnames
    more = {"cache_link_parsing": False} if "cache_link_parsing" in accepted else {}
    page = collector.HTMLPage(content, collector._get_encoding_from_headers(headers), url, **more)
    try:
        return list(collector.parse_links(page))
    except TypeError:
        return list(collector.parse_links(page, use_deprecated_html5lib=False))


def ask_page(question):
    return [{"url": link.url, "requires_python": link.requires_python, "yanked": getattr(link, "yanked_reason", None),
             "directories": directories(link)} for link in links_on(question)]


def evaluator_options(finder, question):
    """The options of one release's CandidateEvaluator that say whether pre-releases are wished for."""
    names = finder.CandidateEvaluator.create.__func__.__code__.co_varnames
    if "release_control" in names:
        from pip._internal.models.release_control import ReleaseControl
        control = ReleaseControl()
        if question["prereleases"]:
            control.all_releases.add(":all:")
        return {"release_control": control}
    return {"allow_all_prereleases": question["prereleases"]}


def ask_choice(question):
    """What the finder leaves over, and the resolver's rule for what it takes of it."""
    from pip._internal.index import package_finder as finder
    from pip._internal.models.target_python import TargetPython
    from pip._vendor.packaging.specifiers import SpecifierSet
    name = question["package"]
    target = TargetPython(py_version_info=tuple(question["python"]), platforms=["any"]) \
        if "platforms" in TargetPython.__init__.__code__.co_varnames \
        else TargetPython(py_version_info=tuple(question["python"]), platform="any")
    evaluator = finder.LinkEvaluator(name, name, frozenset({"source", "binary"}), target, True, False)
    candidates = []
    for link in links_on(question):
        verdict, version = evaluator.evaluate_link(link)
        if verdict is True or getattr(verdict, "name", "") == "candidate":
            try:
                try:
                    candidates.append(finder.InstallationCandidate(name, version, link))
                except TypeError:
                    candidates.append(finder.InstallationCandidate(name, link, version))
            except finder.InvalidVersion if hasattr(finder, "InvalidVersion") else ():
                pass
    specifier = SpecifierSet(question["specifiers"])
    judge = finder.CandidateEvaluator.create(name, target_python=target, specifier=specifier,
                                             **evaluator_options(finder, question))
    result = judge.compute_best_candidate(candidates)
    try:
        from pip._internal.resolution.resolvelib import factory
        is_new = tuple(int(part) for part in pip.__version__.split(".")[:2]) >= (20, 3)
    except ImportError:
        is_new = False
    if not is_new:
        return result.best_candidate.link.url if result.best_candidate else None
    applicable = result.applicable_candidates if hasattr(result, "applicable_candidates") \
        else list(result.iter_applicable())
    with open(factory.__file__) as source:
        asks_for_pin = "is_pinned" in source.read()
    pinned = any(each.operator == "===" or (each.operator == "==" and not each.version.endswith(".*"))
                 for each in specifier)
    all_yanked = all(each.link.is_yanked for each in applicable)
    for each in reversed(applicable):
        if each.link.is_yanked and not (all_yanked and (pinned or not asks_for_pin)):
            continue
        return each.link.url
    return None


def main():
    asks = {name[4:]: function for name, function in globals().items() if name.startswith("ask_")}
    with open(sys.argv[1], encoding="utf-8") as questions, open(sys.argv[2], "w", encoding="ascii") as answers:
        for line in questions:
            question = json.loads(line)
            try:
                answer = asks[question["ask"]](question)
            except (ValueError, AssertionError, PipError):
                answer = None
            answers.write(json.dumps(answer, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
