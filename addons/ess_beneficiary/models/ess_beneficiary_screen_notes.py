from odoo import fields, models


class EssBeneficiary(models.Model):
    """Notes and documents on the first screen of the file."""

    _inherit = "ess.beneficiary"

    def _get_last_contacts(self):
        """Add the last notes that the user may read."""
        notes = self.env["ess.note"].search(
            [("beneficiary_id", "=", self._origin.id)], limit=4
        )
        media = dict(notes._fields["medium"]._description_selection(self.env))
        return super()._get_last_contacts() + [
            (note.date, f"{media[note.medium]}, {note.author_id.name}")
            for note in notes
        ]

    def _get_alerts(self):
        """Add the papers that expire, or have expired, and that the user may read."""
        today = fields.Date.context_today(self)
        alerts = []
        for document in self._search_expiring_documents():
            expired = document.date_expiry < today
            alerts.append(
                {
                    "severity": "danger" if expired else "warning",
                    "text": document._get_alert_text(),
                    "page": "documents",
                }
            )
        return super()._get_alerts() + alerts
