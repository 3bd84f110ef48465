from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.prefixes import split_prefixes

PARTS = [
    ("asset", "Balance sheet: assets"),
    ("liability", "Balance sheet: liabilities"),
    ("product", "Income statement: income"),
    ("charge", "Income statement: expenses"),
    ("result", "Income statement: results"),
    ("kind_product", "Contributions in kind: resources"),
    ("kind_charge", "Contributions in kind: uses"),
    ("origin", "CROD: income by origin"),
    ("destination", "CROD: expenses by destination"),
    ("crod", "CROD: result"),
]
KINDS = [
    ("heading", "Heading"),
    ("line", "Line"),
    ("total", "Total"),
    ("grand_total", "Grand total"),
]


class EssAccountsLayout(models.Model):
    """One line of the annual accounts: its words, and the accounts that it takes.

    Shipped as data in the layout of French associations (ANC 2018-06), corrected by
    administrators. The longest prefix wins; an account that no line takes is shown as
    such in the statements.
    """

    _name = "ess.accounts.layout"
    _description = "Line of the annual accounts"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    sequence = fields.Integer(default=10)
    code = fields.Char(
        required=True, help="Stable key: totals add codes that begin so, up to a dot."
    )
    name = fields.Char(string="Label", required=True, translate=True)
    part = fields.Selection(PARTS, string="Statement", required=True, index=True)
    kind = fields.Selection(KINDS, required=True, default="line")
    account_prefixes = fields.Char(
        help="Beginnings of account codes, separated by commas; the longest wins."
    )
    reduction_prefixes = fields.Char(
        help="Accounts of depreciation and impairment, taken off the assets above."
    )
    balance_side = fields.Selection(
        [("any", "Any balance"), ("debit", "Debit balance"), ("credit", "Credit")],
        string="Takes",
        required=True,
        default="any",
        help="A supplier who owes money is an asset, a bank overdraft a debt.",
    )
    sum_of = fields.Char(
        help="Codes that a total adds, separated by commas; a minus takes them off."
    )
    fed_by = fields.Selection(
        [
            ("result", "Result of the year"),
            ("earlier", "Results of earlier years not yet allocated"),
        ],
        string="Also holds",
        help="What no account holds before the general assembly allocates it.",
    )
    source = fields.Char(
        help="Where the line and its accounts come from.", translate=True
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each line has its own key.")

    @api.constrains("account_prefixes", "reduction_prefixes")
    def _check_prefixes(self):
        """Beginnings of codes only."""
        for line in self:
            texts = (line.account_prefixes, line.reduction_prefixes)
            for prefix in [one for text in texts for one in split_prefixes(text)]:
                if not prefix.isalnum():
                    raise ValidationError(
                        self.env._(
                            "“%(prefix)s” is not the beginning of an account code.",
                            prefix=prefix,
                        )
                    )

    @api.model
    def _get_rows(self, parts):
        """Lines of some statements, in their order.

        :param parts: values of ``part``
        :return: dicts ``code name part kind prefixes reductions side sum_of fed_by``
        :rtype: list[dict]
        """
        return [
            {
                "code": line.code,
                "name": line.name,
                "part": line.part,
                "kind": line.kind,
                "prefixes": line.account_prefixes,
                "reductions": line.reduction_prefixes,
                "side": line.balance_side,
                "sum_of": line.sum_of or "",
                "fed_by": line.fed_by,
            }
            for line in self.search([("part", "in", list(parts))])
        ]
