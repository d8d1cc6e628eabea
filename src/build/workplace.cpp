// SPDX-License-Identifier: Apache-2.0
#include "build/workplace.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

#include "system/files.hpp"
#include "system/process_groups.hpp"
#include "system/sha256.hpp"

namespace wheelfit::build {
namespace {

namespace fs = std::filesystem;

std::string hex_of(std::string_view text) { return system::to_hex(system::sha256_of(text)); }

fs::path mark_of(const fs::path& object) { return fs::path(object).concat(".made"); }

fs::path record_of(const fs::path& store, const BuildKey& key) {
  return store / "built" / (key.digest() + ".json");
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

system::FileLock locked(const fs::path& folder) {
  auto lock = system::FileLock::try_acquire(folder / "lock");
  if (!lock) {
    throw Error(ErrorKind::machine,
                text("the same wheel is being built by another wheelfit, in {}", folder.string()),
                {text("wait for it: its wheel will be found here")})
        .with_code("locked");
  }
  return std::move(*lock);
}

}  // namespace

std::string BuildKey::digest() const {
  nlohmann::ordered_json fields{{"package", package},
                                {"version", version.to_string()},
                                {"source", source_sha256},
                                {"python", python},
                                {"torch", torch},
                                {"cxx11_abi", cxx11_abi},
                                {"nvcc", nvcc},
                                {"without", without}};
  for (const python::Version& capability : capabilities)
    fields["capabilities"].push_back(capability.to_string());
  return hex_of(fields.dump()).substr(0, 16);
}

Workplace::Workplace(const fs::path& store, const BuildKey& key)
    : folder_(store / "builds" / (key.package + "-" + key.version.to_string() + "-" + key.digest())),
      lock_(locked(folder_)) {
  make_folders();
  end_leftovers();
}

void Workplace::make_folders() const {
  for (const fs::path& each : {programs(), made(), folder_ / "running"}) system::make_directories(each);
}

void Workplace::start_over() const {
  clear();
  make_folders();
}

void Workplace::append_log(std::string_view text) const {
  system::OutputFile file(log(), system::OutputFile::Mode::append);
  file.write(std::as_bytes(std::span(text.data(), text.size())));
  file.close();
}

bool Workplace::is_done(const fs::path& object, const std::string& command) const {
  return fs::exists(object) && system::read_file_if_any(mark_of(object)) == hex_of(command);
}

void Workplace::mark_done(const fs::path& object, const std::string& command) const {
  system::write_file_atomically(mark_of(object), hex_of(command), system::Durability::ordinary);
}

void Workplace::note_running(int group) const {
  const auto started = system::start_of("/", group);
  if (!started) return;
  system::write_file_atomically(folder_ / "running" / std::to_string(group), std::to_string(*started),
                                system::Durability::ordinary);
}

void Workplace::note_ended(int group) const {
  system::remove_quietly(folder_ / "running" / std::to_string(group));
}

void Workplace::end_leftovers() const {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_ / "running", failed)) {
    const auto group = number(entry.path().filename().string());
    const auto started = number(system::read_file_if_any(entry.path()).value_or(""));
    if (group && started) system::end_group(static_cast<int>(*group), *started);
    system::remove_quietly(entry.path());
  }
}

void Workplace::clear() const {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_, failed)) {
    const std::string name = entry.path().filename().string();
    if (name != "lock" && entry.path() != log()) system::remove_quietly(entry.path());
  }
}

void Workplace::remove() const {
  clear();
  system::remove_quietly(log());
  system::remove_locked_folder(folder_);
}

std::optional<BuiltWheel> find_built(const fs::path& store, const BuildKey& key) {
  const auto text = system::read_file_if_any(record_of(store, key));
  if (!text) return std::nullopt;
  const auto fields = nlohmann::json::parse(*text, nullptr, false);
  if (!fields.is_object()) return std::nullopt;
  BuiltWheel wheel{fields.value("file_name", ""), fields.value("sha256", ""),
                   fields.value("size", std::uint64_t{0})};
  return wheel.file_name.empty() ? std::nullopt : std::optional(std::move(wheel));
}

void remember_built(const fs::path& store, const BuildKey& key, const BuiltWheel& wheel) {
  const nlohmann::ordered_json fields{
      {"file_name", wheel.file_name}, {"sha256", wheel.sha256}, {"size", wheel.size}};
  system::write_file_atomically(record_of(store, key), fields.dump(1) + "\n");
}

}  // namespace wheelfit::build
