# -DWHEELFIT_SANITIZE=address,undefined | thread
if(WHEELFIT_SANITIZE)
  add_compile_options(-fsanitize=${WHEELFIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    -g1)  # lines are what a report needs, the rest takes time
  add_link_options(-fsanitize=${WHEELFIT_SANITIZE})
endif()
