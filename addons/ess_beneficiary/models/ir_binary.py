from odoo import models


class IrBinary(models.AbstractModel):
    """Addresses of papers: a link opens nothing by itself."""

    _inherit = "ir.binary"

    def _find_record(
        self,
        xmlid=None,
        res_model="ir.attachment",
        res_id=None,
        access_token=None,
        field=None,
    ):
        """Ignore the token of an address that leads to a person's file.

        Odoo puts such tokens in the pages of people who may read a paper; pasted in a
        message they would open it to anybody for weeks. Here only rights do.
        """
        if access_token and self._leads_to_a_file(xmlid, res_model, res_id):
            access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field)

    def _leads_to_a_file(self, xmlid, res_model, res_id):
        """Tell whether the address is that of something in a person's file.

        :rtype: bool
        """
        attachments = self.env["ir.attachment"]
        record = self.env.ref(xmlid, raise_if_not_found=False) if xmlid else None
        if record:
            res_model, res_id = record._name, record.id
        if res_model != "ir.attachment":
            return attachments._is_of_a_file(res_model)
        # sudo: only to which model the attachment belongs; nothing is shown
        attachment = attachments.sudo().browse(res_id).exists()
        return attachments._is_of_a_file(attachment.res_model)
