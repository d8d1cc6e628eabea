// SPDX-License-Identifier: Apache-2.0
#include "catalog/knowledge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "catalog/recipe_reader.hpp"
#include "catalog/rows.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::catalog {
namespace {

using ::testing::HasSubstr;

python::Version version(const char* text) { return python::Version::parse(text).value(); }

std::string complaint(const std::string& recipe) {
  try {
    read_recipe(recipe, "packages/x.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "no complaint";
}

TEST(Knowledge, OfThisProgramLoads) {
  const Knowledge knowledge = load_knowledge(std::nullopt);
  const Recipe* recipe = knowledge.find("flash-attn");
  ASSERT_NE(recipe, nullptr);
  EXPECT_EQ(knowledge.find("Flash_Attn"), nullptr);
  EXPECT_FALSE(recipe->guesses.empty());
  EXPECT_EQ(knowledge.find("vllm-flash-attn")->relative_of, "flash-attn");
  EXPECT_TRUE(knowledge.find("vllm-flash-attn")->verification.forward_only);
  EXPECT_FALSE(knowledge.drivers.empty());
  EXPECT_FALSE(knowledge.torch_abis.empty());
  EXPECT_FALSE(knowledge.torch_builds.empty());
}

TEST(Knowledge, EveryRowOfEveryRecipeHasItsSource) {
  const Knowledge knowledge = load_knowledge(std::nullopt);
  for (const Recipe& recipe : knowledge.recipes) {
    for (const GuessRow& row : recipe.guesses) EXPECT_NE(row.source, "") << recipe.name;
    for (const GpuFloorRow& row : recipe.gpu_floors) EXPECT_NE(row.source, "") << recipe.name;
    EXPECT_TRUE(std::is_sorted(recipe.sdists.begin(), recipe.sdists.end())) << recipe.name;
    for (const SourceDescription& source : recipe.sources) {
      if (source.rows.empty()) continue;
      const auto wheels = expand_rows(source.rows_text, recipe.name);
      ASSERT_TRUE(wheels) << source.rows << ": " << wheels.error().message;
      EXPECT_FALSE(wheels->empty()) << source.rows << " holds nothing of " << recipe.name;
    }
    EXPECT_FALSE(recipe.verification.imports.empty()) << recipe.name;
  }
}

TEST(Knowledge, EveryKnownRowMatchesAWheelThatExists) {
  const Knowledge knowledge = load_knowledge(std::nullopt);
  for (const Recipe& recipe : knowledge.recipes) {
    std::map<std::string, std::vector<KnownWheel>> wheels;
    for (const SourceDescription& source : recipe.sources) {
      wheels[source.id] = expand_rows(source.rows_text, recipe.name).value();
    }
    for (const KnownRow& row : recipe.known) {
      const auto holds = [&row](const KnownWheel& wheel) {
        return row.when.version.admits(wheel.fields.version) &&
               (row.when.torch.empty() || (wheel.fields.torch && row.when.torch.admits(*wheel.fields.torch)));
      };
      bool matches = false;
      for (const auto& [id, list] : wheels) {
        if (row.when.source_id.empty() || row.when.source_id == id) {
          matches = matches || std::any_of(list.begin(), list.end(), holds);
        }
      }
      EXPECT_TRUE(matches) << recipe.name << " version " << row.when.version.to_string() << " torch "
                           << row.when.torch.to_string();
    }
  }
}

TEST(Knowledge, FolderOverridesFileByFile) {
  const test::TempDir folder;
  folder.write("packages/other.toml", "name = \"other\"\n[verify]\nimports = [\"other\"]\n");
  folder.write("torch.toml", "[[build]]\ntorch = \"9.1\"\nsource = \"a test\"\n");
  folder.write("verify/x.py", "print()\n");
  const Knowledge knowledge = load_knowledge(folder.path());
  EXPECT_NE(knowledge.find("other"), nullptr);
  EXPECT_NE(knowledge.find("flash-attn"), nullptr);
  ASSERT_EQ(knowledge.torch_builds.size(), 1U);
  EXPECT_TRUE(knowledge.torch_abis.empty());
  EXPECT_EQ(knowledge.file("verify/x.py"), "print()\n");
  EXPECT_THAT(knowledge.file("cuda.toml"), HasSubstr("[[driver]]"));
  EXPECT_THROW(knowledge.file("none.toml"), Error);
  EXPECT_THROW(load_knowledge(folder / "none"), Error);
}

TEST(Knowledge, FolderWithBadDataIsNamedWithItsLine) {
  const test::TempDir folder;
  folder.write("packages/other.toml", "name = \"other\"\n\nsummery = \"x\"\n");
  try {
    load_knowledge(folder.path());
    FAIL() << "bad data was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("packages/other.toml:3: nothing is called `summery` here"));
  }
}

TEST(Recipe, ComplaintsNameTheLine) {
  EXPECT_THAT(complaint("name = \"x\nname"), HasSubstr("packages/x.toml:1: "));
  EXPECT_THAT(complaint("summary = \"x\"\n"), HasSubstr("`name` is missing"));
  EXPECT_THAT(complaint("name = \"A_b\"\n"), HasSubstr("packages/x.toml:1: `name` must be normalized"));
  EXPECT_THAT(complaint("name = 4\n"), HasSubstr("`name` must be a text"));
  EXPECT_THAT(complaint("name = \"x\"\nsdists = [\"a b\"]\n"), HasSubstr("packages/x.toml:2: `sdists`"));
  EXPECT_THAT(complaint("name = \"x\"\n[[source]]\nid = \"a\"\nkind = \"ftp\"\ntrust = \"index\"\n"),
              HasSubstr("packages/x.toml:4: `kind` must be"));
  EXPECT_THAT(complaint("name = \"x\"\n[[source]]\nid = \"a\"\nkind = \"simple-index\"\ntrust = \"good\"\n"),
              HasSubstr("packages/x.toml:5: `trust` must be"));
  EXPECT_THAT(complaint("name = \"x\"\n[[known]]\nwhen = { version = \"2.x\" }\nsource = \"s\"\n"),
              HasSubstr("packages/x.toml:3: `version`"));
  EXPECT_THAT(complaint("name = \"x\"\n[[known]]\nwhen = { }\nbad = \"b\"\n"),
              HasSubstr("`source` is missing"));
  EXPECT_THAT(complaint("name = \"x\"\n[[known]]\nwhen = { wheel = \"b\" }\nsource = \"s\"\n"),
              HasSubstr("nothing is called `wheel` here"));
  EXPECT_THAT(complaint("name = \"x\"\n[[gpu_floor]]\ncapability = \"8.0\"\n"),
              HasSubstr("`source` is missing"));
  EXPECT_THAT(complaint("name = \"x\"\n[[upstream_guess]]\ncuda_tag = \"cu12\"\ncuda_major = \"12\"\n"),
              HasSubstr("`cuda_major` must be a whole number"));
}

TEST(Recipe, ReadsAKnownRow) {
  const Recipe recipe = read_recipe(
      "name = \"x\"\n[[known]]\n"
      "when = { source = \"s\", version = \">=2\", torch = \"==2.6.*\", cuda = \"<12.8\", cxx11_abi_label = "
      "false, "
      "python = [\"cp312\"], platform = \"*_x86_64\", release = \"v2\" }\n"
      "glibc = \"2.32\"\nglibc_certain = true\ncxx11_abi = true\ncuda = \"12.1\"\nsass = [\"sm_80\"]\n"
      "ptx = [\"compute_90\"]\ntorch_pin = \"==2.4.0\"\nnightly = \"2.4.0.dev1\"\nbad = \"b\"\nremark = "
      "\"r\"\n"
      "source = \"where\"\n",
      "packages/x.toml");
  ASSERT_EQ(recipe.known.size(), 1U);
  const KnownRow& row = recipe.known.front();
  EXPECT_EQ(row.when.source_id, "s");
  EXPECT_EQ(row.when.release, "v2");
  EXPECT_TRUE(row.when.torch.admits(version("2.6")));
  EXPECT_EQ(row.when.cxx11_abi_label, false);
  EXPECT_EQ(row.says.glibc->value, version("2.32"));
  EXPECT_EQ(row.says.glibc->source, "where");
  EXPECT_TRUE(row.says.glibc_certain);
  EXPECT_EQ(row.says.cuda->value, (CudaTag{12, 1}));
  EXPECT_TRUE(row.says.torch_pin->value.admits(version("2.4.0")));
  EXPECT_EQ(row.says.remarks.at(0).value, "r");
}

}  // namespace
}  // namespace wheelfit::catalog
