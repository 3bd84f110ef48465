import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

# A copy is a whole file outside its rights: our own choice, a week to hand it over.
KEPT_DAYS = 7
# Copies made at once; more are made in the background.
AT_ONCE = 1


class EssFileCopy(models.Model):
    """One order of copies: who wants whole files, why, and how far it has got.

    Made by a worker or the data-protection officer, for one person who asks or for all
    the people of a service that closes. Only its maker reads it; the copies are erased
    after a week.
    """

    _name = "ess.file.copy"
    _description = "Order of copies"
    _order = "id desc"
    _rec_name = "reason"

    reason = fields.Char(required=True, help="Kept in the access log of each file.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    line_ids = fields.One2many(
        comodel_name="ess.file.copy.line", inverse_name="order_id", string="Copies"
    )
    date_erase = fields.Date(
        string="Erased on",
        required=True,
        readonly=True,
        default=lambda self: fields.Date.add(fields.Date.today(), days=KEPT_DAYS),
    )
    total_count = fields.Integer(string="Files", compute="_compute_progress")
    done_count = fields.Integer(string="Done", compute="_compute_progress")
    failed_count = fields.Integer(string="Not done", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="In per cent.")
    state = fields.Selection(
        selection=[("running", "In progress"), ("done", "Ready")],
        compute="_compute_progress",
    )

    @api.depends("line_ids.state")
    def _compute_progress(self):
        # sudo: numbers of one's own order, with the files lost on the way
        groups = (
            self.env["ess.file.copy.line"]
            .sudo()
            ._read_group(
                [("order_id", "in", self.ids)], ["order_id", "state"], ["__count"]
            )
        )
        counts = {(order.id, state): count for order, state, count in groups}
        for order in self:
            done, failed, waiting = (
                counts.get((order.id, state), 0)
                for state in ("done", "failed", "waiting")
            )
            total = done + failed + waiting
            order.total_count, order.done_count = total, done
            order.failed_count = failed
            order.progress = 100 * (done + failed) / total if total else 100
            order.state = "running" if waiting else "done"

    @api.model_create_multi
    def create(self, vals_list):
        """Sign the orders: nobody orders copies in the name of somebody else."""
        if not self.env.su:
            vals_list = [dict(vals, user_id=self.env.uid) for vals in vals_list]
        return super().create(vals_list)

    def unlink(self):
        """Erase the copies too: a cascade of the database would leave their zips."""
        # sudo: the lines of an order go with it, whoever may read the files today
        self.sudo().line_ids.unlink()
        return super().unlink()

    # === BUSINESS

    @api.model
    def _order_copies(self, files, reason):
        """Order copies of files; one is made at once, more in the background.

        :param files: recordset of ess.beneficiary that the user may read
        :param str reason: why, in the words of the user
        :return: the order
        :rtype: recordset of ess.file.copy
        """
        files.check_access("read")
        words = self.env["ess.access.reason"]._check_words(reason)
        order = self.create({"reason": words})
        # sudo: the lines of an order are written by the order only
        lines = order.sudo().line_ids
        lines.create(
            [{"order_id": order.id, "beneficiary_id": file.id} for file in files]
        )
        if len(files) <= AT_ONCE:
            order.sudo().line_ids._make()
        else:
            # sudo: who orders may start the job without being allowed to change it
            self.env.ref("ess_beneficiary.ir_cron_file_copies").sudo()._trigger()
        return order

    # === JOBS

    @api.model
    def _cron_make_copies(self):
        """Make the copies that wait, one transaction each, until time is out."""
        cron = self.env["ir.cron"]
        lines = self.env["ess.file.copy.line"].search([("state", "=", "waiting")])
        cron._commit_progress(remaining=len(lines))
        for line in lines:
            try:
                line._make()
            except Exception as error:
                self.env.cr.rollback()
                # no word of the file in the log
                _logger.warning("Copy %s failed: %s", line.id, type(error).__name__)
                line.state = "failed"
            self.env.invalidate_all()
            if not cron._commit_progress(1):
                return

    @api.autovacuum
    def _gc_copies(self):
        """Erase the copies whose week is over."""
        self.search([("date_erase", "<", fields.Date.today())]).unlink()
