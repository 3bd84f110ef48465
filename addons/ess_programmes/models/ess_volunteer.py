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


class EssVolunteer(models.Model):
    """A person who gives time to the association: one record per contact and
    association.

    Created by the volunteer manager, on an ordinary contact. Their hours are their
    presences. When a supported person also volunteers, nothing links this record to the
    person's file.
    """

    _name = "ess.volunteer"
    _description = "Volunteer"
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
