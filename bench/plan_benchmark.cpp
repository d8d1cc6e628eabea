// SPDX-License-Identifier: Apache-2.0
// The pure stages alone: what a plan costs before and after any input or output.
//   cmake --preset release && cmake --build --preset release && build/release/bench/plan_benchmark
#include <benchmark/benchmark.h>

#include "catalog/catalog.hpp"
#include "probe/target.hpp"
#include "python/tags.hpp"
#include "resolve/decision.hpp"

namespace {

using namespace wheelfit;

class NoNetwork final : public system::HttpClient {
 public:
  system::HttpResponse get(const system::HttpRequest&) override { return {}; }
  system::HttpResponse stream(const system::HttpRequest&, const system::HeadSink&, const system::BodySink&) override {
    return {};
  }
};

catalog::Catalog listed(const catalog::Recipe& recipe) {
  NoNetwork network;
  system::RealClock clock;
  SilentReporter silent;
  catalog::ListingRequest request;
  request.offline = true;
  return catalog::list_candidates(recipe, request, network, clock, silent);
}

void load_knowledge(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(catalog::load_knowledge(std::nullopt));
}
BENCHMARK(load_knowledge)->Unit(benchmark::kMillisecond);

void list_what_is_built_in(benchmark::State& state) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(std::nullopt);
  std::size_t wheels = 0;
  for (auto _ : state) wheels = listed(*knowledge.find("flash-attn")).candidates.size();
  state.counters["wheels"] = static_cast<double>(wheels);
}
BENCHMARK(list_what_is_built_in)->Unit(benchmark::kMillisecond);

void resolve_all_candidates(benchmark::State& state) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(std::nullopt);
  const catalog::Recipe& recipe = *knowledge.find("flash-attn");
  const catalog::Catalog catalog = listed(recipe);
  const probe::Environment environment =
      probe::environment_from_spec("python=3.10,torch=2.6.0+cu124,abi=false,glibc=2.35,gpu=sm_80");
  for (auto _ : state) {
    benchmark::DoNotOptimize(resolve::resolve(environment, recipe, catalog, knowledge, {}, std::nullopt));
  }
}
BENCHMARK(resolve_all_candidates)->Unit(benchmark::kMillisecond);

void parse_a_wheel_name(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(catalog::parse_wheel_fields(
        "flash_attn-2.8.3.post1+cu12torch2.8cxx11abiTRUE-cp312-cp312-linux_x86_64.whl"));
  }
}
BENCHMARK(parse_a_wheel_name);

void make_all_tags(benchmark::State& state) {
  const python::TagTarget target{"cp", {{3, 12}}, false, "linux_x86_64", {{2, 39}}, std::nullopt};
  for (auto _ : state) benchmark::DoNotOptimize(python::supported_tags(target));
}
BENCHMARK(make_all_tags)->Unit(benchmark::kMicrosecond);

}  // namespace
