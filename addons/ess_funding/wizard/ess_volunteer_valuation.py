from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = {"own": "volunteers", "lent": "services"}


class EssVolunteerValuation(models.TransientModel):
    """The hours of volunteers of a period, valued and put with the contributions in
    kind, from where year end books them in class 8. Safe to run again.
    """

    _name = "ess.volunteer.valuation"
    _description = "Value the hours of volunteers"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.today().replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.today().replace(month=12, day=31),
    )
    hours = fields.Float(string="Hours valued", compute="_compute_preview")
    amount = fields.Monetary(string="Value", compute="_compute_preview")
    left_hours = fields.Float(
        string="Hours left out",
        compute="_compute_preview",
        help="No value was decided for them, or no funded action has their programme.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("company_id", "date_from", "date_to")
    def _compute_preview(self):
        for wizard in self:
            rows = wizard._get_hours()
            valued = [row for row in rows if row[0] and row[1]]
            rates = {
                row[1]: self.env["ess.volunteer.rate"].browse(row[1]) for row in valued
            }
            wizard.hours = sum(row[2] for row in valued) / 60
            wizard.amount = sum(row[2] / 60 * rates[row[1]].rate for row in valued)
            wizard.left_hours = sum(row[2] for row in rows) / 60 - wizard.hours

    def action_apply(self):
        """Write the contributions in kind of the period, or correct them.

        :rtype: dict
        """
        self.ensure_one()
        rows = [row for row in self._get_hours() if row[0] and row[1]]
        if not rows:
            raise UserError(
                self.env._(
                    "No hour to value. Decide the value of an hour, and name the "
                    "programmes of each funded action."
                )
            )
        given = self.env["ess.in.kind"]
        known = {
            (line.action_id.id, line.volunteer_rate_id.id): line
            for line in given.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("volunteer_rate_id", "!=", False),
                    ("date", ">=", self.date_from),
                    ("date", "<=", self.date_to),
                ]
            )
        }
        for action_id, rate_id, minutes in rows:
            vals = self._prepare_in_kind(action_id, rate_id, minutes)
            line = known.pop((action_id, rate_id), None)
            if not line:
                given.create(vals)
            elif line.quantity != vals["quantity"] or line.price != vals["price"]:
                line.write(vals)
        given.concat(*known.values()).unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_in_kind_action"
        )

    def _prepare_in_kind(self, action_id, rate_id, minutes):
        rate = self.env["ess.volunteer.rate"].browse(rate_id)
        return {
            "name": self.env._("Volunteers: %(what)s", what=rate.display_name),
            "date": self.date_to,
            "kind": KINDS[rate.time_kind],
            "action_id": action_id,
            "company_id": self.company_id.id,
            "quantity": round(minutes / 60, 2),
            "price": rate.rate,
            "amount": self.currency_id.round(round(minutes / 60, 2) * rate.rate),
            "method": rate._describe(),
            "volunteer_rate_id": rate.id,
        }

    def _get_hours(self):
        """Return the minutes of each action and rate, in one statement.

        :return: list of ``(action id or None, rate id or None, minutes)``
        """
        self.ensure_one()
        self.env.flush_all()
        action = self.env["ess.funding.action"]._fields["programme_ids"]
        return self.env.execute_query(
            SQL(
                HOURS,
                company=self.company_id.id,
                start=self.date_from,
                end=self.date_to,
                relation=SQL.identifier(action.relation),
                action=SQL.identifier(action.column1),
                programme=SQL.identifier(action.column2),
            )
        )


#: The most precise rate wins: that of the mission before that of all missions, the
#: latest period before an older one. Each hour goes to one action.
HOURS = """
SELECT action.id, rate.id, sum(p.minutes)::int
FROM ess_presence p
LEFT JOIN LATERAL (
    SELECT a.id FROM ess_funding_action a
    JOIN %(relation)s r ON r.%(action)s = a.id AND r.%(programme)s = p.programme_id
    WHERE a.company_id = p.company_id AND a.active
    AND (a.date_from IS NULL OR a.date_from <= p.day)
    AND (a.date_to IS NULL OR a.date_to >= p.day)
    ORDER BY a.date_from DESC NULLS LAST, a.id LIMIT 1) action ON TRUE
LEFT JOIN LATERAL (
    SELECT r.id FROM ess_volunteer_rate r
    WHERE r.company_id = p.company_id AND r.time_kind = p.time_kind
    AND (r.mission_type_id IS NULL OR r.mission_type_id = p.mission_type_id)
    AND r.date_from <= p.day AND (r.date_to IS NULL OR r.date_to >= p.day)
    ORDER BY r.mission_type_id IS NULL, r.date_from DESC LIMIT 1) rate ON TRUE
WHERE p.volunteer_id IS NOT NULL AND p.is_present AND p.minutes > 0
AND p.time_kind IN ('own', 'lent') AND p.company_id = %(company)s
AND p.day BETWEEN %(start)s AND %(end)s
GROUP BY 1, 2 ORDER BY 1, 2
"""
