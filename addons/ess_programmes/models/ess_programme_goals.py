from odoo import fields, models
from odoo.fields import Domain

OFFICER = "ess_programmes.group_programmes_officer"
REACHED = ("reached", "partly")


class EssProgramme(models.Model):
    """The life projects that a programme answers: the goals that its stays serve, and
    how they ended.
    """

    _inherit = "ess.programme"

    goal_theme_ids = fields.Many2many(
        "ess.goal.theme",
        string="Goals it answers",
        help="What people want, that this programme is made for.",
    )
    goal_count = fields.Integer(
        string="Goals served", compute="_compute_goal_count", groups=OFFICER
    )
    goal_reached_count = fields.Integer(
        string="Goals reached",
        compute="_compute_goal_count",
        groups=OFFICER,
        help="Reached or partly reached.",
    )

    def _compute_goal_count(self):
        """Count with the rights of whoever looks: the numbers open what they count."""
        self.goal_count = self.goal_reached_count = 0
        goals = self.env["ess.goal"]
        if not goals.has_access("read"):
            return
        for programme in self:
            groups = goals._read_group(
                programme._get_goals_domain(), ["state"], ["__count"]
            )
            counts = dict(groups)
            programme.goal_count = sum(counts.values())
            programme.goal_reached_count = sum(counts.get(key, 0) for key in REACHED)

    def action_open_goals(self):
        """Open the goals that this programme serves, by how they ended."""
        return self._open_goals(self._get_goals_domain())

    def action_open_goals_reached(self):
        """Open the goals that this programme serves and that are reached."""
        return self._open_goals(
            self._get_goals_domain() & Domain("state", "in", REACHED)
        )

    def _get_goals_domain(self):
        """Return the goals that stays of this programme serve, as they are today."""
        self.ensure_one()
        return Domain("is_current", "=", True) & Domain(
            "enrolment_ids.programme_id", "in", self._origin.ids
        )

    def _open_goals(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_beneficiary.ess_goal_action"
        )
        return dict(
            action, domain=list(domain), context={"search_default_group_state": 1}
        )
