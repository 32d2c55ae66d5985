#!/bin/sh
# Runs workerd so that it ends with the process that started it, even where that one is killed outright: left alone, it
# would hold the port of the next start. Arguments and open files are passed on.
parent=$PPID
self=$$
(
  while kill -0 "$parent" 2>/dev/null; do
    sleep 0.2
    kill -0 "$self" 2>/dev/null || exit 0
  done
  kill -9 "$self" 2>/dev/null
) </dev/null >/dev/null 2>&1 3>&- &

# Miniflare lets whoever can reach the port call the Worker past HTTP, by CONNECT to a host whose name is always the same: cron,
# queues and all. That name becomes a random one of the same length in the configuration, which comes on standard input.
name=miniflare-unsafe-internal-capnp-connect
secret=$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n' | cut -c1-${#name})
config=$(mktemp -u "${TMPDIR:-/tmp}/kilde-config.XXXXXXXX")
mkfifo -m 600 "$config"
exec 4<&0
LC_ALL=C sed "s/$name/$secret/g" <&4 >"$config" 3>&- &
exec 4<&- <"$config"
rm "$config"
exec "$KILDE_WORKERD" "$@"
