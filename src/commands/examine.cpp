// SPDX-License-Identifier: Apache-2.0
#include "commands/examine.hpp"

#include <algorithm>
#include <fstream>

#include "base/error.hpp"
#include "commands/stand_in_content.hpp"
#include "proof/fatbin_decompressor.hpp"
#include "proof/judge.hpp"
#include "proof/preflight.hpp"
#include "proof/wheel_code.hpp"
#include "system/files.hpp"
#include "system/first_answer.hpp"
#include "system/http_ranges.hpp"
#include "system/room.hpp"
#include "system/temp_directory.hpp"
#include "system/zip.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

// What a wheel without compiled code is: as it should be, or an empty shell.
proof::WheelProof without_code(const proof::WheelCode& code, const Expected& expected,
                               const WheelContent& content) {
  proof::WheelProof proof;
  proof.extent = proof::Extent::whole;
  proof.verdict = proof::Verdict::refused;
  if (code.other_python > 0) {
    proof.reasons.push_back(
        {ReasonCode::python_tag, text("the wheel's extension modules are all made for another Python"), {}});
    return proof;
  }
  if (expected.stands_in != nullptr) {
    const Text obstacle = obstacle_to_stand_in(*expected.stands_in, content);
    if (!obstacle.empty()) {
      proof.reasons.push_back({ReasonCode::hollow,
                               text("is hollow: it names itself a fallback, but {}", obstacle.english()),
                               {}});
      return proof;
    }
  } else if (expected.code) {
    proof.reasons.push_back({ReasonCode::hollow,
                             text("is hollow: it holds no extension module, only Python code that wants one"),
                             {}});
    return proof;
  }
  proof.verdict = proof::Verdict::fits;
  return proof;
}

WheelContent content_of(system::ZipReader& zip) {
  WheelContent content;
  for (const system::ZipEntry& entry : zip.entries()) content.names.push_back(entry.name);
  content.read = [&zip](std::size_t index) { return zip.read(index); };
  return content;
}

std::uint64_t bytes_of(const system::ZipReader& zip, const proof::WheelCode& code) {
  std::uint64_t bytes = 0;
  for (const auto* members : {&code.modules, &code.libraries})
    for (const proof::CodeMember& member : *members)
      bytes += system::bytes_on_disk(zip.entries()[member.index].size);
  return bytes;
}

bool has_code(const proof::WheelCode& code) { return !code.modules.empty() || !code.libraries.empty(); }

// The members of `code`, each in a file of its own below `directory`.
std::vector<proof::StagedObject> unpack(system::ZipReader& zip, const std::vector<proof::CodeMember>& members,
                                        const fs::path& site, const fs::path& directory) {
  std::vector<proof::StagedObject> objects;
  for (const proof::CodeMember& member : members) {
    const fs::path file = directory / std::to_string(member.index);
    std::ofstream out(file, std::ios::binary);
    zip.extract(member.index, [&out](std::span<const std::byte> piece) {
      out.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    });
    if (!out.flush())
      throw Error(ErrorKind::machine, text("{} cannot be written: is the disk full?", file.string()));
    objects.push_back({member.name, (site / member.place).lexically_normal(), file, member.stable_abi});
  }
  return objects;
}

// Of several addresses the one that answers soonest comes first: a dead one is not waited for.
std::vector<fetch::Address> answering_first(std::vector<fetch::Address> addresses, system::HttpClient& http) {
  std::vector<system::HttpRequest> requests;
  for (const fetch::Address& address : addresses) {
    system::HttpRequest request;
    request.url = address.url;
    request.bearer_token = address.bearer_token;
    requests.push_back(std::move(request));
  }
  if (const auto first = system::first_to_answer(http, std::move(requests)))
    std::rotate(addresses.begin(), addresses.begin() + static_cast<std::ptrdiff_t>(*first),
                addresses.begin() + static_cast<std::ptrdiff_t>(*first) + 1);
  return addresses;
}

}  // namespace

Expected expected_of(const catalog::Recipe& recipe, const catalog::Candidate& candidate) {
  if (candidate.stand_in) return {false, &recipe};
  return {recipe.needs_torch};
}

bool Examiner::has_files() const {
  return !environment_.described_only() && environment_.interpreter.executable.known();
}

proof::PythonProcess Examiner::process() const {
  const auto path = world_.variables.get("LD_LIBRARY_PATH");
  return {*environment_.interpreter.executable,
          environment_.interpreter.site_directories,
          path ? std::string(*path) : std::string(),
          {}};
}

// "cpython-311" of "cp311"; other implementations name their modules in ways of their own.
std::string Examiner::soabi() const {
  const auto& abi = environment_.interpreter.abi_tag;
  return abi && abi->starts_with("cp") ? "cpython-" + abi->substr(2) : std::string();
}

proof::GpuQuestion Examiner::gpus() const {
  proof::GpuQuestion question;
  const probe::Accelerators& accelerators = environment_.accelerators;
  if (accelerators.gpus) {
    for (const probe::Gpu& gpu : *accelerators.gpus) {
      if (!gpu.capability) continue;
      const binary::ComputeCapability capability{static_cast<unsigned>(gpu.capability->major),
                                                 static_cast<unsigned>(gpu.capability->minor)};
      if (std::ranges::find(question.gpus, capability) == question.gpus.end())
        question.gpus.push_back(capability);
    }
  }
  if (const auto& cuda = accelerators.driver_cuda)
    question.driver = {static_cast<unsigned>(cuda->major()), static_cast<unsigned>(cuda->minor())};
  return question;
}

