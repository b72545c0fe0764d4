# The parts of ./test: what is built for them, how each runs, and which run beside each other. Sourced by ./test.

all_parts=(format unit manifests durable-task trainer integration end-to-end distributed startup browser images containers)
quick_parts=(format unit manifests trainer integration journey)

is_part() { [ "$1" = journey ] || [[ " ${all_parts[*]} " == *" $1 "* ]]; }

project_of() {
  case $1 in
    unit) echo UnitTests ;;
    manifests) echo ManifestTests ;;
    durable-task) echo DurableTask.EntityFramework.Tests ;;
    trainer) echo GpuTrainer.Tests ;;
    integration) echo IntegrationTests ;;
    end-to-end) echo EndToEndTests ;;
    distributed | startup | journey) echo DistributedTests ;;
    browser) echo BrowserTests ;;
    images | containers) echo ImageTests ;;
  esac
}

# Seconds after which a part is stopped: several times what it takes.
limit_of() {
  case $1 in
    unit | manifests) echo 300 ;;
    durable-task | trainer | end-to-end | browser | startup | journey) echo 900 ;;
    integration) echo 1200 ;;
    images | containers) echo 2100 ;;
    distributed) [ "${VERSEMI_LONG:-}" = 1 ] && echo 3600 || echo 2700 ;;
  esac
}

# Once, and no more than the parts need.
build_parts() {
  local projects=() part
  for part in "${parts[@]}"; do
    [ "$part" = format ] || projects+=("tests/$(project_of "$part")")
  done
  if [ "${parts[*]}" = "${all_parts[*]}" ]; then
    check build dotnet build VerSemi.sln -c Release -v quiet
  else
    check build build_projects "${projects[@]}"
  fi
}

# By one call of MSBuild, which builds what two of them need once.
build_projects() {
  local file="$out/parts.slnf" project
  { echo '{"solution": {"path": "../VerSemi.sln", "projects": ['
    for project in "$@" tests/RunServers; do echo "\"$project/$(basename "$project").csproj\","; done | sort -u | sed '$ s/,$//'
    echo ']}}'; } >"$file"
  dotnet restore VerSemi.sln -v quiet && dotnet build "$file" -c Release -v quiet --no-restore
}

# Beside the others, at low priority: checks of text, builds that wait for disks, services that wait for their servers. What
# trains, or has a time to keep, runs after it and alone.
beside=" format images startup "
alone=" trainer end-to-end distributed journey containers "

run_parts() {
  local part
  (
    renice -n 10 -p "$BASHPID" >/dev/null
    for part in "${parts[@]}"; do [[ $beside != *" $part "* ]] || run_part "$part"; done
  ) &
  local lane=$!
  for part in "${parts[@]}"; do [[ $beside$alone == *" $part "* ]] || run_part "$part"; done
  wait "$lane"
  for part in "${parts[@]}"; do [[ $alone != *" $part "* ]] || run_part "$part"; done
}

run_part() {
  case $1 in
    # Of style and analyzers the build has had everything else to say: there every warning is an error.
    format) check format dotnet format VerSemi.sln --verify-no-changes --no-restore --diagnostics IDE0005 IDE0055 ;;
    journey) suite journey -class VerSemi.DistributedTests.ServerTests ;;
    distributed) if [ ${#runner[@]} -gt 0 ]; then suite distributed; else suite distributed -namespace- VerSemi.DistributedTests.Startup; fi ;;
    startup) suite startup -namespace VerSemi.DistributedTests.Startup ;;
    images) suite images -class- VerSemi.ImageTests.Running.ContainerDemoTests ;;
    containers) suite containers -class VerSemi.ImageTests.Running.ContainerDemoTests ;;
    *) suite "$1" ;;
  esac
}

count() { grep -o "<Counters [^>]*" "$1" | grep -oE " $2=\"[0-9]+\"" | grep -oE '[0-9]+' || echo 0; }

suite() {
  local name=$1 start=$SECONDS code=0 limit; shift
  limit=$(limit_of "$name")
  local project trx="$out/$name.trx" log="$out/$name.log"
  project=$(project_of "$name")
  rm -f "$trx"
  VERSEMI_TEST_DURATIONS="$out/results/$name.durations" timeout --kill-after=10 "$limit" \
    dotnet "tests/$project/bin/Release/net10.0/VerSemi.$project.dll" -noLogo -noColor -reporter durations -trx "$trx" "$@" "${runner[@]}" >"$log" 2>&1 || code=$?
  local p=0 f=0 s=0
  if [ -f "$trx" ]; then
    # Not total less the others: a test that is only ever started by another one is in the total.
    p=$(count "$trx" passed) f=$(count "$trx" failed) s=$(grep -oE 'Skipped: [0-9]+' "$log" | tail -1 | grep -oE '[0-9]+' || echo 0)
  fi
  # A run that crashed, hung, wrote no result or ran nothing has failed, whatever it counted before.
  if [ ! -f "$trx" ] || [ $((p + f + s)) -eq 0 ] || { [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; }; then f=$((f + 1)); fi
  record "$name" "$p" "$f" "$s"
  report "$name" "$p passed, $f failed$([ "$s" -gt 0 ] && echo ", $s skipped")" $((SECONDS - start))
  if [ "$f" -gt 0 ]; then
    grep -A 12 -F '[FAIL]' "$log" | head -80
    [ -f "$trx" ] || tail -20 "$log"
    [ "$code" -eq 124 ] && echo "$name was stopped after $limit s"
    echo "see $log"
  fi
}
