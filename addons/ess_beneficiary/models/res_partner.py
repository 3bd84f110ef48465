from odoo import api, models
from odoo.exceptions import UserError, ValidationError

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

    @api.constrains("ref")
    def _check_ref_is_not_a_mask(self):
        """A contact that took the mark of a mask would vanish from Contacts."""
        if not self.env.su and self.env["ess.beneficiary"]._get_masks(self):
            raise ValidationError(
                self.env._("A contact's reference cannot start with “ess:”.")
            )

    def write(self, vals):
        """Refuse to write on a mask what would tell who it is."""
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
