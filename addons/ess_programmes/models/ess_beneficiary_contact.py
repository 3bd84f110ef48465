from odoo import fields, models
from odoo.tools import format_date

from .ess_presence import PRESENT_STATES

# contacts shown on the first screen of the file
SHOWN = 4
# absences in a row, without excuse, after which the file says so
ABSENCES = 2


class EssBeneficiary(models.Model):
    """What the sessions tell on the first screen of the file."""

    _inherit = "ess.beneficiary"

    def _get_last_contacts(self):
        """Add the last sessions where the person was.

        :rtype: list of tuple
        """
        contacts = super()._get_last_contacts()
        attended = self._search_past_presences([("state", "in", PRESENT_STATES)])
        notes = self.env["ess.note"]
        # whoever reads files without this room (the data-protection officer) may not
        # read the link
        if notes._has_field_access(notes._fields["presence_id"], "read"):
            # an interview is one contact: its note is in the list already
            told = notes.search([("presence_id", "in", attended.ids)])
            attended -= told.presence_id
        return contacts + [
            (presence.day, presence.session_id.display_name) for presence in attended
        ]

    def _get_alerts(self):
        """Tell when the person was not at the last sessions that expected them.

        :rtype: list of dict
        """
        alerts = super()._get_alerts()
        last = self._search_past_presences(
            [("state", "in", (*PRESENT_STATES, "absent", "excused"))]
        )[:ABSENCES]
        if len(last) == ABSENCES and set(last.mapped("state")) == {"absent"}:
            text = self.env._(
                "Absent at the last two sessions, the last one on %s.",
                format_date(self.env, last[0].day),
            )
            alerts.append({"severity": "warning", "text": text, "page": "project"})
        return alerts

    def action_new_interview(self):
        """Enter an interview with this person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_interview_action"
        )
        return dict(action, context={"default_beneficiary_id": self.id})

    def _search_past_presences(self, domain):
        """Return the last presences that the user may read, the latest first.

        :param list domain: more conditions
        :rtype: recordset of ess.presence
        """
        self.ensure_one()
        presences = self.env["ess.presence"]
        if not presences.has_access("read"):
            return presences
        return presences.search(
            [
                ("beneficiary_id", "=", self._origin.id),
                ("day", "<=", fields.Date.context_today(self)),
                *domain,
            ],
            order="day desc, id desc",
            limit=SHOWN,
        )
