import psycopg2

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .ess_merge_apply import FILES

# What a refusal names at most: enough to know where to look.
REASONS_SHOWN = 5
# Columns that say who wrote last: another value is no reason to refuse.
MARKS = ("write_uid", "write_date")


class EssMerge(models.Model):
    """The way back: each row becomes again what it was."""

    _inherit = "ess.merge"

    def _undo(self):
        """Restore both files exactly; refuse when what happened since forbids it.

        Facts added since stay with the kept file.

        :return: what else there is to know, in words, or an empty text
        :rtype: str
        :raises UserError: with the reasons
        """
        self.ensure_one()
        self._check_may_undo()
        # sudo: rows move back with their file, whoever reads them; nothing is shown
        merge = self.sudo().with_context(active_test=False, tracking_disable=True)
        merge.env.flush_all()
        tables = merge._get_link_tables()
        columns = self._get_columns(
            {*merge._get_changed_tables(), *tables, FILES, "res_partner"}
        )
        reasons = merge._get_obstacles(columns)
        if reasons:
            raise UserError(merge._obstacle_words(reasons))
        try:
            with merge.env.cr.savepoint():
                merge._restore(tables, columns)
        except psycopg2.IntegrityError as error:
            raise UserError(merge._collision_words(error)) from error
        added = merge._count_added(tables, columns)
        merge.write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "date_undone": fields.Datetime.now(),
            }
        )
        merge.env["ess.merge.change"].search([("merge_id", "=", merge.id)]).unlink()
        merge.env.invalidate_all()
        return merge._added_words(added)

    def _check_may_undo(self):
        """Refuse to undo twice, by outsiders, or under a later merge."""
        if not (
            self.env.su
            or self.env.user.has_group("ess_beneficiary.group_beneficiary_import")
        ):
            raise AccessError(
                self.env._("Only people in charge of duplicates can undo a merge.")
            )
        self.check_access("read")
        (self.beneficiary_id | self.merged_id).check_access("read")
        if self.state == "undone":
            raise UserError(self.env._("This merge is undone already."))
        # sudo: that the kept file was merged since is told to one of its readers
        later = self.sudo().beneficiary_id.merged_into_id
        if later:
            raise UserError(
                self.env._(
                    "File %(ref)s was merged with %(later)s since: undo that merge "
                    "first.",
                    ref=self.sudo().beneficiary_id.ref,
                    later=later.ref,
                )
            )

    def _get_changed_tables(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT table_name FROM ess_merge_change WHERE merge_id = %s",
                self.id,
            )
        )
        return [row[0] for row in rows]

    # === OBSTACLES

    def _get_obstacles(self, columns):
        """Values that the merge wrote and somebody changed since.

        :return: ``[(table, column)]``
        :rtype: list
        """
        obstacles = []
        for table in self._get_changed_tables():
            ignored = [*MARKS, *self._get_derived_columns(table)]
            obstacles += self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT change.table_name, written.key
                    FROM ess_merge_change change
                    JOIN %(table)s t ON %(key)s = change.row_key
                    CROSS JOIN LATERAL jsonb_each(change.after) written
                    WHERE change.merge_id = %(merge)s AND change.table_name = %(name)s
                        AND change.before IS NOT NULL
                        AND written.key <> ALL(%(ignored)s)
                        AND written.value IS DISTINCT FROM to_jsonb(t) -> written.key
                    ORDER BY 1, 2
                    """,
                    table=SQL.identifier(table),
                    key=self._row_key(table, columns),
                    merge=self.id,
                    name=table,
                    ignored=ignored,
                )
            )
        return obstacles

    def _get_derived_columns(self, table):
        """Columns that Odoo computes from others: computed again after the undoing."""
        return [
            field.name
            for model in self.env.registry.values()
            if model._table == table and not model._abstract
            for field in model._fields.values()
            if field.store and field.compute and field.readonly
        ]

    def _obstacle_words(self, obstacles):
        """Say what was changed since, and what to do."""
        lines = []
        for table, column in obstacles[:REASONS_SHOWN]:
            label = self._column_words(table, column)
            lines.append(
                self.env._(
                    "%(what)s: “%(field)s” was changed since.",
                    what=self._table_words(table) or table,
                    field=label,
                )
            )
        return self.env._(
            "This merge cannot be undone: one cannot tell which of both files these "
            "changes belong to. Put back what the merge had written, or correct the "
            "kept file.\n%(reasons)s",
            reasons="\n".join(lines),
        )

    def _column_words(self, table, column):
        for model in self.env.registry.values():
            field = model._fields.get(column)
            if model._table == table and field and not model._abstract:
                return field._description_string(self.env)
        return column

    def _collision_words(self, error):
        """Say that what was added since collides with what would come back."""
        table = error.diag.table_name
        return self.env._(
            "This merge cannot be undone: “%(what)s” written since in file %(ref)s "
            "covers what would come back. Archive or end it first.",
            what=table and self._table_words(table) or table or "",
            ref=self.beneficiary_id.ref,
        )

    # === RESTORING

    def _restore(self, tables, columns):
        """Write every row as it was: the links first, so that nothing collides."""
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        changed = self._get_changed_tables()
        marks = self._get_marks()
        for table in changed:
            self._remove_added_rows(table, columns)
        for only_links in (True, False):
            for table in changed:
                if "id" in columns[table][0]:
                    links = {link.column for link in tables.get(table, ())}
                    self._restore_columns(table, columns, links, only_links)
        for table in changed:
            self._restore_removed_rows(table, columns)
        self.env.invalidate_all()
        self._recompute_files()
        self._write_marks(marks)
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _get_marks(self):
        """Who wrote last in both files, and when, unless somebody did since.

        :return: ``[(file, user, date)]`` as they were before the merge
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT file.id, (change.before ->> 'write_uid')::integer,
                    (change.before ->> 'write_date')::timestamp
                FROM ess_merge_change change
                JOIN ess_beneficiary file ON file.id = change.row_key::integer
                WHERE change.merge_id = %s AND change.table_name = %s
                    AND file.write_date = coalesce(
                        (change.after ->> 'write_date')::timestamp, file.write_date)
                """,
                self.id,
                FILES,
            )
        )

    def _write_marks(self, marks):
        """Undoing is not writing in a file: say again who wrote last."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE ess_beneficiary SET
                    write_uid = coalesce(mark.uid, ess_beneficiary.write_uid),
                    write_date = coalesce(mark.day, ess_beneficiary.write_date)
                FROM unnest(%s::integer[], %s::integer[], %s::timestamp[])
                    AS mark (id, uid, day)
                WHERE ess_beneficiary.id = mark.id
                """,
                *([mark[place] for mark in marks] for place in range(3)),
            )
        )
        self.env.invalidate_all()

    def _remove_added_rows(self, table, columns):
        """Remove what the merge had added; values changed since are not its own."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM %(table)s t USING ess_merge_change change
                WHERE change.merge_id = %(merge)s AND change.table_name = %(name)s
                    AND change.before IS NULL AND change.row_key = %(key)s
                """,
                table=SQL.identifier(table),
                merge=self.id,
                name=table,
                key=self._row_key(table, columns),
            )
        )

    def _restore_columns(self, table, columns, links, only_links):
        """Write back the columns that the merge changed and nobody did since."""
        names = [
            name
            for name in self._get_changed_columns(table)
            if (name in links) == only_links and name in columns[table][0]
        ]
        if not names:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s t SET %(assigned)s
                FROM (
                    SELECT change.row_key::integer AS id, (
                        SELECT jsonb_object_agg(was.key, was.value)
                        FROM jsonb_each(change.before) was
                        WHERE to_jsonb(now_row) -> was.key
                            IS NOT DISTINCT FROM change.after -> was.key) AS values
                    FROM ess_merge_change change
                    JOIN %(table)s now_row ON now_row.id = change.row_key::integer
                    WHERE change.merge_id = %(merge)s AND change.table_name = %(name)s
                        AND change.before IS NOT NULL AND change.after IS NOT NULL
                ) back
                WHERE t.id = back.id AND back.values IS NOT NULL
                """,
                table=SQL.identifier(table),
                assigned=SQL(", ").join(
                    SQL(
                        "%s = (jsonb_populate_record(t, back.values)).%s",
                        SQL.identifier(name),
                        SQL.identifier(name),
                    )
                    for name in names
                ),
                merge=self.id,
                name=table,
            )
        )

    def _get_changed_columns(self, table):
        """Columns of a table that the merge changed in any row."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT jsonb_object_keys(before) FROM ess_merge_change
                WHERE merge_id = %s AND table_name = %s AND after IS NOT NULL
                    AND before IS NOT NULL
                """,
                self.id,
                table,
            )
        )
        return [row[0] for row in rows]

    def _restore_removed_rows(self, table, columns):
        """Add again the rows that the merge had taken out."""
        names = columns[table][0]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (%(own)s)
                SELECT %(was)s FROM ess_merge_change change
                CROSS JOIN LATERAL
                    jsonb_populate_record(NULL::%(table)s, change.before) was
                WHERE change.merge_id = %(merge)s AND change.table_name = %(name)s
                    AND change.after IS NULL
                ON CONFLICT DO NOTHING
                """,
                table=SQL.identifier(table),
                own=SQL(", ").join(SQL.identifier(name) for name in names),
                was=SQL(", ").join(SQL.identifier("was", name) for name in names),
                merge=self.id,
                name=table,
            )
        )

    # === WHAT WAS ADDED SINCE

    def _count_added(self, tables, columns):
        """Facts of the kept file that are younger than the merge, by table."""
        added = {}
        for table, links in tables.items():
            if "create_date" not in columns[table][0] or table == "ess_duplicate":
                continue
            for link in links:
                rows = self.env.execute_query(
                    SQL(
                        "SELECT count(*) FROM %s t WHERE %s AND t.create_date > %s",
                        SQL.identifier(table),
                        self._link_is(link, SQL("%s", self.beneficiary_id.id)),
                        self.date,
                    )
                )
                if rows[0][0]:
                    added[table] = added.get(table, 0) + rows[0][0]
        return added

    def _added_words(self, added):
        """Say which facts stay with the kept file."""
        words = {self._table_words(table): count for table, count in added.items()}
        words.pop(None, None)
        if not words:
            return ""
        return self.env._(
            "Written since the merge, and left in file %(ref)s: %(what)s. Move by hand "
            "what belongs to the other file.",
            ref=self.beneficiary_id.ref,
            what=", ".join(f"{name} ({count})" for name, count in words.items()),
        )
