from odoo import api, fields, models


class EssApplicationAnswer(models.Model):
    """One field of the funder's form, with the text to paste there.

    Made from the fields of the platform or by hand; the fundraiser takes a text of the
    library or writes one, and copies it with one button.
    """

    _name = "ess.application.answer"
    _description = "Answer of an application"
    _order = "application_id, sequence, id"

    application_id = fields.Many2one(
        comodel_name="ess.application", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="application_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Field of the form", required=True)
    max_length = fields.Integer(
        string="Characters, at most", help="Zero: the form sets no limit."
    )
    library_id = fields.Many2one(
        comodel_name="ess.answer",
        string="From the library",
        index="btree_not_null",
        ondelete="set null",
    )
    text = fields.Text(
        compute="_compute_text", store=True, readonly=False, precompute=True
    )
    character_count = fields.Integer(string="Characters", compute="_compute_length")
    is_too_long = fields.Boolean(compute="_compute_length")

    _positive = models.Constraint(
        "CHECK(max_length >= 0)", "A number of characters is not negative."
    )

    @api.depends("library_id")
    def _compute_text(self):
        for answer in self:
            answer.text = answer.library_id.text or answer.text

    @api.depends("text", "max_length")
    def _compute_length(self):
        for answer in self:
            answer.character_count = len(answer.text or "")
            answer.is_too_long = 0 < answer.max_length < answer.character_count
