from odoo import fields, models
from odoo.tools import SQL


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

    def init(self):
        """Drop an index that a file had until 19.0.1.0 and that another replaced."""
        super().init()
        index = SQL.identifier("ess_beneficiary__former_refs_index")
        self.env.cr.execute(SQL("DROP INDEX IF EXISTS %s", index))
