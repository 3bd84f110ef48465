import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.headers import guess_all
from ..tools.nir import hide_nirs
from ..tools.safe_xlsx import write_csv, write_xlsx
from ..tools.seals import digest
from ..tools.table_reader import TableError, read_table

SAMPLE_LENGTH = 60
# Rows read to show the columns; the check reads all.
SAMPLE_ROWS = 100


class EssImport(models.Model):
    """A list of persons that somebody sends, on its way into the files.

    Upload, choose what each column is, check (nothing is written in the files), decide
    about the rows that look known, import, and undo if need be. Only the importer and
    the coordination see it.
    """

    _name = "ess.import"
    _description = "Import of a list"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="List", compute="_compute_name", store=True)
    data = fields.Binary(string="File to import", attachment=True)
    filename = fields.Char(readonly=True)
    sha256 = fields.Char(string="Seal of the file", readonly=True, index=True)
    source = fields.Char(
        help="Who sends the list. The columns chosen for the last list of this source "
        "are proposed again.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Imported by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    referent_id = fields.Many2one(
        comodel_name="res.users",
        string="Referent of the new files",
        domain="[('company_ids', 'in', company_id), ('share', '=', False)]",
        help="Empty: the new files have no follow-up team yet.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Columns"),
            ("checked", "Checked"),
            ("imported", "Imported"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    date_done = fields.Datetime(string="Imported on", readonly=True)
    row_total = fields.Integer(string="Rows read", readonly=True)
    notes = fields.Text(string="About the file", readonly=True)
    skipped_note = fields.Text(readonly=True)
    mapping_ids = fields.One2many(
        comodel_name="ess.import.mapping", inverse_name="import_id", string="Columns"
    )
    row_ids = fields.One2many(
        comodel_name="ess.import.row", inverse_name="import_id", string="Rows"
    )
    same_file_note = fields.Char(compute="_compute_same_file_note")
    new_count = fields.Integer(string="New persons", compute="_compute_counts")
    match_count = fields.Integer(string="Probably known", compute="_compute_counts")
    repeat_count = fields.Integer(string="Twice in the list", compute="_compute_counts")
    warning_count = fields.Integer(string="With a remark", compute="_compute_counts")
    error_count = fields.Integer(string="In error", compute="_compute_counts")
    create_count = fields.Integer(string="Files to open", compute="_compute_counts")
    update_count = fields.Integer(string="To complete", compute="_compute_counts")
    file_count = fields.Integer(string="Files opened", compute="_compute_file_count")

    # === COMPUTE

    @api.depends("filename", "source")
    def _compute_name(self):
        for batch in self:
            batch.name = " – ".join(filter(None, [batch.source, batch.filename]))

    @api.depends("sha256", "state")
    def _compute_same_file_note(self):
        """Tell when the very same file was uploaded before."""
        for batch in self:
            batch.same_file_note = False
            if not batch.sha256:
                continue
            # sudo: that a list was already uploaded in this association, by whom and
            # when, is told to whoever imports there; nothing of its content is.
            others = self.sudo().search(
                [
                    ("sha256", "=", batch.sha256),
                    ("company_id", "=", batch.company_id.id),
                    ("id", "!=", batch._origin.id or 0),
                    ("state", "in", ("checked", "imported")),
                ],
                limit=1,
            )
            if others:
                batch.same_file_note = self.env._(
                    "This very file was already uploaded by %(user)s on %(date)s.",
                    user=others.user_id.name,
                    date=format_date(self.env, others.create_date),
                )

    @api.depends("state")
    def _compute_counts(self):
        """All figures of all batches by one aggregate."""
        groups = self.env["ess.import.row"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "outcome", "has_warning", "decision"],
            ["__count"],
        )
        names = [
            "new_count",
            "match_count",
            "repeat_count",
            "warning_count",
            "error_count",
            "create_count",
            "update_count",
        ]
        totals = {}
        for batch, outcome, has_warning, decision, count in groups:
            total = totals.setdefault(batch.id, dict.fromkeys(names, 0))
            total[f"{outcome}_count"] += count
            if has_warning:
                total["warning_count"] += count
            if decision != "skip":
                total[f"{decision}_count"] += count
        for batch in self:
            batch.update(totals.get(batch.id) or dict.fromkeys(names, 0))

    @api.depends("state")
    def _compute_file_count(self):
        # sudo: how many files the importer's own batch opened
        groups = self.env["ess.beneficiary"].sudo().with_context(active_test=False)
        counts = dict(
            groups._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for batch in self:
            batch.file_count = counts.get(batch._origin, 0)

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Read each file at once: what cannot be read is refused and not saved."""
        batches = super().create(vals_list)
        for batch in batches.filtered("data"):
            batch._load_file()
        return batches

    def write(self, vals):
        """Start again when another file is uploaded."""
        if "data" in vals and self.filtered(lambda batch: batch.state == "imported"):
            raise UserError(
                self.env._("This list is imported. Open a new import for another file.")
            )
        result = super().write(vals)
        if vals.get("data"):
            for batch in self:
                batch._load_file()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_imported(self):
        if self.filtered("file_count"):
            raise UserError(
                self.env._(
                    "Files were opened from this list: undo the import before you "
                    "delete it."
                )
            )

    # === ACTIONS

    def action_check(self):
        """Check the list: read, compare with the files, write nothing in them."""
        for batch in self:
            batch._stage()
        return True

    def action_back(self):
        """Go back to the choice of the columns."""
        if self.filtered(lambda batch: batch.state != "checked"):
            raise UserError(self.env._("Only a checked list can go back to columns."))
        # sudo: rows are written and removed by the check only, never by hand
        self.row_ids.sudo().unlink()
        self.write({"state": "draft", "skipped_note": False})

    def action_import(self):
        """Open and complete the files as decided."""
        for batch in self:
            batch._apply()
        return True

    def action_undo(self):
        """Remove the files that this import opened and that nobody touched since."""
        for batch in self:
            batch._undo()
        return True

    def action_review(self):
        """Decide about the rows that look known, one after the other."""
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the list before you decide about rows."))
        review = self.env["ess.import.review"].create({"import_id": self.id})
        review._show_next()
        return review._get_action()

    def action_open_rows(self):
        """List the rows; the context may hold the filter to open with."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_beneficiary.ess_import_row_action"
        )
        names = ("new", "match", "repeat", "warning", "error")
        wanted = self.env.context.get("row_filter")
        action["domain"] = [("import_id", "=", self.id)]
        action["context"] = {f"search_default_{wanted}": 1} if wanted in names else {}
        return action

    def action_open_files(self):
        """List the files that this import opened."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Files opened"),
            "res_model": "ess.beneficiary",
            "view_mode": "list,form",
            "domain": [("import_id", "=", self.id)],
        }

    def action_download_errors(self):
        """Download the rows in error as a workbook, with the reason of each."""
        headers, rows = self._error_table()
        return self._download(
            f"{self.env._('rows in error')}.xlsx",
            write_xlsx(self.env._("Rows in error"), headers, rows),
        )

    def action_download_errors_csv(self):
        """Download the rows in error as CSV, with the reason of each."""
        headers, rows = self._error_table()
        return self._download(
            f"{self.env._('rows in error')}.csv", write_csv(headers, rows)
        )

    # === BUSINESS

    def _load_file(self):
        """Read the uploaded file, guess its columns, keep its seal."""
        self.ensure_one()
        table = self._read_table(SAMPLE_ROWS)
        targets = self._guess_targets(table)
        # sudo: rows and columns of the importer's own batch, replaced with the file
        self.row_ids.sudo().unlink()
        self.mapping_ids.sudo().unlink()
        self.env["ess.import.mapping"].create(
            [
                {
                    "import_id": self.id,
                    "position": position,
                    "header": hide_nirs(header),
                    "sample": self._sample(table, position),
                    "target": target,
                }
                for position, (header, target) in enumerate(zip(table.headers, targets))
            ]
        )
        self.write(
            {
                "sha256": digest(base64.b64decode(self.data)),
                "row_total": 0,
                "notes": "\n".join(self._table_notes(table)),
                "state": "draft",
            }
        )

    @api.model
    def _sample(self, table, position):
        """Return the first cell of a column that is not empty."""
        for _number, cells, _notes in table.rows:
            if cells[position]:
                return hide_nirs(cells[position])[:SAMPLE_LENGTH]
        return False

    def _guess_targets(self, table):
        """Targets of the columns: as in the last list of the source, else by title.

        :param Table table: what was read
        :return: a target or False for each column
        :rtype: list
        """
        targets = guess_all(table.headers)
        # The whole list, a dozen: a column may name any of them.
        domains = self.env["ess.situation.domain"].sudo()
        domains = domains.search([])  # pylint: disable=no-search-all
        known = {f"situation:{domain.code}" for domain in domains}
        targets = [
            title if (title := header.strip().lower()) in known else target
            for header, target in zip(table.headers, targets)
        ]
        last = self.source and self.search(
            [
                ("source", "=ilike", self.source),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("state", "!=", "draft"),
            ],
            limit=1,
        )
        if last:
            saved = {line.header: line.target for line in last.mapping_ids}
            targets = [
                saved.get(header, target)
                for header, target in zip(table.headers, targets)
            ]
        return targets

    def _read_table(self, limit=None):
        """Read the uploaded file.

        :param int limit: number of rows, all by default
        :rtype: Table
        :raises UserError: when it cannot be read, with what to do
        """
        if not self.data:
            raise UserError(self.env._("Upload a file first (CSV or XLSX)."))
        try:
            return read_table(base64.b64decode(self.data), self.filename or "", limit)
        except TableError as error:
            raise UserError(self._table_error(error)) from error

    def _error_table(self):
        """Titles and rows of the rows in error, as they were received."""
        self.ensure_one()
        errors = self.row_ids.filtered(lambda row: row.outcome == "error")
        messages = {row.number: row.message for row in errors}
        table = self._read_table()
        headers = [self.env._("Line"), self.env._("Reason"), *table.headers]
        return headers, [
            [number, messages[number], *map(hide_nirs, cells)]
            for number, cells, _notes in table.rows
            if number in messages
        ]

    def _download(self, name, content):
        """Keep a file with the batch and give its address to the browser."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
