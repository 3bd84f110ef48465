"""Eighteen months of posted entries: bills, salaries, sales, gifts, grants received."""

from collections import defaultdict

from odoo import fields
from odoo.fields import Command

from odoo.addons.ess_beneficiary.demo.story import DEMO_MARK

from ..tools.stamp import make_page

#: accounts that associations use and the general chart does not have yet
MISSING_ACCOUNTS = {
    "754100": "Dons manuels",
    "754200": "Mécénats",
    "756000": "Cotisations",
}
FIRST_MONTH, LAST_MONTH = "2025-06", "2026-11"
FIRST_PAYROLL, LAST_PAYROLL = "2025-05", "2026-10"
#: bills of November 2026 that nobody has linked yet
UNLINKED_MONTH = "2026-11"
UNLINKED = (
    "Maraîchers de la Vallée",
    "Opale Télécom",
    "Atelier Logiciel Coopératif",
    "Quincaillerie Baudoin",
    "Tri et Valorisation 87",
    "Garage des Ponts",
    "Librairie Page et Plume",
)
#: bills that actions share by floor area: indirect costs
SHARED = ("Énergie Commune",)
RHYTHMS = {
    "month": range(1, 13),
    "quarter": (2, 5, 8, 11),
    "term": (1, 4, 9, 11),
    "halfyear": (1, 7),
}
#: sales of the recyclerie, gifts and services: month of the year → share of an ordinary
#: month
SEASON = {
    1: 0.8,
    2: 0.85,
    3: 1.0,
    4: 1.05,
    5: 1.1,
    6: 1.1,
    7: 0.95,
    8: 0.7,
    9: 1.15,
    10: 1.1,
    11: 1.05,
    12: 1.15,
}
SALES, GIFTS, SERVICES = 118600 / 12, 61000 / 12, 24000 / 12


def build(story):
    """Post the entries of the eighteen months."""
    story.ledger = Ledger(story)
    with story.step("Comptabilité") as made:
        moves = story.ledger.post()
        _attach_papers(story, moves)
        made(f"{len(moves)} écritures validées")
        story.figures["entries"] = len(moves)
        story.figures["bills_without_funding"] = _count_unlinked(story)
        story.figures.update(_totals(story))


def _attach_papers(story, moves):
    """Attach the paper of each bill that the first grant pays for."""
    lines = story.env["account.analytic.line"].search(
        story.grants["G1"]._get_cost_domain()
    )
    bills = lines.move_line_id.move_id.filtered(
        lambda move: move.move_type == "in_invoice"
    )
    story.env["ir.attachment"].create(
        [
            {
                "name": f"{bill.ref}.pdf",
                "res_model": "account.move",
                "res_id": bill.id,
                "mimetype": "application/pdf",
                "raw": make_page([f"Facture {bill.ref} (exemple)"], (420, 595)),
            }
            for bill in bills & moves
        ]
    )


def _count_unlinked(story):
    """Return the number of bills of the month that no grant and no action bears."""
    first = story.month(UNLINKED_MONTH)
    lines = story.env["account.move.line"].search(
        [
            ("move_id.move_type", "=", "in_invoice"),
            ("parent_state", "=", "posted"),
            ("display_type", "=", "product"),
            ("move_id.invoice_date", ">=", first),
            ("ess_has_action", "=", False),
        ]
    )
    return len(lines.move_id)


def _totals(story):
    """Return expenses and income of the period, and what the grants pay."""
    groups = story.env["account.move.line"]._read_group(
        [
            ("parent_state", "=", "posted"),
            ("account_id.internal_group", "in", ("expense", "income")),
        ],
        ["account_id"],
        ["balance:sum"],
    )
    totals = {"expense": 0, "income": 0}
    for account, balance in groups:
        totals[account.internal_group] += balance
    grants = story.grants.values()
    return {
        "expenses": round(totals["expense"], 2),
        "income": round(-totals["income"], 2),
        "granted": sum(grant.amount for grant in grants),
        "charged_to_grants": round(sum(grant.spent_amount for grant in grants), 2),
    }


