from odoo import fields, models


class EssGoalTheme(models.Model):
    """What a goal is about, in the person's words: "a home", "my health"…

    Each theme points at data·inclusion categories or themes, so that goals and
    services can be matched, and at a sustainable development goal.
    """

    _name = "ess.goal.theme"
    _description = "Goal theme"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Key used by figures and imports.")
    sequence = fields.Integer(default=10)
    theme_ids = fields.Many2many(
        comodel_name="ess.code",
        string="Service themes",
        domain=[("scheme", "in", ("theme", "category"))],
    )
    sdg = fields.Integer(
        string="SDG", help="Number of the United Nations' development goal, 1 to 17."
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another theme has this key.")
    _sdg_range = models.Constraint(
        "CHECK (sdg BETWEEN 0 AND 17)", "The SDG is a number from 1 to 17, or 0."
    )
