#!/usr/bin/env bash
# clang-tidy over the server, with the checks of .clang-tidy: tidy.sh BUILD-FOLDER (with compile_commands.json).
set -euo pipefail
cd "$(dirname "$0")/../.."
find server -name '*.c' -print0 | sort -z | xargs -0 -n 8 -P 2 clang-tidy-14 --quiet -p "$1" 2> >(grep -v 'warnings generated\|^$' >&2)
echo "clang-tidy: clean"
