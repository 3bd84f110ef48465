from odoo import fields, models


class ResCompany(models.Model):
    """An association: the extra fields of its files and its word for people."""

    _inherit = "res.company"

    beneficiary_properties_definition = fields.PropertiesDefinition(
        string="Extra fields of files"
    )
    beneficiary_word = fields.Char(
        string="What do you call the persons?",
        translate=True,
        help="For example: person supported, participant, young person, resident. "
        "Used in letters and printed papers.",
    )
    life_project_word = fields.Char(
        string="What do you call the life project?",
        translate=True,
        help="Empty: life project. Social and medico-social establishments write "
        "“projet personnalisé” (CASF L311-3). Used on screens and printed papers.",
    )
    silence_days = fields.Integer(
        string="Days without news",
        default=60,
        help="A file shows an alert when no contact was noted for longer than this. "
        "A choice of the association, no legal term; 0: never.",
    )
    life_project_review_months = fields.Integer(
        string="Months between two reviews",
        default=6,
        help="Proposed as the date of the next review of a new version. Social "
        "establishments owe a review at least once a year (CASF D311). 0: no date.",
    )
    note_release_hours = fields.Integer(
        string="Hours before a note is shared",
        default=72,
        required=True,
        help="The person may read a shared note when its author releases it, or by "
        "itself after this time. 0: as soon as it is saved.",
    )
    archive_reader_ids = fields.Many2many(
        comodel_name="res.users",
        relation="ess_archive_reader_rel",
        string="Readers of the archive",
        help="The only people, with the data-protection officer, who read files that "
        "are no longer used and wait to be anonymised.",
    )
    is_memo_locked = fields.Boolean(
        string="Lock aide-mémoires with a passphrase",
        help="The text is encrypted in the browser: the server only keeps what it "
        "cannot read. A lost passphrase loses the text.",
    )

    _note_release = models.Constraint(
        "CHECK (note_release_hours >= 0)", "A delay in hours cannot be negative."
    )

    def write(self, vals):
        """Tell the data-protection officer when aide-mémoires are no longer locked."""
        changed = self.filtered(
            lambda company: company.is_memo_locked
            != vals.get("is_memo_locked", company.is_memo_locked)
        )
        result = super().write(vals)
        label = self._fields["is_memo_locked"]._description_string(self.env)
        lines = [
            (f"{label}: {company.name}", {"is_memo_locked": company.is_memo_locked})
            for company in changed
        ]
        self.env["ess.security.event"]._add("setting", "write", lines)
        return result
