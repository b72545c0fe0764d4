# One RabbitMQ, PostgreSQL and Azurite for all suites of a run (tests/RunServers). Sourced by ./test.

start_servers() {
  local parts_with_servers=" durable-task integration distributed journey containers "
  local part
  for part in "${parts[@]}"; do
    [[ $parts_with_servers != *" $part "* ]] || break
    part=
  done
  [ -n "$part" ] || return 0
  export VERSEMI_TEST_SERVERS=$run_folder/servers.json
  # They stop where their standard input ends: also where this shell is killed. No child may hold the other end open.
  coproc servers { exec dotnet tests/RunServers/bin/Release/net10.0/VerSemi.RunServers.dll "$VERSEMI_TEST_SERVERS" 2>"$out/servers.log"; }
}

stop_servers() {
  [ -n "${servers_PID:-}" ] || return 0
  local pid=$servers_PID
  exec {servers[1]}>&-
  wait "$pid" 2>/dev/null
}
