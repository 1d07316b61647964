# A throw-away PostgreSQL cluster: cluster.sh PROGRAMS PORT USER. It prints `ready`, waits until its
# input ends and takes everything away. USER is empty unless root must step down to it.
set -u
programs=$1 port=$2 user=$3
directory=$(mktemp -d) || exit 1
as() { if [ -n "$user" ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
[ -z "$user" ] || chown "$user" "$directory"
cd "$directory" || exit 1
finish() {
    as "$programs/pg_ctl" -D "$directory/data" -m immediate stop >/dev/null 2>&1
    cd / && rm -rf "$directory"
}
trap '' INT HUP
trap 'finish; exit 1' TERM
options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$directory"
options="$options -c fsync=off -c max_connections=300 -c shared_buffers=64MB"
if as "$programs/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C >"$directory/log" 2>&1 &&
    as "$programs/pg_ctl" -D "$directory/data" -l "$directory/server.log" -o "$options" -w start \
        >>"$directory/log" 2>&1 </dev/null; then
    echo ready
    exec >/dev/null
    cat >/dev/null
    finish
else
    cat "$directory/log" "$directory/server.log" 2>/dev/null
    finish
    exit 1
fi
