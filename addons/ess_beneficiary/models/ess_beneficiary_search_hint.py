from odoo import api, fields, models
from odoo.exceptions import UserError


class EssBeneficiary(models.Model):
    """What the search before a new file says of the files that it finds."""

    _inherit = "ess.beneficiary"

    search_reason = fields.Char(
        string="Why it may be this person",
        compute="_compute_search_reason",
        help="What agrees between the file and what was typed.",
    )

    @api.depends_context(
        "uid", "lang", "ess_search_name", "ess_search_birth", "ess_search_phone"
    )
    def _compute_search_reason(self):
        """Tell why the search named in the context shows each file."""
        context = self.env.context
        search = self.env["ess.beneficiary.search"].new(
            {
                name: context.get(f"ess_search_{name}") or False
                for name in ("name", "birth", "phone")
            }
        )
        reasons = search._get_reasons() if search._is_typed() else {}
        other = self.env._("what was typed is in the file")
        for beneficiary in self:
            beneficiary.search_reason = reasons.get(beneficiary._origin.id) or other

    @api.model
    def name_create(self, name):
        """Refuse to open a file from a name typed in another form.

        :raises UserError: always, with what to do instead
        """
        raise UserError(
            self.env._(
                "Look for the person first (People › Search or create): a file is "
                "opened from there when nobody matches."
            )
        )
