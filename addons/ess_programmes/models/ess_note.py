from odoo import fields, models


class EssNote(models.Model):
    """A note written with a presence: one interview, entered once."""

    _inherit = "ess.note"

    presence_id = fields.Many2one(
        "ess.presence",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="ess_programmes.group_programmes_officer",
        help="The presence that was written with this note.",
    )
    session_id = fields.Many2one(
        related="presence_id.session_id",
        groups="ess_programmes.group_programmes_officer",
    )

    def write(self, vals):
        """A correction of the length corrects the presence too."""
        result = super().write(vals)
        if "minutes" in vals and self.env["ess.presence"].has_access("write"):
            lines = self.presence_id._filtered_access("write")
            lines.filtered("is_present").minutes = vals["minutes"] or 0
        return result
