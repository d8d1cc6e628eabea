// SPDX-License-Identifier: Apache-2.0
#include "render/dockerfile.hpp"

#include <fmt/core.h>

#include "system/percent.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

// Read by programs, so its comments are English in every language. Braces are doubled for fmt.
constexpr std::string_view beginning = R"(# syntax=docker/dockerfile:1
# by wheelfit {0}: {1}
#   docker build --build-arg BASE=IMAGE -t NAME .     IMAGE holds {2}
#   docker run --gpus all NAME COMMAND                COMMAND starts once they are proven on the GPU there
ARG BASE
# The Python that torch is installed for.
ARG PYTHON=python3

FROM ${{BASE}} AS wheels
ARG PYTHON
# The package index, where it is not the one that the base image's pip is set to.
ARG PIP_INDEX_URL
{3}COPY <<'EOF' /wheelfit/download.txt
{4}EOF
RUN --mount=type=cache,target=/var/cache/pip \
    ${{PYTHON}} -m pip --cache-dir /var/cache/pip download --no-deps --require-hashes --dest /wheelfit/wheels -r /wheelfit/download.txt

FROM ${{BASE}}
ARG PYTHON
# 1 where the operating system manages that Python.
ARG PIP_BREAK_SYSTEM_PACKAGES
COPY <<'EOF' /usr/local/share/wheelfit/install.txt
{5}EOF
RUN --mount=type=bind,from=wheels,source=/wheelfit/wheels,target=/wheelfit/wheels \
    ${{PYTHON}} -m pip install --no-cache-dir --no-index --no-deps --require-hashes -r /usr/local/share/wheelfit/install.txt \
    && ${{PYTHON}} -c '{6}'
)";

constexpr std::string_view look_at_base = R"(COPY <<'EOF' /wheelfit/base.py
import sys
try:
    import torch
except ImportError as error:
    sys.exit("the base image has no torch for its %s: %s" % (sys.executable, error))
here = ("%d.%d" % sys.version_info[:2], ".".join(torch.__version__.split(".")[:2]))
if here != ("{0}", "{1}"):
    sys.exit("these wheels are for Python {0} and torch {1}; the base image has Python %s and torch %s" % here)
EOF
RUN ${{PYTHON}} /wheelfit/base.py
)";

constexpr std::string_view proof_at_start = R"(
# Each start proves it on the GPU that is there, by wheelfit where the image holds it; WHEELFIT_VERIFY=0 skips that.
ENV WHEELFIT_VERIFY=1 WHEELFIT_IMAGE_PYTHON=${{PYTHON}}
COPY <<'EOF' /usr/local/share/wheelfit/prove.py
{0}EOF
COPY --chmod=755 <<'EOF' /usr/local/bin/wheelfit-start
#!/bin/sh
if [ "$WHEELFIT_VERIFY" != 0 ]; then
    python=$(command -v "$WHEELFIT_IMAGE_PYTHON") || exit 2
    if command -v wheelfit >/dev/null 2>&1; then
        wheelfit verify{1} --require gpu --python "$python" >&2 || exit
    else
        {2}
    fi
fi
[ $# -eq 0 ] || exec "$@"
EOF
ENTRYPOINT ["/usr/local/bin/wheelfit-start"]
)";

std::string minor_of(const python::Version& version) {
  return fmt::format("{}.{}", version.major(), version.minor());
}

std::string names(const ExportView& view) {
  std::string all;
  for (const PinnedWheel& wheel : view.wheels)
    all += (all.empty() ? "" : ", ") + wheel.distribution + " " + wheel.version;
  return all;
}

std::string hashed(const std::string& what, const std::string& sha256) {
  return fmt::format("{} --hash=sha256:{}\n", what, sha256);
}

std::string download_lines(const ExportView& view) {
  std::string lines;
  for (const PinnedWheel& wheel : view.wheels)
    lines += hashed(wheel.distribution + " @ " + system::redacted(wheel.url), wheel.sha256);
  for (const PinnedDependency& pin : view.dependencies)
    if (!pin.sha256.empty()) lines += hashed(pin.distribution + "==" + pin.version, pin.sha256);
  return lines;
}

// From the files that the other stage has checked: no name is looked up a second time.
std::string install_lines(const ExportView& view) {
  const auto line = [](const std::string& distribution, const std::string& file, const std::string& sha256) {
    return hashed(distribution + " @ file:///wheelfit/wheels/" + system::percent_encoded(file), sha256);
  };
  std::string lines;
  for (const PinnedWheel& wheel : view.wheels)
    lines += line(wheel.distribution, wheel.file_name, wheel.sha256);
  for (const PinnedDependency& pin : view.dependencies)
    if (!pin.sha256.empty()) lines += line(pin.distribution, pin.file_name, pin.sha256);
  return lines;
}

std::string imports(const ExportView& view) {
  std::string all = "import torch";
  for (const PinnedWheel& wheel : view.wheels)
    for (const std::string& module : wheel.imports) all += ", " + module;
  return all;
}

std::string proof(const ExportView& view) {
  std::string distributions;
  std::string commands;
  std::string script;
  for (const PinnedWheel& wheel : view.wheels) {
    distributions += " " + wheel.distribution;
    if (wheel.start_proof.empty()) continue;
    script = wheel.start_proof;
    commands += (commands.empty() ? "" : "\n        ") +
                fmt::format("\"$python\" /usr/local/share/wheelfit/prove.py {} >&2 || exit 2", wheel.module);
  }
  return script.empty() ? "" : fmt::format(proof_at_start, script, distributions, commands);
}

}  // namespace

std::string dockerfile(const ExportView& view) {
  const auto& python = view.environment.interpreter.version;
  const auto& torch = view.environment.torch.version;
  const bool known = python.known() && torch.known();
  const std::string python_minor = python ? minor_of(*python) : "?";
  const std::string torch_minor = torch ? minor_of(*torch) : "?";
  return fmt::format(beginning, WHEELFIT_VERSION, names(view),
                     fmt::format("Python {} and torch {}", python_minor, torch_minor),
                     known ? fmt::format(look_at_base, python_minor, torch_minor) : "", download_lines(view),
                     install_lines(view), imports(view)) +
         proof(view);
}

}  // namespace wheelfit::render
