from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .ess_beneficiary_mask import MASK_PREFIX

# What would tell who is behind a mask, or make it an ordinary contact again.
MASK_FIXED_FIELDS = {
    "comment",
    "image_1920",
    "name",
    "parent_id",
    "phone",
    "ref",
    "street",
    "street2",
    "city",
    "zip",
}


class ResPartner(models.Model):
    """Contacts: a mask is made and changed by its file only, never by hand."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse contacts that take the mark of a mask."""
        self._check_no_mask_mark(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to make a mask by hand, or to write on one what tells who it is."""
        self.check_access("write")  # before any answer about what the contact is
        self._check_no_mask_mark([vals])
        # sudo: whether one of these contacts is a mask, nothing else is read
        files, partners = self.env["ess.beneficiary"].sudo(), self.sudo()
        told = MASK_FIXED_FIELDS & vals.keys()
        if told and not self.env.su and files._get_masks(partners):
            raise UserError(
                self.env._(
                    "This contact only carries a login. What is known of the person "
                    "is written in the file."
                )
            )
        return super().write(vals)

    def _check_no_mask_mark(self, vals_list):
        """A contact with the mark of masks would vanish from Contacts.

        :raises ValidationError: unless the file itself makes its mask, as superuser
        """
        marked = any(
            str(vals.get("ref") or "").startswith(MASK_PREFIX) for vals in vals_list
        )
        if marked and not self.env.su:
            raise ValidationError(
                self.env._("A contact's reference cannot start with “ess:”.")
            )
