from odoo import api, models
from odoo.tools import SQL


class EssBeneficiary(models.Model):
    """A file whose person complains waits; a protected one leaves no link outside."""

    _inherit = "ess.beneficiary"

    def write(self, vals):
        """Take the link off the complaints of files that become protected."""
        result = super().write(vals)
        if vals.get("is_protected"):
            # sudo: those who handle complaints may not know of the file any more
            complaints = self.env["ess.complaint"].sudo()
            complaints.search([("beneficiary_id", "in", self.ids)]).write(
                {"beneficiary_id": False}
            )
        return result

    @api.model
    def _get_hold_queries(self):
        return [
            *super()._get_hold_queries(),
            (
                SQL(
                    "SELECT beneficiary_id FROM ess_complaint"
                    " WHERE state = 'open' AND beneficiary_id IS NOT NULL"
                ),
                self.env._("A complaint waits for an answer."),
                ("archive", "anonymise"),
            ),
        ]
