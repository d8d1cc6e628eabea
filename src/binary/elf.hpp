// SPDX-License-Identifier: Apache-2.0
// What the dynamic loader would read of an ELF object: pure, bounded, without dlopen, and from PT_DYNAMIC
// alone, so that objects without a section table read the same. libelf is not used: it wants section headers
// for symbols and versions, cannot work on a prefix of a file, and would copy what is here only looked at.
// Specification: System V gABI chapter 5; LSB "Symbol Versioning"; glibc elf/dl-lookup.c for what matches
// what.
//
// Every string_view points into the bytes that parse() was given: they outlive the image. Immutable after
// parse(); safe from any thread. Memory and time are bounded by the size of the tables, never by counts the
// file claims.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "binary/bytes.hpp"
#include "binary/elf_identity.hpp"
#include "binary/symbol_hash.hpp"
#include "binary/symbol_versions.hpp"

namespace wheelfit::binary {

enum class SymbolBinding { global, weak, unique };
enum class SymbolType { none, object, function, tls, ifunc, other };

// Of st_info.
SymbolType symbol_type(unsigned char info) noexcept;

struct UndefinedSymbol {
  std::string_view name;
  std::string_view version;  // "" where any will do
  std::string_view library;  // the library the version was linked from: "libc.so.6"; "" without a version
  SymbolType type = SymbolType::none;
  bool weak = false;  // may stay unresolved
  bool lazy = false;  // only calls through the PLT name it: RTLD_LAZY would not look it up

  friend bool operator==(const UndefinedSymbol&, const UndefinedSymbol&) = default;
};

struct ExportedSymbol {
  std::string_view name;
  std::string_view version;     // "" where it has none
  bool default_version = true;  // "@@": also what a reference without a version may find
  SymbolType type = SymbolType::none;
  SymbolBinding binding = SymbolBinding::global;

  friend bool operator==(const ExportedSymbol&, const ExportedSymbol&) = default;
};

// A name with its hash, for asking many libraries about it.
struct SymbolKey {
  std::string_view name;
  std::uint32_t hash = 0;  // gnu_hash(name)

  explicit SymbolKey(std::string_view symbol) : name(symbol), hash(gnu_hash(symbol)) {}
};

struct DynamicFlags {
  bool static_tls = false;  // DF_STATIC_TLS: wants room in the static TLS block; dlopen may find none left
  bool no_open = false;     // DF_1_NOOPEN: refuses to be loaded by dlopen
  bool no_default_library = false;  // DF_1_NODEFLIB: default directories are not searched
  bool bind_now = false;
  bool symbolic = false;
  bool position_independent_executable = false;  // DF_1_PIE: dlopen refuses it

  friend bool operator==(const DynamicFlags&, const DynamicFlags&) = default;
};

struct ThreadLocalStorage {
  std::uint64_t size = 0;  // bytes in memory
  std::uint64_t alignment = 1;

  friend bool operator==(const ThreadLocalStorage&, const ThreadLocalStorage&) = default;
};

class ElfImage {
 public:
  // `file`: the whole object. Fails, with a sentence that says what the bytes are, for anything that is not a
  // 64-bit little-endian ELF object with sound tables. Any machine is read: compare identity().machine. An
  // object without PT_DYNAMIC (a static program, a .o) is read too: is_dynamic() is false and its lists are
  // empty.
  static tl::expected<ElfImage, ParseError> parse(std::span<const std::byte> file);

  const ElfIdentity& identity() const noexcept { return identity_; }
  bool is_dynamic() const noexcept { return dynamic_; }

  std::string_view soname() const noexcept { return soname_; }                      // "" where it has none
  const std::vector<std::string_view>& needed() const noexcept { return needed_; }  // in the order of loading
  std::string_view rpath() const noexcept { return rpath_; }      // ':' separated, $ORIGIN not expanded
  std::string_view runpath() const noexcept { return runpath_; }  // where present, rpath is not heeded
  std::string_view interpreter() const noexcept { return interpreter_; }  // PT_INTERP; "" where it has none
  const DynamicFlags& flags() const noexcept { return flags_; }
  // PT_GNU_STACK asks for an executable stack, or is absent where the machine's default is executable
  // (x86_64's is): glibc 2.41 and newer refuse to dlopen such an object.
  bool executable_stack() const noexcept { return executable_stack_; }
  const std::optional<ThreadLocalStorage>& thread_local_storage() const noexcept { return tls_; }  // PT_TLS

  const std::vector<VersionNeed>& version_needs() const noexcept { return versions_.needs; }
  const std::vector<VersionDefinition>& version_definitions() const noexcept { return versions_.definitions; }
  bool defines_version(std::string_view version) const noexcept;

  // What it does not define and its relocations name: exactly what the loader looks up. In the order of
  // .dynsym. Costs one pass over the relocations.
  std::vector<UndefinedSymbol> undefined_symbols() const;

  // Whether the loader would bind a reference to `name` with `version` ("" = none) to this object.
  bool exports(std::string_view name, std::string_view version = {}) const {
    return exports(SymbolKey(name), version);
  }
  bool exports(const SymbolKey& symbol, std::string_view version = {}) const;

  // Every symbol others can bind to; for explanations and listings, it reads the whole table.
  void for_each_export(const std::function<void(const ExportedSymbol&)>& visit) const;

  // As for_each_export, in the order of .dynsym.
  std::vector<ExportedSymbol> exported_symbols() const;

 private:
  struct RelocationTable {
    Bytes bytes;
    std::uint64_t entry_size = 0;
    bool plt = false;
  };
  class Builder;  // elf_parse.cpp

  bool matches(std::uint32_t symbol, std::string_view name, std::string_view version,
               std::uint32_t& defaults) const;
  std::string_view symbol_name(std::uint32_t symbol) const noexcept;
  std::uint16_t version_index(std::uint32_t symbol) const noexcept;
  std::uint32_t symbol_count() const noexcept;

  ElfIdentity identity_;
  bool dynamic_ = false;
  bool executable_stack_ = false;
  std::optional<ThreadLocalStorage> tls_;
  DynamicFlags flags_;
  std::string_view soname_, rpath_, runpath_, interpreter_;
  std::vector<std::string_view> needed_;
  SymbolVersions versions_;
  Bytes symbols_, strings_, version_indices_;  // .dynsym (to the end of its segment), .dynstr, .gnu.version
  GnuHashTable gnu_hash_;
  SysvHashTable sysv_hash_;
  bool has_gnu_hash_ = false;
  std::vector<RelocationTable> relocations_;
};

}  // namespace wheelfit::binary
