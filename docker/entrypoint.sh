#!/bin/sh
# Starts Odoo with the ESS suite on a server: waits for PostgreSQL, makes the database
# the first time, updates the addons when asked, then serves.
#
#   entrypoint.sh serve          what the container runs
#   entrypoint.sh <odoo words>   any other Odoo command on the same configuration
#
# Settings (environment; each of the two secrets may be given as NAME_FILE=/path):
#   DB_PASSWORD      password of the PostgreSQL user              (required)
#   ADMIN_PASSWORD   password of the first user, “admin”          (required the first time)
#   DB_HOST, DB_PORT, DB_USER             db, 5432, odoo
#   DB_REPLICA_HOST, DB_REPLICA_PORT      a read-only replica, when there is one
#   ESS_DATABASE                          ess
#   ESS_COUNTRY, ESS_LANGUAGE             FR, fr_FR
#   ESS_MODULES                           ess_funding (which brings the other three)
#   ESS_UPDATE=1                          update the addons before serving
#   ESS_WORKERS                           0 (threads); 2 or more behind a proxy that
#                                         sends /websocket to port 8072
#   ESS_PROXY=1                           behind a proxy that sets X-Forwarded-* headers
#   ESS_HTTP_INTERFACE, ESS_HTTP_PORT, ESS_GEVENT_PORT    0.0.0.0, 8069, 8072
#   ESS_DATA, ESS_ADDONS, ESS_ODOO_COMMAND    /var/lib/odoo, /opt/ess/addons, odoo
set -eu

fail() {
    echo "ess: $1" >&2
    exit 1
}

# secret NAME: the value of NAME, or the content of the file that NAME_FILE names.
secret() {
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -z "$value" ] && [ -n "$file" ]; then
        [ -r "$file" ] || fail "cannot read $1_FILE=$file"
        value=$(cat "$file")
    fi
    case $value in
        '') fail "set $1 or $1_FILE: there is no default password" ;;
        admin | odoo | password | postgres | changeme | demo)
            fail "$1 is a word that everybody tries first: choose another" ;;
    esac
    printf '%s' "$value"
}

PGHOST=${DB_HOST:-db} PGPORT=${DB_PORT:-5432} PGUSER=${DB_USER:-odoo}
PGPASSWORD=$(secret DB_PASSWORD)
export PGHOST PGPORT PGUSER PGPASSWORD
database=${ESS_DATABASE:-ess}
data=${ESS_DATA:-/var/lib/odoo}
ODOO_RC=$data/ess.conf
export ODOO_RC

# The configuration holds the password: only this user reads it.
write_configuration() {
    umask 077
    cat > "$ODOO_RC" <<CONF
[options]
db_host = $PGHOST
db_port = $PGPORT
db_user = $PGUSER
db_password = $PGPASSWORD
db_name = $database
dbfilter = ^$database\$
list_db = False
data_dir = $data
addons_path = ${ESS_ADDONS:-/opt/ess/addons}
http_interface = ${ESS_HTTP_INTERFACE:-0.0.0.0}
http_port = ${ESS_HTTP_PORT:-8069}
gevent_port = ${ESS_GEVENT_PORT:-8072}
workers = ${ESS_WORKERS:-0}
proxy_mode = $([ "${ESS_PROXY:-0}" = 1 ] && echo True || echo False)
admin_passwd = $(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
CONF
    if [ -n "${DB_REPLICA_HOST:-}" ]; then
        echo "db_replica_host = $DB_REPLICA_HOST" >> "$ODOO_RC"
        echo "db_replica_port = ${DB_REPLICA_PORT:-5432}" >> "$ODOO_RC"
    fi
    umask 022
}

# The command may hold several words, such as: python3 -m odoo
odoo() {
    # shellcheck disable=SC2086
    ${ESS_ODOO_COMMAND:-odoo} "$@"
}

wait_for_postgresql() {
    tries=60
    until psql -d postgres -c 'SELECT 1' > /dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "PostgreSQL at $PGHOST:$PGPORT does not answer"
        sleep 1
    done
}

# Made aside and renamed at the end: a container killed meanwhile starts again cleanly.
make_database() {
    ADMIN_PASSWORD=$(secret ADMIN_PASSWORD)
    export ADMIN_PASSWORD
    making="${database}_making"
    echo "ess: making the database $database (some minutes, the first time only)"
    odoo db init --force --country "${ESS_COUNTRY:-FR}" \
        --language "${ESS_LANGUAGE:-fr_FR}" "$making"
    odoo -d "$making" -i "${ESS_MODULES:-ess_funding}" --stop-after-init --no-http
    odoo shell -d "$making" --no-http <<'PYTHON'
import os
env.ref("base.user_admin").password = os.environ["ADMIN_PASSWORD"]
env.cr.commit()
PYTHON
    unset ADMIN_PASSWORD
    # Not “odoo db rename”: it cuts the database's connections first, which PostgreSQL
    # refuses to its user while an autovacuum worker, the server's own, is at work there.
    rm -rf "$data/filestore/$database"
    [ ! -d "$data/filestore/$making" ] ||
        mv "$data/filestore/$making" "$data/filestore/$database"
    psql -d postgres -qc "ALTER DATABASE \"$making\" RENAME TO \"$database\""
}

database_exists() {
    [ -n "$(psql -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$database'")" ]
}

mkdir -p "$data"
write_configuration
wait_for_postgresql
if [ "${1:-serve}" != serve ]; then
    odoo "$@"
    exit
fi
if ! database_exists; then
    make_database
elif [ "${ESS_UPDATE:-0}" = 1 ]; then
    odoo -d "$database" -u ess_beneficiary --stop-after-init --no-http
fi
unset PGPASSWORD DB_PASSWORD ADMIN_PASSWORD
# shellcheck disable=SC2086
exec ${ESS_ODOO_COMMAND:-odoo} -d "$database"
