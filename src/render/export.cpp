// SPDX-License-Identifier: Apache-2.0
#include "render/export.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "render/dockerfile.hpp"
#include "render/json_fields.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

constexpr std::array words{std::pair{ExportFormat::requirements, "requirements"},
                           std::pair{ExportFormat::constraints, "constraints"},
                           std::pair{ExportFormat::uv, "uv"},
                           std::pair{ExportFormat::pylock, "pylock"},
                           std::pair{ExportFormat::conda, "conda"},
                           std::pair{ExportFormat::dockerfile, "dockerfile"}};

// These files are read by programs, so their comments are English in every language.
std::string heading(const probe::Environment& environment) {
  const auto& python = environment.interpreter.version;
  const auto& torch = environment.torch.version;
  return fmt::format("# by wheelfit {}, for Python {}, torch {}\n", WHEELFIT_VERSION,
                     python ? python->to_string() : "?", torch ? torch->to_string() : "?");
}

std::string python_minor(const probe::Environment& environment) {
  const auto& python = environment.interpreter.version;
  return python ? fmt::format("{}.{}", python->major(), python->minor()) : "";
}

std::string pinned_address(const PinnedWheel& wheel) {
  return fmt::format("{}#sha256={}", system::redacted(wheel.url), wheel.sha256);
}

std::string requirement_lines(const ExportView& view, std::string_view indent = "") {
  std::string lines;
  for (const PinnedWheel& wheel : view.wheels)
    lines += fmt::format("{}{} @ {}\n", indent, wheel.distribution, pinned_address(wheel));
  return lines;
}

std::string dependency_lines(const ExportView& view, std::string_view indent = "") {
  std::string lines;
  for (const PinnedDependency& pin : view.dependencies)
    lines += fmt::format("{}{}=={}{}\n", indent, pin.distribution, pin.version,
                         pin.sha256.empty() ? "" : "  # sha256:" + pin.sha256);
  return lines;
}

// torch as the index calls it: "2.4.0" admits every build of it, and the installed one seldom says "+cu121".
std::string pinned_lines(const ExportView& view) {
  const auto& torch = view.environment.torch.version;
  return (torch ? fmt::format("torch=={}\n", torch->public_version().to_string()) : "") +
         requirement_lines(view) + dependency_lines(view);
}

// A TOML basic string.
std::string in_toml(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    else
      quoted += c;
  }
  return quoted + "\"";
}

// uv takes no fragment here: it writes the hash into uv.lock itself, where it can be compared.
std::string uv_sources(const ExportView& view) {
  std::string names;
  std::string rows;
  for (const PinnedWheel& wheel : view.wheels) {
    names += (names.empty() ? "" : ", ") + in_toml(wheel.distribution);
    rows += fmt::format("{} = {{ url = {} }}  # sha256:{}\n", wheel.distribution,
                        in_toml(system::redacted(wheel.url)), wheel.sha256);
  }
  return fmt::format("# in pyproject.toml, beside dependencies = [{}]\n[tool.uv.sources]\n{}", names, rows);
}

std::string pylock_package(std::string_view name, std::string_view version, std::string_view file_name,
                           const std::string& url, std::uint64_t size, std::string_view sha256) {
  std::string text =
      fmt::format("\n[[packages]]\nname = {}\nversion = {}\n\n[[packages.wheels]]\nname = {}\nurl = {}\n",
                  in_toml(name), in_toml(version), in_toml(file_name), in_toml(system::redacted(url)));
  if (size > 0) text += fmt::format("size = {}\n", size);
  return text + fmt::format("hashes = {{ sha256 = {} }}\n", in_toml(sha256));
}

// PEP 751. What has no hash cannot be locked.
std::string pylock(const ExportView& view) {
  std::string text = "lock-version = \"1.0\"\ncreated-by = \"wheelfit\"\n";
  const std::string python = python_minor(view.environment);
  if (!python.empty()) text += fmt::format("requires-python = \"=={}.*\"\n", python);
  for (const PinnedWheel& wheel : view.wheels)
    text += pylock_package(wheel.distribution, wheel.version, wheel.file_name, wheel.url, wheel.size,
                           wheel.sha256);
  for (const PinnedDependency& pin : view.dependencies)
    if (!pin.sha256.empty())
      text += pylock_package(pin.distribution, pin.version, pin.file_name, pin.url, pin.size, pin.sha256);
  return text;
}

std::string conda_environment(const ExportView& view) {
  const std::string python = python_minor(view.environment);
  return fmt::format("dependencies:\n  - {}\n  - pip\n  - pip:\n{}",
                     python.empty() ? "python" : "python=" + python,
                     requirement_lines(view, "    - ") + dependency_lines(view, "    - "));
}

std::string body(ExportFormat format, const ExportView& view) {
  switch (format) {
    case ExportFormat::requirements:
    case ExportFormat::constraints:
      return pinned_lines(view);
    case ExportFormat::uv:
      return uv_sources(view);
    case ExportFormat::pylock:
      return pylock(view);
    case ExportFormat::conda:
      return conda_environment(view);
    case ExportFormat::dockerfile:
      break;
  }
  return {};
}

}  // namespace

std::optional<ExportFormat> export_format(std::string_view word) noexcept {
  const auto found =
      std::ranges::find(words, word, [](const auto& row) { return std::string_view(row.second); });
  return found == words.end() ? std::nullopt : std::optional(found->first);
}

std::string_view to_string(ExportFormat format) noexcept {
  return std::ranges::find(words, format, [](const auto& row) { return row.first; })->second;
}

std::string export_text(ExportFormat format, const ExportView& view) {
  if (format == ExportFormat::dockerfile) return dockerfile(view);
  return heading(view.environment) + body(format, view);
}

nlohmann::ordered_json export_json(ExportFormat format, const ExportView& view) {
  nlohmann::ordered_json packages = nlohmann::ordered_json::array();
  for (const PinnedWheel& wheel : view.wheels) {
    packages.push_back({{"name", wheel.distribution},
                        {"version", wheel.version},
                        {"wheel", wheel.file_name},
                        {"url", system::redacted(wheel.url)},
                        {"sha256", wheel.sha256},
                        {"size", wheel.size}});
  }
  nlohmann::ordered_json dependencies = nlohmann::ordered_json::array();
  for (const PinnedDependency& pin : view.dependencies) {
    dependencies.push_back({{"name", pin.distribution},
                            {"version", pin.version},
                            {"wheel", or_null(pin.file_name)},
                            {"url", or_null(system::redacted(pin.url))},
                            {"sha256", or_null(pin.sha256)}});
  }
  return {{"schema_version", 1},
          {"format", to_string(format)},
          {"packages", std::move(packages)},
          {"dependencies", std::move(dependencies)},
          {"text", export_text(format, view)}};
}

}  // namespace wheelfit::render
