from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.batches import chunks
from ..tools.matching_keys import KEYS
from .ess_import_row import ROW_FIELDS

FOLLOWUP_BATCH = 2_000


class EssImport(models.Model):
    """The import itself: rows become files in one statement."""

    _inherit = "ess.import"

    def _apply(self):
        """Open and complete the files as decided, in one transaction."""
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the list before you import it."))
        self.env.flush_all()
        self._insert_files()
        self._update_files()
        self.write({"state": "imported", "date_done": fields.Datetime.now()})
        self.env.invalidate_all()
        self._finish_files()

    # === NEW FILES

    def _insert_files(self):
        """Insert all new files by one INSERT … SELECT.

        Equal to `create()` for every stored column: values of the row, then the
        defaults of the model, then number and code; tested on equal rows.
        """
        columns = self._file_columns()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ess_beneficiary (%(names)s)
                SELECT %(values)s
                FROM (
                    SELECT *, row_number() OVER (ORDER BY number) AS place
                    FROM ess_import_row
                    WHERE import_id = %(batch)s AND decision = 'create'
                        AND outcome <> 'error' AND %(part)s
                    ORDER BY number
                ) row
                """,
                names=SQL(", ").join(SQL.identifier(name) for name in columns),
                values=SQL(", ").join(columns.values()),
                batch=self.id,
                part=self._part_sql(),
            )
        )

    def _part_sql(self):
        """SQL condition: the rows of the part being imported, all by default."""
        part = self.env.context.get("ess_import_rows")
        return SQL("TRUE") if part is None else SQL("id = ANY(%s)", part)

    def _part_domain(self, name):
        """Domain of the rows of the part being imported, all by default.

        :param str name: field that holds the row
        """
        part = self.env.context.get("ess_import_rows")
        return [] if part is None else [(name, "in", part)]

    def _file_columns(self):
        """Stored columns of a new file, each with the SQL of its value.

        :return: ``{column: SQL}`` over ``row``
        :rtype: dict
        """
        beneficiary = self.env["ess.beneficiary"].with_company(self.company_id)
        stored = {
            name: field
            for name, field in beneficiary._fields.items()
            if field.store and field.column_type
        }
        columns = {}
        defaults = beneficiary.sudo().default_get(list(stored))
        for name, value in defaults.items():
            if name in stored and name != "id":
                value = stored[name].convert_to_column_insert(value, beneficiary)
                kind = SQL(stored[name].column_type[1])
                columns[name] = SQL("%s::%s", value, kind)
        for name in (*ROW_FIELDS, *KEYS):
            columns[name] = SQL("row.%s", SQL.identifier(name))
        now = SQL("(now() AT TIME ZONE 'UTC')")
        columns.update(
            ref=self._ref_sql(),
            qr_token=SQL("replace(gen_random_uuid()::text, '-', '')"),
            company_id=SQL("%s", self.company_id.id),
            import_id=SQL("%s", self.id),
            import_row_id=SQL("row.id"),
            create_uid=SQL("%s", self.env.uid),
            write_uid=SQL("%s", self.env.uid),
            create_date=now,
            write_date=now,
        )
        return columns

    def _ref_sql(self):
        """SQL of the next file numbers, drawn from the sequence of the files."""
        # sudo: users draw numbers without reading sequences
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", "ess.beneficiary"),
                    ("company_id", "in", [self.company_id.id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        prefix, suffix = sequence._get_prefix_suffix()
        if sequence.implementation == "standard" and not sequence.use_date_range:
            number = SQL("nextval(%s)::text", f"ir_sequence_{sequence.id:03d}")
            return SQL(
                "(SELECT %s || lpad(n, greatest(%s, length(n)), '0') || %s"
                " FROM (SELECT %s AS n WHERE row.id > 0 OFFSET 0) drawn)",
                prefix,
                sequence.padding,
                suffix,
                number,
            )
        # Rarer sequences (without holes, by year) are asked one by one.
        count = self.create_count
        refs = [
            sequence.with_company(self.company_id).next_by_id() for _n in range(count)
        ]
        return SQL("(%s::text[])[row.place]", refs)

    def _finish_files(self):
        """Give the new files their situations, their referent and other computes."""
        beneficiary = self.env["ess.beneficiary"]
        computed = [
            field for field in beneficiary._fields.values() if self._must_compute(field)
        ]
        situated = self._situated_rows()
        if not (self.referent_id or situated or computed):
            return
        # sudo: files that the importer just opened and may not read once they exist
        files = beneficiary.sudo().with_context(active_test=False)
        files = files.search(
            [("import_id", "=", self.id), *self._part_domain("import_row_id")],
            order="id",
        )
        if self.referent_id:
            for part in chunks(files.ids, FOLLOWUP_BATCH):
                self._start_followups(part)
        self._open_situations(files, situated)
        for field in computed:
            self.env.add_to_compute(field, files)
        self.env.flush_all()

    def _must_compute(self, field):
        """Tell whether a stored compute is not already right for a new file.

        The team is: empty, or computed from the follow-ups just made. So are extra
        fields without a definition.
        """
        if field.type == "properties":
            # sudo: only whether the association has extra fields
            return bool(self.company_id.sudo()[field.definition_record_field])
        return (
            field.store
            and field.compute
            and field.model_name == "ess.beneficiary"
            and not field.related
            and field.name not in ("team_user_ids", "referent_id", *ROW_FIELDS)
        )

    def _start_followups(self, file_ids):
        """Make the chosen referent the follow-up team of the new files."""
        # sudo: the importer chose the referent; teams are otherwise the officers'
        self.env["ess.followup"].sudo().create(
            [
                {
                    "beneficiary_id": file_id,
                    "user_id": self.referent_id.id,
                    "role": "referent",
                    "is_referent": True,
                    "date_from": fields.Date.context_today(self),
                }
                for file_id in file_ids
            ]
        )

    def _situated_rows(self):
        """Rows of the list that name a situation."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ess_import_row"
                " WHERE import_id = %s AND situations IS NOT NULL AND %s",
                self.id,
                self._part_sql(),
            )
        )
        return self.env["ess.import.row"].browse([row[0] for row in rows])

    def _open_situations(self, files, rows):
        """Write the situations of the list, dated from the day of the import."""
        if not rows:
            return
        found = {file.import_row_id.id: file for file in files}
        # sudo: as for the files; read by their team afterwards
        codes = {code for row in rows for code in row.situations}
        domains = (
            self.env["ess.situation.domain"].sudo().search([("code", "in", [*codes])])
        )
        by_code = {domain.code: domain.id for domain in domains}
        self.env["ess.situation"].sudo().create(
            [
                {
                    "beneficiary_id": found[row.id].id,
                    "domain_id": by_code[code],
                    "value_id": value_id,
                    "date_from": fields.Date.context_today(self),
                    "source": "import",
                }
                for row in rows
                if row.id in found
                for code, value_id in row.situations.items()
            ]
        )

    # === KNOWN FILES

    def _update_files(self):
        """Fill in what is empty in the known files; keep which fields were."""
        rows = self.env["ess.import.row"].search(
            [
                ("import_id", "=", self.id),
                ("decision", "=", "update"),
                ("match_id", "!=", False),
                *self._part_domain("id"),
            ]
        )
        for row in rows:
            # sudo: the importer decided it for this file, which may be another
            # team's; only empty fields are written
            # if it was merged since the check, the file that it leads to
            file = row.match_id.sudo()._follow_merges()
            vals = row._empty_field_values(file)
            if vals:
                file.write(vals)
                row.sudo().write({"completed": sorted(vals), "match_id": file.id})
