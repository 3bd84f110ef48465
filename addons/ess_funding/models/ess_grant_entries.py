from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, formatLang, html_escape

from .ess_grant import OPEN_STATES


class EssGrant(models.Model):
    """Draft entries of grants.

    Income is posted once and in full, when the grant is notified; instalments only
    settle what the funder owes. Every entry is a draft with its reason in the notes,
    and is worked out from what the ledger holds already, so that asking twice makes
    nothing twice and reversing an entry makes it proposed again.
    """

    _inherit = "ess.grant"

    # === ACTIONS
    def action_book_award(self):
        """Draft the entry that brings the recorded award to its amount.

        :raises UserError: when nothing is due, or it is recorded already
        """
        moves = self.env["account.move"]
        for grant in self:
            grant._check_bookable()
            day = grant.date_notified or fields.Date.context_today(grant)
            moves |= grant._make_award_entry(grant.amount, day)
        return moves._ess_get_window_action()

    def _check_bookable(self):
        """Refuse to record what is not due, with the reason.

        :raises UserError: the rule that forbids it
        """
        self.ensure_one()
        if self.state not in OPEN_STATES:
            message = self.env._("“%(name)s” is not notified yet, or is over.")
        elif self.is_earned_by_spending:
            message = self.env._(
                "“%(name)s” is earned by spending: its income is worked out at year "
                "end, and cash received before is an advance."
            )
        elif not self._is_due():
            message = self.env._(
                "“%(name)s” depends on a condition that is not met: nothing is "
                "recorded, and cash received meanwhile is an advance. Enter the day "
                "on which the condition was met."
            )
        else:
            return
        raise UserError(message % {"name": self.name})

    def _get_lock_error(self, date, locks):
        """The refusal of an entry in a closed period."""
        return UserError(
            self.env._(
                "The entry of %(date)s falls in a closed period (%(locks)s). Choose a "
                "later day, or have the lock date moved.",
                date=format_date(self.env, date),
                locks=self.env["res.company"]._format_lock_dates(locks),
            )
        )

    # === BUSINESS: entries
    def _make_award_entry(self, target, date, reason=""):
        """Draft what is missing, or too much, for the ledger to hold the award.

        :param float target: award that the ledger should hold
        :raises UserError: when the ledger holds it already
        :rtype: account.move
        """
        self.ensure_one()
        figures = self._get_figures()[self.id]
        missing = self._get_missing_award(target, figures["award"])
        kind = "notified" if not figures["award"] else "raised"
        kind = "lowered" if missing < 0 else kind
        text = {
            "notified": self.env._("award notified"),
            "raised": self.env._("award raised"),
            "lowered": self.env._("award lowered"),
        }[kind]
        why = self.env._(
            "The award is recorded once and in full when it is notified, whatever the "
            "instalments (ANC 2018-06): %(target)s, of which %(booked)s was recorded.",
            target=formatLang(self.env, target, currency_obj=self.currency_id),
            booked=formatLang(
                self.env, figures["award"], currency_obj=self.currency_id
            ),
        )
        lines = self._get_award_lines(missing, figures["advance"])
        return self._make_grant_entry(
            kind, date, f"{self.name}, {text}", lines, f"{why} {reason}".strip()
        )

    def _get_missing_award(self, target, booked):
        """What the ledger lacks of an award; negative when it holds too much.

        :raises UserError: when the ledger holds it already
        :rtype: float
        """
        missing = self.currency_id.round(target - booked)
        if self.currency_id.is_zero(missing):
            raise UserError(
                self.env._(
                    "The ledger holds the whole award of “%(name)s” already: "
                    "%(amount)s.",
                    name=self.name,
                    amount=formatLang(self.env, target, currency_obj=self.currency_id),
                )
            )
        return missing

    def _get_award_lines(self, missing, advance):
        """Lines that record an award, an advance received before settling its part.

        :param float missing: what the ledger lacks of the award
        :param float advance: what the funder paid before
        :return: list of (beginning of a code, balance)
        :rtype: list
        """
        nature = self.nature_id
        lines = [(nature.receivable_code, missing), (nature.income_code, -missing)]
        if advance > 0 and missing > 0:
            settled = min(advance, missing)
            lines += [(nature.advance_code, settled)]
            lines += [(nature.receivable_code, -settled)]
        return lines

    def _make_grant_entry(self, kind, date, label, lines, reason):
        """A draft entry about one grant, its reason in the notes.

        :param str kind: key of `account.move.ess_kind`
        :param list lines: (beginning of a code or account.account, balance)
        :rtype: account.move
        """
        self.ensure_one()
        values = self._prepare_entry_values(kind, date, label, lines, reason)
        return self.env["account.move"].create(values)

    def _prepare_entry_values(self, kind, date, label, lines, reason):
        """Values of a draft entry; see `_make_grant_entry`.

        :rtype: dict
        """
        company = self.company_id
        self.env["account.move"]._ess_check_open(company, date)
        distribution = self._get_income_distribution()
        commands = []
        for code, balance in lines:
            account = company._ess_account(code) if isinstance(code, str) else code
            in_result = account.internal_group in ("income", "expense")
            commands.append(
                Command.create(
                    {
                        "account_id": account.id,
                        "name": label,
                        "partner_id": self.funder_id.id,
                        "balance": self.currency_id.round(balance),
                        "ess_grant_id": self.id,
                        "analytic_distribution": distribution if in_result else False,
                    }
                )
            )
        return {
            "move_type": "entry",
            "journal_id": company._ess_journal().id,
            "company_id": company.id,
            "date": date,
            "ref": label,
            "ess_kind": kind,
            "narration": html_escape(reason),
            "line_ids": commands,
        }

    def _get_bank_account(self):
        """Account of the first bank journal of the company.

        :rtype: account.account
        """
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company_id.id)], limit=1
        )
        if not journal.default_account_id:
            raise UserError(
                self.env._(
                    "“%(company)s” has no bank journal with an account: create it in "
                    "Accounting first.",
                    company=self.company_id.name,
                )
            )
        return journal.default_account_id

    def _get_income_distribution(self):
        """Analytic distribution of the award: its shares, the rest on *Structure*.

        :rtype: dict
        """
        self.ensure_one()
        # sudo: ids of the twins of the grant and its actions
        payer = self.sudo().analytic_account_id.id
        parts = Counter()
        total = sum(self.share_ids.mapped("amount"))
        whole = max(total, self.amount)
        for share in self.share_ids:
            account = share.sudo().action_id.analytic_account_id.id
            parts[account] += share.amount
        if whole - total > 0.004 or not parts:
            structure = self.company_id._get_structure_action().sudo()
            parts[structure.analytic_account_id.id] += whole - total or 1
        weight = sum(parts.values())
        if not weight:
            parts, weight = dict.fromkeys(parts, 1), len(parts)
        keys = [f"{account},{payer}" for account in parts]
        percents = [round(value / weight * 100, 8) for value in parts.values()]
        percents[-1] = round(100 - sum(percents[:-1]), 8)
        return dict(zip(keys, percents, strict=True))
