// SPDX-License-Identifier: Apache-2.0
#include "proof/torch_interface.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace wheelfit::proof {
namespace {

TorchInterface of(std::initializer_list<const char*> names) {
  std::vector<binary::UndefinedSymbol> undefined;
  for (const char* name : names) {
    binary::UndefinedSymbol symbol{};
    symbol.name = name;
    undefined.push_back(symbol);
  }
  return torch_interface(undefined);
}

TEST(TorchInterface, AnObjectWithoutTorchUsesNone) {
  EXPECT_EQ(of({}), TorchInterface::none);
  EXPECT_EQ(of({"malloc", "_ZSt4cout", "cudaLaunchKernel"}), TorchInterface::none);
}

TEST(TorchInterface, AnythingOfItsNamespacesIsTheCxxInterface) {
  EXPECT_EQ(of({"malloc", "_ZN3c106detail14torchCheckFailEPKcS2_jS2_"}), TorchInterface::cxx);
  EXPECT_EQ(of({"_ZNK2at10TensorBase8data_ptrIfEEPT_v"}), TorchInterface::cxx);
  EXPECT_EQ(of({"_Z3runRKN2at6TensorE"}), TorchInterface::cxx);  // as an argument only
  EXPECT_EQ(of({"THPVariableClass"}), TorchInterface::cxx);
}

TEST(TorchInterface, TheCFunctionsAloneAreTheStableOne) {
  EXPECT_EQ(of({"aoti_torch_get_data_ptr", "malloc"}), TorchInterface::stable);
  EXPECT_EQ(of({"torch_library_impl"}), TorchInterface::stable);
  EXPECT_EQ(of({"aoti_torch_get_data_ptr", "_ZN3c105ErrorD1Ev"}), TorchInterface::cxx);
}

TEST(TorchInterface, ALookalikeIsNoNamespace) {
  EXPECT_EQ(of({"_ZN12atomics3c1012flatE"}), TorchInterface::none);
  EXPECT_EQ(of({"_ZN5boost2atE"}), TorchInterface::none);  // boost::at is a name of its own
}

}  // namespace
}  // namespace wheelfit::proof
