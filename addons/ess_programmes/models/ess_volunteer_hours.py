from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.recurrence import to_utc

HOURS_MAX = 24


class EssVolunteerHours(models.Model):
    """Hours that a volunteer says they gave: started and stopped, or entered after.

    Counted nowhere until the volunteer manager approves them: they then become one line
    of the sheet of a session, like all other hours. A line that would count the same
    time twice is shown, and left out when many are approved at once.
    """

    _name = "ess.volunteer.hours"
    _description = "Hours declared by a volunteer"
    _order = "day desc, id desc"
    _check_company_auto = True

    # === FIELDS
    volunteer_id = fields.Many2one(
        "ess.volunteer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    session_id = fields.Many2one(
        "ess.session",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: the hours were given outside any session.",
    )
    programme_id = fields.Many2one(
        "ess.programme",
        compute="_compute_from_session",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    mission_type_id = fields.Many2one(
        "ess.mission.type",
        string="Mission",
        compute="_compute_from_session",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    day = fields.Date(
        compute="_compute_from_session",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    minutes = fields.Integer()
    hours = fields.Float(
        compute="_compute_hours", inverse="_inverse_hours", string="Hours given"
    )
    started_at = fields.Datetime(readonly=True, help="Set by Start, until Stop.")
    state = fields.Selection(
        [
            ("running", "Under way"),
            ("to_approve", "To approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="to_approve",
        index=True,
    )
    note = fields.Char(help="What was done. Nothing about the people who were helped.")
    refusal = fields.Char(string="Why not", help="Shown to the volunteer.")
    presence_id = fields.Many2one(
        "ess.presence",
        string="Line of the sheet",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    is_double = fields.Boolean(
        string="Perhaps counted already",
        compute="_compute_is_double",
        help="The volunteer is already present that day in this programme: look at "
        "the sheet before you approve.",
    )
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, precompute=True
    )

    # === CONSTRAINTS
    _minutes_range = models.Constraint(
        f"CHECK (COALESCE(minutes, 0) BETWEEN 0 AND {HOURS_MAX * 60})",
        "A day has 24 hours. Enter each day apart.",
    )
    _session_uniq = models.UniqueIndex(
        "(volunteer_id, session_id) "
        "WHERE session_id IS NOT NULL AND state <> 'refused'",
        "The hours of this session have already been entered.",
    )
    _running_uniq = models.UniqueIndex(
        "(volunteer_id) WHERE state = 'running'",
        "Stop what is under way before you start something else.",
    )

    # === COMPUTE
    @api.depends("session_id")
    def _compute_from_session(self):
        for line in self:
            # sudo: what, when and which programme; no one of the people there
            session = line.session_id.sudo()
            line.programme_id = session.programme_id or line.programme_id
            line.mission_type_id = session.mission_type_id or line.mission_type_id
            line.day = session.day or line.day

    @api.depends("minutes")
    def _compute_hours(self):
        for line in self:
            line.hours = line.minutes / 60

    def _inverse_hours(self):
        for line in self:
            line.minutes = round(line.hours * 60)

    @api.depends("volunteer_id", "programme_id", "day", "session_id", "state")
    def _compute_is_double(self):
        waiting = self.filtered(
            lambda line: line.state == "to_approve" and not line.session_id
        )
        (self - waiting).is_double = False
        groups = self.env["ess.presence"]._read_group(
            [
                ("volunteer_id", "in", waiting.volunteer_id.ids),
                ("day", "in", waiting.mapped("day")),
                ("is_present", "=", True),
                ("session_id.is_declared", "=", False),
            ],
            ["volunteer_id", "programme_id", "day:day"],
        )
        here = {
            (volunteer.id, programme.id, fields.Date.to_date(day))
            for volunteer, programme, day in groups
        }
        for line in waiting:
            key = (line.volunteer_id.id, line.programme_id.id, line.day)
            line.is_double = key in here

    @api.depends("volunteer_id", "day")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.volunteer_id.display_name} · {line.day}"

    # === CRUD
    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        if self.filtered(lambda line: line.state == "approved"):
            raise UserError(
                self.env._(
                    "Approved hours are kept. Correct the line of the sheet instead: "
                    "the correction leaves a trace."
                )
            )

    # === ACTIONS
    def action_approve(self):
        """Approve many lines; those that may count the same time twice are left."""
        waiting = self.filtered(lambda line: line.state == "to_approve")
        doubles = waiting.filtered("is_double")
        (waiting - doubles)._approve()
        if not doubles:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "%(approved)s approved. %(left)s left to look at: these volunteers "
                    "are already on a sheet of that day.",
                    approved=len(waiting - doubles),
                    left=len(doubles),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_approve_anyway(self):
        """Approve hours that come on top of those of a sheet of the same day."""
        self.filtered(lambda line: line.state == "to_approve")._approve()

    def action_refuse(self):
        """Refuse hours; the volunteer reads why."""
        self._check_refusal()
        self.filtered(lambda line: line.state == "to_approve").state = "refused"

    # === BUSINESS
    def _check_refusal(self):
        if self.filtered(lambda line: not line.refusal):
            raise UserError(
                self.env._("Say why, in one sentence: the volunteer reads it.")
            )

    @api.model
    def _start(self, volunteer, programme, mission_type):
        """Start counting the time of a volunteer, who stops it later."""
        return self.create(
            {
                "volunteer_id": volunteer.id,
                "programme_id": programme.id,
                "mission_type_id": mission_type.id,
                "day": programme._today(),
                "started_at": fields.Datetime.now(),
                "state": "running",
            }
        )

    def _stop(self):
        """Stop counting: what ran longer than a day was forgotten, and is cut."""
        for line in self.filtered(lambda line: line.state == "running"):
            spent = fields.Datetime.now() - line.started_at
            minutes = round(spent.total_seconds() / 60)
            line.write(
                {
                    "minutes": min(max(minutes, 1), HOURS_MAX * 60),
                    "state": "to_approve",
                }
            )

    def _approve(self):
        """Turn declared hours into lines of sheets."""
        self.check_access("write")
        if self.filtered(lambda line: not line.minutes):
            raise UserError(self.env._("Enter how long it lasted, then approve."))
        # sudo: the sheet of a session of any programme; only this volunteer's line
        lines = self.sudo()
        for line, session in zip(lines, lines._get_sessions(), strict=True):
            line.write({"state": "approved", "presence_id": line._record_on(session)})

    def _get_sessions(self):
        """Return the session of each line, made when there is none: one for a
        programme, a day and a kind of mission.
        """
        outside = self.filtered(lambda line: not line.session_id)
        sessions = self.env["ess.session"]
        known = {
            (session.programme_id, session.day, session.mission_type_id): session
            for session in sessions.search(
                [
                    ("is_declared", "=", True),
                    ("programme_id", "in", outside.programme_id.ids),
                    ("day", "in", outside.mapped("day")),
                ]
            )
        }
        keys = {(line.programme_id, line.day, line.mission_type_id) for line in outside}
        missing = sorted(keys - known.keys(), key=lambda key: (key[1], key[0].id))
        made = sessions.create([self._prepare_session(*key) for key in missing])
        known |= dict(zip(missing, made, strict=True))
        return [
            line.session_id or known[line.programme_id, line.day, line.mission_type_id]
            for line in self
        ]

    @api.model
    def _prepare_session(self, programme, day, mission_type):
        start = to_utc(day, 12.0, programme.tz)
        return {
            "programme_id": programme.id,
            "kind": "mission",
            "mission_type_id": mission_type.id,
            "date_start": start,
            "date_end": start + timedelta(hours=1),
            "state": "done",
            "user_id": False,
            "is_declared": True,
        }

    def _record_on(self, session):
        """Write these hours on the sheet of a session, once.

        :return: the line, ess.presence
        """
        self.ensure_one()
        presences = self.env["ess.presence"]
        line = presences.search(
            [
                ("session_id", "=", session.id),
                ("volunteer_id", "=", self.volunteer_id.id),
            ]
        )
        # outside a session, two declarations of one day add up
        before = line.minutes if session.is_declared and line.is_present else 0
        vals = {"state": "present", "minutes": before + self.minutes}
        if line:
            line.write(vals)
            return line
        return presences.create(
            {
                **vals,
                "session_id": session.id,
                "volunteer_id": self.volunteer_id.id,
                "mission_type_id": self.mission_type_id.id,
                "source": "portal",
            }
        )
