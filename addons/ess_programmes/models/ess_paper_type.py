from odoo import fields, models

NEEDED_FOR = [
    ("all", "Every mission"),
    ("minors", "Contact with minors"),
    ("protected_minors", "Minors, where the law asks for the certificate"),
    ("driving", "Driving"),
    ("food", "Handling food"),
    ("none", "Not asked, useful to know"),
]


class EssPaperType(models.Model):
    """A paper that volunteers are asked for, and the rule that asks for it.

    Shipped with its source; the volunteer manager adapts the list. Only dates and a
    reference are kept, never the paper itself.
    """

    _name = "ess.paper.type"
    _description = "Volunteers' paper"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, in packs and exchanges.")
    sequence = fields.Integer(default=10)
    needed_for = fields.Selection(NEEDED_FOR, required=True, default="all")
    is_blocking = fields.Boolean(
        string="Blocks without minors too",
        help="For sessions with minors, each missing paper blocks. Ticked: this one "
        "also blocks the other missions that need it.",
    )
    max_age_months = fields.Integer(
        string="Months old at most when shown", help="0 means no limit."
    )
    validity_months = fields.Integer(
        string="Asked again after (months)", help="0 means never, or the date on it."
    )
    reminder_days = fields.Integer(string="Remind, days before", default=30)
    source = fields.Char(translate=True, help="The text that asks for this paper.")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another paper already has this code.")
    _months = models.Constraint(
        "CHECK (max_age_months >= 0 AND validity_months >= 0 AND reminder_days >= 0)",
        "Months and days cannot be negative.",
    )

    def _get_needs(self, session):
        """Return those of these papers that a session needs.

        :param session: one ess.session.
        :rtype: ess.paper.type
        """
        mission = session.mission_type_id
        asked = {
            "all": True,
            "minors": session.has_minors,
            "protected_minors": session.has_minors
            and session.programme_id.minors == "protected",
            "driving": mission.is_driving,
            "food": mission.handles_food,
        }
        return self.filtered(lambda paper: asked.get(paper.needed_for))
