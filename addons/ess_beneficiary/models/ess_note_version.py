from odoo import api, fields, models
from odoo.tools import format_date


class EssNoteVersion(models.Model):
    """What a note said before it was corrected.

    Made by the correction itself, never by hand, and kept as long as the note: the
    person may have read the former words.
    """

    _name = "ess.note.version"
    _description = "Former text of a note"
    _inherit = "ess.beneficiary.fact"
    _order = "id desc"

    note_id = fields.Many2one(
        comodel_name="ess.note", required=True, index=True, ondelete="cascade"
    )
    text = fields.Text(required=True)
    medium = fields.Selection(
        selection=lambda self: self.env["ess.note"]._fields["medium"].selection,
        required=True,
    )
    date = fields.Date(required=True)
    minutes = fields.Integer(string="Duration (minutes)")
    corrector_id = fields.Many2one(
        comodel_name="res.users",
        string="Corrected by",
        required=True,
        ondelete="restrict",
    )

    @api.depends("create_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            date = format_date(self.env, version.create_date) or ""
            version.display_name = self.env._("Until %(date)s", date=date)
