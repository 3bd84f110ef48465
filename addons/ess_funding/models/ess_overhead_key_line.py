from odoo import api, fields, models


class EssOverheadKeyLine(models.Model):
    """The weight of one action in a key of shared costs: its metres, hours or heads."""

    _name = "ess.overhead.key.line"
    _description = "Action in a key of shared costs"
    _order = "key_id, id"
    _check_company_auto = True

    key_id = fields.Many2one(
        comodel_name="ess.overhead.key", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="key_id.company_id",
        store=True,
        index=True,  # stored for the company rule
    )
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_structure", "=", False)],
    )
    weight = fields.Float(required=True, help="Metres, hours, heads… of the action.")
    percent = fields.Float(string="Share (%)", compute="_compute_percent")

    _unique_action = models.Constraint(
        "UNIQUE(key_id, action_id)", "This action is in the key already."
    )
    _positive = models.Constraint("CHECK(weight > 0)", "Enter a weight above zero.")

    @api.depends("weight", "key_id.line_ids.weight", "key_id.structure_weight")
    def _compute_percent(self):
        for line in self:
            key = line.key_id
            total = sum(key.line_ids.mapped("weight")) + key.structure_weight
            line.percent = line.weight / total * 100 if total else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        """Weights belong to keys that are not applied."""
        lines = super().create(vals_list)
        lines.key_id._check_draft()
        return lines

    def write(self, vals):
        """Weights of an applied key stay."""
        self.key_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self.key_id._check_draft()
