from odoo import fields, models


class EssSituationDomain(models.Model):
    """A side of life that is followed over time: housing, work, health cover…

    Eleven domains are shipped; coordination may archive them or add its own. A
    person has at most one situation per domain at a time.
    """

    _name = "ess.situation.domain"
    _description = "Situation domain"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Key used by figures and imports.")
    sequence = fields.Integer(default=10)
    is_team_only = fields.Boolean(
        string="Follow-up team only",
        help="Only the follow-up team of the person reads these situations, "
        "coordination does not.",
    )
    is_sensitive = fields.Boolean(
        string="Never leaves the association",
        help="In no figure, export or share that leaves the association.",
    )
    active = fields.Boolean(default=True)
    value_ids = fields.One2many(
        comodel_name="ess.situation.value", inverse_name="domain_id", string="Values"
    )

    _code_uniq = models.UniqueIndex("(code)", "Another domain has this key.")
