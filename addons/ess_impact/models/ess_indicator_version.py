from odoo import fields, models


class EssIndicatorVersion(models.Model):
    """What an indicator meant while one of its versions was in force.

    Written by the suite each time the meaning changes, never by hand, so that a figure
    that was published can be computed again as it was defined then.
    """

    _name = "ess.indicator.version"
    _description = "Version of an indicator"
    _order = "indicator_id, version desc"
    _rec_name = "version"

    indicator_id = fields.Many2one(
        comodel_name="ess.indicator", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="indicator_id.company_id")
    version = fields.Integer(required=True)
    definition = fields.Text()
    population = fields.Text()
    kind = fields.Selection(
        selection=[
            ("aggregate", "Count or sum of facts"),
            ("formula", "Formula of other figures"),
        ],
        string="Computed as",
        required=True,
    )
    source = fields.Selection(
        selection=lambda self: self.env["ess.indicator"]._selection_source(),
        string="What is counted",
    )
    domain = fields.Char(string="Condition")
    aggregate = fields.Selection(
        selection=[
            ("count", "Number of facts"),
            ("persons", "Number of distinct persons"),
            ("sum", "Sum of a quantity"),
        ],
        string="How it is counted",
    )
    measure = fields.Selection(
        selection=lambda self: self.env["ess.indicator"]._selection_measure(),
        string="Quantity",
    )
    formula = fields.Char()
    operand_versions = fields.Json(
        help="Version of each figure that the formula used: {code: version}."
    )

    _version_uniq = models.UniqueIndex(
        "(indicator_id, version)", "This version is already recorded."
    )
