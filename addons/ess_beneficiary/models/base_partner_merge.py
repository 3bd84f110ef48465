from odoo import api, models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's contact merge silently drops rows that both contacts have.

    It would lose what hangs on the contact of a person, so it refuses them.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _get_refused_partners(self, partners):
        """Return the contacts that must not be merged. Override to add some.

        :param partners: recordset of res.partner, as superuser
        :rtype: recordset of res.partner
        """
        files = self.env["ess.beneficiary"].sudo().with_context(active_test=False)
        masks = files._get_masks(partners)
        return masks | files.search([("partner_id", "in", partners.ids)]).partner_id

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse contacts that stand for a person, before anything is touched."""
        partners = self.env["res.partner"].browse(partner_ids)
        if dst_partner:
            partners |= dst_partner
        # sudo: a mask must be recognised by users who may not see it
        if self._get_refused_partners(partners.sudo().exists()):
            raise UserError(
                self.env._(
                    "One of these contacts belongs to a file. Merge the files of "
                    "the person instead: nothing of them is lost there."
                )
            )
        return super()._merge(
            partner_ids, dst_partner=dst_partner, extra_checks=extra_checks
        )
