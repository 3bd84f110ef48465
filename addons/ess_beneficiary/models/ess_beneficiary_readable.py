from odoo import models


class EssBeneficiary(models.Model):
    """The readable file: what the association holds on the person, as data."""

    _inherit = "ess.beneficiary"

    def action_download_readable_file(self):
        """Download the file as JSON.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess/file/{self.id}/person-file.json",
            "target": "self",
        }

    def _get_readable_file(self):
        self.ensure_one()
        return {}
