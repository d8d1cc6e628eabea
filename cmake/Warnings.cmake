# The strict level every file of ours is compiled at. Dependencies are SYSTEM includes and are not judged.
add_library(wheelfit_warnings INTERFACE)
target_compile_options(wheelfit_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnull-dereference -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2 -Wimplicit-fallthrough)
option(WHEELFIT_WERROR "warnings are errors" OFF)
if(WHEELFIT_WERROR)
  target_compile_options(wheelfit_warnings INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # At -O2 g++ 12 reports faults inside its own library: null dereferences in std::vector (GCC bugs 105562, 108860),
  # overlaps in std::string (105329, 105651), uninitialised std::optional (80635). The Debug build keeps them on.
  target_compile_options(wheelfit_warnings INTERFACE
    $<$<CONFIG:Release>:-Wno-null-dereference -Wno-restrict -Wno-maybe-uninitialized>)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # std::stable_sort of libstdc++ 12 uses get_temporary_buffer, deprecated since C++17, and clang judges that where
  # the template is instantiated: in our files.
  target_compile_options(wheelfit_warnings INTERFACE -Wno-deprecated-declarations)
endif()
