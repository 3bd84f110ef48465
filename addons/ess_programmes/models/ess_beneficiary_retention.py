from odoo import api, models
from odoo.tools import SQL

ONGOING = ("applied", "waitlisted", "enrolled", "paused")


class EssBeneficiary(models.Model):
    """What programmes know of the last contact, and who is still in one."""

    _inherit = "ess.beneficiary"

    @api.model
    def _get_contact_queries(self):
        """Add when the person came, asked for something or asked to enter."""
        return [
            *super()._get_contact_queries(),
            SQL(
                "SELECT beneficiary_id, day FROM ess_presence"
                " WHERE beneficiary_id IS NOT NULL AND is_present"
            ),
            SQL(
                "SELECT beneficiary_id, date FROM ess_request"
                " WHERE beneficiary_id IS NOT NULL"
            ),
            SQL("SELECT beneficiary_id, date_request FROM ess_enrolment"),
        ]

    @api.model
    def _get_hold_queries(self):
        """Whoever is in a programme, or waits for one, is not touched."""
        return [
            *super()._get_hold_queries(),
            (
                SQL(
                    "SELECT beneficiary_id FROM ess_enrolment WHERE bucket IN %s",
                    ONGOING,
                ),
                self.env._("This person is in a programme, or waits for one."),
                ("archive", "anonymise"),
            ),
        ]
