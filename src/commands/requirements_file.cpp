// SPDX-License-Identifier: Apache-2.0
#include "commands/requirements_file.hpp"

#include "commands/decide.hpp"
#include "commands/subject.hpp"

namespace wheelfit::commands {

void add_requirements(const std::filesystem::path& file, const catalog::Knowledge& knowledge,
                      std::vector<std::string>& subjects, const system::World& world, Reporter& report) {
  for (const std::string& line : read_requirements_file(world.current_directory / file)) {
    const Subject subject = parse_subject(line, world.current_directory);
    const bool ours = !std::holds_alternative<python::Requirement>(subject) ||
                      knowledge.find(package_of(subject)) != nullptr;
    if (ours)
      subjects.push_back(line);
    else
      report.note(text("{} is left to the environment's own installer", line));
  }
}

}  // namespace wheelfit::commands
