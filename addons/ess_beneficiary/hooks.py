"""Installation hook: the database extensions that the addon cannot work without."""

import psycopg2

from odoo.exceptions import UserError

# btree_gist: no overlap of situations; the two others: search of similar names.
# A database owner may create them (they are "trusted" since PostgreSQL 13).
EXTENSIONS = ("btree_gist", "pg_trgm", "fuzzystrmatch")


def pre_init_hook(env):
    """Create the PostgreSQL extensions before the tables.

    :raises UserError: when the database refuses, with the command to run.
    """
    for extension in EXTENSIONS:
        try:
            with env.cr.savepoint():
                env.cr.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        except psycopg2.Error as error:
            raise UserError(
                env._(
                    "PostgreSQL refused to add the extension %(name)s to this "
                    "database. Ask its administrator to run, in the database: "
                    "CREATE EXTENSION %(name)s; then install again. "
                    "PostgreSQL says: %(error)s",
                    name=extension,
                    error=error,
                )
            ) from error
    env.registry.has_trigram = True
