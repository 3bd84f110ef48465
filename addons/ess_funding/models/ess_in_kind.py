from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("volunteers", "Volunteers"),
    ("goods_lent", "Rooms and goods lent"),
    ("services", "Services and staff lent by companies"),
    ("goods", "Goods given"),
]
#: accounts of each kind, use and source (ANC 2018-06, art. 211-1 and following)
ACCOUNTS = {
    "volunteers": ("864", "875"),
    "goods_lent": ("861", "871"),
    "services": ("862", "871"),
    "goods": ("860", "870"),
}


class EssInKind(models.Model):
    """A contribution in kind of one action and period: hours given, a room lent…

    Entered by the fundraiser or the accountant with how it is valued; year end books
    it in class 8, off balance, and takes it back on the first day of the next year.
    """

    _name = "ess.in.kind"
    _description = "Contribution in kind"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="What", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(KINDS, required=True, default="volunteers")
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Given by",
        help="Town, company or association that gives; not needed for volunteers.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    quantity = fields.Float(help="Hours, square metres, meals… as the price counts.")
    price = fields.Monetary(help="Value of one unit.")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,  # summed at year end
        readonly=False,
        string="Value",
    )
    method = fields.Char(
        string="How it is valued",
        help="Hourly rate and why, market rent, price list: the auditor asks.",
    )

    _positive = models.Constraint(
        "CHECK(amount >= 0)", "The value of a contribution cannot be negative."
    )

    @api.depends("quantity", "price")
    def _compute_amount(self):
        for given in self:
            if given.quantity and given.price:
                given.amount = given.quantity * given.price
            else:
                given.amount = given.amount

    def write(self, vals):
        """What a posted year end holds does not change under it."""
        self._check_not_closed()
        result = super().write(vals)
        self._check_not_closed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_not_closed()

    def _check_not_closed(self):
        """Refuse a change in a year that is closed.

        :raises UserError: which year
        """
        # sudo: whether the year is closed, no more
        closings = self.env["ess.year.end"].sudo()
        for given in self:
            domain = [
                ("company_id", "=", given.company_id.id),
                ("date_from", "<=", given.date),
                ("date_to", ">=", given.date),
                ("state", "=", "posted"),
            ]
            if closing := closings.search(domain, limit=1):
                raise UserError(
                    self.env._(
                        "“%(year)s” is posted: open it again before you change its "
                        "contributions in kind.",
                        year=closing.display_name,
                    )
                )