proof::WheelProof Examiner::staged(const proof::StagedCode& code) const {
  const proof::GpuQuestion question = gpus();
  if (!has_files()) {
    proof::Described described;
    if (const auto& glibc = environment_.libc.glibc)
      described.glibc = {static_cast<int>(glibc->major()), static_cast<int>(glibc->minor())};
    return proof::prove_without_files(described, code, question, proof::fatbin_decompressor());
  }
  return proof::prove_wheel(process(), code, question, proof::fatbin_decompressor());
}

proof::WheelProof Examiner::unpacked(const std::vector<install::StagedFile>& files, const fs::path& site,
                                     const Expected& expected) const {
  std::vector<system::ZipEntry> members(files.size());
  for (std::size_t i = 0; i < files.size(); ++i)
    members[i].name = files[i].place.lexically_relative(site).generic_string();
  const proof::WheelCode code = proof::code_in(members, soabi());
  if (!has_code(code)) {
    WheelContent content;
    for (const system::ZipEntry& member : members) content.names.push_back(member.name);
    content.read = [&files](std::size_t index) { return system::read_file(files[index].file); };
    return without_code(code, expected, content);
  }
  const auto staged_objects = [&files](const std::vector<proof::CodeMember>& found) {
    std::vector<proof::StagedObject> objects;
    for (const proof::CodeMember& member : found) {
      const install::StagedFile& file = files[member.index];
      objects.push_back({member.name, file.place, file.file, member.stable_abi});
    }
    return objects;
  };
  return staged({staged_objects(code.modules), staged_objects(code.libraries)});
}

Examination Examiner::wheel(const fs::path& file, const Expected& expected) const {
  system::ZipReader zip(file);
  const proof::WheelCode code = proof::code_in(zip.entries(), soabi());
  Examination examination;
  examination.size = fs::file_size(file);
  examination.bytes_read = examination.size;
  if (!has_code(code)) {
    examination.proof = without_code(code, expected, content_of(zip));
    examination.proof.unpacked_bytes = system::unpacked_bytes(zip);
    return examination;
  }
  const fs::path temporary = system::temporary_files(world_.variables);
  system::require_room({system::room_for_temporary(temporary, bytes_of(zip, code))});
  const system::TempDirectory directory(temporary);
  const auto& scheme = environment_.interpreter.scheme;
  const fs::path site = scheme ? scheme->platlib : fs::path("/site-packages");
  examination.proof = staged({unpack(zip, code.modules, site, directory.path()),
                              unpack(zip, code.libraries, site, directory.path())});
  examination.proof.unpacked_bytes = system::unpacked_bytes(zip);
  return examination;
}

Examination Examiner::object(const fs::path& file) const {
  Examination examination;
  examination.size = fs::file_size(file);
  examination.bytes_read = examination.size;
  examination.proof =
      staged({{{file.filename().string(), file, file, file.stem().extension() == ".abi3"}}, {}});
  return examination;
}

proof::WheelProof Examiner::first_bytes(system::ZipReader& zip, const Expected& expected) const {
  const proof::WheelCode code = proof::code_in(zip.entries(), soabi());
  proof::LibraryCache cache(world_.root);
  proof::WheelProof proof = has_code(code)
                                ? proof::preflight(zip, code, proof::import_scope(cache, process()))
                                : without_code(code, expected, content_of(zip));
  proof.unpacked_bytes = system::unpacked_bytes(zip);
  return proof;
}

Examination Examiner::beginning(const fs::path& file, const Expected& expected) const {
  Examination examination;
  examination.size = fs::file_size(file);
  if (!has_files()) {
    examination.remark = proof::judge_without_files().reasons.front().text;
    return examination;
  }
  system::ZipReader zip(file, system::ZipChecks::reopened);
  examination.proof = first_bytes(zip, expected);
  return examination;
}

fetch::Artifact Examiner::artifact_of(const catalog::Candidate& candidate, const NetworkSettings& network,
                                      std::vector<std::string>* left_out) const {
  const Vouched known = vouched(candidate);
  const bool cannot_prove = known == Vouched::by_size && !has_files();
  return commands::artifact_of(candidate, cannot_prove ? Vouched::not_at_all : known, network,
                               world_.variables, left_out);
}

// The next address is asked where one cannot be read; the last one's trouble is what is said.
Examination Examiner::beginning(const fetch::Artifact& artifact, const Expected& expected) const {
  Examination examination;
  if (http_ == nullptr) return examination;  // offline, as was asked for: nothing to remark
  if (!has_files()) {
    examination.remark = proof::judge_without_files().reasons.front().text;
    return examination;
  }
  const std::vector<fetch::Address> addresses = answering_first(artifact.addresses, *http_);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const bool last = i + 1 == addresses.size();
    const std::uint64_t before = examination.bytes_read;
    try {
      examination = first_bytes_at(addresses[i], artifact.file_name, expected);
    } catch (const Error& error) {
      if (last || error.kind() != ErrorKind::unreachable) throw;
      continue;
    }
    examination.bytes_read += before;
    if (examination.proof.extent != proof::Extent::nothing) break;
  }
  return examination;
}

Examination Examiner::first_bytes_at(const fetch::Address& address, const std::string& file_name,
                                     const Expected& expected) const {
  Examination examination;
  auto ranges = system::HttpRanges::open(*http_, world_.clock, {address.url, address.bearer_token});
  if (!ranges) {
    examination.remark = ranges.error().reason;
    examination.bytes_read = ranges.error().bytes_read;
    return examination;
  }
  try {
    system::ZipReader zip(**ranges, file_name);
    examination.proof = first_bytes(zip, expected);
  } catch (const Error& error) {
    if (!system::wants_whole_file(error.code())) throw;
    examination.remark = error.sentence();
  }
  examination.bytes_read = (*ranges)->bytes_read();
  examination.size = (*ranges)->size();
  return examination;
}

}  // namespace wheelfit::commands
