from odoo import api, fields, models
from odoo.exceptions import ValidationError

ENGAGEMENTS = [
    ("volunteer", "Volunteer"),
    ("civic_service", "Civic service"),
    ("skills_sponsor", "Skills sponsorship"),
    ("intern", "Intern"),
    ("peer", "Peer supporter"),
    ("company_group", "Company group"),
]
#: Whose time it is: the accounts, the certificate and the citizen's engagement account
#: treat own time, time lent by an employer and the rest apart.
TIME_KINDS = [
    ("own", "Own time"),
    ("lent", "Lent by an employer"),
    ("other", "Civic service, internship, peer support"),
]
ENGAGEMENT_TIMES = {
    "volunteer": "own",
    "company_group": "own",
    "skills_sponsor": "lent",
    "civic_service": "other",
    "intern": "other",
    "peer": "other",
}
STOP_REASONS = [
    ("time", "No more time"),
    ("moved", "Moved"),
    ("work", "Work or studies"),
    ("health", "Health"),
    ("mission_not_fit", "The mission did not suit"),
    ("conflict", "Disagreement"),
    ("end_of_term", "End as planned"),
    ("not_contacted_again", "Was not contacted again"),
    ("other", "Other"),
]
VOLUNTEER_GROUP = "ess_programmes.group_volunteers_officer"


class EssVolunteer(models.Model):
    """A person who gives time to the association: one record per contact and
    association.

    Created by the volunteer manager, on an ordinary contact. Their hours are their
    presences. When a supported person also volunteers, nothing links this record to the
    person's file.
    """

    _name = "ess.volunteer"
    _description = "Volunteer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id"]

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="restrict"
    )
    engagement = fields.Selection(
        ENGAGEMENTS,
        string="Form of engagement",
        required=True,
        default="volunteer",
        help="Forms of engagement are counted apart. Only volunteers and company "
        "groups feed the value of voluntary work.",
    )
    date_start = fields.Date(string="Since", default=fields.Date.context_today)
    date_stop = fields.Date(string="Until")
    user_id = fields.Many2one(
        "res.users", string="Login", compute="_compute_user_id", compute_sudo=True
    )
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    referent_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Who welcomes this volunteer and answers their questions.",
    )
    employer_id = fields.Many2one(
        "res.partner",
        string="Employer or company",
        index="btree_not_null",
        help="The company that lends the time of its staff, or whose group comes.",
    )
    motivation = fields.Text(
        groups=VOLUNTEER_GROUP, help="In the volunteer's own words."
    )
    stop_reason = fields.Selection(STOP_REASONS, string="Why it ended")
    # what they like, know and can
    mission_type_ids = fields.Many2many("ess.mission.type", string="Would like to do")
    skill_ids = fields.Many2many(
        "ess.skill",
        "ess_volunteer_skill_rel",
        string="Skills",
        domain=[("is_language", "=", False)],
    )
    language_ids = fields.Many2many(
        "ess.skill",
        "ess_volunteer_language_rel",
        string="Languages",
        domain=[("is_language", "=", True)],
        context={"default_is_language": True},
    )
    territory_ids = fields.Many2many(
        "ess.territory", string="Where", check_company=True
    )
    availability_ids = fields.One2many(
        "ess.volunteer.availability",
        "volunteer_id",
        string="Usual week",
        groups=VOLUNTEER_GROUP,
    )
    absence_ids = fields.One2many(
        "ess.volunteer.absence",
        "volunteer_id",
        string="Exceptions",
        groups=VOLUNTEER_GROUP,
    )
    is_current = fields.Boolean(
        string="Volunteers now",
        compute="_compute_is_current",
        search="_search_is_current",
    )
    presence_ids = fields.One2many("ess.presence", "volunteer_id", string="Presences")
    hours = fields.Float(
        compute="_compute_hours",
        help="Hours of all missions where the volunteer was present.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    _partner_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "This contact is already a volunteer here. Open the existing record.",
    )
    _dates_order = models.Constraint(
        "CHECK (date_stop >= date_start)",
        "A volunteer cannot stop before starting. Check the two dates.",
    )

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for volunteer in self:
            volunteer.display_name = volunteer.partner_id.name

    @api.depends("partner_id.user_ids")
    def _compute_user_id(self):
        for volunteer in self:
            volunteer.user_id = volunteer.partner_id.user_ids[:1]

    def _compute_hours(self):
        groups = self.env["ess.presence"]._read_group(
            [("volunteer_id", "in", self.ids), ("is_present", "=", True)],
            ["volunteer_id"],
            ["minutes:sum"],
        )
        minutes = {volunteer.id: total for volunteer, total in groups}
        for volunteer in self:
            volunteer.hours = minutes.get(volunteer.id, 0) / 60

    @api.depends("date_stop", "active")
    def _compute_is_current(self):
        today = fields.Date.today()
        for volunteer in self:
            stop = volunteer.date_stop
            volunteer.is_current = volunteer.active and (not stop or stop >= today)

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("active", "=", True),
            "|",
            ("date_stop", "=", False),
            ("date_stop", ">=", fields.Date.today()),
        ]

    @api.constrains("partner_id")
    def _check_partner_is_not_a_mask(self):
        for volunteer in self:
            # Masks of supported persons carry the reference "ess:<file>": a volunteer
            # must be an ordinary contact.
            if (volunteer.partner_id.sudo().ref or "").startswith("ess:"):
                raise ValidationError(
                    self.env._(
                        "This contact belongs to a person's file. Create an ordinary "
                        "contact for the volunteer: the two must not be linked."
                    )
                )

    def action_open_presences(self):
        """Open the hours of this volunteer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_presence_action_hours"
        )
        return dict(action, domain=[("volunteer_id", "=", self.id)], context={})

    # === BUSINESS
    def _get_time_kind(self):
        """Say whose time this volunteer gives, one of :data:`TIME_KINDS`."""
        self.ensure_one()
        return ENGAGEMENT_TIMES[self.engagement]

    def _plan_activity(self, summary, date_deadline):
        """Leave an activity to whoever answers for this volunteer.

        :param str summary: what there is to do
        :param date date_deadline: until when
        """
        self.ensure_one()
        managers = self.env.ref("ess_programmes.group_volunteers_manager").all_user_ids
        user = self.referent_id.filtered("active") or managers.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=date_deadline,
            summary=summary,
            user_id=user[:1].id or self.env.user.id,
        )
