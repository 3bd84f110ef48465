from odoo import models

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """Chatter of the file: internal notes between people who can read it.

    Nothing is sent to the person from here and no contact is ever made from their
    address.
    """

    _inherit = "ess.beneficiary"
    _mail_post_access = "write"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Keep reception, who reads the list of names, out of the notes."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "read" and not self.env.user.has_groups(FILE_GROUPS):
            return dict.fromkeys(operations, "write")
        return operations

    def _creation_message(self):
        return self.env._("File opened")

    def _mail_get_partner_fields(self, introspect_fields=False):
        """The mask is never a recipient."""
        return []

    def _mail_get_primary_email_field(self):
        """The address of the person is never turned into a contact or recipient."""
        return

    def _message_add_suggested_recipients(self, force_primary_email=False):
        partners = self.env["res.partner"]
        return {
            beneficiary.id: {"email_to_lst": [], "partners": partners}
            for beneficiary in self
        }

    def message_post(self, *, partner_ids=None, **kwargs):
        """Post an internal note, shown to the readers of the file only.

        People mentioned who cannot read the file are not told; no address outside
        is written to.
        """
        if kwargs.get("message_type", "notification") in ("comment", "email"):
            kwargs.update(subtype_xmlid="mail.mt_note", subtype_id=False)
        kwargs.pop("outgoing_email_to", None)
        readers = self._filter_readers(partner_ids or [])
        return super().message_post(partner_ids=readers.ids, **kwargs)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Only people who can read the file may follow it."""
        readers = self._filter_readers(partner_ids or [])
        if not readers:
            return True
        return super()._message_subscribe(readers.ids, subtype_ids, customer_ids)

    def _filter_readers(self, partner_ids):
        """Return the partners whose user can read the files.

        :param list partner_ids: ids of res.partner
        :rtype: recordset of res.partner
        """
        # sudo: whether a colleague may read these files does not depend on who asks
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        return partners.filtered(
            lambda partner: any(
                user._is_internal()
                and user.has_groups(FILE_GROUPS)
                and self._is_readable_by(user)
                for user in partner.user_ids
            )
        )

    def _is_readable_by(self, user):
        """Tell whether a colleague may read these files, whoever asks.

        :param user: one res.users; their own companies count, not the caller's
        :rtype: bool
        """
        files = self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return files.has_access("read")
