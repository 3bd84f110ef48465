from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Command
from odoo.tools import html_escape

from .ess_in_kind import ACCOUNTS

#: what is taken back on the first day of the next year
RESET_KINDS = {"deferred": "deferred_reset", "in_kind": "in_kind_reset"}


class EssYearEnd(models.Model):
    """Draft entries of a year end, and its annexes."""

    _inherit = "ess.year.end"

    # === ENTRIES
    def _make_entries(self):
        """Draft the entries of the proposals, and those that take them back."""
        lines = self.line_ids.filtered(lambda line: not line.move_id)
        if not lines:
            return
        moves = self.env["account.move"].create(
            [self._prepare_move(line, self.date_to) for line in lines]
        )
        for line, move in zip(lines, moves, strict=True):
            line.sudo().move_id = move  # sudo: proposals belong to the buttons
        resets = lines.filtered(lambda line: line.step in RESET_KINDS)
        next_day = self.date_to + relativedelta(days=1)
        moves = self.env["account.move"].create(
            [self._prepare_move(line, next_day, reset=True) for line in resets]
        )
        for line, move in zip(resets, moves, strict=True):
            line.sudo().reset_move_id = move  # sudo: as above
        self._refresh_state()

    def _prepare_move(self, line, date, reset=False):
        """Values of the draft entry of a proposal.

        :param bool reset: the entry that takes it back
        """
        sign = -1 if reset else 1
        kind = RESET_KINDS[line.step] if reset else line.step
        labels = dict(
            self.env["account.move"]
            ._fields["ess_kind"]
            ._description_selection(self.env)
        )
        if line.step == "in_kind":
            return self._prepare_in_kind_move(line, date, kind, sign, labels[kind])
        grant = line.grant_id
        nature = grant.nature_id
        debit, credit = {
            "lowered": (nature.income_code, nature.receivable_code),
            "accrued": (nature.receivable_code, nature.income_code),
            "deferred": (nature.income_code, nature.deferred_code),
            "dedicated_use": (nature.dedicated_code, nature.use_code),
            "dedicated_add": (nature.report_code, nature.dedicated_code),
            "investment": (nature.writeback_code, nature.writeback_income_code),
        }[line.step]
        return grant._prepare_entry_values(
            kind,
            date,
            f"{grant.name}, {labels[kind]}",
            [(debit, sign * line.amount), (credit, -sign * line.amount)],
            line.reason,
        )

    def _prepare_in_kind_move(self, line, date, kind, sign, label):
        """Values of an entry of class 8, in its own journal."""
        company = self.company_id
        self.env["account.move"]._ess_check_open(company, date)
        action = line.action_id
        # sudo: id of the twin of the action
        distribution = {str(action.sudo().analytic_account_id.id): 100}
        amounts = (sign * line.amount, -sign * line.amount)
        return {
            "move_type": "entry",
            "journal_id": company._ess_journal(is_in_kind=True).id,
            "company_id": company.id,
            "date": date,
            "ref": f"{action.name}, {label}",
            "ess_kind": kind,
            "narration": html_escape(line.reason),
            "line_ids": [
                Command.create(
                    {
                        "account_id": company._ess_account(code).id,
                        "name": f"{action.name}, {label}",
                        "balance": balance,
                        "analytic_distribution": distribution,
                    }
                )
                for code, balance in zip(ACCOUNTS[line.kind], amounts, strict=True)
            ],
        }

    # === ANNEXES
    def _refresh_sheets(self):
        """Compute the lead sheets and the table of dedicated funds again."""
        self.ensure_one()
        grants = self._get_grants()
        last = self.date_from - relativedelta(days=1)
        before = grants._get_figures(None, last)
        year = grants._get_figures(self.date_from, self.date_to)
        two_years = grants._get_figures(
            self.date_from - relativedelta(years=1), self.date_to
        )
        sheets = self.sheet_ids.sudo()  # sudo: sheets are computed, never typed
        sheets.unlink()
        sheets.create(
            [
                self._prepare_sheet(
                    grant, before[grant.id], year[grant.id], two_years[grant.id]["cost"]
                )
                for grant in grants
            ]
        )

    def _prepare_sheet(self, grant, before, year, recent_cost):
        """Values of the sheet of one grant.

        :param float recent_cost: costs of the last two years
        """
        total = {
            key: round(before[key] + year[key], 2)
            for key in ("award", "deferred", "receivable", "taken", "advance")
        }
        closing = before["fund"] + year["fund_added"] - year["fund_used"]
        fund = grant.nature_id.dedicated_code
        has_fund = fund and (before["fund"] or year["fund_added"] or year["fund_used"])
        closing = round(closing, 2)
        return {
            "year_end_id": self.id,
            "grant_id": grant.id,
            "award": total["award"],
            "income": year["income"],
            "cost": year["cost"],
            "deferred": total["deferred"],
            "received": total["award"] - total["receivable"] + total["advance"],
            "receivable": total["receivable"],
            "taken": total["taken"],
            "fund_code": fund if has_fund or grant.is_earmarked else False,
            "fund_opening": before["fund"],
            "fund_added": year["fund_added"],
            "fund_used": year["fund_used"],
            "fund_refund": min(year["fund_used"], year["refund"]),
            "fund_closing": closing,
            "fund_idle": closing if not recent_cost else 0.0,
        }
