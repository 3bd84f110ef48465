from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

REMIND_BEFORE = timedelta(hours=48)
#: a shift that is over is asked about for a week, then left to the volunteer manager
ASK_AFTER = timedelta(days=7)


class EssPresence(models.Model):
    """The reminders of a shift: before it, and once it is over."""

    _inherit = "ess.presence"

    def _get_hours_token(self):
        """Return what the link of the reminder holds: it opens this line only."""
        self.ensure_one()
        # sudo: the database's secret
        return hmac(self.env(su=True), "ess-volunteer-hours", self.id)

    def _confirm_by_volunteer(self):
        """Tick these lines as present, as their volunteers say; once they are ticked,
        only the team changes them.
        """
        self.filtered(
            lambda line: (
                line.state == "expected"
                and line.session_id.state == "planned"
                and line.session_id.date_start <= fields.Datetime.now()
            )
        ).write({"state": "present", "source": "portal"})

    @api.model
    def _cron_remind_volunteers(self):
        """Remind volunteers of tomorrow's shifts, then ask whether they came. Each
        message goes out once.
        """
        now = fields.Datetime.now()
        expected = [
            ("volunteer_id", "!=", False),
            ("state", "=", "expected"),
            ("session_id.state", "=", "planned"),
        ]
        self._send_reminders(
            "before",
            expected
            + [
                ("reminder", "=", False),
                ("session_id.date_start", ">", now),
                ("session_id.date_start", "<=", now + REMIND_BEFORE),
            ],
        )
        self._send_reminders(
            "after",
            expected
            + [
                ("reminder", "!=", "after"),
                ("session_id.date_end", "<=", now),
                ("session_id.date_end", ">", now - ASK_AFTER),
            ],
        )

    @api.model
    def _send_reminders(self, kind, domain):
        lines = self.search(domain)
        for session_lines in lines.grouped("session_id").values():
            session_lines.volunteer_id._tell_each(
                kind, {line.volunteer_id: line for line in session_lines}
            )
        lines.reminder = kind
