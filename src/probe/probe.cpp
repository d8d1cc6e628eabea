// SPDX-License-Identifier: Apache-2.0
#include "probe/probe.hpp"

#include "probe/accelerators.hpp"
#include "probe/distributions.hpp"
#include "probe/install_scheme.hpp"
#include "probe/installer_settings.hpp"
#include "probe/interpreter.hpp"
#include "probe/libc_facts.hpp"
#include "probe/machine_facts.hpp"
#include "probe/python_layout.hpp"
#include "probe/rooted_files.hpp"
#include "probe/selection.hpp"
#include "probe/site_directories.hpp"
#include "probe/toolkit.hpp"
#include "probe/torch_facts.hpp"

namespace wheelfit::probe {

Environment probe(const ProbeRequest& request, system::World& world) {
  RootedFiles files(world.root);
  const system::EnvironmentVariables& variables = world.variables;

  // Which environment, and where its parts lie.
  const Selection selection = select_environment({request.python, world.current_directory}, variables, files);
  files.set_interpreter(selection.executable);
  const PythonLayout layout = find_python_layout(selection.executable, files);

  Environment environment;
  environment.origin = {"local", selection.source};

  // The interpreter and what it can import.
  Interpreter& interpreter = environment.interpreter;
  interpreter = describe_interpreter(layout, files);
  const auto scheme = request.user_scheme ? SchemeChoice::user : SchemeChoice::as_pip_would;
  interpreter.scheme = install_scheme(layout, variables, files, scheme);
  SiteDirectories sites = find_site_directories(layout, variables, world.current_directory, files);
  interpreter.site_directories = std::move(sites.directories);
  interpreter.pth_files_with_code = std::move(sites.pth_files_with_code);
  interpreter.distributions = find_distributions(interpreter.site_directories, interpreter.remarks);
  environment.torch = find_torch(interpreter);

  // The machine below it.
  environment.libc = find_libc(layout, variables, files);
  environment.accelerators = find_accelerators({request.gpu_child}, variables, files, world.processes);
  environment.toolkit = find_toolkit(interpreter, variables, files);
  environment.machine = describe_machine(interpreter, request.store, variables, files);

  // And how packages get here.
  environment.installer = find_installer_settings(interpreter, variables, world.current_directory, files);
  return environment;
}

}  // namespace wheelfit::probe
