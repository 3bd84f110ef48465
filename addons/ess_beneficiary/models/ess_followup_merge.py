from odoo import fields, models


class EssFollowup(models.Model):
    """A reason why a follow-up ends: the person had two files."""

    _inherit = "ess.followup"

    end_reason = fields.Selection(
        selection_add=[("merged", "Two files became one")],
        ondelete={"merged": "set null"},
    )
