from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from .ess_enrolment_stage import ACTIVE_BUCKETS

PROGRAMME_KINDS = [
    ("support", "Support"),
    ("outreach", "Outreach"),
    ("distribution", "Distribution"),
    ("course", "Classes"),
    ("mentoring", "Mentoring"),
    ("insertion", "Job insertion"),
    ("accommodation", "Accommodation"),
    ("other", "Other"),
]
#: Kind of session proposed first in a programme of each kind.
SESSION_KIND_BY_PROGRAMME = {
    "outreach": "round",
    "distribution": "distribution",
    "course": "course",
    "mentoring": "mentoring",
    "insertion": "appointment",
    "support": "appointment",
}


class EssProgramme(models.Model):
    """Something the association offers to people: outreach rounds, French classes, food
    aid, mentoring.

    Created by a coordinator. People enrol in it, sessions are held for it, and figures
    are read from it. Its time zone and the hour at which its day starts decide the day
    of each fact. Its team may see its people.
    """

    _name = "ess.programme"
    _description = "Programme"
    _order = "sequence, name, id"
    _parent_store = True
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    # === FIELDS
    name = fields.Char(required=True, index="trigram")
    code = fields.Char(help="Short code, used in lists and imports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    parent_id = fields.Many2one(
        "ess.programme",
        string="Part of",
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The larger programme to which this one belongs, if any.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ess.programme", "parent_id", string="Parts")
    kind = fields.Selection(
        PROGRAMME_KINDS, string="Kind of programme", required=True, default="support"
    )
    description = fields.Text(
        help="What the programme offers, in plain words. Published in the catalogue of "
        "services."
    )
    # people
    person_word = fields.Char(
        string="What do you call the people?",
        help="Participant, young person, resident… Used on the portal, in letters and "
        "in PDF files. Empty: person.",
    )
    is_unconditional = fields.Boolean(
        string="Open without conditions",
        help="Nothing is asked before helping: no papers, no conditions of access.",
    )
    capacity = fields.Integer(
        string="Places",
        help="Number of people who can be in progress at the same time. 0 means no "
        "limit.",
    )
    # team
    manager_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        default=lambda self: self.env.user,
    )
    team_user_ids = fields.Many2many(
        "res.users",
        "ess_programme_team_rel",
        "programme_id",
        "user_id",
        string="Team",
        help="The team sees the people enrolled in this programme and keeps its "
        "attendance sheets.",
    )
    # dates
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self._default_tz(),
        help="The day of each session and presence is counted in this time zone.",
    )
    day_start_hour = fields.Integer(
        string="Day starts at",
        help="Hour at which a new day starts. For night rounds, 12: an evening and its "
        "small hours are one day.",
    )
    # content
    cohort_ids = fields.One2many("ess.cohort", "programme_id", string="Groups")
    enrolment_ids = fields.One2many(
        "ess.enrolment", "programme_id", string="Enrolments"
    )
    session_ids = fields.One2many("ess.session", "programme_id", string="Sessions")
    enrolment_properties_definition = fields.PropertiesDefinition(
        "Questions of the programme"
    )
    enrolment_count = fields.Integer(
        compute="_compute_enrolment_count", string="People in progress"
    )
    waiting_count = fields.Integer(
        compute="_compute_enrolment_count", string="People waiting"
    )
    session_count = fields.Integer(
        compute="_compute_session_count", string="Number of sessions"
    )

    # === CONSTRAINTS
    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another programme has this code. Choose another code.",
    )
    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "A programme cannot end before it starts. Check its two dates.",
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "The number of places cannot be negative."
    )
    _day_start_hour_range = models.Constraint(
        "CHECK (day_start_hour BETWEEN 0 AND 23)",
        "The hour at which the day starts goes from 0 to 23.",
    )

    def _today(self):
        """Return the day that it is for these programmes, in their time zone.

        Not the day of whoever asks: a job has no time zone, and around midnight would
        end a stay the day before it began.

        :rtype: date
        """
        zone = self[:1].tz or self._default_tz()
        return fields.Date.context_today(self.with_context(tz=zone))

    def _default_tz(self):
        # sudo: the time zone of the association alone, also for a person on line
        return self.env.company.sudo().partner_id.tz or "Europe/Paris"

    # === COMPUTE
    def _compute_enrolment_count(self):
        groups = self.env["ess.enrolment"]._read_group(
            [
                ("programme_id", "in", self.ids),
                ("bucket", "in", (*ACTIVE_BUCKETS, "waitlisted")),
            ],
            ["programme_id", "bucket"],
            ["__count"],
        )
        counts = {(programme.id, bucket): count for programme, bucket, count in groups}
        for programme in self:
            programme.enrolment_count = sum(
                counts.get((programme.id, bucket), 0) for bucket in ACTIVE_BUCKETS
            )
            programme.waiting_count = counts.get((programme.id, "waitlisted"), 0)

    def _compute_session_count(self):
        groups = self.env["ess.session"]._read_group(
            [("programme_id", "in", self.ids)], ["programme_id"], ["__count"]
        )
        counts = {programme.id: count for programme, count in groups}
        for programme in self:
            programme.session_count = counts.get(programme.id, 0)

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A programme cannot be a part of itself. Choose another larger "
                    "programme."
                )
            )

    @api.onchange("kind")
    def _onchange_kind(self):
        self.day_start_hour = 12 if self.kind == "outreach" else 0

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Create programmes; the person responsible is always in the team, which the
        record rules read.
        """
        programmes = super().create(vals_list)
        programmes._add_manager_to_team()
        return programmes

    def write(self, vals):
        result = super().write(vals)
        if "manager_id" in vals or "team_user_ids" in vals:
            self._add_manager_to_team()
        return result

    # === ACTIONS
    def action_open_enrolments(self):
        """Open the people of this programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_enrolment_action"
        )
        return dict(
            action,
            domain=[("programme_id", "=", self.id)],
            context={"default_programme_id": self.id, "search_default_open": 1},
        )

    def action_open_sessions(self):
        """Open the calendar of this programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_session_action"
        )
        return dict(
            action,
            domain=[("programme_id", "=", self.id)],
            context={"default_programme_id": self.id},
        )

    # === BUSINESS
    def _add_manager_to_team(self):
        for programme in self:
            if (
                missing := programme.manager_id.filtered("active")
                - programme.team_user_ids
            ):
                programme.team_user_ids |= missing

    def _get_default_session_kind(self):
        """Return the kind of session proposed first. Override to add kinds of
        programmes.

        :rtype: str
        """
        self.ensure_one()
        return SESSION_KIND_BY_PROGRAMME.get(self.kind, "workshop")
