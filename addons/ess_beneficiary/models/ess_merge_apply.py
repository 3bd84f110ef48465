from odoo import models
from odoo.tools import SQL

from .ess_beneficiary_matching import sql_code
from .ess_merge_links import MODEL

FILES = "ess_beneficiary"


class EssMerge(models.Model):
    """The merge itself: rows change file, table by table, each in one statement."""

    _inherit = "ess.merge"

    # === SNAPSHOTS

    def _take_snapshots(self, tables):
        """Keep all rows of both files as they are, for the account of the merge.

        :param dict tables: links by table
        """
        columns = self._get_columns([*tables, FILES, "res_partner"])
        for table, links in tables.items():
            for link in links:
                self._snapshot(table, columns, self._link_is(link, SQL("side.file_id")))
        self._snapshot(FILES, columns, SQL("t.id = side.file_id"))
        # the mask of a person changes name with its file
        self._snapshot(
            "res_partner",
            columns,
            SQL(
                "t.id = (SELECT partner_id FROM ess_beneficiary"
                " WHERE id = side.file_id)"
            ),
        )

    def _snapshot(self, table, columns, condition):
        """Keep the rows ``t`` of a table that a condition joins to the sides."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ess_merge_before
                SELECT side.merge_id, %(name)s, %(key)s, %(content)s
                FROM ess_merge_side side JOIN %(table)s t ON %(condition)s
                ON CONFLICT DO NOTHING
                """,
                name=table,
                key=self._row_key(table, columns),
                content=self._row_content(table, columns),
                table=SQL.identifier(table),
                condition=condition,
            )
        )

    def _row_key(self, table, columns):
        """SQL of what tells a row ``t`` from others: its id, or all of it."""
        own, _made = columns[table]
        return SQL("t.id::text") if "id" in own else SQL("to_jsonb(t)::text")

    def _row_content(self, table, columns):
        """SQL of a row ``t`` as an object, without what PostgreSQL computes."""
        _own, made = columns[table]
        return SQL("to_jsonb(t) - %s::text[]", made) if made else SQL("to_jsonb(t)")

    def _link_is(self, link, file_id):
        """SQL condition: the row ``t`` refers by this link to this file."""
        column = SQL.identifier("t", link.column)
        if link.is_reference:
            return SQL("%s = %s || %s::text", column, f"{MODEL},", file_id)
        if link.model_column:
            model = SQL.identifier("t", link.model_column)
            return SQL("%s = %s AND %s = %s", model, MODEL, column, file_id)
        return SQL("%s = %s", column, file_id)

    # === MOVES

    def _move_rows(self, tables):
        """Make all rows of the merged files those of the kept ones.

        A row that the kept file may not hold twice stays with the merged file, which
        is archived: nothing is dropped.
        """
        staying = self._get_staying_links()
        indexes = self._get_unique_indexes(tables)
        left = self._get_rows_left()
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, links in tables.items():
            for link in links:
                if (table, link.column) not in staying:
                    others = [other for other in links if other != link]
                    unique = indexes.get(table, ())
                    self._move_link(link, others, unique, left.get(table))
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _get_rows_left(self):
        """Rows that `_settle` leaves with the merged files: ``{table: [id, …]}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT table_name, array_agg(row_id) FROM ess_merge_stay"
                    " GROUP BY table_name"
                )
            )
        )

    def _move_link(self, link, others, indexes, left=None):
        """Move the rows of one link."""
        value = SQL("side.kept_id")
        if link.is_reference:
            value = SQL("%s || side.kept_id::text", f"{MODEL},")
        guards = [
            SQL("NOT (%s)", self._twice(link, value, columns, condition))
            for columns, condition in indexes
            if link.column in columns
        ]
        # nobody is his or her own relative or double
        guards += [
            SQL("NOT COALESCE(%s, FALSE)", self._link_is(other, SQL("side.kept_id")))
            for other in others
        ]
        if left:
            guards.append(SQL("t.id <> ALL(%s)", left))
        if link.table == FILES:
            guards.append(SQL("t.id <> side.kept_id"))
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s t SET %(column)s = %(value)s
                FROM ess_merge_side side
                WHERE NOT side.is_kept AND %(found)s%(guards)s
                """,
                table=SQL.identifier(link.table),
                column=SQL.identifier(link.column),
                value=value,
                found=self._link_is(link, SQL("side.file_id")),
                guards=SQL("").join(SQL(" AND %s", guard) for guard in guards),
            )
        )

    def _twice(self, link, value, columns, condition):
        """SQL condition: moved, the row ``t`` would break a unique index."""
        same = [
            SQL(
                "%s = %s",
                SQL.identifier("other", column),
                value if column == link.column else SQL.identifier("t", column),
            )
            for column in sorted(columns)
        ]
        table = SQL.identifier(link.table)
        if not condition:
            return SQL(
                "EXISTS (SELECT FROM %s other WHERE %s)", table, SQL(" AND ").join(same)
            )
        # text of PostgreSQL's own catalogue, about the columns of this table
        where = sql_code(condition)
        return SQL(
            "EXISTS (SELECT FROM (SELECT * FROM %s WHERE %s) other WHERE %s)"
            " AND EXISTS (SELECT FROM (SELECT t.*) this_row WHERE %s)",
            table,
            where,
            SQL(" AND ").join(same),
            where,
        )

    # === ACCOUNT

    def _write_account(self, tables):
        """Write what changed, row by row and column by column."""
        columns = self._get_columns([*tables, FILES, "res_partner"])
        # Tables without a row of these files need no look.
        self.env.cr.execute("ANALYZE ess_merge_before")
        self.env.cr.execute("SELECT DISTINCT table_name FROM ess_merge_before")
        for (table,) in self.env.cr.fetchall():
            self._write_changed_rows(table, columns)
            for link in tables.get(table, ()):
                self._write_new_rows(link, columns)

    def _write_changed_rows(self, table, columns):
        """Account for the rows of a table that changed or are there no more."""
        key = self._row_key(table, columns)
        if "id" in columns[table][0]:
            key, old = SQL("t.id"), SQL("old.row_key::integer")
        else:
            old = SQL("old.row_key")
        self.env.cr.execute(
            SQL(
                """
                WITH pairs AS (
                    SELECT old.merge_id, old.row_key, old.content AS was,
                        %(content)s AS became
                    FROM ess_merge_before old
                    LEFT JOIN %(table)s t ON %(key)s = %(old)s
                    WHERE old.table_name = %(name)s
                )
                INSERT INTO ess_merge_change
                    (merge_id, table_name, row_key, before, after)
                SELECT merge_id, %(name)s, row_key,
                    CASE WHEN became IS NULL THEN was ELSE (
                        SELECT jsonb_object_agg(key, value) FROM jsonb_each(was)
                        WHERE value IS DISTINCT FROM became -> key) END,
                    CASE WHEN became IS NOT NULL THEN (
                        SELECT jsonb_object_agg(key, value) FROM jsonb_each(became)
                        WHERE value IS DISTINCT FROM was -> key) END
                FROM pairs WHERE became IS DISTINCT FROM was
                """,
                name=table,
                content=self._row_content(table, columns),
                table=SQL.identifier(table),
                key=key,
                old=old,
            )
        )

    def _write_new_rows(self, link, columns):
        """Account for the rows of a table that the merge added."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ess_merge_change
                    (merge_id, table_name, row_key, before, after)
                SELECT side.merge_id, %(name)s, %(key)s, NULL, %(content)s
                FROM ess_merge_side side JOIN %(table)s t ON %(found)s
                WHERE NOT EXISTS (SELECT FROM ess_merge_before old
                    WHERE old.table_name = %(name)s AND old.row_key = %(key)s)
                """,
                name=link.table,
                key=self._row_key(link.table, columns),
                content=self._row_content(link.table, columns),
                table=SQL.identifier(link.table),
                found=self._link_is(link, SQL("side.file_id")),
            )
        )

    def _write_summaries(self):
        """Say in words what each merge moved, by kind of fact."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT merge_id, table_name, count(*) FROM ess_merge_change
                WHERE merge_id = ANY(%s) AND after IS NOT NULL
                    AND table_name NOT IN (%s, 'res_partner', 'ess_duplicate')
                GROUP BY merge_id, table_name
                """,
                self.ids,
                FILES,
            )
        )
        words, counts, lines = {}, {}, {}
        for merge_id, table, count in sorted(rows):
            if table not in words:
                words[table] = self._table_words(table)
            counts[merge_id] = counts.get(merge_id, 0) + count
            if words[table]:
                lines.setdefault(merge_id, []).append(f"{words[table]}: {count}")
        self.env.cr.execute(
            SQL(
                """
                UPDATE ess_merge SET row_count = done.total, summary = done.words
                FROM unnest(%s::integer[], %s::integer[], %s::text[])
                    AS done (id, total, words)
                WHERE ess_merge.id = done.id
                """,
                list(counts),
                list(counts.values()),
                ["\n".join(lines.get(merge_id, ())) for merge_id in counts],
            )
        )

    def _table_words(self, table):
        """Name of what a table holds as a user knows it, nothing for link tables."""
        for model in self.env.registry.values():
            if model._table == table and not model._abstract:
                # sudo: the name of a model is no secret
                return self.env["ir.model"].sudo()._get(model._name).name
        return None
