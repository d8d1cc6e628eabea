#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A part of docs/proof-truth.md in a minute: small wheels under the torch of scripts/setup-and-demo, with NVIDIA's own
# libraries. real_pairs.sh JUDGE OUTPUT; exit 77 (skipped) where the package index cannot be reached.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

code=0
make_demo_environment >&2 || code=$?
[ $code != 3 ] || { echo "skipped: the package index could not be reached" && exit 77; }
[ $code = 0 ] || exit $code
python=$(demo_environment_path)/bin/python
exec "$python" scripts/proof-table --environment "$python" --judge "$1" --output "$2" \
  --wheel torchaudio --wheel torchvision --wheel torchrl
