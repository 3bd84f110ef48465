from odoo import models


class EssConsent(models.Model):
    """A share that rests on an agreement ends with it."""

    _inherit = "ess.consent"

    def _withdraw(self, source):
        """End the shares of what is taken back, on the spot."""
        super()._withdraw(source)
        # sudo: the person and workers end what rested on the agreement
        shares = self.env["ess.share"].sudo()
        for consent in self.sudo().filtered("recipient_id"):
            shares.search(
                [
                    ("state", "=", "shared"),
                    ("beneficiary_id", "=", consent.beneficiary_id.id),
                    ("recipient_id", "=", consent.recipient_id.id),
                    "|",
                    ("frame_id.is_agreement_needed", "=", True),
                    ("frame_id.is_objection_possible", "=", True),
                ]
            )._end(self.env._("The person took the agreement back"))
