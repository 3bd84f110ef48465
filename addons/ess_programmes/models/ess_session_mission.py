from odoo import api, fields, models

#: what decides which papers a session asks for
PAPER_FIELDS = {"has_minors", "mission_type_id", "date_start", "programme_id"}


class EssSession(models.Model):
    """What a session is for the volunteers who help there."""

    _inherit = "ess.session"

    mission_type_id = fields.Many2one(
        "ess.mission.type", string="Mission", ondelete="restrict"
    )
    has_minors = fields.Boolean(
        string="With minors",
        compute="_compute_has_minors",
        store=True,  # read by the statement that matches volunteers
        readonly=False,
        precompute=True,
        help="Only volunteers whose papers are in order can be put on the sheet.",
    )

    @api.depends("mission_type_id.has_minors", "programme_id.minors")
    def _compute_has_minors(self):
        for session in self:
            session.has_minors = (
                session.programme_id.minors in ("contact", "protected")
                or session.mission_type_id.has_minors
            )

    def write(self, vals):
        """Change sessions; those who are expected still need the right papers."""
        result = super().write(vals)
        if vals.keys() & PAPER_FIELDS:
            # sudo: all the volunteers of the session, whoever changes it
            lines = self.sudo().volunteer_presence_ids
            lines._check_assignment()
        return result
