from odoo import fields, models

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """What the person agreed to and refused, in the file and in its copy."""

    _inherit = "ess.beneficiary"

    consent_ids = fields.One2many(
        comodel_name="ess.consent",
        inverse_name="beneficiary_id",
        string="Agreements",
        groups=FILE_GROUPS,
    )

    def _get_readable_file(self):
        """Add what the person agreed to and refused."""
        data = super()._get_readable_file()
        data["agreements"] = [
            self._get_readable_consent(consent)
            for consent in self._search_facts("ess.consent")
        ]
        return data

    def _get_readable_consent(self, consent):
        return {
            "about": consent.processing_id.name,
            # sudo: the name of a partner whom the person knows
            "for_whom": consent.sudo().recipient_id.name or None,
            "for_what": consent.content or None,
            "answer": self._readable_choice(consent, "state"),
            "answered_on": self._readable_date(consent.date_from),
            "until": self._readable_date(consent.date_to),
            "withdrawn_on": self._readable_date(consent.date_withdrawn),
            "proof": self._readable_choice(consent, "proof"),
            "language": consent.language or None,
        }
