from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class EssRetentionRun(models.Model):
    """One look at what has been kept long enough: first a list, then the deed.

    Listed each month by a job, or by the data-protection officer. Nothing happens to
    any file until the officer has read the list and applied it; what became impossible
    in between is left out.
    """

    _name = "ess.retention.run"
    _description = "End of keeping"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "date"

    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        selection=[("listed", "To read"), ("done", "Applied")],
        default="listed",
        required=True,
        readonly=True,
        index=True,
    )
    line_ids = fields.One2many(
        comodel_name="ess.retention.line", inverse_name="run_id", string="Files"
    )
    archive_count = fields.Integer(string="To archive", readonly=True)
    anonymise_count = fields.Integer(string="To anonymise", readonly=True)
    wait_count = fields.Integer(string="That wait", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Applied by", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """List what has been kept long enough."""
        runs = super().create(vals_list)
        runs._list()
        return runs

    # === ACTIONS

    def action_list_again(self):
        """Look again: what happened since may have changed the list."""
        self.check_access("write")  # what is listed is written as superuser
        if any(run.state != "listed" for run in self):
            raise UserError(self.env._("This list was applied."))
        self._list()

    def action_apply(self):
        """Archive and anonymise what is still to do in the list."""
        for run in self:
            run.check_access("write")
            if run.state != "listed":
                raise UserError(self.env._("This list was applied."))
            run.sudo()._apply()  # sudo: officers write in no file; this deed is theirs

    # === BUSINESS

    @api.model
    def _get_rule(self, company):
        """Return the rule of an association, or that of all of them.

        :raises UserError: when there is none
        """
        rules = self.env["ess.retention.rule"].search(
            [("company_id", "in", [company.id, False])]
        )
        rule = rules.filtered("company_id")[:1] or rules[:1]
        if not rule:
            raise UserError(
                self.env._("Write first how long files are kept: Retention rules.")
            )
        return rule

    def _list(self):
        """Write one line for each file whose time has come, with what it waits for."""
        for run in self:
            # sudo: dates of all files; each line is read with the rights on its file
            own = run.sudo()
            own.line_ids.unlink()
            due = own._get_due()
            reasons = own.env["ess.beneficiary"]._get_retention_holds(due)
            vals_list = [
                {
                    "run_id": run.id,
                    "beneficiary_id": file_id,
                    "step": step,
                    "date_last": date,
                    "outcome": "wait" if reasons.get((file_id, step)) else "do",
                    "reason": " ".join(reasons.get((file_id, step), ())) or False,
                }
                for file_id, (step, date) in due.items()
            ]
            own.line_ids.create(vals_list)
            own._count()

    def _count(self):
        lines = self.line_ids
        to_do = lines.filtered(lambda line: line.outcome == "do")
        self.archive_count = len(to_do.filtered(lambda line: line.step == "archive"))
        self.anonymise_count = len(to_do) - self.archive_count
        self.wait_count = len(lines) - len(to_do)

    def _get_due(self):
        """Return the files whose time has come.

        :return: ``{id: (step, date of the last contact)}``
        :rtype: dict
        """
        rule = self._get_rule(self.company_id)
        files = self.env["ess.beneficiary"]
        before = self.date - relativedelta(months=rule.months_active)
        archived_before = self.date - relativedelta(months=rule.months_archive)
        due = {}
        for file_id, last, archived in files._get_files_unused(self.company_id, before):
            if not archived:
                due[file_id] = ("archive", last)
            elif archived <= archived_before:
                due[file_id] = ("anonymise", last)
        return due

    def _apply(self):
        """Do what the list says, without what changed since it was read."""
        still = self._get_due()
        files = self.env["ess.beneficiary"].with_context(active_test=False)
        held = files._get_retention_holds(still)
        for step in ("archive", "anonymise"):
            lines = self.line_ids.filtered(
                lambda line, step=step: line.outcome == "do"
                and line.step == step
                and still.get(line.beneficiary_id.id, ("",))[0] == step
                and not held.get((line.beneficiary_id.id, step))
            )
            done = files.browse(lines.beneficiary_id.ids)
            done._put_in_archive() if step == "archive" else done._anonymise()
            lines.is_done = True
        self.write({"state": "done", "user_id": self.env.uid})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # === JOBS

    @api.model
    def _cron_list(self):
        """List each month, and ask the officers to read what there is to do."""
        files = self.env["ess.beneficiary"].with_context(active_test=False)
        for (company,) in files._read_group([], ["company_id"]):
            self.search(
                [("company_id", "=", company.id), ("state", "=", "listed")]
            ).unlink()
            run = self.create({"company_id": company.id})
            if run.archive_count + run.anonymise_count:
                run._ask_officers()
            else:
                run.unlink()

    def _ask_officers(self):
        self.ensure_one()
        for officer in self.env["ess.access.seal"]._get_officers(self.company_id):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Files have been kept long enough: read the list"),
                user_id=officer.id,
            )
