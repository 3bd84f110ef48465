from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from .ess_session import SHEET_GROUPS

#: Kinds whose sheet is one of volunteers.
VOLUNTEER_KINDS = ("mission", "team")


class EssSession(models.Model):
    """The sheet of a session: who is expected, who came, by hand or with a card."""

    _inherit = "ess.session"

    # === FIELDS
    presence_ids = fields.One2many(
        "ess.presence", "session_id", string="All presences", groups=SHEET_GROUPS
    )
    volunteer_presence_ids = fields.One2many(
        "ess.presence",
        "session_id",
        string="Volunteers",
        domain=[("volunteer_id", "!=", False)],
        groups=SHEET_GROUPS,
    )
    expected_count = fields.Integer(
        compute="_compute_presence_counts", string="To tick", groups=SHEET_GROUPS
    )
    present_count = fields.Integer(
        compute="_compute_presence_counts", string="Present", groups=SHEET_GROUPS
    )
    absent_count = fields.Integer(
        compute="_compute_presence_counts",
        string="Absent or excused",
        groups=SHEET_GROUPS,
    )
    add_volunteer_id = fields.Many2one(
        "ess.volunteer", string="Add a volunteer", store=False, groups=SHEET_GROUPS
    )

    # === COMPUTE
    @api.depends("presence_ids.state")
    def _compute_presence_counts(self):
        """Count the people of each sheet, or the volunteers for a mission. All lines
        still to tick are counted together.
        """
        counts = Counter()
        groups = self.env["ess.presence"]._read_group(
            [("session_id", "in", self.ids)],
            ["session_id", "state", "volunteer_id"],
            ["__count", "people_count:sum"],
        )
        for session, state, volunteer, count, people in groups:
            counts[session.id, "expected"] += count if state == "expected" else 0
            if bool(volunteer) == (session.kind in VOLUNTEER_KINDS):
                counts[session.id, "present"] += people or 0
                counts[session.id, "absent"] += (
                    count if state in ("absent", "excused") else 0
                )
        for session in self:
            key = session._origin.id
            session.expected_count = counts[key, "expected"]
            session.present_count = counts[key, "present"]
            session.absent_count = counts[key, "absent"]

    # === ONCHANGE
    @api.onchange("add_volunteer_id")
    def _onchange_add_volunteer_id(self):
        if self.add_volunteer_id:
            self._tick_volunteer(self.add_volunteer_id)
            self.add_volunteer_id = False

    # === ACTIONS
    def action_add_enrolled(self):
        """Put everyone in progress in the programme (or the group) on the sheet, as
        expected.
        """
        self._check_planned()
        vals_list = [
            vals for session in self for vals in session._prepare_expected_presences()
        ]
        self.env["ess.presence"].create(vals_list)

    def action_all_present(self):
        """Tick everyone who is still expected as present."""
        self._check_planned()
        self.presence_ids.filtered(lambda presence: presence.state == "expected").write(
            {"state": "present"}
        )

    def action_rest_absent(self):
        """Tick everyone who is still expected as absent."""
        self._check_planned()
        self.presence_ids.filtered(lambda presence: presence.state == "expected").write(
            {"state": "absent"}
        )

    def action_add_anonymous(self):
        """Count one more person without a name."""
        self._check_planned()
        for session in self:
            line = session.presence_ids.filtered(
                lambda presence: presence.headcount and presence.is_present
            )[:1]
            if line:
                line.headcount += 1
            else:
                self.env["ess.presence"].create(
                    {"session_id": session.id, "headcount": 1, "state": "present"}
                )

    def action_close(self):
        """Close the sheet: the session has been held and everyone expected has an
        answer.

        :raises UserError: when the session has not started, or someone is still
            expected.
        """
        self._check_planned()
        now = fields.Datetime.now()
        if self.filtered(lambda session: session.date_start > now):
            raise UserError(
                self.env._(
                    "This session has not started yet. Close its sheet once it has "
                    "been held."
                )
            )
        # With the user's rights: a line of a protected file is ticked by its team, and
        # counting it here would tell that someone else was expected.
        waiting = self.env["ess.presence"].search_count(
            [("session_id", "in", self.ids), ("state", "=", "expected")]
        )
        if waiting:
            raise UserError(
                self.env._(
                    "Still to tick: %(count)s. Tick them, or use “The others are "
                    "absent”.",
                    count=waiting,
                )
            )
        self.state = "done"

    def action_reopen(self):
        """Open the sheet again to correct it."""
        self.state = "planned"

    def action_cancel(self):
        """Cancel these sessions. Those who were expected are told apart from absences.

        :raises UserError: when someone has been there.
        """
        if self.presence_ids.filtered("is_present"):
            raise UserError(
                self.env._(
                    "Someone is marked present: this session has been held. Correct "
                    "the sheet first."
                )
            )
        self.presence_ids.filtered(lambda presence: presence.state == "expected").write(
            {"state": "cancelled"}
        )
        self.state = "cancelled"

    def action_check_in(self, token):
        """Tick the holder of a card as present, from a kiosk or a phone. Scanning twice
        changes nothing.

        :param str token: what the card's code holds.
        :return: ``{'status': 'ok' | 'unknown', 'message': text for the screen}``; the
            message never says a name.
        :rtype: dict
        :raises UserError: when the sheet is closed or the session cancelled.
        """
        self.ensure_one()
        self._check_planned()
        person = self.env["ess.beneficiary"]._get_by_qr_token(token)
        if not person:
            return {"status": "unknown", "message": self._get_unknown_card_message()}
        self.env["ess.presence"]._check_in(self, person)
        return {"status": "ok", "message": self.env._("Welcome! You are on the list.")}

    def action_open_sheet(self):
        """Open this session's sheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ess.session",
            "res_id": self.id,
            "view_mode": "form",
        }

    # === BUSINESS
    def _check_planned(self):
        if closed := self.filtered(lambda session: session.state != "planned"):
            raise UserError(
                self.env._(
                    "The sheet of “%(name)s” is closed. Open it again to change it.",
                    name=closed[0].display_name,
                )
            )

    def _get_unknown_card_message(self):
        # The same words for an unknown card, a renewed card, and a file that this user
        # may not know of.
        return self.env._(
            "This card is not recognised here. You can still welcome the person: count "
            "them without a name."
        )

    def _prepare_expected_presences(self):
        """Return the values of the presences that are expected and not yet on the
        sheet.

        :rtype: list[dict]
        """
        self.ensure_one()
        domain = [
            ("programme_id", "=", self.programme_id.id),
            ("bucket", "=", "enrolled"),
            ("date_start", "<=", self.day),
        ]
        if self.cohort_id:
            domain.append(("cohort_id", "=", self.cohort_id.id))
        people = (
            self.env["ess.enrolment"].search(domain).beneficiary_id
            - self.presence_ids.beneficiary_id
        )
        # By displayed name: a person whose file the user cannot read is known, and
        # sorted, by reference only.
        people = people.sorted(lambda person: person.display_name.casefold())
        return [
            {"session_id": self.id, "beneficiary_id": person.id, "state": "expected"}
            for person in people
        ]

    def _tick_volunteer(self, volunteer):
        """Tick a volunteer in the form being edited: an existing line becomes present,
        or a new line is added.
        """
        line = self.volunteer_presence_ids.filtered(
            lambda presence: presence.volunteer_id._origin.id == volunteer._origin.id
        )
        if line:
            line.update({"state": "present", "source": "grid"})
            return
        self.volunteer_presence_ids += self.env["ess.presence"].new(
            {"volunteer_id": volunteer.id, "state": "present", "source": "grid"}
        )
