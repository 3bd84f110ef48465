from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

#: what may not change in a closed period, beside the columns of the plans
LOCKED_FIELDS = (
    "amount",
    "date",
    "move_line_id",
    "general_account_id",
    "company_id",
    "ess_is_indirect",
)


class AccountAnalyticLine(models.Model):
    """Analytic lines obey the guard too: Odoo protects them by no lock date."""

    _inherit = "account.analytic.line"

    ess_is_indirect = fields.Boolean(
        string="Indirect cost",
        help="Running cost that actions share by a key; comes from the journal item.",
    )

    ess_is_salary = fields.Boolean(
        string="Salary",
        readonly=True,
        help="Part of one person's salary: read by the payroll group only; comes from "
        "the journal item.",
    )
    ess_overhead_key_id = fields.Many2one(
        comodel_name="ess.overhead.key",
        string="Key of shared costs",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Moved between actions by this key, on the same general account.",
    )

    def _ess_guarded_fields(self):
        """Fields whose change may break the guard; columns differ per database."""
        return [*self._get_plan_fnames(), "amount", "move_line_id"]

    @api.constrains(lambda self: self._ess_guarded_fields())
    def _check_ess_charges(self):
        """Refuse a grant without an action, and a cost charged more than once.

        :raises ValidationError: with the figures
        """
        plans = self.env["account.analytic.plan"]
        action, grant = plans._ess_column("action"), plans._ess_column("grant")
        if action not in self._fields or grant not in self._fields:
            return  # the plans are being created
        for line in self:
            if line[grant] and not line[action]:
                raise ValidationError(
                    self.env._(
                        "%(grant)s pays “%(line)s” without any action. A grant pays "
                        "for an action: choose the action on the same line.",
                        grant=line[grant].sudo().name,  # sudo: a name just written
                        line=line.name,
                    )
                )
        self.filtered(action).move_line_id._ess_check_charged_amount(action)

    @api.model_create_multi
    def create(self, vals_list):
        """Nothing is charged in a closed period."""
        lines = super().create(vals_list)
        lines._check_ess_lock_dates()
        lines._check_ess_grants()
        return lines

    def write(self, vals):
        """What is charged in a closed period does not change, nor move out of it."""
        is_guarded = bool({*LOCKED_FIELDS, *self._get_plan_fnames()} & vals.keys())
        if is_guarded:
            self._check_ess_lock_dates()
            self._check_ess_grants(is_removal=True)
        result = super().write(vals)
        if is_guarded:
            self._check_ess_lock_dates()
            self._check_ess_grants()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_ess_lock_dates()
        self._check_ess_grants(is_removal=True)

    def _check_ess_grants(self, is_removal=False):
        """Refuse what final reports or the rules of a grant forbid.

        Entries that the suite makes for grants (year end, refunds) are no costs.

        :param bool is_removal: the charge goes away, only the lock matters
        """
        plans = self.env["account.analytic.plan"]
        column = plans._ess_column("grant")
        if column not in self._fields:
            return  # the plans are being created
        charged = self.filtered(lambda line: line[column] and line.move_line_id)
        if not charged:
            return
        # sudo: the rules of a grant hold for those who may not read it too
        grants = self.env["ess.grant"].sudo().with_context(active_test=False)
        domain = [("analytic_account_id", "in", charged.sudo()[column].ids)]
        by_account = {one.analytic_account_id.id: one for one in grants.search(domain)}
        funds = set(charged.company_id._ess_fund_cost_ids())
        for line in charged.sudo():
            grant = by_account.get(line[column].id)
            account = line.general_account_id
            is_cost = account.internal_group == "expense" and account.id not in funds
            if grant and is_cost and not line.move_line_id.move_id.ess_kind:
                grant._check_charge(line.date, account.id, line.name, is_removal)
        if not is_removal:
            payers = self.env["ess.grant"].sudo().union(*by_account.values())
            payers.cap_ids._check_charged(charged)

    def _check_ess_lock_dates(self):
        """Refuse a change of what is charged in a closed period; core allows it.

        Hours of timesheets have no journal item and are free.

        :raises UserError: which line, and which lock
        """
        charged = self.filtered("move_line_id")
        for company, lines in charged.grouped("company_id").items():
            first = min(lines, key=lambda line: line.date)
            locks = company._get_lock_date_violations(
                first.date, fiscalyear=True, sale=False, purchase=False, tax=False
            )
            if locks:
                raise UserError(
                    self.env._(
                        "“%(line)s” is charged on %(date)s, in a closed period "
                        "(%(locks)s). Correct it by an entry of an open period, or "
                        "have the lock date moved.",
                        line=first.name,
                        date=format_date(self.env, first.date),
                        locks=company._format_lock_dates(locks),
                    )
                )

    def action_ess_open_entry(self):
        """Open the journal entry behind the line, with the reader's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_line_id.move_id.id,
            "view_mode": "form",
        }
