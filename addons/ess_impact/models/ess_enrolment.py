from odoo import models

from .ess_impact_fact import age_band_field


class EssEnrolment(models.Model):
    """A stay in a programme, with the age of the person at each of its dates."""

    _name = "ess.enrolment"
    _inherit = ["ess.enrolment", "ess.impact.fact"]
    _age_band_fields = {
        "age_band_request": "date_request",
        "age_band_start": "date_start",
        "age_band_end": "date_end",
    }

    age_band_request = age_band_field("age_band_request", "Age at the request")
    age_band_start = age_band_field("age_band_start", "Age at entry")
    age_band_end = age_band_field("age_band_end", "Age at exit")
