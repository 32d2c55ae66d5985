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
exec "$KILDE_WORKERD" "$@"
