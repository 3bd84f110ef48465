from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Links that the import itself or the search of duplicates makes.
OWN_LINKS = (
    ("ess_duplicate", "beneficiary_id"),
    ("ess_duplicate", "duplicate_id"),
    ("ess_import_row", "match_id"),
    ("ess_beneficiary_team_user_rel", "beneficiary_id"),
)
# Links by model name and id, which PostgreSQL does not know.
LOOSE_LINKS = (
    ("mail_message", "model"),
    ("mail_activity", "res_model"),
    ("ir_attachment", "res_model"),
)


class EssImport(models.Model):
    """The way back: files that nobody touched since are removed."""

    _inherit = "ess.import"

    def _undo(self):
        """Remove the files opened by this batch; say which stay and why."""
        self.ensure_one()
        if self.state not in ("imported", "stopped"):
            raise UserError(self.env._("Only an imported list can be undone."))
        # sudo: files of the importer's own batch; whether one may go is decided below
        files = (
            self.env["ess.beneficiary"]
            .sudo()
            .with_context(active_test=False)
            .search([("import_id", "=", self.id)])
        )
        self.env.flush_all()
        touched = self._touched_files(files.ids)
        rows = {file.id: file.import_row_id for file in files.browse(touched)}
        for file_id, reason in touched.items():
            rows[file_id].message = self.env._(
                "The file stays: %(reason)s.", reason=reason
            )
        (files - files.browse(touched)).unlink()
        kept = self._empty_completed()
        self.write({"state": "undone"})
        message = self.env._("%(count)s files stay.", count=len(touched) + kept)
        self.notes = message if touched or kept else False

    def _touched_files(self, file_ids):
        """Files of the batch that somebody used since, with the reason.

        :return: ``{file id: reason in words}``
        :rtype: dict
        """
        touched = {}
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ess_beneficiary"
                " WHERE id = ANY(%s) AND write_date > create_date",
                file_ids,
            )
        )
        for (file_id,) in rows:
            touched[file_id] = self.env._("it was changed since")
        touched.update(self._merged_files(file_ids))
        for table, column, has_date in self._get_file_keys():
            if (table, column) not in OWN_LINKS:
                for file_id in self._linked_files(table, column, has_date, file_ids):
                    name = self._table_words(table)
                    touched[file_id] = self.env._("it has: %(what)s", what=name)
        for table, column in LOOSE_LINKS:
            for file_id in self._loosely_linked_files(table, column, file_ids):
                name = self._table_words(table)
                touched[file_id] = self.env._("it has: %(what)s", what=name)
        return touched

    def _merged_files(self, file_ids):
        """Files of the batch that are one with another file, with the reason.

        :return: ``{file id: reason in words}``
        :rtype: dict
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ess_beneficiary WHERE id = ANY(%s)"
                " AND (merged_into_id IS NOT NULL OR former_refs <> '')",
                file_ids,
            )
        )
        reason = self.env._("it was merged with another file: undo that merge first")
        return {row[0]: reason for row in rows}

    def _get_file_keys(self):
        """Foreign keys to the files: ``[(table, column, has a creation date)]``."""
        return self.env.execute_query(
            SQL(
                """
                SELECT relation.relname, link.attname, EXISTS (
                    SELECT FROM pg_attribute
                    WHERE attrelid = conrelid AND attname = 'create_date')
                FROM pg_constraint
                JOIN pg_class relation ON relation.oid = conrelid
                JOIN pg_attribute link ON attrelid = conrelid AND attnum = conkey[1]
                WHERE contype = 'f' AND confrelid = 'ess_beneficiary'::regclass
                    AND cardinality(conkey) = 1
                """
            )
        )

    def _linked_files(self, table, column, has_date, file_ids):
        """Ids of the files with a record that is younger than the file."""
        younger = (
            SQL("AND linked.create_date > file.create_date") if has_date else SQL()
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT file.id FROM %s linked"
                " JOIN ess_beneficiary file ON file.id = linked.%s"
                " WHERE file.id = ANY(%s) %s",
                SQL.identifier(table),
                SQL.identifier(column),
                file_ids,
                younger,
            )
        )
        return [row[0] for row in rows]

    def _loosely_linked_files(self, table, column, file_ids):
        """Ids of the files with messages, activities or attachments."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT res_id FROM %s WHERE %s = 'ess.beneficiary'"
                " AND res_id = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                file_ids,
            )
        )
        return [row[0] for row in rows]

    def _table_words(self, table):
        """Name of what a table holds, as a user knows it."""
        for model in self.env.registry.values():
            if model._table == table and not model._abstract:
                # sudo: the name of a model is no secret
                found = self.env["ir.model"].sudo()._get(model._name)
                return found.name
        return table

    def _empty_completed(self):
        """Empty again what this batch filled in; return how many files kept a value.

        A value that somebody changed since stays.
        """
        kept = 0
        for row in self.row_ids.filtered("completed"):
            # sudo: fields that this batch wrote in this file
            file = row.match_id.sudo()
            same = [name for name in row.completed if file[name] == row[name]]
            if file.merged_into_id or file.former_refs:
                # Of two files made one: whose the value is cannot be told.
                same = []
                row.sudo().message = self.env._(
                    "The values stay: the file was merged since with another one."
                )
            kept += len(same) < len(row.completed)
            file.write(dict.fromkeys(same, False))
            row.sudo().write({"completed": False})
        return kept
