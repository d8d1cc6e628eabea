# -DWHEELFIT_SANITIZE=address,undefined | thread
if(WHEELFIT_SANITIZE)
  add_compile_options(-fsanitize=${WHEELFIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WHEELFIT_SANITIZE})
endif()
