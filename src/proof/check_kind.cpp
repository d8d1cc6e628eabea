// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <vector>

#include "proof/case.hpp"
#include "proof/version_names.hpp"

namespace wheelfit::proof {
namespace {

constexpr unsigned strict_glibc_minor = 41;  // 2.41: dlopen no longer makes stacks executable

// The C library's own version, by the newest symbols it defines; 0 where it is not glibc.
unsigned glibc_minor(const Process& process) {
  const auto libc = process.find("libc.so.6");
  if (!libc) return 0;
  const auto version = numbered_version(newest_defined(process.image(*libc), "GLIBC"));
  return version && version->parts.size() > 1 && version->parts[0] == 2 ? version->parts[1] : 0;
}

// glibc keeps about this much static TLS for what dlopen brings (rtld.nns, rtld.optional_static_tls; 1664
// bytes by default). Below it there is room whatever else was loaded; above, it depends.
constexpr std::uint64_t sure_static_tls = 1024;

}  // namespace

void check_kind(Case& subject) {
  const std::string name = subject.subject().file_name();
  const binary::ElfImage& image = subject.subject().library->image;
  if (image.identity().type != binary::ElfType::shared || image.flags().position_independent_executable)
    subject.refuse(ReasonCode::platform,
                   text("{} is a program or an object file, not a shared object", name));
  else if (!image.is_dynamic())
    subject.refuse(ReasonCode::platform, text("{} has no dynamic section: nothing can load it", name));
  if (image.flags().no_open)
    subject.refuse(ReasonCode::platform, text("{} forbids to be loaded by a running program", name));
  if (glibc_minor(subject.process) < strict_glibc_minor) return;
  for (const std::size_t object : subject.loaded.added)
    if (subject.process.image(object).executable_stack())
      subject.refuse(ReasonCode::platform,
                     text("{} asks for an executable stack, which glibc 2.41 and newer refuse",
                          subject.process.objects()[object].file_name()));
}

void check_thread_storage(Case& subject) {
  const Process& process = subject.process;
  const auto static_size = [&](std::size_t object) -> std::uint64_t {
    const binary::ElfImage& image = process.image(object);
    const auto& storage = image.thread_local_storage();
    return storage && image.flags().static_tls ? storage->size : 0;
  };
  std::uint64_t before = 0, wanted = 0;
  for (std::size_t object = process.start_count(); object < process.objects().size(); ++object)
    before += static_size(object);
  for (const std::size_t object : subject.loaded.added) wanted += static_size(object);
  if (wanted == 0 || before <= sure_static_tls) return;
  subject.doubt(
      ReasonCode::static_tls,
      text("{} wants {} bytes of static thread-local storage, which may be used up when it is loaded",
           subject.subject().file_name(), wanted));
}

}  // namespace wheelfit::proof
