from datetime import date

from odoo.fields import Command

from odoo.addons.ess_programmes.tests.common import EssProgrammesCommon

INTERNAL_GROUPS = {"6": "expense", "7": "income", "8": "off_balance"}


class EssFundingCommon(EssProgrammesCommon):
    """Roles of the funding room, a French chart, two actions, a grant, entry makers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.company.chart_template != "fr":
            cls.env["account.chart.template"].try_loading("fr", cls.company)
        room = "ess_funding.group_funding_"
        cls._make_users(
            {
                "funding_viewer": f"{room}viewer",
                "fundraiser": f"{room}officer",
                "accountant": f"{room}officer,account.group_account_user,"
                "account.group_account_invoice",
                "funding_manager": f"{room}manager",
            }
        )
        cls._make_users({"funding_elsewhere": f"{room}manager"}, cls.company_2)
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.funder = cls.env["res.partner"].create({"name": "Département (invented)"})
        cls.action = cls._make_action(
            name="Passerelle", programme_ids=[Command.set(cls.programme.ids)]
        )
        cls.action_2 = cls._make_action(name="Tandem")
        cls.grant = cls._make_grant(name="Grant A", actions={cls.action: 80000})

    # === MAKERS
    @classmethod
    def _make_action(cls, **vals):
        return cls.env["ess.funding.action"].create(
            {
                "name": cls.canary("Action"),
                "company_id": cls.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
                **vals,
            }
        )

    @classmethod
    def _make_grant(cls, actions=None, **vals):
        """A running grant; ``actions`` gives the share of each action."""
        shares = [
            Command.create({"action_id": action.id, "amount": amount})
            for action, amount in (actions or {}).items()
        ]
        return cls.env["ess.grant"].create(
            {
                "name": cls.canary("Grant"),
                "funder_id": cls.funder.id,
                "company_id": cls.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
                "amount": sum((actions or {}).values()),
                "state": "running",
                "cerfa_line_id": cls._line("74dep").id,
                "share_ids": shares,
                **vals,
            }
        )

    @classmethod
    def _make_budget(cls, action=None, amounts=None, **vals):
        """A budget from ``{code of the form: amount}``."""
        return cls.env["ess.budget"].create(
            {
                "name": "Budget 2026",
                "action_id": (action or cls.action).id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
                "line_ids": [
                    Command.create(
                        {"cerfa_line_id": cls._line(code).id, "amount": amount}
                    )
                    for code, amount in (amounts or {}).items()
                ],
                **vals,
            }
        )

    @classmethod
    def _line(cls, code):
        return cls.env.ref(f"ess_funding.ess_cerfa_line_{code}")

    @classmethod
    def _account(cls, code):
        """Account of the company with this code, made when the chart has none."""
        accounts = cls.env["account.account"].with_company(cls.company)
        domain = [("code", "=", code), ("company_ids", "in", cls.company.ids)]
        account = accounts.search(domain, limit=1)
        if account:
            return account
        return accounts.create(
            {
                "code": code,
                "name": f"Account {code}",
                "account_type": INTERNAL_GROUPS.get(code[0], "asset_current"),
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    @classmethod
    def _share(cls, *records):
        """Key of a distribution joining actions and grants."""
        return ",".join(str(record.analytic_account_id.id) for record in records)

    @classmethod
    def _make_entry(cls, lines, day="2026-03-01", post=True, user=None):
        """A journal entry.

        :param list lines: (account code, balance, distribution or None); what is
            missing goes to 512001, or to 875000 off balance
        """
        rest = -sum(balance for _code, balance, _distribution in lines)
        if abs(rest) > 0.004:
            other = "875000" if lines[0][0].startswith("8") else "512001"
            lines = [*lines, (other, rest, None)]
        move = (
            cls.env["account.move"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "journal_id": cls.journal.id,
                    "date": day,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": cls._account(code).id,
                                "name": f"Line {code}",
                                "balance": round(balance, 2),
                                **(
                                    {"analytic_distribution": distribution}
                                    if distribution
                                    else {}
                                ),
                            }
                        )
                        for code, balance, distribution in lines
                    ],
                }
            )
        )
        if post:
            move.action_post()
        return move

    # === FINDERS
    @classmethod
    def _analytic_lines(cls, domain=()):
        return cls.env["account.analytic.line"].search(list(domain))

    @classmethod
    def _columns(cls):
        plans = cls.env["account.analytic.plan"]
        return plans._ess_column("action"), plans._ess_column("grant")

    def _rows(self, action=None, grant=None, budgets=None, **period):
        """Statement of an action by (kind, side, code or None)."""
        action = action or self.action
        budgets = budgets if budgets is not None else self.env["ess.budget"]
        rows = action._get_statement(budgets, grant=grant, **period)
        codes = {line.id: line.code for line in self.env["ess.cerfa.line"].search([])}
        return {
            (row["kind"], row["side"], codes.get(row["line_id"])): row for row in rows
        }
