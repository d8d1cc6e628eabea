// SPDX-License-Identifier: Apache-2.0
#include "render/inspect.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "probe/environment_json.hpp"
#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/units.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

// How a fact's value is written. Overloads, so that fact() below takes any fact.
std::string written(const std::string& value, const Style&) { return value; }
std::string written(const std::filesystem::path& value, const Style&) { return value.string(); }
std::string written(const python::Version& value, const Style&) { return value.to_string(); }
std::string written(bool value, const Style& style) { return said(value ? text("yes") : text("no"), style); }
std::string written(double value, const Style&) { return fmt::format("{:.4g}", value); }
std::string written(std::uint64_t bytes, const Style&) { return bytes_text(bytes); }
std::string written(probe::TorchBuild build, const Style&) { return std::string(to_string(build)); }
std::string written(const std::vector<probe::Gpu>& gpus, const Style& style) {
  if (gpus.empty()) return said(text("none"), style);
  std::vector<std::string> names;
  for (const probe::Gpu& gpu : gpus) {
    const std::string memory = gpu.memory_bytes == 0 ? "" : " " + bytes_text(gpu.memory_bytes);
    names.push_back(gpu_name(gpu, style) + memory);
  }
  return listed(names, style);
}

// With a closing slash, the deepest first.
std::vector<std::string> folders_of(const probe::Environment& environment) {
  std::vector<std::string> folders;
  const auto add = [&folders](const std::string& folder) {
    if (folder.size() > 1) folders.push_back(folder + "/");
  };
  const probe::Interpreter& interpreter = environment.interpreter;
  for (const std::filesystem::path& directory : interpreter.site_directories) add(directory.string());
  // A system's prefix says where on the machine: only an environment's own is left out.
  const bool own = interpreter.kind && *interpreter.kind != "system";
  if (own && interpreter.prefix) add(interpreter.prefix->string());
  std::stable_sort(folders.begin(), folders.end(), [](const std::string& left, const std::string& right) {
    return left.size() > right.size();
  });
  return folders;
}

class Table {
 public:
  Table(const probe::Environment& environment, const Style& style)
      : style_(style), folders_(folders_of(environment)), page_(style) {}

  void group(const Text& title) {
    if (std::exchange(begun_, true)) page_.blank();
    page_.line(said(title, style_), Tone::strong);
  }

  template <typename T>
  void fact(const Text& label, const Fact<T>& fact) {
    if (fact.known()) {
      std::string value = written(*fact, style_);
      std::string source = fact.source == value ? "" : shortened(fact.source);
      page_.field(label, std::move(value), Tone::plain, std::move(source));
    } else {
      page_.field(label, said(text("unknown"), style_), Tone::doubtful, shortened(fact.source));
    }
    for (const Witness& witness : fact.disagreeing) {
      page_.more(said(text("but {} says {}", shortened(witness.source), witness.value), style_), Tone::doubtful);
    }
  }

  // For what is rarely there: no line where it is not known.
  template <typename T>
  void fact_if_known(const Text& label, const Fact<T>& known) {
    if (known.known() || !known.disagreeing.empty()) fact(label, known);
  }

  void row(const Text& label, std::string words, Tone tone = Tone::plain, std::string aside = "") {
    page_.field(label, std::move(words), tone, std::move(aside));
  }

  std::string text_of_page() const { return page_.text(); }

 private:
  // A source below the environment's own folders is told by its tail.
  std::string shortened(const std::string& source) const {
    for (const std::string& folder : folders_) {
      if (source.starts_with(folder)) return source.substr(folder.size());
    }
    return source;
  }

  Style style_;
  std::vector<std::string> folders_;
  Page page_;
  bool begun_ = false;
};

Fact<std::string> redacted(Fact<std::string> address) {
  if (address.value) address.value = system::redacted(*address.value);
  for (Witness& witness : address.disagreeing) witness.value = system::redacted(witness.value);
  return address;
}

