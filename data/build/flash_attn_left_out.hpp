// Takes the place of flash-attn's launch templates for the kernels that a build leaves out: whoever calls one
// is told so. The text of the files that were left out follows; it instantiates what is declared here.
#include <stdexcept>
#include <string>

#include <cuda_runtime.h>  // cudaStream_t, which flash.h takes for granted
#include <cutlass/numeric_types.h>

#include "namespace_config.h"
#include "flash.h"

namespace FLASH_NAMESPACE {

[[noreturn]] inline void wheelfit_left_out(const char* pass, int head_dimension) {
  throw std::runtime_error("this flash_attn was built by wheelfit without the " + std::string(pass) +
                           " pass for head dimension " + std::to_string(head_dimension) +
                           "; its version says what was left out");
}

#define WHEELFIT_LEFT_OUT(HEAD_DIMENSION)                                     \
  template <typename T, bool Is_causal>                                       \
  void run_mha_fwd_hdim##HEAD_DIMENSION(Flash_fwd_params&, cudaStream_t) {    \
    wheelfit_left_out("forward", HEAD_DIMENSION);                             \
  }                                                                           \
  template <typename T, bool Is_causal>                                       \
  void run_mha_bwd_hdim##HEAD_DIMENSION(Flash_bwd_params&, cudaStream_t) {    \
    wheelfit_left_out("backward", HEAD_DIMENSION);                            \
  }

WHEELFIT_LEFT_OUT(32)
WHEELFIT_LEFT_OUT(64)
WHEELFIT_LEFT_OUT(96)
WHEELFIT_LEFT_OUT(128)
WHEELFIT_LEFT_OUT(160)
WHEELFIT_LEFT_OUT(192)
WHEELFIT_LEFT_OUT(224)
WHEELFIT_LEFT_OUT(256)

template <typename T, int Headdim, bool Is_causal>
void run_mha_fwd_splitkv_dispatch(Flash_fwd_params&, cudaStream_t) {
  wheelfit_left_out("split forward", Headdim);
}

}  // namespace FLASH_NAMESPACE

