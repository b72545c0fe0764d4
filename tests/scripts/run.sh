# A test run: its folder, its mark, what it left, its results. Sourced by ./test.

# VERSEMI_TEST_RUN, which every process of a run inherits: the checkout, then the process of ./test and when that began. It
# tells what a run that was killed has left from what belongs to a run that goes on.
run_mark() { echo "$PWD:$$:$(awk '{print $22}' "/proc/$$/stat")"; }

is_running() {
  local pid began
  IFS=: read -r _ pid began <<<"$1"
  [ "$(awk '{print $22}' "/proc/$pid/stat" 2>/dev/null)" = "$began" ]
}

begin_run() {
  rm -rf "$out/results"
  mkdir -p "$out/results"
  # Throw-away data of tests and servers lies in memory where there is room: a slow disk is not what they test.
  local base=${TMPDIR:-/tmp}
  if [ -z "${TMPDIR:-}" ] && [ "$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 8000000 ] 2>/dev/null; then base=/dev/shm; fi
  run_folder=$(mktemp -d "$base/vs.XXXX")
  echo "$VERSEMI_TEST_RUN" >"$run_folder/.run"
  chmod 755 "$run_folder" # PostgreSQL runs as a user of its own
  export TMPDIR=$run_folder
  trap 'stop_everything; exit 130' INT TERM
  trap stop_everything EXIT
}

# What runs that are over have left: processes, folders, containers.
clear_leftovers() {
  local mark folder
  for mark in $(marks); do is_running "$mark" || kill_marked "$mark"; done
  for folder in /dev/shm/vs.???? "${TMPDIR:-/tmp}"/vs.????; do
    if [ -f "$folder/.run" ] && ! is_running "$(cat "$folder/.run")"; then rm -rf "$folder"; fi
  done
  clear_containers
}

# Containers are no children of their run. One whose run is over is removed; of their store see tests/ImageTests.
clear_containers() {
  command -v podman >/dev/null && [ -d /var/tmp/versemi-images/storage ] && [ "$(id -u)" -eq 0 ] || return 0
  local podman=(podman --root /var/tmp/versemi-images/storage --runroot /var/tmp/versemi-images/run --runtime runc --cgroup-manager cgroupfs)
  local id mark
  while read -r id mark; do
    [ -z "$id" ] || is_running "$mark" || "${podman[@]}" rm --force --volumes --time 0 "$id" >/dev/null
  done < <("${podman[@]}" ps --all --filter label=versemi.test-run --format '{{.ID}} {{index .Labels "versemi.test-run"}}' 2>/dev/null)
}

# The marks that processes of this machine carry.
marks() { cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' | sed -n 's/^VERSEMI_TEST_RUN=//p' | sort -u; }

kill_marked() {
  local file pids
  for _ in 1 2 3; do
    pids=()
    for file in $(grep -lszx "VERSEMI_TEST_RUN=$1" /proc/[0-9]*/environ 2>/dev/null); do
      file=${file#/proc/}
      [ "${file%/environ}" = "$$" ] || [ "${file%/environ}" = "${BASHPID}" ] || pids+=("${file%/environ}")
    done
    [ ${#pids[@]} -gt 0 ] || return 0
    kill -KILL "${pids[@]}" 2>/dev/null
  done
}

stop_everything() {
  trap - INT TERM EXIT
  stop_servers
  kill_marked "$VERSEMI_TEST_RUN"
  rm -rf "$run_folder"
}

report() { printf '%-12s %-40s %4ds\n' "$1" "$2" "$3"; }

# Passed, failed, skipped of a part: each part runs in a shell of its own, so that sums are kept in files.
record() { echo "$2 $3 $4" >"$out/results/$1"; }

# A step before the tests. Where it fails the tests that need it say so.
prepare() {
  local name=$1 start=$SECONDS; shift
  if "$@" >"$out/$name.log" 2>&1; then
    report "$name" ok $((SECONDS - start))
    return 0
  fi
  report "$name" "FAILED, see $out/$name.log" $((SECONDS - start))
  grep -E 'error|warning|Unhandled' "$out/$name.log" | sort -u | head -20
  return 1
}

# A step that is no test suite: it only adds to the sum where it fails.
check() { prepare "$@" || { record "$1" 0 1 0; return 1; }; }

end_run() {
  stop_everything
  if compgen -G "$out/results/*.durations" >/dev/null; then
    echo "the ten slowest tests and fixtures:"
    for file in "$out"/results/*.durations; do sed "s/^/$(basename "$file" .durations)\t/" "$file"; done |
      sort -t $'\t' -k2,2 -rg | head -10 | awk -F '\t' '{ printf "%8.1f s  %-13s%-8s %s\n", $2, $1, $3, $4 }'
  fi
  local passed=0 failed=0 skipped=0 p f s file
  for file in "$out"/results/*; do
    case $file in *.durations | *'*') continue ;; esac
    read -r p f s <"$file"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  done
  echo "$((SECONDS / 60)) min $((SECONDS % 60)) s"
  local summary="$passed passed, $failed failed"
  [ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
  echo "$summary"
  [ "$failed" -eq 0 ]
}