void add_python(const probe::Environment& environment, const Style& style, Table& table) {
  const probe::Interpreter& interpreter = environment.interpreter;
  table.group(text("Python"));
  table.fact(text("chosen"), environment.origin);
  table.fact(text("version"), interpreter.version);
  table.fact(text("implementation"), interpreter.implementation);
  table.fact(text("executable"), interpreter.executable);
  table.fact(text("environment"), interpreter.kind);
  table.fact_if_known(text("prefix"), interpreter.prefix);
  table.fact_if_known(text("free-threaded"), interpreter.free_threaded);
  table.fact_if_known(text("externally managed"), interpreter.externally_managed);
  const std::size_t count = interpreter.distributions.size();
  if (!environment.described_only() || count > 0) {
    table.row(text("packages"),
              said(plural(count, text("{} distribution", count), text("{} distributions", count)), style));
  }
}

void add_torch(const probe::Torch& torch, Table& table) {
  table.group(text("torch"));
  table.fact(text("installed"), torch.installed);
  if (torch.installed && !*torch.installed) return;
  table.fact(text("version"), torch.version);
  table.fact(text("build"), torch.build);
  table.fact_if_known(text("CUDA"), torch.cuda);
  table.fact_if_known(text("ROCm"), torch.hip);
  table.fact(text("C++11 ABI"), torch.cxx11_abi);
  table.fact_if_known(text("directory"), torch.directory);
}

void add_machine(const probe::Environment& environment, Table& table) {
  table.group(text("Machine"));
  table.fact(text("platform"), environment.interpreter.platform);
  if (environment.libc.musl) {
    table.fact(text("musl"), environment.libc.musl);
  } else {
    table.fact(text("glibc"), environment.libc.glibc);
  }
  table.fact_if_known(text("libstdc++ up to"), environment.libc.glibcxx);
  table.fact(text("GPUs"), environment.accelerators.gpus);
  if (environment.accelerators.driver_present && !*environment.accelerators.driver_present) {
    table.fact(text("driver present"), environment.accelerators.driver_present);
  } else {
    table.fact(text("driver"), environment.accelerators.driver);
    table.fact_if_known(text("driver's CUDA"), environment.accelerators.driver_cuda);
  }
  for (const std::string& remark : environment.accelerators.remarks)
    table.row(text("remark"), remark, Tone::doubtful);
  table.fact_if_known(text("nvcc"), environment.toolkit.nvcc);
  table.fact_if_known(text("CUDA toolkit"), environment.toolkit.version);
  table.fact_if_known(text("processor cores"), environment.machine.cores);
  table.fact_if_known(text("memory"), environment.machine.memory_bytes);
  table.fact_if_known(text("memory free"), environment.machine.memory_available_bytes);
}

void add_room(const probe::Machine& machine, const Style& style, Table& table) {
  if (machine.rooms.empty()) return;
  table.group(text("Room"));
  for (const probe::Room& room : machine.rooms) {
    const std::string free = bytes_text(room.free_bytes);
    table.row(room.role, said(text("{} free in {}", free, room.path.string()), style), Tone::plain,
              room.filesystem);
  }
}

void add_installer(const probe::InstallerSettings& installer, Table& table) {
  table.group(text("Installer"));
  table.fact_if_known(text("pip"), installer.pip_version);
  table.fact_if_known(text("made by uv"), installer.uv_environment);
  table.fact(text("package index"), redacted(installer.index_url));
  for (const auto& index : installer.extra_index_urls) table.fact(text("further index"), redacted(index));
  for (const auto& place : installer.find_links) table.fact(text("find-links"), redacted(place));
  table.fact_if_known(text("no index"), installer.no_index);
  table.fact_if_known(text("proxy"), redacted(installer.proxy));
  table.fact_if_known(text("certificates"), installer.certificate);
  table.fact_if_known(text("client certificate"), installer.client_certificate);
  table.fact(text("cache"), installer.cache_directory);
}

}  // namespace

std::string inspect_text(const probe::Environment& environment, const Style& style) {
  Table table(environment, style);
  add_python(environment, style, table);
  add_torch(environment.torch, table);
  add_machine(environment, table);
  add_room(environment.machine, style, table);
  if (!environment.described_only()) add_installer(environment.installer, table);
  return table.text_of_page();
}

nlohmann::ordered_json inspect_json(const probe::Environment& environment) {
  return {{"schema_version", 1}, {"environment", probe::to_json(environment)}};
}

}  // namespace wheelfit::render
