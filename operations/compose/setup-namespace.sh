#!/bin/sh
# Makes the namespace and its search attributes where they are missing. Every step may be repeated.
# TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE; RETENTION, e.g. 72h; SEARCH_ATTRIBUTES, e.g. "DocumentStage:Keyword DocumentPages:Int", or empty.
set -eu

tries=0
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "no Temporal at $TEMPORAL_ADDRESS" >&2; exit 1; }
  sleep 2
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

# A new namespace is known to all of the server's parts after its caches have been refreshed.
tries=0
until known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" 2>/dev/null); do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "namespace $TEMPORAL_NAMESPACE can't be used" >&2; exit 1; }
  sleep 2
done
for attribute in $SEARCH_ATTRIBUTES; do
  name=${attribute%%:*}
  echo "$known" | grep -qw "$name" ||
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type "${attribute##*:}"
done
