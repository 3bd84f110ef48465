from odoo import models


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

    def _filter_in_dispute(self):
        """Return the files with a complaint that waits: retention leaves them alone.

        :rtype: recordset of ess.beneficiary
        """
        # sudo: that something waits, nothing of what it says
        waiting = self.env["ess.complaint"].sudo()
        groups = waiting._read_group(
            [("beneficiary_id", "in", self.ids), ("state", "=", "open")],
            ["beneficiary_id"],
        )
        in_dispute = {person.id for (person,) in groups}
        return self.filtered(lambda file: file.id in in_dispute)
