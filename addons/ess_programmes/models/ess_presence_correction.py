from odoo import fields, models


class EssPresenceCorrection(models.Model):
    """What the hours of a volunteer were before somebody corrected them.

    Written by the server each time that counted hours change; never changed, never
    deleted while the line exists. Who and when are those of the record.
    """

    _name = "ess.presence.correction"
    _description = "Correction of a volunteer's hours"
    _order = "id desc"

    presence_id = fields.Many2one(
        "ess.presence",
        string="Line of the sheet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    volunteer_id = fields.Many2one(related="presence_id.volunteer_id")
    day = fields.Date(related="presence_id.day")
    minutes_before = fields.Integer()
    minutes_after = fields.Integer()
    create_uid = fields.Many2one("res.users", string="Corrected by", readonly=True)
    create_date = fields.Datetime(string="Corrected on", readonly=True)
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="presence_id.company_id", store=True, precompute=True
    )
