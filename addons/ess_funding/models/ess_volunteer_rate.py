from odoo import api, fields, models

TIMES = [("own", "Own time of volunteers"), ("lent", "Time lent by an employer")]


class EssVolunteerRate(models.Model):
    """What an hour of a kind of mission is worth in the accounts, for a period.

    Decided by the board, with the method and its source; the auditor asks for both.
    Own time is booked in 864 and 875, time lent by an employer in 862 and 871 (ANC
    2018-06, art. 211-1 and following): off balance, apart from cash costs.
    """

    _name = "ess.volunteer.rate"
    _description = "Value of an hour of volunteering"
    _order = "date_from desc, mission_type_id, id"
    _check_company_auto = True

    mission_type_id = fields.Many2one(
        "ess.mission.type",
        string="Mission",
        ondelete="restrict",
        help="Empty: all the missions that have no rate of their own.",
    )
    time_kind = fields.Selection(
        TIMES, string="Whose time", required=True, default="own"
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", help="Last day, included.")
    rate = fields.Monetary(string="Value of one hour", required=True)
    method = fields.Char(
        string="How it is valued",
        required=True,
        help="For example: gross minimum wage with contributions, times 1.5 for "
        "qualified work.",
    )
    source = fields.Char(required=True, help="Where the figures come from, and when.")
    decided_on = fields.Date(
        string="Decided by the board on",
        required=True,
        help="Date of the minutes that adopt the method.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The period ends before it starts."
    )
    _rate_positive = models.Constraint(
        "CHECK (rate > 0)", "An hour is worth more than nothing: enter its value."
    )
    _period_uniq = models.UniqueIndex(
        "(company_id, time_kind, COALESCE(mission_type_id, 0), date_from)",
        "This kind of mission already has a value from that day.",
    )

    @api.depends("mission_type_id.name", "date_from")
    def _compute_display_name(self):
        for rate in self:
            mission = rate.mission_type_id.name or self.env._("All missions")
            rate.display_name = f"{mission}, {rate.date_from}"

    def _describe(self):
        """Say how the value was reached, for the note of the accounts."""
        self.ensure_one()
        return self.env._(
            "%(method)s (%(origin)s; decided by the board on %(date)s)",
            method=self.method,
            origin=self.source,
            date=self.decided_on,
        )
