from odoo import fields, models


class EssGoal(models.Model):
    """The stays that serve a goal."""

    _inherit = "ess.goal"

    enrolment_ids = fields.Many2many(
        "ess.enrolment",
        "ess_enrolment_goal_rel",
        "goal_id",
        "enrolment_id",
        string="Programmes that serve it",
        groups="ess_programmes.group_programmes_officer",
    )
