from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.prefixes import PrefixMap, duplicated_prefixes, split_prefixes
from ..tools.statement import CHARGE, IN_KIND_CHARGE, IN_KIND_PRODUCT, PRODUCT

SIDES = [
    (CHARGE, "Expenses"),
    (IN_KIND_CHARGE, "Voluntary contributions, use"),
    (PRODUCT, "Income"),
    (IN_KIND_PRODUCT, "Voluntary contributions, origin"),
]


class EssCerfaLine(models.Model):
    """One line of the French grant form (Cerfa 12156), used by budgets and reports.

    The lines are shipped as data and can be changed by administrators: the account
    prefixes decide where an entry is shown. The longest prefix wins. Lines of the same
    section have one heading, whose amount is the sum of its lines.
    """

    _name = "ess.cerfa.line"
    _description = "Financial report line"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, help="Stable key of the line in exports.")
    name = fields.Char(string="Label", required=True, translate=True)
    side = fields.Selection(SIDES, required=True, index=True)
    section = fields.Char(
        required=True, help="Lines of the same section share a heading and a subtotal."
    )
    is_heading = fields.Boolean(
        string="Heading", help="Shows the sum of its section and takes no amount."
    )
    is_indirect = fields.Boolean(
        string="Indirect cost",
        help="Part of the running costs of the association that the action bears.",
    )
    is_balance = fields.Boolean(
        string="Balances the action",
        help="Own resources (income side) or expected surplus (expense side): what "
        "makes expenses and income equal. Computed in reports.",
    )
    account_prefixes = fields.Char(
        help="Beginnings of account codes, separated by commas; the longest wins. "
        "Empty: nothing is taken from accounts (a grant may name the line).",
    )
    source = fields.Char(help="Where the line and its accounts come from.")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each report line has its own key.")

    @api.constrains("account_prefixes", "active")
    def _check_account_prefixes(self):
        """Digits only, and a prefix leads to one line only."""
        for line in self:
            for prefix in split_prefixes(line.account_prefixes):
                if not prefix.isalnum():
                    raise ValidationError(
                        self.env._(
                            "“%(prefix)s” is not the beginning of an account code. "
                            "Separate the codes by commas: 601, 602, 607.",
                            prefix=prefix,
                        )
                    )
        doubled = duplicated_prefixes(self._prefix_pairs())
        doubled += duplicated_prefixes(self._prefix_pairs(is_indirect=True))
        if doubled:
            raise ValidationError(
                self.env._(
                    "These account prefixes are on more than one line: %(prefixes)s. "
                    "An entry is shown on one line only: leave each prefix once.",
                    prefixes=", ".join(doubled),
                )
            )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name

    def _prepare_budget_lines(self):
        """Commands that put these lines, at zero, on a budget.

        :rtype: list
        """
        return [Command.create({"cerfa_line_id": line.id}) for line in self]

    @api.model
    def _get_form(self):
        """All lines of the form, from top to bottom.

        :rtype: ess.cerfa.line
        """
        # A form of one page: its lines are always wanted together.
        return self.search([])  # pylint: disable=no-search-all

    @api.model
    def _prefix_pairs(self, is_indirect=False):
        """``(id, text of prefixes)`` of the lines that take amounts from accounts."""
        lines = self.search(
            [("account_prefixes", "!=", False), ("is_indirect", "=", is_indirect)]
        )
        return [(line.id, line.account_prefixes) for line in lines]

    @api.model
    def _get_prefix_map(self, is_indirect=False):
        """Finder from an account code to the id of its line.

        :param bool is_indirect: among the lines of indirect costs
        :rtype: PrefixMap
        """
        return PrefixMap(self._prefix_pairs(is_indirect))

    @api.model
    def _get_layout(self):
        """The form from top to bottom, as ``tools/statement.py`` wants it.

        :rtype: list[dict]
        """
        return [
            {
                "id": line.id,
                "side": line.side,
                "section": line.section,
                "label": line.name,
                "is_heading": line.is_heading,
                "is_balance": line.is_balance,
            }
            for line in self._get_form()
        ]
