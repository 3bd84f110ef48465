from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount

# written by the buttons, so that nobody approves by writing a word
BUTTON_FIELDS = {
    "state",
    "signed_on",
    "approved_by_id",
    "receipt_number",
    "move_ids",
}


class EssExpenseWaiver(models.Model):
    """Expenses of a volunteer who gives up their refund: a gift, with a tax receipt.

    Entered with its proofs, waived in writing in the official words, approved by
    somebody else, then booked: the expense (625 to 4681), and its gift (4681 to 75412).
    It is money that was spent, never a contribution in kind of class 8. Sources: CGI
    art. 200; BOI-IR-RICI-250-20; ANC 2018-06.
    """

    _name = "ess.expense.waiver"
    _description = "Expense waiver"
    _order = "date desc, id desc"
    _check_company_auto = True

    # === FIELDS
    volunteer_id = fields.Many2one(
        "ess.volunteer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    action_id = fields.Many2one(
        "ess.funding.action",
        string="Funded action",
        ondelete="restrict",
        check_company=True,
        help="The action that the expense was made for.",
    )
    line_ids = fields.One2many(
        "ess.expense.waiver.line", "waiver_id", string="Expenses"
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)  # summed by lists
    state = fields.Selection(
        [
            ("draft", "To sign"),
            ("signed", "To approve"),
            ("approved", "To book"),
            ("booked", "Booked"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    words = fields.Text(
        string="Words of the waiver", compute="_compute_words", help="Official words."
    )
    signed_on = fields.Date(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    receipt_number = fields.Char(string="Receipt", readonly=True, copy=False)
    move_ids = fields.Many2many(
        "account.move", string="Entries", readonly=True, copy=False
    )

    _receipt_uniq = models.UniqueIndex(
        "(company_id, receipt_number) WHERE receipt_number IS NOT NULL",
        "This number of receipt is taken.",
    )

    # === COMPUTE
    @api.depends(
        "line_ids.kilometres",
        "line_ids.vehicle",
        "line_ids.power",
        "line_ids.paid",
        "line_ids.date",
    )
    def _compute_amount(self):
        for waiver in self:
            waiver.amount = sum(waiver.line_ids.mapped("paid")) + sum(
                waiver._get_journeys()
            )

    def _get_journeys(self):
        """Return what the journeys are worth: the scale goes by the distance of the
        whole year, with what the same volunteer has already given up.

        :raises UserError: when the scale of a year is not known
        :rtype: list of float
        """
        self.ensure_one()
        distances = defaultdict(float)
        for line in self.line_ids.filtered("vehicle"):
            distances[line.vehicle, line.power, line.date.year] += line.kilometres
        values = []
        for (vehicle, power, year), distance in distances.items():
            before = self._get_distance_before(vehicle, power, year)
            scale = self.env["ess.mileage.rate"]
            total = scale._get_value(vehicle, power, year, before + distance)
            if total is None:
                raise UserError(
                    self.env._(
                        "No mileage scale is known for %(year)s and this vehicle. Add "
                        "its lines in the configuration.",
                        year=year,
                    )
                )
            known = scale._get_value(vehicle, power, year, before) if before else 0.0
            values.append(total - known)
        return values

    def _get_distance_before(self, vehicle, power, year):
        """Return the kilometres already given up that year with this vehicle."""
        domain = [
            ("waiver_id.volunteer_id", "=", self.volunteer_id.id),
            ("waiver_id.state", "in", ("signed", "approved", "booked")),
            ("waiver_id", "!=", self._origin.id),
            ("vehicle", "=", vehicle),
            ("power", "=", power),
            ("date", ">=", f"{year}-01-01"),
            ("date", "<=", f"{year}-12-31"),
        ]
        [[total]] = self.env["ess.expense.waiver.line"]._read_group(
            domain, [], ["kilometres:sum"]
        )
        return total or 0.0

    @api.depends("volunteer_id", "amount")
    def _compute_words(self):
        """The words are those of the tax authority's doctrine, in French."""
        for waiver in self:
            name = waiver.volunteer_id.partner_id.name or "…"
            waiver.words = (
                f"Je soussigné(e) {name} certifie "
                "renoncer au remboursement des frais ci-dessus, d'un montant de "
                f"{format_amount(self.env, waiver.amount, waiver.currency_id)}, et les "
                f"laisser à l'association {waiver.company_id.name} en tant que don."
            )

    @api.depends("volunteer_id", "date")
    def _compute_display_name(self):
        for waiver in self:
            waiver.display_name = f"{waiver.volunteer_id.display_name} · {waiver.date}"

    # === CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """A waiver starts unsigned, whatever is asked."""
        self._check_not_forged(
            {name: vals[name] for name in vals if vals[name] not in (False, "draft")}
            for vals in vals_list
        )
        return super().create(vals_list)

    def write(self, vals):
        """The steps follow their buttons; what is signed does not change."""
        self.check_access("write")  # before any answer about the waiver
        self._check_not_forged([vals])
        if not self.env.su:
            self._check_not_signed()
        return super().write(vals)

    def _check_not_forged(self, vals_list):
        """Refuse values that only the buttons give.

        :raises UserError: for anybody but the buttons themselves
        """
        if not self.env.su and any(BUTTON_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._("A waiver is signed, approved and booked by its buttons.")
            )

    def _check_not_signed(self):
        """Refuse to change what the volunteer has signed.

        :raises UserError: what to do
        """
        if any(waiver.state != "draft" for waiver in self):
            raise UserError(
                self.env._(
                    "The volunteer has signed these expenses: refuse the waiver and "
                    "enter another."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if self.filtered(lambda waiver: waiver.state not in ("draft", "refused")):
            raise UserError(
                self.env._("A signed waiver is a proof: refuse it instead.")
            )

    # === ACTIONS
    def action_sign(self):
        """Note that the volunteer has signed the waiver, today."""
        for waiver in self.filtered(lambda waiver: waiver.state == "draft"):
            if not waiver.amount:
                raise UserError(self.env._("Enter the expenses with their proofs."))
            waiver._mark(state="signed", signed_on=fields.Date.today())

    def action_approve(self):
        """Approve: the expenses were made for the association, and are proven.

        :raises UserError: when the volunteer approves their own
        """
        signed = self.filtered(lambda waiver: waiver.state == "signed")
        if self.env.user.partner_id in signed.volunteer_id.partner_id:
            raise UserError(self.env._("Somebody else approves your own expenses."))
        signed._mark(state="approved", approved_by_id=self.env.uid)

    def action_refuse(self):
        """Refuse what is not booked yet."""
        open_waivers = self.filtered(lambda waiver: waiver.state != "booked")
        open_waivers._mark(state="refused")

    def action_book(self):
        """Draft the two entries of each approved waiver, and number its receipt."""
        moves = self.env["account.move"]
        for waiver in self.filtered(lambda waiver: waiver.state == "approved"):
            made = moves.create(waiver._prepare_moves())
            waiver._mark(
                state="booked",
                move_ids=[Command.set(made.ids)],
                receipt_number=waiver._next_receipt(),
            )
            moves |= made
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", (moves or self.move_ids).ids)],
        }

    # === BUSINESS
    def _mark(self, **vals):
        """Write a step, for those who may change the waiver."""
        self.check_access("write")
        self.sudo().write(vals)  # sudo: these fields are written by buttons only

    def _prepare_moves(self):
        """Return the values of the two entries: what was spent, then its gift."""
        self.ensure_one()
        company = self.company_id
        self.env["account.move"]._ess_check_open(company, self.date)
        what = self.env._("Expense waiver, %(name)s", name=self.display_name)
        # sudo: id of the twin of the action
        account = self.action_id.sudo().analytic_account_id
        distribution = {str(account.id): 100} if account else False
        return [
            {
                "move_type": "entry",
                "journal_id": company._ess_journal().id,
                "company_id": company.id,
                "date": self.date,
                "ref": what,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": company._ess_account(code).id,
                            "name": what,
                            "partner_id": self.volunteer_id.partner_id.id,
                            "balance": sign * self.amount,
                            "analytic_distribution": code != "4681" and distribution,
                        }
                    )
                    for code, sign in zip(codes, (1, -1), strict=True)
                ],
            }
            for codes in (("625", "4681"), ("4681", "75412"))
        ]

    def _next_receipt(self):
        """Return the next number of receipt of the year; two bookings never share it.

        :rtype: str
        """
        self.ensure_one()
        # sudo: whoever books takes a number and reads no sequence
        sequence = self.env["ir.sequence"].sudo()
        return sequence.next_by_code("ess.expense.waiver", sequence_date=self.date)

    def _get_receipt(self):
        """Return what the tax receipt (Cerfa 11580) of a booked waiver says.

        :rtype: dict
        """
        self.ensure_one()
        partner = self.volunteer_id.partner_id
        return {
            "number": self.receipt_number,
            "organisation": self.company_id.name,
            "siren": (self.company_id.company_registry or "")[:9],
            "donor": partner.name,
            "address": partner._display_address(without_company=True).strip(),
            "amount": self.amount,
            "date": self.date,
            "nature": "frais engagés par les bénévoles, dont ils renoncent "
            "expressément au remboursement",
            "article": "CGI art. 200",
        }

    @api.model
    def _get_yearly_declaration(self, company, year):
        """Return what the association declares of its receipts for a year (CGI art.
        222 bis): how many, and how much.

        :rtype: dict
        """
        [[count, total]] = self._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "=", "booked"),
                ("date", ">=", f"{year}-01-01"),
                ("date", "<=", f"{year}-12-31"),
            ],
            [],
            ["__count", "amount:sum"],
        )
        return {"year": year, "receipts": count, "amount": total or 0.0}
