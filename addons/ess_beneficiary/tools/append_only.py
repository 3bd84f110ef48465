"""Tables whose rows the database itself refuses to change: logs, seals, traces."""

import re

_GUARD = """
CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN{allowed}
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER IF EXISTS {table}_guard ON {table};
CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_guard();
DROP TRIGGER IF EXISTS {table}_guard_truncate ON {table};
CREATE TRIGGER {table}_guard_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard();
"""
_ALLOWED = """
    IF TG_OP = '{operation}' THEN
        IF {condition} THEN
            RETURN {row};
        END IF;
    END IF;"""
# Rows leave by whole months, six months at the least, in a transaction that says so:
# see ess.access.seal.
PRUNED = (
    "current_setting('ess.access_prune', true) = 'on'"
    " AND OLD.date < date_trunc('month', now() - interval '6 months')"
)


def guard(table, update="", delete=""):
    """Return the SQL that has the database refuse changes to the rows of a table.

    Run as it is, again at each update of the module. Conditions are words of this
    module's code, never of a user.

    :param str table: name of the table
    :param str update: condition on OLD and NEW of the one change that is let through
    :param str delete: condition on OLD of the rows that may go
    :rtype: str

    >>> sql = guard("ess_trace", delete="OLD.date < now()")
    >>> "BEFORE UPDATE OR DELETE ON ess_trace" in sql
    True
    >>> sql.count("RETURN OLD"), sql.count("RETURN NEW")
    (1, 0)
    >>> guard("trace; DROP TABLE x")
    Traceback (most recent call last):
    ...
    ValueError: trace; DROP TABLE x is no name of a table
    """
    if not re.fullmatch(r"[a-z_]+", table):
        raise ValueError(f"{table} is no name of a table")
    rows = {"UPDATE": (update, "NEW"), "DELETE": (delete, "OLD")}
    allowed = "".join(
        _ALLOWED.format(operation=operation, condition=condition, row=row)
        for operation, (condition, row) in rows.items()
        if condition
    )
    return _GUARD.format(table=table, allowed=allowed)
