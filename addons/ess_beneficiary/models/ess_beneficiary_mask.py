from odoo import api, fields, models

from .ess_beneficiary import FILE_GROUPS

# The core field `ref` of partners carries the mark, so that the rule that hides
# masks still works while the addon is being updated or removed.
MASK_PREFIX = "ess:"
PROTECTED_PREFIX = "ess:protected:"


class EssBeneficiary(models.Model):
    """The mask: the only contact that may stand for a person, for a login."""

    _inherit = "ess.beneficiary"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Mask",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups=FILE_GROUPS,
        help="Contact that carries the login of the person. It shows the number of "
        "the file and nothing else.",
    )

    _partner_uniq = models.UniqueIndex(
        "(partner_id) WHERE partner_id IS NOT NULL", "This mask has another file."
    )

    def write(self, vals):
        """Hide the masks of files that become protected."""
        result = super().write(vals)
        if "is_protected" in vals:
            # sudo: the mark of the mask follows the file, nothing is read
            for beneficiary in self.sudo().filtered("partner_id"):
                beneficiary.partner_id.ref = beneficiary._get_mask_ref()
        return result

    def _create_mask_partner(self):
        """Make the contact that a login needs, with nothing of the person in it.

        :return: the masks, one per file, existing ones included
        :rtype: recordset of res.partner
        """
        self.check_access("write")
        # sudo: workers create no contacts, but a mask holds only the file number
        for beneficiary in self.sudo().filtered(lambda file: not file.partner_id):
            beneficiary.partner_id = (
                self.env["res.partner"]
                .sudo()
                .with_context(mail_create_nosubscribe=True, tracking_disable=True)
                .create(beneficiary._prepare_mask_values())
            )
        return self.sudo().partner_id.sudo(self.env.su)

    def _prepare_mask_values(self):
        """Return the values of the mask: override to add none that tells who it is.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": self.ref,
            "ref": self._get_mask_ref(),
            "company_id": self.company_id.id,
        }

    def _get_mask_ref(self):
        self.ensure_one()
        prefix = PROTECTED_PREFIX if self.is_protected else MASK_PREFIX
        return f"{prefix}{self.ref}"

    @api.model
    def _get_masks(self, partners):
        """Return the masks among contacts.

        :param partners: recordset of res.partner
        :rtype: recordset of res.partner
        """
        return partners.filtered(lambda p: (p.ref or "").startswith(MASK_PREFIX))
