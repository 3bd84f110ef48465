from odoo import fields, models

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """What left the file, for its team and for the person."""

    _inherit = "ess.beneficiary"

    share_ids = fields.One2many(
        comodel_name="ess.share",
        inverse_name="beneficiary_id",
        string="Shares",
        groups=FILE_GROUPS,
    )

    def write(self, vals):
        """Close all links of a file that becomes protected."""
        result = super().write(vals)
        if vals.get("is_protected"):
            # sudo: the links close whoever protects the file
            self.sudo().share_ids._end(self.env._("The file became protected"))
        return result

    def _get_readable_file(self):
        """Add the shares that the person was told of."""
        data = super()._get_readable_file()
        data["shares"] = [
            self._get_readable_share(share)
            for share in self._search_facts("ess.share")
            if share.state != "draft" and share.told == "before"
        ]
        return data

    def _get_readable_share(self, share):
        parts = ("has_identity", "has_contacts", "has_project", "has_situations")
        return {
            # sudo: the name of a partner, of whom the person was told
            "with_whom": share.sudo().recipient_id.name,
            "legal_frame": share.frame_id.name,
            "what_for": share.need,
            "parts": [
                share._fields[part]._description_string(self.env)
                for part in parts
                if share[part]
            ]
            + share.document_ids.mapped("name"),
            "shared_on": self._readable_date(share.date_shared.date()),
            "until": self._readable_date(share.date_end),
            "told_on": self._readable_date(share.date_told),
            "state": self._readable_choice(share, "state"),
        }

    def _get_untold_lines_domain(self):
        """Leave out of what the person reads the shares that could not be told.

        A child must not learn, through a parent who reads the file, of a share made
        to protect it (CASF L226-2-2).
        """
        # sudo: which shares the person does not know of; only ids
        untold = self.sudo().share_ids.filtered(lambda share: share.told == "not")
        return super()._get_untold_lines_domain() + [
            "|",
            ("model", "!=", "ess.share"),
            ("res_id", "not in", untold.ids),
        ]
