import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Rows from which an import runs in the background, and rows done at a time: some
# seconds of work, all or nothing.
BACKGROUND_ROWS = 5_000
PART_ROWS = 2_000
# A row that is still to be imported; the file it becomes carries its id, so that a row
# is never imported twice, whatever cut the work short.
TO_DO = """
    row.import_id = %(batch)s AND row.outcome <> 'error' AND (
        row.decision = 'create' AND NOT EXISTS (
            SELECT FROM ess_beneficiary file WHERE file.import_row_id = row.id)
        OR row.decision = 'update' AND row.match_id IS NOT NULL
            AND row.completed IS NULL)
"""


class EssImport(models.Model):
    """Long imports: in the background, part by part, with a stop that is safe.

    Each part is one transaction: a server that is killed in the middle leaves whole
    parts, and the next run goes on with the rows that are left.
    """

    _inherit = "ess.import"

    state = fields.Selection(
        selection_add=[
            ("running", "In progress"),
            ("stopped", "Stopped"),
            ("imported",),
        ],
        ondelete={"running": "set default", "stopped": "set default"},
    )
    is_stopping = fields.Boolean(readonly=True)
    done_count = fields.Integer(string="Rows done", compute="_compute_progress")
    to_do_count = fields.Integer(string="Rows left", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="In per cent.")

    @api.depends("state")
    def _compute_progress(self):
        """Count what is left, for lists that are under way only."""
        for batch in self:
            left = 0
            if batch.state in ("running", "stopped"):
                left = batch._count_rows_to_do()
            total = batch.create_count + batch.update_count
            done = batch.state in ("running", "stopped", "imported")
            batch.to_do_count = left
            batch.done_count = total - left if done else 0
            batch.progress = 100 * batch.done_count / total if total else 0

    # === ACTIONS

    def action_import(self):
        """Import short lists at once, long ones in the background."""
        long_ones = self.filtered(
            lambda batch: batch.state == "stopped" or batch._is_long()
        )
        result = super(EssImport, self - long_ones).action_import()
        if long_ones:
            long_ones._start_background()
        return result

    def action_stop(self):
        """Stop after the rows being written; what is imported stays."""
        if self.filtered(lambda batch: batch.state != "running"):
            raise UserError(self.env._("This import is not under way."))
        self.is_stopping = True

    # === BUSINESS

    def _is_long(self):
        return self.create_count + self.update_count >= BACKGROUND_ROWS

    def _start_background(self):
        """Hand the lists to the job that imports them."""
        if self.filtered(lambda batch: batch.state not in ("checked", "stopped")):
            raise UserError(self.env._("Check the list before you import it."))
        self.write({"state": "running", "is_stopping": False})
        # sudo: importers start the job without being allowed to change it
        self.env.ref("ess_beneficiary.ir_cron_import").sudo()._trigger()

    @api.model
    def _cron_import(self):
        """Import the lists under way until none is left or time is out."""
        cron = self.env["ir.cron"]
        batches = self.search([("state", "=", "running")], order="id")
        counts = [batch._count_rows_to_do() for batch in batches]
        cron._commit_progress(remaining=sum(counts) + len(batches))
        for batch in batches:
            try:
                if not batch._run_parts():
                    return
            except Exception as error:
                self.env.cr.rollback()
                _logger.warning("Import %s stopped: %s", batch.id, type(error).__name__)
                batch._stop_on_error(error)
            if not cron._commit_progress(1):
                return

    def _run_parts(self):
        """Import part by part, each in its own transaction.

        :return: False when time is out and rows are left
        :rtype: bool
        """
        self.ensure_one()
        own = self.with_user(self.user_id).with_company(self.company_id)
        while row_ids := own._get_rows_to_do():
            self.invalidate_recordset(["is_stopping"])
            if self.is_stopping:
                self.write({"state": "stopped", "is_stopping": False})
                self._tell_importer(self.env._("The import was stopped."))
                return True
            own._apply_part(row_ids)
            if not self.env["ir.cron"]._commit_progress(len(row_ids)):
                return False
        self.write({"state": "imported", "date_done": fields.Datetime.now()})
        self._tell_importer(self.env._("The list is imported."))
        return True

    def _apply_part(self, row_ids):
        """Open and complete the files of some rows.

        :param list row_ids: ids of rows of this list
        """
        self.ensure_one()
        part = self.with_context(ess_import_rows=row_ids)
        part.env.flush_all()
        part._insert_files()
        part._update_files()
        self.env.cr.execute(
            SQL(
                "UPDATE ess_import_row SET completed = '[]' WHERE id = ANY(%s)"
                " AND decision = 'update' AND completed IS NULL",
                row_ids,
            )
        )
        part.env.invalidate_all()
        part._finish_files()
        part.env.flush_all()

    def _get_rows_to_do(self, limit=PART_ROWS):
        """Ids of the next rows to import, in the order of the list."""
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    f"SELECT row.id FROM ess_import_row row WHERE {TO_DO}"
                    " ORDER BY row.number LIMIT %(limit)s",
                    batch=self.id,
                    limit=limit,
                )
            )
        ]

    def _count_rows_to_do(self):
        """How many rows of the list are still to be imported."""
        query = SQL(
            f"SELECT count(*) FROM ess_import_row row WHERE {TO_DO}", batch=self.id
        )
        return self.env.execute_query(query)[0][0]

    def _stop_on_error(self, error):
        """Stop a list that cannot go on; what is imported stays."""
        reason = str(error) if isinstance(error, UserError) else type(error).__name__
        self.write(
            {
                "state": "stopped",
                "notes": self.env._("The import stopped: %(reason)s", reason=reason),
            }
        )
        self._tell_importer(self.env._("The import stopped on an error."))

    def _tell_importer(self, subject):
        """Send the importer figures, by mail or in the inbox as they prefer."""
        self.invalidate_recordset()
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=subject,
            body=self.env._(
                "%(list)s: %(done)s rows done, %(left)s left, %(errors)s in error.",
                list=self.name or "",
                done=self.done_count,
                left=self.to_do_count,
                errors=self.error_count,
            ),
            model=self._name,
            res_id=self.id,
            force_send=False,
        )
