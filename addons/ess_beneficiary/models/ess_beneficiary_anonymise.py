import uuid

from odoo import api, fields, models
from odoo.tools import SQL

TEXT_TYPES = ("char", "text", "html", "json", "properties", "binary")
TEXT_COLUMNS = ("text", "character varying", "text[]", "jsonb")
# Stands for words in columns that the database wants filled in.
NOTHING = "—"
# What only speaks of the person: nothing of it is left, not even its line.
ERASED = (
    "ess.note.version",
    "ess.copy.exclusion",
    "ess.note",
    "ess.memo",
    "ess.document",
    "ess.relation",
    "ess.guardian",
    "ess.household.member",
    "ess.duplicate",
    "ess.merge",
    "ess.file.copy.line",
    "ess.goal.step",
    "ess.protected.notice",
    "ess.consent",
    "ess.share",
)
# Ids and codes only: sealed, or the list of what was done.
UNTOUCHED = ("ess.access.log", "ess.retention.line")


class EssBeneficiary(models.Model):
    """The last step: nobody can tell any more who it was, and figures still hold.

    All by sets, whatever the number of files. Facts that only tell the person are
    erased; those that figures count (situations, goals, stays, presences, requests)
    stay, without a word. Any other table that points to files, in whatever room, loses
    its texts without being named here.
    """

    _inherit = "ess.beneficiary"

    @api.model
    def _get_erased_models(self):
        """Models whose rows go with the person. Override to add some.

        :rtype: list of str
        """
        return [name for name in ERASED if name in self.env]

    def _anonymise(self):
        """Take out of the files, and of all that points to them, who they were."""
        if not self:
            return
        self.env.flush_all()
        merged = self.env.execute_query(
            SQL(
                "SELECT id FROM ess_beneficiary WHERE merged_into_id = ANY(%s)",
                self.ids,
            )
        )
        ids = [*self.ids, *[row[0] for row in merged]]
        rows = self._collect_rows(ids)
        self._erase_loose_traces(rows)
        self._scrub_reasons(ids)
        self._scrub_logins(ids)
        erased = self._get_erased_models()
        for name in sorted(rows, key=lambda name: name not in erased):
            if name in erased:
                self._erase_rows(name, rows[name])
            elif name not in (*UNTOUCHED, self._name):
                self._scrub_rows(name, rows[name])
        self._scrub_files(ids)
        self.env.invalidate_all()

    # === WHERE THEY ARE

    @api.model
    def _collect_rows(self, ids):
        """Find the rows that belong to files, in all tables.

        Those that point to a file, and those that point to one of these and would go
        with it.

        :return: ``{model: [id, …]}``
        :rtype: dict
        """
        by_table = {
            model._table: name
            for name, model in self.env.registry.items()
            if model._auto and not model._abstract
        }
        found = {self._name: set(ids)}
        self._add_import_rows(ids, found)
        todo = [self._name]
        while todo:
            name = todo.pop()
            for table, column in self._get_own_tables(self.env[name]._table, name):
                child = by_table.get(table)
                if not child or child == self._name:
                    continue
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        list(found[name]),
                    )
                )
                new = {row[0] for row in rows} - found.get(child, set())
                if new:
                    found.setdefault(child, set()).update(new)
                    todo.append(child)
        return {name: list(found[name]) for name in found if found[name]}

    @api.model
    def _get_own_tables(self, table, name):
        """Return what points to a table: all of it for files, what goes with a row
        for the others.

        :rtype: list of (table, column)
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT conrelid::regclass::text, attname::text
                FROM pg_constraint
                JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
                WHERE contype = 'f' AND cardinality(conkey) = 1
                    AND confrelid = %s::regclass AND (confdeltype = 'c' OR %s)
                """,
                table,
                name == self._name,
            )
        )

    @api.model
    def _add_import_rows(self, ids, found):
        """Add the rows of lists that the files came from."""
        rows = self.env.execute_query(
            SQL(
                "SELECT import_row_id FROM ess_beneficiary"
                " WHERE id = ANY(%s) AND import_row_id IS NOT NULL",
                ids,
            )
        )
        if rows:
            found["ess.import.row"] = {row[0] for row in rows}

    # === WHAT IS DONE

    @api.model
    def _erase_loose_traces(self, rows):
        """Erase messages, things to do, followers and papers of these rows."""
        cr = self.env.cr
        attachments = self.env["ir.attachment"]
        for name, ids in rows.items():
            for table, column in (
                ("mail_message", "model"),
                ("mail_activity", "res_model"),
                ("mail_followers", "res_model"),
            ):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s AND res_id = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        name,
                        ids,
                    )
                )
            stored = self.env.execute_query(
                SQL(
                    "DELETE FROM ir_attachment WHERE res_model = %s"
                    " AND res_id = ANY(%s) RETURNING store_fname",
                    name,
                    ids,
                )
            )
            for (path,) in stored:
                if path:
                    attachments._mark_for_gc(path)

    @api.model
    def _scrub_reasons(self, ids):
        """Shorten the reasons why these files were read: they may name somebody."""
        self.env.cr.execute(
            SQL(
                "UPDATE ess_access_reason SET name = %s WHERE id IN ("
                " SELECT reason_id FROM ess_access_log WHERE beneficiary_id = ANY(%s)"
                " AND reason_id IS NOT NULL)",
                NOTHING,
                ids,
            )
        )

    @api.model
    def _scrub_logins(self, ids):
        """Make the logins of the persons nobody's, and close them."""
        cr = self.env.cr
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id FROM ess_beneficiary"
                " WHERE id = ANY(%s) AND partner_id IS NOT NULL",
                ids,
            )
        )
        masks = [row[0] for row in rows]
        self._erase_loose_traces({"res.partner": masks})
        # the mark of a mask stays: it must not become an ordinary contact
        mark = {name: SQL("%s", NOTHING) for name in ("name", "complete_name")}
        mark |= {"ref": SQL("'ess:' || id"), "active": SQL("FALSE")}
        self._scrub_rows("res.partner", masks, mark)
        users = self.env.execute_query(
            SQL(
                "UPDATE res_users SET login = 'nobody-' || id, password = NULL,"
                " active = FALSE, signature = NULL WHERE partner_id = ANY(%s)"
                " RETURNING id",
                masks,
            )
        )
        for table, column in (
            ("res_users_log", "create_uid"),
            ("res_device_log", "user_id"),
        ):
            cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    [row[0] for row in users],
                )
            )

    @api.model
    def _erase_rows(self, name, ids):
        table = SQL.identifier(self.env[name]._table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", table, ids))

    @api.model
    def _get_text_columns(self, name):
        """Return the columns of a model that hold words, and whether they may be empty.

        :return: ``{column: whether it must be filled in}``
        :rtype: dict
        """
        model = self.env[name]
        rows = self.env.execute_query(
            SQL(
                "SELECT attname::text, attnotnull, atttypid::regtype::text"
                " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND attgenerated = ''",
                model._table,
            )
        )
        fields_by_name = model._fields
        return {
            column: required
            for column, required, kind in rows
            if (
                fields_by_name[column].type in TEXT_TYPES
                if column in fields_by_name
                else kind in TEXT_COLUMNS  # keys kept by the database, made of names
            )
        }

    @api.model
    def _scrub_rows(self, name, ids, values=None):
        """Empty the words of rows that figures still count.

        :param dict values: what is written instead in some columns, in SQL
        """
        columns = {
            column: SQL("%s", NOTHING if required else None)
            for column, required in self._get_text_columns(name).items()
        }
        columns |= values or {}
        if not columns or not ids:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(self.env[name]._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(column), value)
                    for column, value in columns.items()
                ),
                ids,
            )
        )

    @api.model
    def _scrub_files(self, ids):
        """Empty the files; of the birth date, the year stays, for figures by age."""
        values = {
            "pseudonym": SQL("'A-' || id"),
            "ref": SQL("'A-' || id"),
            "qr_token": SQL("md5(%s || id)", uuid.uuid4().hex),
            "birth_date": SQL("date_trunc('year', birth_date)::date"),
            "birth_date_precision": SQL("'year'"),
            "partner_id": SQL("NULL"),
            "import_row_id": SQL("NULL"),
            "country_id": SQL("NULL"),
            "is_portal_open": SQL("FALSE"),
            "active": SQL("FALSE"),
            "date_intermediate": SQL("NULL"),
            "date_anonymised": SQL("%s", fields.Date.context_today(self)),
        }
        self._scrub_rows(self._name, ids, values)
