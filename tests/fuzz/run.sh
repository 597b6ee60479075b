#!/usr/bin/env bash
# Runs every fuzz target for some seconds on a copy of its corpus, two at a time: run.sh BUILD-FOLDER SECONDS.
# A crash leaves its input beside the build and fails. Corpora grow by hand: minimise what is new with -merge=1.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
seconds=$2

run_one() {
  local name=$1 work=$2/fuzz-$1
  rm -rf "$work" && mkdir -p "$work"
  [ -d "$here/corpus/$name" ] && cp -r "$here/corpus/$name/." "$work/"
  local longest=4096
  [ "$name" = bank ] && longest=3000
  if ! "$2/fuzz_$name" -max_total_time="$3" -max_len=$longest -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$2/crash-$name-" "$work" >"$work.log" 2>&1; then
    tail -n 30 "$work.log" >&2
    echo "fuzz_$name: FAILED" >&2
    return 1
  fi
  echo "fuzz_$name: $(sed -n 's/stat::number_of_executed_units: *//p' "$work.log") inputs, no fault"
}
export -f run_one
export here

find "$build" -type f -name 'fuzz_*' -perm -u+x -printf '%h %f\n' | sort |
  while read -r folder file; do echo "${file#fuzz_} $folder $seconds"; done |
  xargs -P 2 -L 1 bash -c 'run_one "$@"' run_one
