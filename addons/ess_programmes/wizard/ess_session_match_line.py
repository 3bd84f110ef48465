from odoo import fields, models


class EssSessionMatchLine(models.TransientModel):
    """One volunteer who could come, and why."""

    _name = "ess.session.match.line"
    _description = "Volunteer who could come"
    _order = "score desc, id"

    match_id = fields.Many2one("ess.session.match", required=True, ondelete="cascade")
    need_id = fields.Many2one("ess.session.need", string="Shift", readonly=True)
    volunteer_id = fields.Many2one("ess.volunteer", readonly=True)
    score = fields.Integer(readonly=True)
    reasons = fields.Char(string="Why", readonly=True)
    is_chosen = fields.Boolean(string="Chosen")
