// SPDX-License-Identifier: Apache-2.0
#include "differential/python/generator.hpp"

#include <cstdlib>

namespace wheelfit::test {

Generator::Generator() {
  const char* seed = std::getenv("WHEELFIT_SEED");
  random_.seed(seed != nullptr ? std::strtoull(seed, nullptr, 10) : 20240701);
}

std::size_t Generator::below(std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
}

std::string Generator::public_version() {
  const auto number = [&] {
    return chance(90) ? std::to_string(below(3)) : pick({"10", "00", "01", "2024"});
  };
  const auto separator = [&] { return pick({"", "", ".", "-", "_"}); };
  std::string text = pick({"", "", "", "", "v", "V"});
  if (chance(8)) text += number() + "!";
  text += number();
  for (std::size_t more = below(4); more > 0; --more) text += "." + number();
  if (chance(30)) {
    text += separator() + pick({"a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "A", "RC", "Beta"}) +
            separator() + pick({"", "0", "1", "2", "01"});
  }
  if (chance(25)) {
    text += chance(30) ? "-" + number()
                       : separator() + pick({"post", "rev", "r", "POST"}) + separator() + number();
  }
  if (chance(20)) text += separator() + pick({"dev", "DEV"}) + separator() + pick({"", "0", "1", "2"});
  return text;
}

std::string Generator::version() {
  std::string text = public_version();
  if (chance(30)) {
    text += "+" + pick({"1", "01", "abc", "ABC", "cu122torch2.2", "0a"});
    while (chance(40)) text += pick({".", "-", "_"}) + pick({"1", "2", "x", "5a", "deadbeef"});
  }
  return chance(5) ? " " + text + "\n" : text;
}

std::string Generator::specifier() {
  const std::string comparison = pick({"==", "!=", "<=", ">=", "<", ">", "~=", "==="});
  const bool equality = comparison == "==" || comparison == "!=";
  std::string text = blanks() + comparison + blanks();
  if (equality && chance(30)) {
    text += pick({"", "", "1!", "v"}) + std::to_string(below(3));
    for (std::size_t more = below(3); more > 0; --more) text += "." + std::to_string(below(3));
    text += ".*";
  } else {
    text += equality && chance(30) ? public_version() + "+abc.1" : public_version();
  }
  return text + blanks();
}

std::string Generator::specifiers() {
  std::string text = chance(95) ? specifier() : "";
  while (chance(35)) text += "," + (chance(95) ? specifier() : "");
  return text;
}

std::string Generator::comparison() {
  const std::string variable =
      pick({"python_version", "python_version", "python_full_version", "implementation_version", "os_name",
            "os.name", "sys_platform", "platform_system", "platform_machine", "platform_release",
            "platform_version", "implementation_name", "platform_python_implementation",
            "python_implementation", "extra", "extra"});
  const std::string value =
      variable.find("version") != std::string::npos
          ? pick({"3", "3.1", "3.9", "3.11", "3.11.0", "3.11.7", "3.12", "3.*", "3.8,3.11", "x"})
          : pick({"linux", "posix", "Linux", "cpython", "CPython", "x86_64", "test", "Te.St", "a-b", "5.15.0",
                  "", "in"});
  const std::string operation = pick({"==", "!=", "<", ">", "<=", ">=", "~=", "===", " in ", " not in "});
  const std::string quote = pick({"'", "\""});
  const std::string literal = quote + value + quote;
  return chance(75) ? variable + blanks() + operation + blanks() + literal
                    : literal + blanks() + operation + blanks() + variable;
}

std::string Generator::marker(int depth) {
  std::string text;
  for (;;) {
    text += depth > 0 && chance(30) ? "(" + blanks() + marker(depth - 1) + ")" : comparison();
    text += blanks();
    if (!chance(40)) return text;
    text += pick({" and ", " or "});
  }
}

std::string Generator::name() {
  return pick({"a", "flash-attn", "Flash_Attn", "zope.interface", "A1", "torch", "x__y", "a-_.b", "2to3"});
}

std::string Generator::requirement() {
  std::string text = blanks() + name() + blanks();
  if (chance(25))
    text += "[" + blanks() + name() + blanks() + (chance(50) ? "," + blanks() + name() : "") + "]";
  text += blanks();
  if (chance(15)) {
    text += "@" + blanks() + pick({"https://files.example/a.whl", "file:///a;b", "git+ssh://h/p@v1#egg=x"});
    return chance(50) ? text + " ; " + marker() : text;
  }
  if (chance(70)) text += chance(25) ? "(" + specifiers() + ")" : specifiers();
  return chance(40) ? text + ";" + blanks() + marker() : text;
}

std::string Generator::tag_set(std::initializer_list<std::string_view> choices) {
  std::string text = pick(choices);
  while (chance(20)) text += "." + pick(choices);
  return text;
}

std::string Generator::wheel_file_name() {
  std::string text = pick({"a", "flash_attn", "Flash.Attn", "zope.interface", "x__y", "A1_b"}) + "-";
  for (const char c : version()) text += c == '-' ? '_' : c == '\n' || c == ' ' ? '.' : c;
  if (chance(20)) text += "-" + pick({"1", "2local", "007", "x1", "1_a"});
  text += "-" + tag_set({"py2", "py3", "cp311", "CP39", "pp310"});
  text += "-" + tag_set({"none", "abi3", "cp311", "cp313t", "pypy310_pp73"});
  return text + "-" +
         tag_set({"any", "linux_x86_64", "manylinux_2_28_x86_64", "win_amd64", "macosx_11_0_arm64"}) + ".whl";
}

std::string Generator::spoilt(std::string text) {
  constexpr std::string_view alphabet = "0123456789abrcdevpostxyz.-_+!*=<>~,;()[]@'\" ";
  const std::size_t at = below(text.size() + 1);
  const std::size_t removed = at < text.size() ? below(2) : 0;
  return text.replace(at, removed, below(3) == 0 ? 0 : 1, one_of(alphabet));
}

}  // namespace wheelfit::test
