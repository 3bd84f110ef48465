from odoo import api, fields, models
from odoo.tools import SQL

#: states of a presence that hold a place
HOLDING_STATES = ("expected", "present", "late", "left_early")


class EssSessionNeed(models.Model):
    """How many volunteers a session needs, in which role.

    Said by who holds the session or by the volunteer manager. As long as places are
    left, volunteers sign up for it on their portal.
    """

    _name = "ess.session.need"
    _description = "Volunteers needed"
    _order = "session_id, id"

    session_id = fields.Many2one(
        "ess.session", required=True, index=True, ondelete="cascade"
    )
    mission_type_id = fields.Many2one(
        "ess.mission.type",
        string="Role",
        compute="_compute_mission_type_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Empty: whoever wants to help.",
    )
    needed = fields.Integer(string="How many", required=True, default=1)
    skill_ids = fields.Many2many(
        "ess.skill",
        string="Knows",
        help="Those who know this are suggested first; nobody is kept out.",
    )
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True
    )
    signup_ids = fields.One2many(
        "ess.signup",
        "need_id",
        string="Sign-ups",
        groups="ess_programmes.group_volunteers_officer",
    )
    taken = fields.Integer(string="Coming", compute="_compute_taken")
    missing = fields.Integer(string="Still missing", compute="_compute_taken")

    _needed_positive = models.Constraint(
        "CHECK (needed > 0)", "Say how many volunteers are needed: one or more."
    )

    @api.depends("session_id.mission_type_id")
    def _compute_mission_type_id(self):
        for need in self:
            need.mission_type_id = (
                need.mission_type_id or need.session_id.mission_type_id
            )

    @api.depends("needed", "session_id.presence_ids.state")
    def _compute_taken(self):
        # sudo: a number of people, which must count everyone
        taken = self.sudo()._get_taken()
        for need in self:
            need.taken = taken.get(need._origin.id, 0)
            need.missing = max(need.needed - need.taken, 0)

    @api.depends("mission_type_id.name", "needed")
    def _compute_display_name(self):
        for need in self:
            role = need.mission_type_id.name or self.env._("Volunteer")
            need.display_name = f"{need.needed} × {role}"

    @api.model_create_multi
    def create(self, vals_list):
        needs = super().create(vals_list)
        needs._allocate_after_commit()
        return needs

    def write(self, vals):
        """Change needs; places that are added go to the waiting list."""
        result = super().write(vals)
        if "needed" in vals:
            self._allocate_after_commit()
        return result

    # === BUSINESS
    def _get_taken(self):
        """Return ``{need id: number of people who hold a place}``."""
        if not self._origin:
            return {}
        self.env["ess.presence"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT need_id, sum(GREATEST(group_size, 1)) FROM ess_presence
                WHERE need_id IN %s AND state IN %s GROUP BY need_id""",
                tuple(self._origin.ids),
                HOLDING_STATES,
            )
        )
        return dict(rows)

    def _allocate_after_commit(self):
        """Give the places left to those who asked first, once the caller commits."""
        self.env["ess.signup"]._allocate_after_commit(self)
