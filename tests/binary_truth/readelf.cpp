// SPDX-License-Identifier: Apache-2.0
#include "readelf.hpp"

#include <sstream>
#include <string_view>

#include "command_output.hpp"

namespace wheelfit::test {
namespace {

enum class Part { other, dynamic, symbols, relocations, definitions, needs };

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string bracketed(const std::string& line) {
  const auto start = line.find('['), end = line.rfind(']');
  return start == std::string::npos ? "" : line.substr(start + 1, end - start - 1);
}

std::string after(const std::string& line, const std::string& marker) {
  const auto found = line.find(marker);
  if (found == std::string::npos) return {};
  const auto words = words_of(line.substr(found + marker.size()));
  return words.empty() ? "" : words.front();
}

// readelf knows STB_GNU_UNIQUE by name only where the object says it is for GNU; the loader takes it
// anywhere.
std::string with_unique(std::string line) {
  constexpr std::string_view number = "<OS specific>: 10";
  if (const auto found = line.find(number); found != std::string::npos)
    line.replace(found, number.size(), "UNIQUE");
  return line;
}

bool contains(const std::string& line, const char* text) { return line.find(text) != std::string::npos; }

class Reader {
 public:
  ReadelfView view;

  void take(const std::string& line) {
    if (contains(line, "Dynamic section at"))
      part_ = Part::dynamic;
    else if (contains(line, "Symbol table '.dynsym'"))
      part_ = Part::symbols;
    else if (contains(line, "Relocation section"))
      part_ = Part::relocations;
    else if (contains(line, "Version definition section"))
      part_ = Part::definitions;
    else if (contains(line, "Version needs section"))
      part_ = Part::needs;
    else if (contains(line, "Version symbols section") || contains(line, "Symbol table"))
      part_ = Part::other;
    else
      read(line);
  }

 private:
  void read(const std::string& line) {
    switch (part_) {
      case Part::dynamic:
        return read_dynamic(line);
      case Part::symbols:
        return read_symbol(words_of(with_unique(line)));
      case Part::relocations:
        return read_relocation(words_of(line));
      case Part::definitions:
        return read_definition(line);
      case Part::needs:
        return read_need(line);
      case Part::other:
        return;
    }
  }

  void read_dynamic(const std::string& line) {
    if (contains(line, "(NEEDED)")) view.needed.push_back(bracketed(line));
    if (contains(line, "(SONAME)")) view.soname = bracketed(line);
    if (contains(line, "(RPATH)")) view.rpath = bracketed(line);
    if (contains(line, "(RUNPATH)")) view.runpath = bracketed(line);
  }

  // Num: Value Size Type Bind Vis Ndx Name [(version index)]
  void read_symbol(const std::vector<std::string>& words) {
    if (words.size() < 8 || words[0].back() != ':' || words[0] == "Num:" || words[4] == "LOCAL") return;
    const std::string &type = words[3], &visibility = words[5], &section = words[6];
    if (visibility == "HIDDEN" || visibility == "INTERNAL") return;
    if (section == "UND") {
      view.undefined.insert(words[7]);
      return;
    }
    if (words[1] == "0000000000000000" && section != "ABS" && type != "TLS") return;
    if (type != "SECTION" && type != "FILE") view.exported.insert(words[7]);
  }

  // Offset Info Type Value Name [+ addend]; a relative one has no name.
  void read_relocation(const std::vector<std::string>& words) {
    if (words.size() < 5) return;
    const std::string name = words[4];
    view.relocated.insert(name.substr(0, name.find('@')));
  }

  void read_definition(const std::string& line) {
    if (contains(line, "Flags: BASE")) return;
    if (contains(line, "Index:")) view.version_definitions.insert(after(line, "Name: "));
  }

  void read_need(const std::string& line) {
    if (contains(line, "File:"))
      file_ = after(line, "File: ");
    else if (contains(line, "Name:"))
      view.version_needs.insert(file_ + " " + after(line, "Name: "));
  }

  Part part_ = Part::other;
  std::string file_;
};

}  // namespace

ReadelfView readelf(const std::filesystem::path& file) {
  std::istringstream lines(
      command_output("readelf -W -d --dyn-syms -r -V '" + file.string() + "' 2>/dev/null").text);
  Reader reader;
  for (std::string line; std::getline(lines, line);) reader.take(line);
  return std::move(reader.view);
}

}  // namespace wheelfit::test
