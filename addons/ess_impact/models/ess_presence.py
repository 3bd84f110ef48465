from odoo import models

from .ess_impact_fact import age_band_field


class EssPresence(models.Model):
    """The presence of a person, with the age on that day."""

    _name = "ess.presence"
    _inherit = ["ess.presence", "ess.impact.fact"]
    _age_band_fields = {"age_band": "day"}

    age_band = age_band_field("age_band")
