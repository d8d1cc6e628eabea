// SPDX-License-Identifier: Apache-2.0
// ElfImage::parse: program headers, PT_DYNAMIC, and the tables it points to.
#include <elf.h>

#include <map>
#include <string>
#include <utility>

#include "binary/elf.hpp"

namespace wheelfit::binary {

class ElfImage::Builder {
 public:
  Builder(const Bytes& file, const ElfIdentity& identity) : file_(file) { image_.identity_ = identity; }

  tl::expected<ElfImage, ParseError> build() {
    using Step = void (Builder::*)();
    for (const Step step : {&Builder::read_program_headers, &Builder::read_dynamic, &Builder::read_strings,
                            &Builder::read_flags, &Builder::read_symbols, &Builder::read_hash_tables,
                            &Builder::read_versions, &Builder::read_relocations}) {
      (this->*step)();
      if (problem_) return tl::unexpected(*std::move(problem_));
      if (step == &Builder::read_dynamic && !image_.dynamic_) break;
    }
    return std::move(image_);
  }

 private:
  struct Segment {
    std::uint64_t address, offset, size;
  };

  void fail(std::string sentence) {
    if (!problem_) problem_ = ParseError{std::move(sentence)};
  }

  void read_program_headers() {
    const auto header = file_.get_or_zero<Elf64_Ehdr>(0);
    if (header.e_phnum != 0 && header.e_phentsize != sizeof(Elf64_Phdr))
      return fail("damaged: its program headers have an unknown size");
    if (!file_.holds(header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr)))
      return fail("truncated: its program headers lie outside the file");
    image_.executable_stack_ = header.e_phnum != 0;  // the default, until PT_GNU_STACK says otherwise
    for (std::uint64_t i = 0; i < header.e_phnum; ++i)
      read_segment(file_.get_or_zero<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr)));
  }

  void read_segment(const Elf64_Phdr& segment) {
    const bool has_content =
        segment.p_type == PT_LOAD || segment.p_type == PT_DYNAMIC || segment.p_type == PT_INTERP;
    if (has_content && !file_.holds(segment.p_offset, segment.p_filesz))
      return fail("truncated: its program headers speak of bytes beyond the end of the file");
    const Bytes content = file_.slice(segment.p_offset, segment.p_filesz);
    switch (segment.p_type) {
      case PT_LOAD:
        segments_.push_back({segment.p_vaddr, segment.p_offset, segment.p_filesz});
        break;
      case PT_DYNAMIC:
        dynamic_ = content, image_.dynamic_ = true;
        break;
      case PT_INTERP:
        image_.interpreter_ = content.c_string(0).value_or(std::string_view{});
        break;
      case PT_GNU_STACK:
        image_.executable_stack_ = (segment.p_flags & PF_X) != 0;
        break;
      case PT_TLS:
        image_.tls_ = ThreadLocalStorage{segment.p_memsz, segment.p_align};
        break;
      default:
        break;
    }
  }

  void read_dynamic() {
    for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= dynamic_.size(); at += sizeof(Elf64_Dyn)) {
      const auto entry = dynamic_.get_or_zero<Elf64_Dyn>(at);
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag == DT_NEEDED)
        needed_.push_back(entry.d_un.d_val);
      else
        values_[entry.d_tag] = entry.d_un.d_val;
    }
  }

  std::optional<std::uint64_t> value(std::int64_t tag) const {
    const auto found = values_.find(tag);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }
  std::uint64_t value_or_zero(std::int64_t tag) const { return value(tag).value_or(0); }

  // What the file holds from a virtual address to the end of the segment that contains it.
  Bytes at_address(std::uint64_t address) {
    for (const Segment& segment : segments_)
      if (address >= segment.address && address - segment.address < segment.size)
        return file_.slice(segment.offset + (address - segment.address),
                           segment.size - (address - segment.address));
    fail("damaged: its dynamic section points outside what is loaded");
    return {};
  }
  Bytes table(std::int64_t tag) {
    const auto address = value(tag);
    return address ? at_address(*address) : Bytes{};
  }
  Bytes sized_table(std::int64_t tag, std::uint64_t size) {
    if (size == 0) return {};
    const Bytes bytes = table(tag);
    if (!problem_ && value(tag) && bytes.size() < size)
      fail("damaged: a dynamic table runs past the end of its segment");
    return bytes.slice(0, size);
  }

  std::string_view string_at(std::uint64_t offset) {
    const auto string = image_.strings_.c_string(offset);
    if (!string) fail("damaged: a name lies outside its string table");
    return string.value_or(std::string_view{});
  }
  std::string_view string_of(std::int64_t tag) {
    const auto offset = value(tag);
    return offset ? string_at(*offset) : std::string_view{};
  }

  void read_strings() {
    image_.strings_ = sized_table(DT_STRTAB, value_or_zero(DT_STRSZ));
    for (const std::uint64_t offset : needed_) image_.needed_.push_back(string_at(offset));
    image_.soname_ = string_of(DT_SONAME);
    image_.rpath_ = string_of(DT_RPATH);
    image_.runpath_ = string_of(DT_RUNPATH);
  }

  void read_flags() {
    const std::uint64_t flags = value_or_zero(DT_FLAGS);
    const std::uint64_t flags_1 = value_or_zero(DT_FLAGS_1);
    DynamicFlags& out = image_.flags_;
    out.static_tls = (flags & DF_STATIC_TLS) != 0;
    out.no_open = (flags_1 & DF_1_NOOPEN) != 0;
    out.no_default_library = (flags_1 & DF_1_NODEFLIB) != 0;
    out.bind_now = (flags & DF_BIND_NOW) != 0 || (flags_1 & DF_1_NOW) != 0 || value(DT_BIND_NOW).has_value();
    out.symbolic = (flags & DF_SYMBOLIC) != 0 || value(DT_SYMBOLIC).has_value();
    out.position_independent_executable = (flags_1 & DF_1_PIE) != 0;
  }

  void read_symbols() {
    if (value(DT_SYMENT).value_or(sizeof(Elf64_Sym)) != sizeof(Elf64_Sym))
      return fail("damaged: its dynamic symbols have an unknown size");
    image_.symbols_ = table(DT_SYMTAB);
    image_.version_indices_ = table(DT_VERSYM);
  }

  void read_hash_tables() {
    if (value(DT_GNU_HASH)) {
      auto parsed = GnuHashTable::parse(table(DT_GNU_HASH));
      if (!parsed) return fail(std::move(parsed.error().message));
      image_.gnu_hash_ = *parsed;
      image_.has_gnu_hash_ = true;
    }
    if (value(DT_HASH)) {
      // The GNU table is the one the loader reads where there are both: a damaged second one harms nobody.
      auto parsed = SysvHashTable::parse(table(DT_HASH));
      if (!parsed && !image_.has_gnu_hash_) return fail(std::move(parsed.error().message));
      if (parsed) image_.sysv_hash_ = *parsed;
    }
  }

  void read_versions() {
    auto parsed = parse_symbol_versions({table(DT_VERNEED), value_or_zero(DT_VERNEEDNUM)},
                                        {table(DT_VERDEF), value_or_zero(DT_VERDEFNUM)}, image_.strings_);
    if (!parsed) return fail(std::move(parsed.error().message));
    image_.versions_ = *std::move(parsed);
  }

  void read_relocations() {
    const std::uint64_t plt_entry =
        value_or_zero(DT_PLTREL) == DT_REL ? sizeof(Elf64_Rel) : sizeof(Elf64_Rela);
    const auto add = [&](std::int64_t tag, std::int64_t size_tag, std::uint64_t entry, bool plt) {
      const Bytes bytes = sized_table(tag, value_or_zero(size_tag));
      if (!bytes.empty()) image_.relocations_.push_back({bytes, entry, plt});
    };
    add(DT_RELA, DT_RELASZ, sizeof(Elf64_Rela), false);
    add(DT_REL, DT_RELSZ, sizeof(Elf64_Rel), false);
    add(DT_JMPREL, DT_PLTRELSZ, plt_entry, true);
  }

  Bytes file_;
  Bytes dynamic_;
  std::vector<Segment> segments_;
  std::vector<std::uint64_t> needed_;  // offsets into the string table
  std::map<std::int64_t, std::uint64_t> values_;
  std::optional<ParseError> problem_;
  ElfImage image_;
};

tl::expected<ElfImage, ParseError> ElfImage::parse(std::span<const std::byte> file) {
  const auto identity = parse_readable_identity(file);
  if (!identity) return tl::unexpected(identity.error());
  return Builder(file, *identity).build();
}

}  // namespace wheelfit::binary
