# Shared by the scripts beside it; sourced by bash, never run.
# The test servers are private: own folder, free loopback port, own password, an unprivileged user when we are root.

say() { printf '%s\n' "$*" >&2; }
step() { printf '== %s\n' "$*"; }
die() { say "error: $*"; exit 1; }

# Some runners give a script neither HOME nor the usual PATH of Go.
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
command -v go >/dev/null || PATH="$PATH:/usr/local/go/bin"
# Stamping the version asks git, which refuses folders of another owner. Releases pass the version themselves.
# Trimmed paths: what one checkout has compiled is found by the next one, wherever it lies.
export GOFLAGS="${GOFLAGS:-} -buildvcs=false -trimpath"

# pg_bin prints the folder of the newest PostgreSQL server, or nothing.
# Debian keeps server programs out of PATH.
pg_bin() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -V | while read -r d; do [ -x "$d/postgres" ] && echo "$d"; done | tail -n 1)
  [ -n "$found" ] || found=$(dirname "$(command -v postgres 2>/dev/null)" 2>/dev/null) || true
  [ -x "$found/initdb" ] && echo "$found" || true
}

# chromium_path prefers the headless shell: the same engine without the browser's own windows, which took two thirds of the browser's
# work in the tests (10 pages in each of 8 profiles: 5 instead of 15 s of CPU).
chromium_path() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

# missing_packages prints the Debian packages that the tests need and this machine lacks.
missing_packages() {
  [ -n "$(pg_bin)" ] || echo postgresql
  command -v redis-server >/dev/null || echo redis-server
  command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || echo pgbouncer
  [ -n "$(chromium_path)" ] || echo chromium-headless-shell fonts-dejavu-core
  /usr/bin/python3 -c 'import librouteros' 2>/dev/null || echo python3-librouteros
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  command -v zstd >/dev/null || echo zstd
  command -v "${CC:-gcc}" >/dev/null || echo gcc libc6-dev # the race detector links with a C compiler
}