class Ledger:
    """The accountant at work: she writes every entry with its analytic distribution."""

    def __init__(self, story):
        self.story = story
        self.env = story.as_user("compta")
        self.dice = story.dice("comptabilité")
        self._open_accounts()
        self.accounts = {
            account.code: account.id
            for account in story.env["account.account"].search([])
        }
        journals = story.env["account.journal"].search(
            [("company_id", "=", story.env.company.id)]
        )
        self.journal = {journal.type: journal.id for journal in reversed(journals)}

    def post(self):
        """Create and post everything; return the moves."""
        moves = self.env["account.move"].create(
            [
                *self._bills(),
                *self._payrolls(),
                *self._sales(),
                *self._services(),
                *self._grants_received(),
            ]
        )
        moves.action_post()
        return moves

    def _open_accounts(self):
        """Open the few accounts of associations that the entries need."""
        Account = self.story.env["account.account"]
        known = set(
            Account.search([("code", "in", list(MISSING_ACCOUNTS))]).mapped("code")
        )
        Account.create(
            [
                {"code": code, "name": name, "account_type": "income"}
                for code, name in MISSING_ACCOUNTS.items()
                if code not in known
            ]
        )

    # === PARTS

    def months(self, first, last):
        """Yield the months of the facts, ``YYYY-MM``, both included."""
        year, month = (int(part) for part in first.split("-"))
        while f"{year}-{month:02d}" <= last:
            yield f"{year}-{month:02d}"
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def shares(self, text, day):
        """Return an analytic distribution; a grant not in force that day is left out.

        :param str text: ``action/grant:percent action:percent``
        """
        distribution = defaultdict(float)
        for part in text.split():
            who, percent = part.split(":")
            action, _slash, grant = who.partition("/")
            accounts = [self.story.actions[action].analytic_account_id]
            if grant:
                paid = self.story.grants[grant]
                if paid.date_from <= day <= paid.date_to:
                    accounts.append(paid.analytic_account_id)
            key = ",".join(str(account.id) for account in accounts)
            distribution[key] += float(percent)
        return dict(distribution)

    def amount(self, amount, spread=0):
        """Return an amount as bills have them, around an ordinary one."""
        return round(
            float(amount) * (1 + self.dice.uniform(-1, 1) * float(spread) / 100), 2
        )

    def partner(self, name):
        """Return the contact of a supplier or customer, created once."""
        partner = self.env["res.partner"].search([("name", "=", name)], limit=1)
        return partner or self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "comment": DEMO_MARK,
            }
        )

    def entry(self, day, label, lines):
        """Return the values of a journal entry.

        :param list lines: (account code, label, balance, distribution or None)
        """
        return {
            "move_type": "entry",
            "journal_id": self.journal["general"],
            "date": day,
            "ref": label,
            "line_ids": [
                Command.create(
                    {
                        "account_id": self.accounts[code],
                        "name": name,
                        "debit": max(balance, 0),
                        "credit": max(-balance, 0),
                        "analytic_distribution": distribution,
                    }
                )
                for code, name, balance, distribution in lines
            ],
        }

    # === WHAT IS POSTED

    def _bills(self):
        """Bills of suppliers; those of the last month wait for their funding."""
        for row in self.story.read(__file__, "bills.csv"):
            vendor = self.partner(row["vendor"])
            for month in self.months(FIRST_MONTH, LAST_MONTH):
                if int(month[-2:]) not in RHYTHMS[row["rhythm"]]:
                    continue
                day = self.story.past(month, int(row["day"]))
                if month == LAST_MONTH and int(row["day"]) > 23:
                    continue
                is_unlinked = month == UNLINKED_MONTH and row["vendor"] in UNLINKED
                yield {
                    "move_type": "in_invoice",
                    "partner_id": vendor.id,
                    "invoice_date": day,
                    "date": day,
                    "ref": f"F{month.replace('-', '')}-{vendor.id}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": row["label"],
                                "account_id": self.accounts[row["account"]],
                                "quantity": 1,
                                "price_unit": self.amount(row["amount"], row["spread"]),
                                "tax_ids": [Command.clear()],
                                "ess_is_indirect": row["vendor"] in SHARED,
                                "analytic_distribution": None
                                if is_unlinked
                                else self.shares(row["shares"], day),
                            }
                        )
                    ],
                }

    def _payrolls(self):
        """One entry a month: salaries and contributions of each action."""
        rows = self.story.read(__file__, "payroll.csv")
        for month in self.months(FIRST_PAYROLL, LAST_PAYROLL):
            day = self.story.past(month, 31)
            lines, owed, contributions = [], 0, 0
            for row in rows:
                shares = self.shares(row["shares"], day)
                name = f"Salaires {self.story.actions[row['action']].name}"
                gross, charges, training = (
                    float(row[key]) for key in ("gross", "charges", "training")
                )
                lines += [
                    ("641100", name, gross, shares),
                    ("645100", name, charges, shares),
                    ("633300", name, training, shares),
                ]
                owed += gross
                contributions += charges + training
            lines += [
                ("421000", "Salaires à payer", -owed, None),
                ("431000", "Cotisations à payer", -contributions, None),
            ]
            yield self.entry(day, f"Paie {month}", lines)

    def _sales(self):
        """Takings of the recyclerie and gifts of the month."""
        for month in self.months(FIRST_MONTH, LAST_MONTH):
            day = self.story.past(month, 21)
            season = SEASON[int(month[-2:])]
            taken = self.amount(SALES * season, 6)
            yield self.entry(
                day,
                f"Recettes de la recyclerie {month}",
                [
                    ("530000", "Caisse", taken, None),
                    (
                        "707000",
                        "Ventes de la recyclerie",
                        -taken,
                        self.shares("recyclerie:100", day),
                    ),
                ],
            )
            given = self.amount(GIFTS * (2.2 if month.endswith("-12") else 0.9), 15)
            shares = self.shares("veilleuse:20 etal:30 structure:50", day)
            yield self.entry(
                day,
                f"Dons reçus {month}",
                [
                    ("512001", "Dons", given, None),
                    ("754100", "Dons manuels", -given, shares),
                ],
            )

    def _services(self):
        """Invoices to the social landlord for the collection of furniture."""
        customer = self.partner("Office de l'habitat des Deux Rives")
        for month in self.months(FIRST_MONTH, LAST_MONTH):
            day = self.story.past(month, 15)
            yield {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Enlèvement et remise en état de mobilier",
                            "account_id": self.accounts["706000"],
                            "quantity": 1,
                            "price_unit": self.amount(SERVICES, 10),
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": self.shares("recyclerie:100", day),
                        }
                    )
                ],
            }

    def _grants_received(self):
        """Grants and memberships, as they were notified or paid."""
        for row in self.story.read(__file__, "income.csv"):
            day = fields.Date.to_date(self.story.past(row["month"], int(row["day"])))
            amount = float(row["amount"])
            yield self.entry(
                day,
                row["label"],
                [
                    (row["counterpart"], row["label"], amount, None),
                    (
                        row["account"],
                        row["label"],
                        -amount,
                        self.shares(row["shares"], day),
                    ),
                ],
            )
