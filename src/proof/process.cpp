// SPDX-License-Identifier: Apache-2.0
#include "proof/process.hpp"

#include <algorithm>
#include <utility>

namespace wheelfit::proof {

namespace fs = std::filesystem;

bool LoadResult::complete() const {
  return object.has_value() &&
         std::ranges::all_of(needs, [](const Need& need) { return need.result.library != nullptr; });
}

Process::Process(LibraryCache& cache, SearchSettings settings)
    : cache_(&cache), settings_(std::move(settings)) {}

std::optional<std::size_t> Process::find(std::string_view name) const {
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const auto& names = objects_[i].names;
    if (image(i).soname() == name || std::ranges::find(names, name) != names.end()) return i;
  }
  return std::nullopt;
}

std::size_t Process::add(const Library& library, fs::path path, std::string name,
                         std::optional<std::size_t> loader, LoadResult& result) {
  // One file is one object, whatever it is called.
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    if (objects_[i].library != &library) continue;
    objects_[i].names.push_back(std::move(name));
    return i;
  }
  objects_.push_back({&library, std::move(path), {std::move(name)}, loader, {}});
  result.added.push_back(objects_.size() - 1);
  return objects_.size() - 1;
}

std::vector<Requester> Process::chain_of(std::size_t object) const {
  std::vector<Requester> chain;
  for (std::optional<std::size_t> at = object; at; at = objects_[*at].loader)
    chain.push_back({objects_[*at].path, &image(*at)});
  return chain;
}

void Process::resolve_needs(std::size_t object, LoadResult& result) {
  const std::vector<Requester> chain = chain_of(object);
  const Requester program{objects_.front().path, &image(0)};
  for (const std::string_view name : image(object).needed()) {
    if (const auto loaded = find(name)) {
      objects_[object].needed.push_back(*loaded);
      const bool before = std::ranges::find(result.added, *loaded) == result.added.end();
      if (before)
        result.needs.push_back(
            {std::string(name),
             object,
             {FoundBy::already_loaded, objects_[*loaded].path, objects_[*loaded].library, {}}});
      continue;
    }
    SearchResult found = search(*cache_, settings_, name, chain, program);
    if (found.library != nullptr) {
      const std::size_t added = add(*found.library, found.path, std::string(name), object, result);
      objects_[object].needed.push_back(added);
    }
    result.needs.push_back({std::string(name), object, std::move(found)});
  }
}

// Breadth first, as the loader orders its search list.
void Process::collect(LoadResult& result) {
  std::vector<bool> listed(objects_.size());
  result.scope = {*result.object};
  listed[*result.object] = true;
  for (std::size_t at = 0; at < result.scope.size(); ++at) {
    const std::size_t object = result.scope[at];
    const bool is_new = std::ranges::find(result.added, object) != result.added.end();
    if (is_new) resolve_needs(object, result);
    listed.resize(objects_.size());
    for (const std::size_t needed : objects_[object].needed) {
      if (!listed[needed]) result.scope.push_back(needed);
      listed[needed] = true;
    }
  }
}

LoadResult Process::open(const fs::path& path) {
  LoadResult result;
  const OpenedLibrary& opened = cache_->open(path);
  if (opened.library == nullptr) {
    result.problem = opened.problem;
    return result;
  }
  const binary::Machine machine = opened.library->image.identity().machine;
  if (objects_.empty()) settings_.machine = machine;
  if (machine != settings_.machine) {
    result.problem = "built for " + binary::machine_name(machine);
    return result;
  }
  result.object = add(*opened.library, path, path.string(), std::nullopt, result);
  return result;
}

void Process::publish(const std::vector<std::size_t>& scope) {
  for (const std::size_t object : scope)
    if (std::ranges::find(global_, object) == global_.end()) global_.push_back(object);
}

LoadResult Process::start(const fs::path& executable) {
  LoadResult result = open(executable);
  if (!result.object) return result;
  const std::string interpreter(image(*result.object).interpreter());
  // The loader is there from the beginning, in nobody's scope until a library names it.
  if (const auto* loader = interpreter.empty() ? nullptr : cache_->open(interpreter).library)
    add(*loader, interpreter, interpreter, std::nullopt, result);
  collect(result);
  publish(result.scope);
  start_count_ = objects_.size();
  return result;
}

SearchResult Process::load_by_name(std::string_view name) {
  if (const auto loaded = find(name))
    return {FoundBy::already_loaded, objects_[*loaded].path, objects_[*loaded].library, {}};
  SearchResult found = search(*cache_, settings_, name, {}, {objects_.front().path, &image(0)});
  if (found.library == nullptr) return found;
  if (const auto object = load(found.path, Visibility::local).object)
    objects_[*object].names.emplace_back(name);
  return found;
}

LoadResult Process::load(const fs::path& path, Visibility visibility) {
  LoadResult result = open(path);
  if (!result.object) return result;
  collect(result);
  if (visibility == Visibility::global) publish(result.scope);
  return result;
}

}  // namespace wheelfit::proof
