from odoo import api, fields, models

from .ess_impact_fact import age_band_field
from .ess_situation import _search_by_programme


class EssGoal(models.Model):
    """A goal, with the age of the person on the day it is reached and its
    programmes."""

    _name = "ess.goal"
    _inherit = ["ess.goal", "ess.impact.fact"]
    _age_band_fields = {"age_band": "date_reached"}

    age_band = age_band_field("age_band")
    figure_programme_ids = fields.Many2many(
        comodel_name="ess.programme",
        string="Programmes of the goal",
        compute="_compute_figure_programme_ids",
        search="_search_figure_programme_ids",
        groups="ess_programmes.group_programmes_officer",
        help="Programmes whose stays serve this goal.",
    )

    def _compute_figure_programme_ids(self):
        stays = self.env["ess.enrolment"].search([("goal_ids", "in", self.ids)])
        for goal in self:
            goal.figure_programme_ids = stays.filtered(
                lambda stay, goal=goal: goal in stay.goal_ids
            ).programme_id

    @api.model
    def _search_figure_programme_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        return _search_by_programme(self, "_join_programmes_of_goal", value)
