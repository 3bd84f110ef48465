from odoo import fields, models


class EssNoteTemplate(models.Model):
    """Headings for a kind of note: first interview, home visit, incident…

    Shipped with headings only; coordination adapts them. Choosing one in a note puts
    its headings in the text and sets the medium.
    """

    _name = "ess.note.template"
    _description = "Note template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    medium = fields.Selection(
        selection=lambda self: self.env["ess.note"]._fields["medium"].selection,
        help="Set in the note with the template. Empty: the medium does not change.",
    )
    text = fields.Text(
        string="Headings",
        translate=True,
        help="One heading a line. The answers are written under them.",
    )
    active = fields.Boolean(default=True)
