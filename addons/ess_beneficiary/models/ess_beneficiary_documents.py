from odoo import fields, models

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """Documents of the file, and what expires."""

    _inherit = "ess.beneficiary"

    document_ids = fields.One2many(
        comodel_name="ess.document",
        inverse_name="beneficiary_id",
        string="Documents",
        groups=FILE_GROUPS,
    )

    def action_new_document(self):
        """Open a document to fill in, with the person already there.

        :rtype: dict
        """
        self.ensure_one()
        view = self.env.ref("ess_beneficiary.ess_document_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New document"),
            "res_model": "ess.document",
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_beneficiary_id": self.id, "from_file": True},
        }

    def _search_expiring_documents(self):
        """Search the papers to renew that the user may read.

        :rtype: recordset of ess.document
        """
        return self.env["ess.document"].search(
            [
                ("beneficiary_id", "=", self._origin.id),
                ("validity_state", "in", ("soon", "expired")),
            ]
        )
