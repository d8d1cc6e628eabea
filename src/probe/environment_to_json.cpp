// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "probe/environment_json.hpp"
#include "system/url.hpp"

namespace wheelfit::probe {
namespace {

using Json = nlohmann::ordered_json;

Json encoded(const std::string& value) { return value; }
Json encoded(bool value) { return value; }
Json encoded(double value) { return value; }
Json encoded(std::uint64_t value) { return value; }
Json encoded(const std::filesystem::path& value) { return value.string(); }
Json encoded(const python::Version& value) { return value.to_string(); }
Json encoded(TorchBuild value) { return std::string(to_string(value)); }

Json encoded(const InstallScheme& scheme) {
  return {{"purelib", scheme.purelib.string()},
          {"platlib", scheme.platlib.string()},
          {"scripts", scheme.scripts.string()},
          {"headers", scheme.headers.string()},
          {"data", scheme.data.string()}};
}

Json encoded(const std::vector<Gpu>& gpus) {
  Json list = Json::array();
  for (const Gpu& gpu : gpus) {
    list.push_back({{"name", gpu.name},
                    {"architecture", gpu.capability ? gpu.capability->to_string() : gpu.amd_target},
                    {"memory_bytes", gpu.memory_bytes}});
  }
  return list;
}

template <typename T>
Json fact(const Fact<T>& known) {
  if (!known.known()) return nullptr;
  Json json{{"value", encoded(*known)}, {"source", known.source}};
  Json disagreeing = Json::array();
  for (const Witness& witness : known.disagreeing) {
    disagreeing.push_back({{"value", witness.value}, {"source", witness.source}});
  }
  if (!disagreeing.empty()) json["disagreeing"] = std::move(disagreeing);
  return json;
}

Json address(Fact<std::string> known) {
  if (known.known()) known.value = system::redacted(*known.value);
  for (Witness& witness : known.disagreeing) witness.value = system::redacted(witness.value);
  return fact(known);
}

Json addresses(const std::vector<Fact<std::string>>& list) {
  Json json = Json::array();
  for (const Fact<std::string>& each : list) json.push_back(address(each));
  return json;
}

Json paths(const std::vector<std::filesystem::path>& list) {
  Json json = Json::array();
  for (const std::filesystem::path& path : list) json.push_back(path.string());
  return json;
}

Json distributions(const std::vector<InstalledDistribution>& list) {
  Json json = Json::array();
  for (const InstalledDistribution& each : list) {
    json.push_back({{"name", each.name},
                    {"version", each.version},
                    {"location", each.location.string()},
                    {"metadata_path", each.metadata_path.string()},
                    {"installer", each.installer},
                    {"editable", each.editable}});
  }
  return json;
}

Json encoded_interpreter(const Interpreter& interpreter) {
  return {{"executable", fact(interpreter.executable)},
          {"kind", fact(interpreter.kind)},
          {"prefix", fact(interpreter.prefix)},
          {"base_prefix", fact(interpreter.base_prefix)},
          {"implementation", fact(interpreter.implementation)},
          {"version", fact(interpreter.version)},
          {"free_threaded", fact(interpreter.free_threaded)},
          {"abi_tag", fact(interpreter.abi_tag)},
          {"platform", fact(interpreter.platform)},
          {"externally_managed", fact(interpreter.externally_managed)},
          {"scheme", fact(interpreter.scheme)},
          {"site_directories", paths(interpreter.site_directories)},
          {"pth_files_with_code", paths(interpreter.pth_files_with_code)},
          {"remarks", interpreter.remarks},
          {"distributions", distributions(interpreter.distributions)}};
}

Json encoded_torch(const Torch& torch) {
  return {{"installed", fact(torch.installed)},
          {"version", fact(torch.version)},
          {"build", fact(torch.build)},
          {"cuda", fact(torch.cuda)},
          {"hip", fact(torch.hip)},
          {"cxx11_abi", fact(torch.cxx11_abi)},
          {"directory", fact(torch.directory)}};
}

Json encoded_machine(const Machine& machine) {
  Json rooms = Json::array();
  for (const Room& room : machine.rooms) {
    rooms.push_back({{"role", room.role},
                     {"path", room.path.string()},
                     {"filesystem", room.filesystem},
                     {"device", room.device},
                     {"free_bytes", room.free_bytes}});
  }
  return {{"cores", fact(machine.cores)},
          {"memory_bytes", fact(machine.memory_bytes)},
          {"memory_available_bytes", fact(machine.memory_available_bytes)},
          {"rooms", std::move(rooms)}};
}

Json encoded_installer(const InstallerSettings& settings) {
  return {{"pip_version", fact(settings.pip_version)},
          {"uv_environment", fact(settings.uv_environment)},
          {"index_url", address(settings.index_url)},
          {"extra_index_urls", addresses(settings.extra_index_urls)},
          {"find_links", addresses(settings.find_links)},
          {"no_index", fact(settings.no_index)},
          {"proxy", address(settings.proxy)},
          {"certificate", fact(settings.certificate)},
          {"client_certificate", fact(settings.client_certificate)},
          {"trusted_hosts", settings.trusted_hosts},
          {"cache_directory", fact(settings.cache_directory)},
          {"no_cache_dir", fact(settings.no_cache_dir)},
          {"no_binary", addresses(settings.no_binary)},
          {"only_binary", addresses(settings.only_binary)},
          {"require_hashes", fact(settings.require_hashes)},
          {"prefer_binary", fact(settings.prefer_binary)},
          {"prereleases", fact(settings.prereleases)},
          {"ignore_requires_python", fact(settings.ignore_requires_python)},
          {"legacy_resolver", fact(settings.legacy_resolver)}};
}

}  // namespace

Json to_json(const Environment& environment) {
  const Accelerators& accelerators = environment.accelerators;
  return {
      {"origin", fact(environment.origin)},
      {"interpreter", encoded_interpreter(environment.interpreter)},
      {"torch", encoded_torch(environment.torch)},
      {"accelerators",
       {{"driver_present", fact(accelerators.driver_present)},
        {"driver", fact(accelerators.driver)},
        {"driver_cuda", fact(accelerators.driver_cuda)},
        {"gpus", fact(accelerators.gpus)},
        {"remarks", accelerators.remarks}}},
      {"libc",
       {{"glibc", fact(environment.libc.glibc)},
        {"musl", fact(environment.libc.musl)},
        {"glibcxx", fact(environment.libc.glibcxx)}}},
      {"toolkit", {{"nvcc", fact(environment.toolkit.nvcc)}, {"version", fact(environment.toolkit.version)}}},
      {"machine", encoded_machine(environment.machine)},
      {"installer", encoded_installer(environment.installer)}};
}

}  // namespace wheelfit::probe
