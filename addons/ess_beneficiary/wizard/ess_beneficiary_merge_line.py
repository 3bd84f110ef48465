from odoo import fields, models


class EssBeneficiaryMergeLine(models.TransientModel):
    """One value that differs between two files, and which one is kept.

    Made when the comparison opens; the person who decides changes the choice only.
    """

    _name = "ess.beneficiary.merge.line"
    _description = "Value that differs between two files"
    _order = "id"
    _rec_name = "label"

    wizard_id = fields.Many2one(
        comodel_name="ess.beneficiary.merge",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", readonly=True)
    kept_value = fields.Char(string="In the file to keep", readonly=True)
    merged_value = fields.Char(string="In the file to merge", readonly=True)
    choice = fields.Selection(
        selection=[
            ("kept", "That of the file to keep"),
            ("merged", "That of the file to merge"),
        ],
        string="Keep",
        required=True,
    )

    def action_keep(self):
        """Keep the value of the file to keep."""
        self.choice = "kept"
        return self.wizard_id._get_action()

    def action_take(self):
        """Take the value of the file to merge."""
        self.choice = "merged"
        return self.wizard_id._get_action()
