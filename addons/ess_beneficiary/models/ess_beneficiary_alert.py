from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .ess_beneficiary import FILE_GROUPS

SEVERITIES = ("danger", "warning", "info")


class EssBeneficiary(models.Model):
    """What someone who opens the file should see at once, and the last contacts."""

    _inherit = "ess.beneficiary"

    alerts = fields.Json(compute="_compute_alerts", groups=FILE_GROUPS)
    last_contacts = fields.Html(
        compute="_compute_last_contacts", groups=FILE_GROUPS, sanitize=False
    )

    @api.depends(
        "life_project_ids.date_review", "life_project_ids.state", "goal_ids.state"
    )
    @api.depends_context("uid", "lang")
    def _compute_alerts(self):
        for beneficiary in self:
            alerts = beneficiary._get_alerts() if beneficiary._origin else []
            beneficiary.alerts = sorted(
                alerts, key=lambda alert: SEVERITIES.index(alert["severity"])
            )

    @api.depends_context("uid", "lang")
    def _compute_last_contacts(self):
        for beneficiary in self:
            contacts = beneficiary._get_last_contacts() if beneficiary._origin else []
            beneficiary.last_contacts = beneficiary._render_lines(
                [
                    (format_date(self.env, date), text)
                    for date, text in sorted(contacts, reverse=True)[:4]
                ],
                self.env._("No meeting noted yet."),
            )

    def _get_alerts(self):
        """List what needs attention in the file. Override to add a topic's own.

        Read with the rights of the user who looks: an alert never tells what the
        user may not read. Each alert is a dict of plain values:

        * ``severity``: ``"danger"``, ``"warning"`` or ``"info"``;
        * ``text``: one short sentence;
        * ``page`` (optional): name of the page of the form to show on click;
        * ``model`` and ``id`` (optional): record to open on click instead.

        :rtype: list of dict
        """
        self.ensure_one()
        return [*self._get_review_alerts(), *self._get_silence_alerts()]

    def _get_last_contacts(self):
        """List the last contacts with the person. Override to add meetings, notes…

        :return: pairs (date, text), in any order
        :rtype: list of tuple
        """
        self.ensure_one()
        return []

    def _get_review_alerts(self):
        review = self.life_project_id.date_review
        if not review or review > fields.Date.context_today(self):
            return []
        return [
            {
                "severity": "warning",
                "text": self.env._(
                    "Time to look at the project again together: planned for %s.",
                    format_date(self.env, review),
                ),
                "page": "project",
            }
        ]

    def _get_silence_alerts(self):
        """Tell when nobody has noted a contact for longer than the association says.

        :rtype: list of dict
        """
        # sudo: a setting of the association, no fact of a file
        days = self.company_id.sudo().silence_days
        if days <= 0 or not self.active:
            return []
        opened = fields.Datetime.context_timestamp(self, self.create_date).date()
        today = fields.Date.context_today(self)
        contacts = [date for date, _text in self._get_last_contacts() if date <= today]
        last = max(contacts, default=opened)
        if last >= today - timedelta(days=days):
            return []
        if contacts:
            text = self.env._("No news since %s.", format_date(self.env, last))
        else:
            text = self.env._(
                "No contact noted since the file was opened on %s.",
                format_date(self.env, opened),
            )
        return [{"severity": "warning", "text": text, "page": "project"}]
