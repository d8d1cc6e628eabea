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
  # g++ 12 reports null dereferences inside its own std::vector at -O2 (GCC bugs 105562, 108860).
  target_compile_options(wheelfit_warnings INTERFACE $<$<CONFIG:Release>:-Wno-null-dereference>)
endif()
