from odoo import fields, models


class EssRetentionRule(models.Model):
    """How long files are kept, step by step, and which text says so.

    One for each association, or one for all. Shipped with the durations of the CNIL's
    reference; the data-protection officer changes them and writes why.
    """

    _name = "ess.retention.rule"
    _description = "Retention rule"
    _order = "company_id, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        index=True,
        help="Empty: for all associations that have no rule of their own.",
    )
    months_active = fields.Integer(
        string="Months of use",
        required=True,
        default=24,
        help="After the last contact from the person, not after the last note.",
    )
    months_archive = fields.Integer(
        string="Months in the archive",
        required=True,
        default=12,
        help="Read by named people only, then anonymised.",
    )
    archive_reason = fields.Text(
        string="Why an archive",
        required=True,
        translate=True,
        help="The archive must be justified in writing, or be 0 month long.",
    )
    source = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)

    _months = models.Constraint(
        "CHECK (months_active > 0 AND months_archive >= 0)",
        "Files are used for at least a month; an archive is not shorter than 0 month.",
    )
