// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "probe/environment_json.hpp"

namespace wheelfit::probe {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& field, std::string_view wants) {
  throw Error(ErrorKind::usage, text("the field \"{}\" of the environment file is not {}", field, wants),
              {text("Write the file anew with: wheelfit inspect --json")});
}

void decode(const Json& json, const std::string& field, std::string& value) {
  if (!json.is_string()) refuse(field, "a string");
  value = json.get<std::string>();
}

void decode(const Json& json, const std::string& field, std::filesystem::path& value) {
  if (!json.is_string()) refuse(field, "a path");
  value = json.get<std::string>();
}

void decode(const Json& json, const std::string& field, bool& value) {
  if (!json.is_boolean()) refuse(field, "true or false");
  value = json.get<bool>();
}

void decode(const Json& json, const std::string& field, double& value) {
  if (!json.is_number()) refuse(field, "a number");
  value = json.get<double>();
}

void decode(const Json& json, const std::string& field, std::uint64_t& value) {
  if (!json.is_number_unsigned()) refuse(field, "a whole number");
  value = json.get<std::uint64_t>();
}

void decode(const Json& json, const std::string& field, python::Version& value) {
  const auto version = json.is_string() ? python::Version::parse(json.get_ref<const std::string&>())
                                        : tl::unexpected(ParseError{});
  if (!version) refuse(field, "a version");
  value = *version;
}

void decode(const Json& json, const std::string& field, TorchBuild& value) {
  for (const TorchBuild build : {TorchBuild::cpu, TorchBuild::cuda, TorchBuild::rocm, TorchBuild::xpu}) {
    if (json.is_string() && json.get_ref<const std::string&>() == to_string(build)) {
      value = build;
      return;
    }
  }
  refuse(field, "one of cpu, cuda, rocm, xpu");
}

void decode(const Json& json, const std::string& field, Witness& witness);
void decode(const Json& json, const std::string& field, InstallScheme& scheme);
void decode(const Json& json, const std::string& field, std::vector<Gpu>& gpus);
void decode(const Json& json, const std::string& field, InstalledDistribution& distribution);
void decode(const Json& json, const std::string& field, Room& room);
template <typename T>
void decode(const Json& json, const std::string& field, Fact<T>& fact);

const Json& object_at(const Json& json, const std::string& field, const char* name) {
  static const Json nothing = Json::object();
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return nothing;
  if (!found->is_object()) refuse(field.empty() ? name : field + "." + name, "an object");
  return *found;
}

// A plain member: absent or null leaves `value` as it is.
template <typename T>
void read_member(const Json& json, const std::string& field, const char* name, T& value) {
  const auto found = json.find(name);
  if (found != json.end() && !found->is_null()) decode(*found, field + "." + name, value);
}

template <typename T>
void read_list(const Json& json, const std::string& field, const char* name, std::vector<T>& values) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return;
  const std::string inner = field + "." + name;
  if (!found->is_array()) refuse(inner, "a list");
  for (const Json& each : *found) decode(each, inner, values.emplace_back());
}

void decode(const Json& json, const std::string& field, Witness& witness) {
  if (!json.is_object()) refuse(field, "an object");
  read_member(json, field, "value", witness.value);
  read_member(json, field, "source", witness.source);
}

void decode(const Json& json, const std::string& field, InstallScheme& scheme) {
  if (!json.is_object()) refuse(field, "an object");
  read_member(json, field, "purelib", scheme.purelib);
  read_member(json, field, "platlib", scheme.platlib);
  read_member(json, field, "scripts", scheme.scripts);
  read_member(json, field, "headers", scheme.headers);
  read_member(json, field, "data", scheme.data);
}

void decode(const Json& json, const std::string& field, Gpu& gpu) {
  if (!json.is_object()) refuse(field, "an object");
  read_member(json, field, "name", gpu.name);
  read_member(json, field, "memory_bytes", gpu.memory_bytes);
  std::string architecture;
  read_member(json, field, "architecture", architecture);
  gpu.capability = parse_compute_capability(architecture);
  if (gpu.capability || architecture.empty()) return;
  if (!architecture.starts_with("gfx"))
    refuse(field + ".architecture", "an architecture such as sm_90 or gfx942");
  gpu.amd_target = architecture;
}

void decode(const Json& json, const std::string& field, std::vector<Gpu>& gpus) {
  if (!json.is_array()) refuse(field, "a list");
  for (const Json& each : json) decode(each, field, gpus.emplace_back());
}

void decode(const Json& json, const std::string& field, InstalledDistribution& distribution) {
  if (!json.is_object()) refuse(field, "an object");
  read_member(json, field, "name", distribution.name);
  read_member(json, field, "version", distribution.version);
  read_member(json, field, "location", distribution.location);
  read_member(json, field, "metadata_path", distribution.metadata_path);
  read_member(json, field, "installer", distribution.installer);
  read_member(json, field, "editable", distribution.editable);
}

void decode(const Json& json, const std::string& field, Room& room) {
  if (!json.is_object()) refuse(field, "an object");
  read_member(json, field, "role", room.role);
  read_member(json, field, "path", room.path);
  read_member(json, field, "filesystem", room.filesystem);
  read_member(json, field, "device", room.device);
  read_member(json, field, "free_bytes", room.free_bytes);
}

template <typename T>
void decode(const Json& json, const std::string& field, Fact<T>& fact) {
  if (json.is_null()) return;
  if (!json.is_object()) refuse(field, "an object with a value and a source");
  const auto value = json.find("value");
  if (value == json.end() || value->is_null()) return;
  T decoded{};
  decode(*value, field, decoded);
  fact.value = std::move(decoded);
  read_member(json, field, "source", fact.source);
  read_list(json, field, "disagreeing", fact.disagreeing);
}

