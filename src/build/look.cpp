// SPDX-License-Identifier: Apache-2.0
#include "build/look.hpp"

#include <charconv>
#include <sstream>

#include "base/error.hpp"
#include "system/files.hpp"
#include "system/posix_process.hpp"

namespace wheelfit::build {
namespace {

namespace fs = std::filesystem;

// Standard output; nullopt where it could not be started or failed.
std::optional<std::string> said_by(std::vector<std::string> arguments, system::ProcessRunner& processes) {
  system::Command command;
  command.arguments = std::move(arguments);
  command.timeout = std::chrono::seconds(60);
  try {
    const system::ProcessResult result = processes.run(command);
    return result.succeeded() ? std::optional(result.output) : std::nullopt;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return std::nullopt;
  }
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(std::move(word));
  return words;
}

void ask_nvcc(Tools& tools, const fs::path& nvcc, system::ProcessRunner& processes) {
  const auto version = said_by({nvcc.string(), "--version"}, processes);
  if (!version) return;
  tools.nvcc = version_of_nvcc(*version);
  if (const auto codes = said_by({nvcc.string(), "--list-gpu-code"}, processes))
    tools.nvcc_architectures = words_of(*codes);
  const fs::path home = nvcc.parent_path().parent_path();
  for (const char* include : {"include", "targets/x86_64-linux/include", "targets/sbsa-linux/include"}) {
    if (const auto header = system::read_file_if_any(home / include / "crt/host_config.h")) {
      tools.newest_gcc = newest_gcc_in(*header);
      break;
    }
  }
}

void ask_compiler(Tools& tools, const system::EnvironmentVariables& variables,
                  system::ProcessRunner& processes) {
  tools.compiler = variables.get_nonempty("CXX").value_or("c++");
  std::vector<std::string> words = words_of(tools.compiler);
  tools.compiler_found = system::find_program(words.front(), variables).has_value();
  if (!tools.compiler_found) return;
  words.emplace_back("-dM");
  words.insert(words.end(), {"-E", "-x", "c++", "/dev/null"});
  const std::string macros = said_by(words, processes).value_or("");
  if (macros.find("__clang__") != std::string::npos) return;
  words.resize(words.size() - 5);
  words.emplace_back("-dumpfullversion");
  const auto version = said_by(words, processes);
  if (!version) return;
  const auto parsed = python::Version::parse(version->substr(0, version->find('\n')));
  if (parsed) tools.gcc = *parsed;
}

}  // namespace

std::optional<python::Version> version_of_nvcc(std::string_view output) {
  const std::size_t at = output.find(", V");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = output.substr(at + 3);
  const auto version = python::Version::parse(rest.substr(0, rest.find_first_not_of("0123456789.")));
  return version ? std::optional(*version) : std::nullopt;
}

std::optional<int> newest_gcc_in(std::string_view header) {
  constexpr std::string_view condition = "__GNUC__ > ";
  const std::size_t at = header.find(condition);
  if (at == std::string_view::npos) return std::nullopt;
  int newest = 0;
  const char* begin = header.data() + at + condition.size();
  const auto read = std::from_chars(begin, header.data() + header.size(), newest);
  return read.ec == std::errc() ? std::optional(newest) : std::nullopt;
}

Tools look_at_tools(const probe::Environment& environment, const system::EnvironmentVariables& variables,
                    system::ProcessRunner& processes) {
  Tools tools;
  tools.cuda_home = variables.get_nonempty("CUDA_HOME").value_or("");
  tools.cuda_home_has_nvcc =
      tools.cuda_home.empty() || system::is_executable_file(fs::path(tools.cuda_home) / "bin/nvcc");
  if (environment.toolkit.nvcc) ask_nvcc(tools, *environment.toolkit.nvcc, processes);
  ask_compiler(tools, variables, processes);
  const probe::Interpreter& interpreter = environment.interpreter;
  if (interpreter.base_prefix && interpreter.version) {
    const std::string suffix = interpreter.free_threaded && *interpreter.free_threaded ? "t" : "";
    tools.python_headers =
        *interpreter.base_prefix / "include" /
        fmt::format("python{}.{}{}", interpreter.version->major(), interpreter.version->minor(), suffix) /
        "Python.h";
    tools.has_python_headers = fs::exists(*tools.python_headers);
  }
  return tools;
}

}  // namespace wheelfit::build
