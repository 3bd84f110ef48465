from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.prefixes import split_prefixes
from ..tools.spread import largest_remainder


class EssOverheadKey(models.Model):
    """How running costs of the structure reach the actions: floor area, hours, heads.

    Written by the accountant with its basis, so that an auditor finds the same shares.
    Applied, it moves each cost by analytic lines that sum to zero: out of *Structure*,
    into the actions, on the same general account, marked indirect. It can be taken
    back and applied again.
    """

    _name = "ess.overhead.key"
    _description = "Key of shared costs"
    _inherit = ["mail.thread"]
    _order = "date_from desc, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    account_prefixes = fields.Char(
        required=True,
        help="Costs of Structure on accounts that begin so, separated by commas.",
    )
    basis = fields.Text(
        string="How the shares are found",
        required=True,
        help="Square metres, hours, heads: the figures, where they come from, their "
        "date. The auditor asks.",
    )
    structure_weight = fields.Float(
        string="Kept by Structure", help="Share that no action bears, as a weight."
    )
    line_ids = fields.One2many("ess.overhead.key.line", "key_id", string="Actions")
    state = fields.Selection(
        [("draft", "Draft"), ("applied", "Applied")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    spread_amount = fields.Monetary(
        string="Moved to actions", compute="_compute_spread_amount"
    )

    _dates = models.Constraint(
        "CHECK(date_to >= date_from)", "The period must end after it begins."
    )
    _positive = models.Constraint(
        "CHECK(structure_weight >= 0)", "A weight cannot be negative."
    )

    # === COMPUTE
    @api.depends("state")
    def _compute_spread_amount(self):
        # sudo: the total moved by the key, told to those who read it
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("ess_overhead_key_id", "in", self.ids), ("amount", "<", 0)],
                ["ess_overhead_key_id"],
                ["amount:sum"],
            )
        )
        amounts = {key.id: -amount for key, amount in groups}
        for key in self:
            key.spread_amount = amounts.get(key.id, 0.0)

    @api.constrains("account_prefixes", "date_from", "date_to", "company_id")
    def _check_alone(self):
        """A cost is shared by one key only.

        :raises ValidationError: naming the other key
        """
        for key in self:
            others = self.search(
                [
                    ("id", "!=", key.id),
                    ("company_id", "=", key.company_id.id),
                    ("date_from", "<=", key.date_to),
                    ("date_to", ">=", key.date_from),
                ]
            )
            own = tuple(split_prefixes(key.account_prefixes))
            for other in others:
                if any(
                    one.startswith(own) or prefix.startswith(one)
                    for one in split_prefixes(other.account_prefixes)
                    for prefix in own
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(other)s” shares the same accounts in the same period: "
                            "a cost is shared once.",
                            other=other.name,
                        )
                    )

    # === CRUD
    def write(self, vals):
        """An applied key does not change: take it back first.

        :raises UserError: when it is applied
        """
        self.check_access("write")  # before any answer about the key
        if not self.env.su and vals.keys() & {
            "state",
            *("date_from", "date_to", "account_prefixes", "structure_weight"),
            *("line_ids", "company_id"),
        }:
            self._check_draft()
            if "state" in vals:
                raise UserError(self.env._("A key is applied by its button only."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self._check_draft()

    def _check_draft(self):
        """Refuse to change an applied key.

        :raises UserError: what to do first
        """
        for key in self:
            if key.state == "applied":
                raise UserError(
                    self.env._(
                        "“%(name)s” is applied: take it back before you change it.",
                        name=key.name,
                    )
                )

    # === ACTIONS
    def action_apply(self):
        """Move the costs of the period, those moved before once more.

        :raises UserError: when there is nothing to share, or nobody to bear it
        """
        for key in self:
            key.check_access("write")
            key._remove_lines()
            values = key._prepare_lines()
            lines = self.env["account.analytic.line"]
            # Core would write these lines back on the journal items.
            lines.with_context(skip_analytic_sync=True).create(values)
            key.sudo().state = "applied"  # sudo: only the buttons write it
        self.invalidate_recordset(["spread_amount"])
        return True

    def action_withdraw(self):
        """Take the lines of the key back; closed periods stay."""
        for key in self:
            key.check_access("write")
            key._remove_lines()
            key.sudo().state = "draft"  # sudo: only the buttons write it
        self.invalidate_recordset(["spread_amount"])
        return True

    def action_open_lines(self):
        """Open the lines of the key, with the reader's own rights."""
        self.ensure_one()
        return self.env["ess.funding.action"]._get_line_action(
            [("ess_overhead_key_id", "=", self.id)]
        )

    # === BUSINESS
    def _remove_lines(self):
        """Delete what the key moved, with the user's own rights on entries."""
        lines = self.env["account.analytic.line"]
        found = lines.search([("ess_overhead_key_id", "in", self.ids)])
        found.with_context(skip_analytic_sync=True).unlink()

    def _get_sources(self):
        """Costs of Structure that the key shares; those that a grant pays stay.

        :rtype: account.analytic.line
        """
        plans = self.env["account.analytic.plan"]
        structure = self.company_id._get_structure_action()
        prefixes = split_prefixes(self.account_prefixes)
        codes = Domain.OR(Domain("code", "=like", f"{one}%") for one in prefixes)
        # sudo: ids of the accounts of the company
        accounts = self.env["account.account"].sudo().with_company(self.company_id)
        accounts = accounts.search(
            codes & Domain("company_ids", "in", self.company_id.ids)
        )
        return self.env["account.analytic.line"].search(
            [
                *structure._get_cost_domain(self.date_from, self.date_to),
                (plans._ess_column("grant"), "=", False),
                ("general_account_id", "in", accounts.ids),
                ("general_account_id.internal_group", "=", "expense"),
                ("ess_overhead_key_id", "=", False),
            ],
            order="date, id",
        )

    def _prepare_lines(self):
        """Values of the analytic lines: each source gives lines that sum to zero.

        :raises UserError: when there is nothing to share, or nobody to bear it
        :rtype: list[dict]
        """
        self.ensure_one()
        sources = self._get_sources()
        if not self.line_ids:
            raise UserError(self.env._("Enter the actions that share these costs."))
        if not sources:
            raise UserError(
                self.env._(
                    "Structure has no cost on %(accounts)s from %(start)s to %(end)s.",
                    accounts=self.account_prefixes,
                    start=format_date(self.env, self.date_from),
                    end=format_date(self.env, self.date_to),
                )
            )
        return [values for line in sources for values in self._split(line)]

    def _split(self, source):
        """Lines that take one cost out of Structure and into the actions.

        :param source: account.analytic.line
        :rtype: list[dict]
        """
        column = self.env["account.analytic.plan"]._ess_column("action")
        weights = [*self.line_ids.mapped("weight"), self.structure_weight]
        sign = 1 if source.amount >= 0 else -1
        parts = largest_remainder(weights, abs(source.amount))
        base = {
            "date": source.date,
            "partner_id": source.partner_id.id,
            "general_account_id": source.general_account_id.id,
            "move_line_id": source.move_line_id.id,
            "company_id": source.company_id.id,
            "ess_overhead_key_id": self.id,
            "ess_is_indirect": True,
        }
        name = f"{source.name} ({self.name})"
        values = []
        for line, part in zip(self.line_ids, parts, strict=False):
            if part:
                # sudo: id of the twin of the action
                action = line.sudo().action_id.analytic_account_id.id
                values.append(
                    base | {"name": name, column: action, "amount": sign * part}
                )
        moved = round(sum(parts[:-1]), 2)
        back = {column: source[column].id, "amount": -sign * moved, "name": name}
        # the way out first: the guard never sees a cost twice
        return [base | back, *values] if moved else []
