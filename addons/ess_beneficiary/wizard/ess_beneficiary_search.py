from odoo import fields, models


class EssBeneficiarySearch(models.TransientModel):
    """Search a person before opening a file, so that nobody has two."""

    _name = "ess.beneficiary.search"
    _description = "Search or create"

    name = fields.Char()