# lighter_browser installs the headless shell beside another Chromium, where that takes nothing away; without it the tests take
# longer and say the same.
lighter_browser() {
  local get=(apt-get -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=10)
  command -v chromium-headless-shell >/dev/null && return 0
  [ -n "$(chromium_path)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  step "install chromium-headless-shell"
  local install=(env DEBIAN_FRONTEND=noninteractive "${get[@]}" install -y --no-install-recommends --no-remove chromium-headless-shell)
  "${install[@]}" >/dev/null 2>&1 || { "${get[@]}" update && "${install[@]}"; } >/dev/null 2>&1 || say "it cannot be installed here, going on with $(chromium_path)"
}

# install_missing installs them, or says what to install and fails.
install_missing() {
  command -v go >/dev/null || die "Go is not installed; go.mod names the version"
  local packages
  packages=$(missing_packages | xargs)
  lighter_browser
  [ -n "$packages" ] || return 0
  [ "$(id -u)" = 0 ] || die "please install (Debian's names): $packages"
  command -v apt-get >/dev/null || die "no apt-get here; please install what Debian calls: $packages"
  step "install $packages"
  # Runlevel 1 keeps the packages from starting services of their own.
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || say "apt-get update failed, going on with the lists that are here"
  RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $packages >&2
  packages=$(missing_packages | xargs)
  [ -z "$packages" ] || die "still missing after the installation: $packages"
}

# npm_folders installs the locked JavaScript packages of the test folders; nothing of them runs at install time.
npm_folders() {
  local d
  for d in test/clients test/e2e; do
    [ -f "$d/package-lock.json" ] || continue
    [ "$d/node_modules/.package-lock.json" -nt "$d/package-lock.json" ] && continue
    step "npm ci in $d"
    (cd "$d" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    touch "$d/node_modules/.package-lock.json"
  done
}

# free_port prints a free loopback port, below the range that client connections use.
free_port() {
  local p
  for _ in $(seq 50); do
    p=$((20000 + RANDOM % 1000)) # the tests reserve their programs' ports from 21000
    (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
  done
  die "no free port between 20000 and 21000"
}

# as_nobody is the prefix that drops root; PostgreSQL refuses to run as root, Redis had better not.
as_nobody=()
[ "$(id -u)" != 0 ] || as_nobody=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups --no-new-privs)

# launch DIR NAME COMMAND...: a server in its own session, so that Ctrl-C in the terminal reaches the tests and not the server.
# Its process id goes to DIR/NAME.pid, its output to DIR/NAME.log.
launch() {
  local dir=$1 name=$2
  shift 2
  (cd "$dir" && exec setsid "${as_nobody[@]}" "$@" </dev/null >"$dir/$name.log" 2>&1) &
  echo $! >"$dir/$name.pid"
}

# answers DIR NAME COMMAND...: waits until the command succeeds; fails when the server ends or a minute passes.
answers() {
  local pid end=$((SECONDS + 60))
  pid=$(cat "$1/$2.pid")
  until "${@:3}" >/dev/null 2>&1; do
    kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
  kill -0 "$pid" 2>/dev/null # otherwise another program answered on that port
}

start_postgres() {
  local dir=$1 bin password port
  # Tests kill our programs, never this server, and throw its data away: nothing has to reach the disk. What is measured has to.
  local hasty=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0)
  [ -z "${GERAI_BENCH:-}" ] || hasty=()
  bin=$(pg_bin)
  # MD5 and not SCRAM: each test makes its own connections, and 4,096 hashes a connection take the client some 10 ms under the race detector, and
  # the server 4 ms, an eighth of its work. The connection never leaves this machine.
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$password" | "${as_nobody[@]}" tee "$dir/password" >/dev/null
  (cd "$dir" && "${as_nobody[@]}" "$bin/initdb" -D "$dir/pg" -U gerai --pwfile="$dir/password" -A md5 \
    -E UTF8 --locale=C.UTF-8 --no-sync </dev/null >"$dir/initdb.log" 2>&1) || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
  for _ in 1 2 3; do
    port=$(free_port)
    launch "$dir" postgres "$bin/postgres" -D "$dir/pg" -p "$port" -h 127.0.0.1 -c unix_socket_directories= -c max_connections=200 "${hasty[@]}"
    if answers "$dir" postgres "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then
      export GERAI_TEST_POSTGRES="postgres://gerai:$password@127.0.0.1:$port/postgres?sslmode=disable"
      return
    fi
    stop_one "$dir" postgres
  done
  cat "$dir/postgres.log" >&2
  die "PostgreSQL does not start"
}

start_redis() {
  local dir=$1 port
  for _ in 1 2 3; do
    port=$(free_port)
    launch "$dir" redis redis-server --bind 127.0.0.1 --port "$port" --dir "$dir" --save '' --appendonly no --daemonize no --databases 128
    if answers "$dir" redis redis-cli -h 127.0.0.1 -p "$port" ping; then
      export GERAI_TEST_REDIS="redis://127.0.0.1:$port/0"
      return
    fi
    stop_one "$dir" redis
  done
  cat "$dir/redis.log" >&2
  die "Redis does not start"
}

# start_servers prints nothing; it exports the GERAI_TEST_* variables and leaves all traces in one new folder, servers_dir.
start_servers() {
  # Not TMPDIR: an unprivileged user has to reach it. In memory where there is room, because the tests copy a database each;
  # what is measured is measured on the disk.
  local folder=/tmp
  if [ -z "${GERAI_BENCH:-}" ] && [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 2000000 ] 2>/dev/null; then folder=/dev/shm; fi
  servers_dir=$(mktemp -d "$folder/gerai-servers.XXXXXX")
  [ "$(id -u)" != 0 ] || chown nobody "$servers_dir"
  start_postgres "$servers_dir"
  start_redis "$servers_dir"
  GERAI_TEST_CHROMIUM=$(chromium_path)
  export GERAI_TEST_CHROMIUM
}

# tests_in_memory has tests keep their files where the servers keep theirs, if that is in memory: SQLite waits for the disk at each
# commit. Tests also start programs that they built there, which some machines forbid in memory. Go's own files stay on the disk.
tests_in_memory() {
  local dir=$servers_dir/tests
  case "$dir" in /dev/shm/*) ;; *) return 0 ;; esac
  mkdir -m 1777 "$dir"
  printf '#!/bin/sh\n' >"$dir/program"
  chmod +x "$dir/program"
  "$dir/program" 2>/dev/null || return 0
  export GOTMPDIR="${GOTMPDIR:-${TMPDIR:-/tmp}}" TMPDIR="$dir"
}

# stop_one DIR NAME: SIGINT is PostgreSQL's fast shutdown and ends Redis too.
stop_one() {
  local pid
  pid=$(cat "$1/$2.pid" 2>/dev/null) || return 0
  kill -INT "$pid" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$1/$2.pid"
}

stop_servers() {
  [ -n "${1:-}" ] || return 0
  stop_one "$1" postgres
  stop_one "$1" redis
  rm -rf "$1"
}
