# Everything below data/ becomes a table of raw strings in the executable (see base/embedded_data.hpp).
function(wheelfit_embed_data output)
  file(GLOB_RECURSE files RELATIVE ${CMAKE_SOURCE_DIR}/data CONFIGURE_DEPENDS
    ${CMAKE_SOURCE_DIR}/data/*.toml ${CMAKE_SOURCE_DIR}/data/*.rows ${CMAKE_SOURCE_DIR}/data/*.py
    ${CMAKE_SOURCE_DIR}/data/*.hpp)
  list(SORT files)
  list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/data/ OUTPUT_VARIABLE paths)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_SOURCE_DIR}/data "-DFILES=${files}" -DOUTPUT=${output}
      -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
endfunction()