void read_interpreter(const Json& json, Interpreter& interpreter) {
  const std::string field = "interpreter";
  read_member(json, field, "executable", interpreter.executable);
  read_member(json, field, "kind", interpreter.kind);
  read_member(json, field, "prefix", interpreter.prefix);
  read_member(json, field, "base_prefix", interpreter.base_prefix);
  read_member(json, field, "implementation", interpreter.implementation);
  read_member(json, field, "version", interpreter.version);
  read_member(json, field, "free_threaded", interpreter.free_threaded);
  read_member(json, field, "abi_tag", interpreter.abi_tag);
  read_member(json, field, "platform", interpreter.platform);
  read_member(json, field, "externally_managed", interpreter.externally_managed);
  read_member(json, field, "scheme", interpreter.scheme);
  read_list(json, field, "site_directories", interpreter.site_directories);
  read_list(json, field, "pth_files_with_code", interpreter.pth_files_with_code);
  read_list(json, field, "remarks", interpreter.remarks);
  read_list(json, field, "distributions", interpreter.distributions);
  std::ranges::sort(interpreter.distributions, {}, &InstalledDistribution::name);
}

void read_torch(const Json& json, Torch& torch) {
  const std::string field = "torch";
  read_member(json, field, "installed", torch.installed);
  read_member(json, field, "version", torch.version);
  read_member(json, field, "build", torch.build);
  read_member(json, field, "cuda", torch.cuda);
  read_member(json, field, "hip", torch.hip);
  read_member(json, field, "cxx11_abi", torch.cxx11_abi);
  read_member(json, field, "directory", torch.directory);
}

void read_accelerators(const Json& json, Accelerators& accelerators) {
  const std::string field = "accelerators";
  read_member(json, field, "driver_present", accelerators.driver_present);
  read_member(json, field, "driver", accelerators.driver);
  read_member(json, field, "driver_cuda", accelerators.driver_cuda);
  read_member(json, field, "gpus", accelerators.gpus);
  read_list(json, field, "remarks", accelerators.remarks);
}

void read_machine(const Json& json, Machine& machine) {
  const std::string field = "machine";
  read_member(json, field, "cores", machine.cores);
  read_member(json, field, "memory_bytes", machine.memory_bytes);
  read_member(json, field, "memory_available_bytes", machine.memory_available_bytes);
  read_list(json, field, "rooms", machine.rooms);
}

void read_installer(const Json& json, InstallerSettings& settings) {
  const std::string field = "installer";
  read_member(json, field, "pip_version", settings.pip_version);
  read_member(json, field, "uv_environment", settings.uv_environment);
  read_member(json, field, "index_url", settings.index_url);
  read_list(json, field, "extra_index_urls", settings.extra_index_urls);
  read_list(json, field, "find_links", settings.find_links);
  read_member(json, field, "no_index", settings.no_index);
  read_member(json, field, "proxy", settings.proxy);
  read_member(json, field, "certificate", settings.certificate);
  read_member(json, field, "client_certificate", settings.client_certificate);
  read_list(json, field, "trusted_hosts", settings.trusted_hosts);
  read_member(json, field, "cache_directory", settings.cache_directory);
  read_member(json, field, "no_cache_dir", settings.no_cache_dir);
  read_list(json, field, "no_binary", settings.no_binary);
  read_list(json, field, "only_binary", settings.only_binary);
  read_member(json, field, "require_hashes", settings.require_hashes);
  read_member(json, field, "prefer_binary", settings.prefer_binary);
  read_member(json, field, "prereleases", settings.prereleases);
  read_member(json, field, "ignore_requires_python", settings.ignore_requires_python);
  read_member(json, field, "legacy_resolver", settings.legacy_resolver);
}

}  // namespace

Environment environment_from_json(std::string_view document) {
  const Json parsed = Json::parse(document, nullptr, false);
  if (!parsed.is_object()) {
    throw Error(ErrorKind::usage, text("the environment file is not a JSON object"),
                {text("Write the file anew with: wheelfit inspect --json")});
  }
  const Json& json = parsed.contains("environment") ? object_at(parsed, "", "environment") : parsed;
  if (!json.contains("interpreter")) {
    throw Error(ErrorKind::usage, text("the environment file has no \"interpreter\""),
                {text("Write the file anew with: wheelfit inspect --json")});
  }
  Environment environment;
  environment.origin = Fact<std::string>("target", "--target");
  read_interpreter(object_at(json, "", "interpreter"), environment.interpreter);
  read_torch(object_at(json, "", "torch"), environment.torch);
  read_accelerators(object_at(json, "", "accelerators"), environment.accelerators);
  const Json& libc = object_at(json, "", "libc");
  read_member(libc, "libc", "glibc", environment.libc.glibc);
  read_member(libc, "libc", "musl", environment.libc.musl);
  read_member(libc, "libc", "glibcxx", environment.libc.glibcxx);
  const Json& toolkit = object_at(json, "", "toolkit");
  read_member(toolkit, "toolkit", "nvcc", environment.toolkit.nvcc);
  read_member(toolkit, "toolkit", "version", environment.toolkit.version);
  read_machine(object_at(json, "", "machine"), environment.machine);
  read_installer(object_at(json, "", "installer"), environment.installer);
  return environment;
}

}  // namespace wheelfit::probe
