from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.days import local_day

SESSION_KINDS = [
    ("workshop", "Workshop"),
    ("course", "Class"),
    ("appointment", "Appointment"),
    ("phone", "Call"),
    ("home_visit", "Home visit"),
    ("drop_in", "Drop-in"),
    ("distribution", "Distribution"),
    ("round", "Outreach round"),
    ("outing", "Outing"),
    ("info", "Information meeting"),
    ("mentoring", "Mentoring meeting"),
    ("mission", "Volunteer mission"),
    ("team", "Team meeting"),
]
#: Kinds where people come and go: the length of the session is not the time that each
#: person spent there.
PASSING_KINDS = ("drop_in", "distribution", "round")
SHEET_GROUPS = (
    "ess_programmes.group_programmes_officer,ess_programmes.group_programmes_crew,"
    "ess_programmes.group_volunteers_officer"
)


class EssSession(models.Model):
    """Anything that happens at a time and a place: workshop, appointment, distribution,
    round, mission.

    Created by the team of its programme; its attendance sheet is its presences.
    Planned, then done once the sheet is complete, or cancelled. Its day is counted in
    the programme's time zone.
    """

    _name = "ess.session"
    _description = "Session"
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "programme_id"]

    # === FIELDS
    name = fields.Char(
        string="Title",
        help="Only when the kind and the programme do not say enough.",
    )
    programme_id = fields.Many2one(
        "ess.programme", required=True, index=True, ondelete="restrict"
    )
    cohort_id = fields.Many2one(
        "ess.cohort",
        string="Group",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        domain="[('programme_id', '=', programme_id)]",
        help="When the session is for one group only, its people alone are expected.",
    )
    kind = fields.Selection(
        SESSION_KINDS,
        string="Kind of session",
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        index=True,
        copy=False,
    )
    # Stored: scope key of the row, read by the company rule and by figures.
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, precompute=True, index=True
    )
    # time and place
    date_start = fields.Datetime(
        string="Starts",
        required=True,
        index=True,
        default=lambda self: self._default_date_start(),
    )
    date_end = fields.Datetime(
        string="Ends",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    # Stored: searched and grouped by lists and figures.
    day = fields.Date(
        compute="_compute_day",
        store=True,
        precompute=True,
        index=True,
        help="Day of the session in the programme's time zone. A night round belongs "
        "to the day on which it starts.",
    )
    place = fields.Char()
    territory_id = fields.Many2one(
        "ess.territory", index="btree_not_null", ondelete="restrict", check_company=True
    )
    capacity = fields.Integer(string="Places", help="0 means no limit.")
    # team
    user_id = fields.Many2one(
        "res.users", string="Led by", index=True, default=lambda self: self.env.user
    )
    team_user_ids = fields.Many2many(
        "res.users",
        "ess_session_team_rel",
        "session_id",
        "user_id",
        string="Team",
        help="Those who hold this session: they see its sheet even when they are not "
        "in the programme's team.",
    )
    note = fields.Text(
        groups=SHEET_GROUPS,
        help="About the session itself. What concerns one person goes into that "
        "person's file.",
    )
    is_late_sheet = fields.Boolean(
        compute="_compute_is_late_sheet",
        search="_search_is_late_sheet",
        string="Sheet to complete",
        help="The session is over and its sheet is not closed.",
    )

    # === CONSTRAINTS
    _dates_order = models.Constraint(
        "CHECK (date_end > date_start)",
        "A session ends after it starts. Check its two times.",
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "The number of places cannot be negative."
    )
    _programme_day_idx = models.Index("(programme_id, day)")

    def _default_date_start(self):
        return fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    # === COMPUTE
    @api.depends("programme_id")
    def _compute_kind(self):
        for session in self:
            session.kind = (
                session.programme_id._get_default_session_kind()
                if session.programme_id
                else (session.kind or "workshop")
            )

    @api.depends("name", "kind", "programme_id.name", "day")
    @api.depends_context("lang", "ess_session_short_name")
    def _compute_display_name(self):
        """Say the title, or else the kind and the programme in the reader's language,
        then the day. Calendars show the day already and ask for the short name.
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        is_short = self.env.context.get("ess_session_short_name")
        for session in self:
            default = (kinds.get(session.kind), session.programme_id.name)
            title = session.name or " · ".join(filter(None, default))
            day = session.day and not is_short and format_date(self.env, session.day)
            session.display_name = f"{title} · {day}" if day else title

    @api.depends("date_start")
    def _compute_date_end(self):
        for session in self:
            if session.date_start and (
                not session.date_end or session.date_end <= session.date_start
            ):
                session.date_end = session.date_start + timedelta(hours=2)

    @api.depends("date_start", "programme_id.tz", "programme_id.day_start_hour")
    def _compute_day(self):
        for session in self:
            programme = session.programme_id
            session.day = session.date_start and local_day(
                session.date_start, programme.tz or "UTC", programme.day_start_hour
            )

    @api.depends("state", "date_end")
    def _compute_is_late_sheet(self):
        now = fields.Datetime.now()
        for session in self:
            session.is_late_sheet = (
                session.state == "planned"
                and bool(session.date_end)
                and session.date_end < now
            )

    def _search_is_late_sheet(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "planned"), ("date_end", "<", fields.Datetime.now())]

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Create sessions; who leads is always in the team, which the record rules
        read.
        """
        sessions = super().create(vals_list)
        sessions._add_lead_to_team()
        return sessions

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals or "team_user_ids" in vals:
            self._add_lead_to_team()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep a session that something was written about.

        :raises UserError: in the same words whatever it is, since the line may be
            that of a file which this user must not know of
        """
        # sudo: only whether a line exists; it is not said whose
        lines = self.env["ess.presence"].sudo()
        if lines.search_count([("session_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "A session whose sheet has been used is not deleted: the sheet "
                    "is a proof. Cancel the session instead."
                )
            )

    # === BUSINESS
    def _add_lead_to_team(self):
        for session in self:
            if missing := session.user_id.filtered("active") - session.team_user_ids:
                session.team_user_ids |= missing

    def _get_minutes(self, is_volunteer):
        """Return the minutes that one presence lasts by default.

        :param bool is_volunteer: volunteers stay for the whole session, people may only
            pass by.
        :rtype: int
        """
        self.ensure_one()
        if self.kind in PASSING_KINDS and not is_volunteer:
            return 0
        return round((self.date_end - self.date_start).total_seconds() / 60)
