from odoo import api, fields, models
from odoo.exceptions import UserError

#: what an entry of the suite does to a grant
KINDS = [
    ("notified", "Award recorded"),
    ("raised", "Award raised"),
    ("lowered", "Award lowered"),
    ("accrued", "Income earned by spending"),
    ("received", "Instalment received"),
    ("refund", "Money given back"),
    ("opening", "Take-over"),
    ("deferred", "Income deferred"),
    ("deferred_reset", "Deferred income taken back"),
    ("dedicated_use", "Dedicated fund used"),
    ("dedicated_add", "Dedicated fund added"),
    ("investment", "Share of an investment grant"),
    ("in_kind", "Contributions in kind"),
    ("in_kind_reset", "Contributions in kind, reset"),
]
#: who reads and changes salaries
PAYROLL = "ess_funding.group_funding_payroll"


class AccountMove(models.Model):
    """Entries that the suite prepares for grants say what they are."""

    _inherit = "account.move"

    ess_kind = fields.Selection(
        KINDS,
        string="Grant entry",
        readonly=True,
        help="What this entry does to a grant; prepared as a draft with its reason in "
        "the notes.",
    )

    ess_salary_message = fields.Char(compute="_compute_ess_salary_message")

    @api.depends("line_ids.ess_is_salary", "line_ids.balance")
    @api.depends_context("uid")
    def _compute_ess_salary_message(self):
        """Tell the sum of the salaries to those who may not read their lines."""
        hidden = self.browse()
        if not self.env.user.has_group(PAYROLL):
            hidden = self._ess_with_salaries()
        for move in self:
            move.ess_salary_message = False
            if move in hidden:
                # sudo: the sum and the number of lines, never one of them
                lines = move.sudo().line_ids.filtered("ess_is_salary")
                amount = sum(lines.mapped("balance"))
                move.ess_salary_message = self.env._(
                    "Salaries: %(amount)s in %(count)s lines that the payroll group "
                    "reads.",
                    amount=move.company_currency_id.format(amount),
                    count=len(lines),
                )

    def _ess_with_salaries(self):
        """Those of these entries that hold somebody's salary.

        :rtype: account.move
        """
        # sudo: whether an entry holds salaries, whoever asks
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group(
            [("move_id", "in", self.ids), ("ess_is_salary", "=", True)], ["move_id"]
        )
        return self & self.browse([move.id for (move,) in groups])

    def _ess_check_salaries(self):
        """Refuse that somebody changes an entry of which they read a part only.

        :raises UserError: whom to ask
        """
        is_free = self.env.su or self.env.user.has_group(PAYROLL)
        if self.ids and not is_free and self._ess_with_salaries():
            raise UserError(
                self.env._(
                    "This entry holds salaries that you do not read: ask the payroll "
                    "group to change it."
                )
            )

    def write(self, vals):
        """Entries with salaries are changed by the payroll group."""
        if vals.keys() & {
            "state",
            "line_ids",
            "invoice_line_ids",
            "date",
            "journal_id",
        }:
            self._ess_check_salaries()
        return super().write(vals)

    def unlink(self):
        """Entries with salaries are deleted by the payroll group."""
        self._ess_check_salaries()
        # sudo: a journal without entry can be booked again, whoever deletes the draft
        journals = self.env["ess.payroll"].sudo()
        journals.search([("move_id", "in", self.ids)]).write({"move_id": False})
        return super().unlink()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Salaries reversed are salaries."""
        self._ess_check_salaries()
        return super()._reverse_moves(default_values_list, cancel)

    @api.model
    def _ess_check_open(self, company, date):
        """Refuse an entry in a closed period before anything is written.

        :raises UserError: which lock, and what to do
        """
        locks = company._get_lock_date_violations(
            date, fiscalyear=True, sale=False, purchase=False, tax=False, hard=True
        )
        if locks:
            raise self.env["ess.grant"]._get_lock_error(date, locks)

    def _ess_get_window_action(self):
        """Window on these entries."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_journal_line"
        )
        return action | {"domain": [("id", "in", self.ids)], "context": {}}
