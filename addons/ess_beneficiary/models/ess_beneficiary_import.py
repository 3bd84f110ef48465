from odoo import fields, models


class EssBeneficiary(models.Model):
    """Where an imported file comes from."""

    _inherit = "ess.beneficiary"

    import_id = fields.Many2one(
        comodel_name="ess.import",
        string="Import batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="ess_beneficiary.group_beneficiary_import",
    )
    import_row_id = fields.Many2one(
        comodel_name="ess.import.row",
        string="Imported row",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="ess_beneficiary.group_beneficiary_import",
    )

    # Whatever runs twice or is cut short, a row becomes one file.
    _import_row_uniq = models.UniqueIndex(
        "(import_row_id) WHERE import_row_id IS NOT NULL",
        "This row of the list is a file already.",
    )
