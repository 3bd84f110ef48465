from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OFFICER = "ess_programmes.group_programmes_officer"
MANAGER = "ess_programmes.group_programmes_manager"
FILE_OFFICER = "ess_beneficiary.group_beneficiary_officer"


class EssToday(models.AbstractModel):
    """What waits for somebody today, beyond their sessions: one line each, with its
    number, that opens its records.

    Nothing is stored: each line is a question asked with the user's own rights when
    the start page opens. A line without anything to do is not shown.
    """

    _name = "ess.today"
    _description = "To do today"

    # === API
    @api.model
    @api.readonly
    def action_read_lines(self):
        """Return what waits for this user.

        :return: dicts with ``key``, ``icon``, ``count`` and ``label``.
        :rtype: list
        """
        lines = []
        for key, line in self._get_lines().items():
            count = self.env[line["model"]].search_count(line["domain"], limit=1000)
            if count:
                lines.append(
                    {
                        "key": key,
                        "icon": line["icon"],
                        "label": line["label"],
                        "count": "999+" if count > 999 else str(count),
                    }
                )
        return lines

    @api.model
    def action_open_line(self, key):
        """Open the records of one line.

        :param str key: key of a line
        :raises UserError: when this user has no such line.
        """
        line = self._get_lines().get(key)
        if not line:
            raise UserError(
                self.env._("This line is no longer there. Open the page again.")
            )
        modes = line.get("modes", ["list", "kanban", "form"])
        return {
            "type": "ir.actions.act_window",
            "name": line["label"],
            "res_model": line["model"],
            "domain": [("id", "in", self._find(line))],
            "views": [(False, mode) for mode in modes],
            "context": line.get("context", {}),
        }

    # === BUSINESS
    @api.model
    def _find(self, line):
        """Return the records of a line as they are now: what is done leaves the list
        when the page is opened again, not under the finger.
        """
        return self.env[line["model"]].search(line["domain"], limit=1000).ids

    @api.model
    def _get_lines(self):
        """Return the lines that this user may have, in the order of the page. Override
        to add those of another room.

        :return: {key: dict with ``label``, ``icon``, ``model``, ``domain`` and, if
            needed, ``modes`` and ``context``}
        :rtype: dict
        """
        user, lines = self.env.user, {}
        if user.has_group(OFFICER):
            lines |= self._get_session_lines() | self._get_enrolment_lines()
        if user.has_group(FILE_OFFICER):
            lines |= self._get_people_lines()
        if self.env["ess.request"].has_access("read"):
            lines["requests"] = {
                "label": self.env._("Requests to answer"),
                "icon": "fa-hand-paper-o",
                "model": "ess.request",
                "domain": Domain("state", "=", "waiting") & self._get_my_requests(),
            }
        return lines

    def _get_my_requests(self):
        mine = Domain("user_id", "=", self.env.uid)
        if self.env.user.has_group(OFFICER):
            mine |= Domain("programme_id", "any", self._get_my_programmes())
        if self.env.user.has_group(FILE_OFFICER):
            mine |= Domain("beneficiary_id.is_mine", "=", True)
        return mine

    def _get_my_programmes(self):
        """Return the programmes whose team this user belongs to."""
        return Domain("team_user_ids", "in", self.env.uid)

    def _get_session_lines(self):
        """Sheets to complete and signed sheets missing: one's own; those of the whole
        team for coordination, as on the rest of its page.
        """
        mine = Domain("team_user_ids", "in", self.env.uid) | Domain(
            "programme_id", "any", self._get_my_programmes()
        )
        if self.env.user.has_group(MANAGER):
            mine = Domain.TRUE
        return {
            "sheets": {
                "label": self.env._("Sheets to complete"),
                "icon": "fa-pencil-square-o",
                "model": "ess.session",
                "domain": Domain("is_late_sheet", "=", True) & mine,
            },
            "signatures": {
                "label": self.env._("Signed sheets missing"),
                "icon": "fa-file-text-o",
                "model": "ess.session",
                "domain": Domain("is_signature_missing", "=", True) & mine,
            },
        }

    def _get_enrolment_lines(self):
        mine = Domain("programme_id", "any", self._get_my_programmes())
        today = self.env["ess.programme"]._today()
        lines = {
            "applications": {
                "label": self.env._("Applications to decide"),
                "icon": "fa-inbox",
                "model": "ess.enrolment",
                "domain": Domain("bucket", "=", "applied")
                & Domain("awaits_place", "=", False)
                & mine,
            }
        }
        if self.env["ess.enrolment.snapshot"].has_access("read"):
            lines["snapshots"] = {
                "label": self.env._("Situations to check"),
                "icon": "fa-camera",
                "model": "ess.enrolment.snapshot",
                "domain": Domain("state", "=", "due")
                & Domain("date", "<=", today)
                & Domain("enrolment_id.programme_id", "any", self._get_my_programmes()),
            }
        return lines

    def _get_people_lines(self):
        """Care calls asked of this user, reviews that are late, people of whom nobody
        has news.
        """
        today = self.env["ess.programme"]._today()
        care = self.env.ref("ess_programmes.mail_activity_type_care")
        lines = {
            "care": {
                "label": self.env._("Care calls"),
                "icon": "fa-heart-o",
                "model": "ess.beneficiary",
                "domain": Domain(
                    "activity_ids",
                    "any",
                    [
                        ("activity_type_id", "=", care.id),
                        ("user_id", "=", self.env.uid),
                        ("date_deadline", "<=", today),
                    ],
                ),
            },
            "reviews": {
                "label": self.env._("Life projects to review"),
                "icon": "fa-map-signs",
                "model": "ess.life.project",
                "domain": Domain("state", "=", "current")
                & Domain("date_review", "<=", today)
                & Domain("beneficiary_id.is_mine", "=", True),
            },
        }
        if self.env.company.no_news_days and self.env.user.has_group(OFFICER):
            lines["no_news"] = {
                "label": self.env._("People without news"),
                "icon": "fa-bell-o",
                "model": "ess.beneficiary",
                "domain": self._get_no_news_domain(today),
            }
        return lines

    def _get_no_news_domain(self, today):
        """Return the people of one's own programmes whom nobody has met, and of whom
        nothing was written, for as long as the association says.
        """
        since = today - timedelta(days=self.env.company.no_news_days)
        return (
            Domain(
                "enrolment_ids",
                "any",
                Domain("bucket", "=", "enrolled")
                & Domain("date_start", "<=", since)
                & Domain("programme_id", "any", self._get_my_programmes()),
            )
            & Domain(
                "presence_ids",
                "not any",
                [("is_present", "=", True), ("day", ">", since)],
            )
            & Domain("note_ids", "not any", [("date", ">", since)])
        )
