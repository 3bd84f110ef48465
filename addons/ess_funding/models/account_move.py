from odoo import api, fields, models

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
