from odoo import fields, models

#: what changes counted hours
CORRECTED = {"minutes", "state", "group_size"}


class EssPresence(models.Model):
    """The trace of what is corrected."""

    _inherit = "ess.presence"

    correction_ids = fields.One2many(
        "ess.presence.correction",
        "presence_id",
        string="Corrections",
        groups="ess_programmes.group_volunteers_officer",
    )

    def write(self, vals):
        """Change lines; hours of volunteers that were counted leave a trace."""
        counted = self.filtered(lambda line: line.volunteer_id and line.is_present)
        if not counted or not vals.keys() & CORRECTED:
            return super().write(vals)
        before = {line: line.minutes for line in counted}
        result = super().write(vals)
        # sudo: nobody writes a trace by hand
        self.env["ess.presence.correction"].sudo().create(
            [
                {
                    "presence_id": line.id,
                    "minutes_before": minutes,
                    "minutes_after": line.minutes,
                }
                for line, minutes in before.items()
                if line.minutes != minutes
            ]
        )
        return result
