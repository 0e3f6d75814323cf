#!/bin/sh
# Makes Temporal's two databases, or brings them to the schema of this image. Every step may be repeated.
set -eu

tool() {
  temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port 5432 --user "$POSTGRES_USER" --database "$@"
}

for part in temporal:temporal temporal_visibility:visibility; do
  database=${part%%:*}
  tool "$database" create
  tool "$database" setup-schema --version 0.0
  tool "$database" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/${part##*:}/versioned"
done
