# Shared by the scripts: what is installed, and private servers for tests.
# shellcheck shell=bash

say() { printf '== %s\n' "$*" >&2; }

# as_user runs a command as an account without rights when we are root:
# PostgreSQL refuses to run as root, and a browser should not.
as_user() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid="$server_user" --regid="$server_group" --clear-groups env HOME="$work" "$@"
  else
    "$@"
  fi
}

server_user=nobody
server_group=nogroup

# install_missing installs Debian packages for the programs that are not there.
install_missing() {
  local packages=()
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
  command -v redis-server >/dev/null || packages+=(redis-server)
  command -v chromium >/dev/null || packages+=(chromium fonts-dejavu-core)
  [ -d /usr/lib/python3/dist-packages/librouteros ] || packages+=(python3-librouteros)
  command -v node >/dev/null || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
  command -v setpriv >/dev/null || packages+=(util-linux)
  [ ${#packages[@]} = 0 ] && return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: ${packages[*]}. Install them (Debian: apt-get install ${packages[*]}) and run again." >&2
    return 1
  fi
  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
}

# free_port prints a port that nobody listens on. It stays below the range
# that outgoing connections take theirs from.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# start_servers starts PostgreSQL and Redis under $work and sets the variables
# that tests read.
start_servers() {
  local bin
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  mkdir -p "$work/pg" "$work/redis"
  [ "$(id -u)" = 0 ] && chown -R "$server_user:$server_group" "$work" && chmod 755 "$work"
  pg_port=$(free_port)
  as_user "$bin/initdb" -D "$work/pg/data" -U gerai -A trust -E UTF8 --locale=C >"$work/pg/initdb.log" 2>&1
  as_user "$bin/pg_ctl" -D "$work/pg/data" -w -t 60 -l "$work/pg/log" \
    -o "-p $pg_port -h 127.0.0.1 -k '' -c max_connections=300 -c shared_buffers=128MB" start >/dev/null
  redis_port=$(free_port)
  as_user redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work/redis" \
    --daemonize yes --pidfile "$work/redis/pid" --logfile "$work/redis/log" >/dev/null
  export GERAI_TEST_POSTGRES="postgres://gerai@127.0.0.1:$pg_port/postgres?sslmode=disable"
  export GERAI_TEST_REDIS="redis://127.0.0.1:$redis_port/0"
  GERAI_TEST_CHROMIUM=$(command -v chromium)
  export GERAI_TEST_CHROMIUM
}

# stop_servers ends exactly the two processes that start_servers started.
stop_servers() {
  [ -f "$work/redis/pid" ] && kill "$(cat "$work/redis/pid")" 2>/dev/null
  [ -f "$work/pg/data/postmaster.pid" ] && kill -INT "$(head -1 "$work/pg/data/postmaster.pid")" 2>/dev/null
  for _ in $(seq 100); do
    [ -f "$work/pg/data/postmaster.pid" ] || break
    sleep 0.1
  done
  return 0
}

# npm_modules installs the pinned client packages that some tests drive.
npm_modules() {
  local dir
  for dir in test/clients test/e2e; do
    [ -f "$dir/package-lock.json" ] || continue
    if [ ! -d "$dir/node_modules" ] || [ "$dir/package-lock.json" -nt "$dir/node_modules/.package-lock.json" ]; then
      say "npm ci in $dir"
      (cd "$dir" && npm ci --silent --no-audit --no-fund >&2)
    fi
  done
}
