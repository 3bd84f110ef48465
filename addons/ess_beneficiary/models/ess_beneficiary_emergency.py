from odoo import fields, models

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """The emergency accesses to the file."""

    _inherit = "ess.beneficiary"

    emergency_ids = fields.One2many(
        comodel_name="ess.emergency.access",
        inverse_name="beneficiary_id",
        string="Emergency accesses",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
