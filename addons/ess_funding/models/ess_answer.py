from odoo import fields, models

TOPICS = [
    ("association", "The association"),
    ("project", "The project"),
    ("people", "The people"),
    ("means", "Means and partners"),
    ("effect", "Effect and evaluation"),
    ("budget", "Budget"),
    ("other", "Other"),
]


class EssAnswer(models.Model):
    """A text that funders ask for again and again, written once.

    Kept by the fundraiser; applications take a copy, which then lives its own life.
    """

    _name = "ess.answer"
    _description = "Answer library"
    _order = "topic, sequence, name"
    _check_company_auto = True

    name = fields.Char(string="Question", required=True, index="trigram")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    topic = fields.Selection(TOPICS, required=True, default="project", index=True)
    text = fields.Text(required=True, help="Name nobody: it is sent outside.")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
