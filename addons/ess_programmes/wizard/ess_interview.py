from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.days import local_day

#: kinds of sessions that are held with one person
INTERVIEW_KINDS = ("appointment", "phone", "home_visit")
KIND_BY_MEDIUM = {"phone": "phone", "video": "phone", "home": "home_visit"}
MEDIUM_BY_KIND = {"phone": "phone", "home_visit": "home"}
DEFAULT_MINUTES = 45


class EssInterview(models.TransientModel):
    """An interview as it is entered: who, how and how long are there already, from the
    appointment or the last interview; the words are left to write.

    Saving writes the session, the presence and the note together. Without a programme,
    only the note is kept.
    """

    _name = "ess.interview"
    _description = "Interview"

    beneficiary_id = fields.Many2one("ess.beneficiary", string="Person", required=True)
    presence_id = fields.Many2one(
        "ess.presence", compute="_compute_presence_id", store=True, precompute=True
    )
    programme_id = fields.Many2one(
        "ess.programme",
        compute="_compute_from_appointment",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: the note is kept, and no presence is counted.",
    )
    date = fields.Datetime(
        string="When",
        compute="_compute_from_appointment",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    place = fields.Char(
        compute="_compute_from_appointment",
        store=True,
        readonly=False,
        precompute=True,
    )
    medium = fields.Selection(
        selection=lambda self: self._get_media(),
        string="How",
        compute="_compute_from_appointment",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    minutes = fields.Integer(
        string="Duration (minutes)",
        compute="_compute_from_appointment",
        store=True,
        readonly=False,
        precompute=True,
    )
    text = fields.Text(
        string="What happened",
        help="Write what the person could read: facts, what was said and by whom, "
        "what was decided together.",
    )
    visibility = fields.Selection(
        [("shared", "Shared with the person"), ("team", "Follow-up team")],
        required=True,
        default="shared",
    )
    goal_ids = fields.Many2many(
        "ess.goal",
        string="Goals",
        domain="[('beneficiary_id', '=', beneficiary_id)]",
    )
    date_next = fields.Datetime(
        string="Next appointment", help="Puts the person on the sheet of that time."
    )

    _minutes_range = models.Constraint(
        "CHECK (minutes BETWEEN 0 AND 1440)",
        "An interview lasts between 0 and 1440 minutes (24 hours).",
    )

    @api.model
    def _get_media(self):
        return self.env["ess.note"]._fields["medium"]._description_selection(self.env)

    # === COMPUTE
    @api.depends("beneficiary_id")
    def _compute_presence_id(self):
        """Find the appointment of today, in the session that is open or in any."""
        session = self.env.context.get("ess_session_id")
        for interview in self:
            today = self.env["ess.programme"]._today()
            domain = [
                ("beneficiary_id", "=", interview.beneficiary_id.id),
                ("session_id.state", "=", "planned"),
            ]
            domain += (
                [("session_id", "=", session)]
                if session
                else [("day", "=", today), ("kind", "in", INTERVIEW_KINDS)]
            )
            lines = self.env["ess.presence"].search(domain, order="id", limit=1)
            interview.presence_id = lines if interview.beneficiary_id else False

    @api.depends("presence_id", "beneficiary_id")
    def _compute_from_appointment(self):
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        for interview in self:
            session = interview.presence_id.session_id
            last = interview._get_last_session()
            note = interview._get_last_note()
            like = session or last
            minutes = session._get_minutes(False) if session else note.minutes
            interview.update(
                {
                    "programme_id": like.programme_id or interview._get_programme(),
                    "place": like.place,
                    "medium": MEDIUM_BY_KIND.get(
                        session.kind, "appointment" if session else note.medium
                    )
                    or "appointment",
                    "minutes": minutes or DEFAULT_MINUTES,
                    "date": min(session.date_start, now) if session else now,
                }
            )

    # === ACTIONS
    def action_save(self):
        """Write the presence and the note.

        :raises UserError: when nothing is written, or the time is to come
        """
        self.ensure_one()
        if not (self.text or "").strip():
            raise UserError(self.env._("Write a few words: the note is empty."))
        self._check_times()
        presence = self._record_presence("present")
        self.env["ess.note"].create(self._prepare_note_values(presence))
        self._plan_next()
        return {"type": "ir.actions.act_window_close"}

    def action_absent(self):
        """Say that the person did not come to the appointment; no note is asked."""
        self.ensure_one()
        self._check_times()
        self._record_presence("absent")
        self._plan_next()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS
    def _get_last_session(self):
        """Return the last session that the user held with one person."""
        return self.env["ess.session"].search(
            [("user_id", "=", self.env.uid), ("kind", "in", INTERVIEW_KINDS)],
            order="date_start desc",
            limit=1,
        )

    def _get_last_note(self):
        return self.env["ess.note"].search(
            [("author_id", "=", self.env.uid)], order="id desc", limit=1
        )

    def _get_programme(self):
        """Return the programme that the person follows with this user, if clear."""
        stays = self.env["ess.enrolment"].search(
            [
                ("beneficiary_id", "=", self.beneficiary_id.id),
                ("bucket", "=", "enrolled"),
                ("programme_id.team_user_ids", "in", [self.env.uid]),
            ],
            limit=2,
        )
        return stays.programme_id if len(stays) == 1 else stays.programme_id.browse()

    def _check_times(self):
        """Check both times before anything is written.

        :raises UserError: when the interview is to come, or the next one is not
        """
        if self.date > fields.Datetime.now() + timedelta(minutes=5):
            raise UserError(
                self.env._(
                    "An interview tells what has happened: its time is to come. To "
                    "plan it, use “Next appointment”."
                )
            )
        if self.date_next and (
            self.date_next <= fields.Datetime.now() or not self.programme_id
        ):
            raise UserError(
                self.env._(
                    "The next appointment is to come and belongs to a programme. "
                    "Choose its time and the programme."
                )
            )

    def _record_presence(self, state):
        """Write who was there, in the appointment or in a session of its own.

        :return: the ess.presence, empty without a programme
        """
        presence = self.presence_id
        if not presence and not self.programme_id:
            return presence
        values = {
            "state": state,
            "minutes": self.minutes if state == "present" else 0,
            "source": "interview",
        }
        if presence:
            presence.session_id._check_planned()
            presence.write(values)
        else:
            session = self._create_session(self.date, self.minutes, self.medium)
            presence = self.env["ess.presence"].create(
                {
                    "session_id": session.id,
                    "beneficiary_id": self.beneficiary_id.id,
                    **values,
                }
            )
        self._close(presence.session_id)
        return presence

    def _create_session(self, start, minutes, medium):
        end = start + timedelta(minutes=minutes or DEFAULT_MINUTES)
        return self.env["ess.session"].create(
            {
                "programme_id": self.programme_id.id,
                "kind": KIND_BY_MEDIUM.get(medium, "appointment"),
                "date_start": start,
                "date_end": end,
                "place": self.place,
                "user_id": self.env.uid,
                "team_user_ids": [fields.Command.link(self.env.uid)],
            }
        )

    def _close(self, session):
        """Close the sheet of an appointment once everyone on it has an answer."""
        if session.kind in INTERVIEW_KINDS and not session.presence_ids.filtered(
            lambda line: line.state == "expected"
        ):
            session.state = "done"

    def _prepare_note_values(self, presence):
        tz = self.programme_id.tz or self.env.user.tz or "Europe/Paris"
        return {
            "beneficiary_id": self.beneficiary_id.id,
            "presence_id": presence.id,
            "date": local_day(self.date, tz),
            "medium": self.medium,
            "minutes": self.minutes,
            "text": self.text,
            "visibility": self.visibility,
            "goal_ids": [fields.Command.set(self.goal_ids.ids)],
        }

    def _plan_next(self):
        """Put the person on the sheet of the next appointment."""
        if not self.date_next:
            return
        session = self._create_session(self.date_next, self.minutes, self.medium)
        self.env["ess.presence"].create(
            {
                "session_id": session.id,
                "beneficiary_id": self.beneficiary_id.id,
                "state": "expected",
            }
        )
