# wheelfit_folder(name [deps...]): src/<name>/*.cpp as the static library wheelfit_<name>.
# What a folder links is what it may include; tests/architecture holds the same table for the headers.
function(wheelfit_folder name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  if(NOT sources)
    file(WRITE ${CMAKE_BINARY_DIR}/empty.cpp "")
    set(sources ${CMAKE_BINARY_DIR}/empty.cpp)
  endif()
  add_library(wheelfit_${name} STATIC ${sources})
  target_include_directories(wheelfit_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(wheelfit_${name} PRIVATE wheelfit_warnings PUBLIC tl::expected fmt::fmt ${ARGN})
endfunction()
