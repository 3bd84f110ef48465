from odoo import models
from odoo.tools import format_amount

from ..tools import fec


class EssFecImport(models.TransientModel):
    """What is said about the firm's file, in the language of the accountant."""

    _inherit = "ess.fec.import"

    def _get_file_words(self, error):
        """Say why a file cannot be read and what to do.

        :param error: FecError or TableError
        :rtype: str
        """
        if error.code == "no_fec":
            return self.env._(
                "This is no file of entries (FEC): the columns %(missing)s are missing "
                "in its first line. Ask the firm for the “fichier des écritures "
                "comptables”, columns parted by tabs or pipes.",
                missing=error.figures["missing"],
            )
        if error.code == "too_many":
            return self.env._(
                "The file has more than %(limit)s lines. Ask the firm for one file per "
                "quarter.",
                limit=error.figures["limit"],
            )
        return self.env["ess.import"]._table_error(error)

    def _words(self, code, figures):
        """Say why a line cannot be taken.

        :param str code: of the problem
        :param dict figures: what to name
        :rtype: str
        """
        if code == "guard":
            return figures["words"]
        if code == "unbalanced":
            amount = format_amount(
                self.env, float(figures["amount"]), self.company_id.currency_id
            )
            figures = {"amount": amount}
        return (self._line_words() | self._entry_words())[code] % figures

    def _line_words(self):
        """Words about one line of the file."""
        return {
            "day": self.env._("“%(value)s” is no day: 20261231 is expected."),
            "empty_cell": self.env._("The column %(column)s is empty."),
            "amount": self.env._(
                "“%(value)s” is no amount in euros and cents: 1234,56 is expected."
            ),
            "side": self.env._("“%(value)s” in Sens is neither D nor C."),
            "both_sides": self.env._("The line has a debit and a credit."),
            "unknown_account": self.env._(
                "The account %(code)s does not exist here: tick its creation, or ask "
                "an accounting administrator."
            ),
            "unknown_journal": self.env._(
                "The journal %(code)s does not exist here: tick its creation, or ask "
                "an accounting administrator."
            ),
            "unknown_code": self.env._(
                "Say which action or grant the code “%(code)s” stands for."
            ),
            "unknown_currency": self.env._("The currency %(code)s is not in use here."),
            "share": self.env._(
                "“%(value)s” has no percentage beside other codes: PASS:60;HEB:40 is "
                "expected."
            ),
            "over": self.env._("The shares add up to %(percent)s %%, above 100 %%."),
            "two_targets": self.env._(
                "“%(code)s” names two actions or two grants for one share."
            ),
            "no_action": self.env._(
                "“%(code)s” is the grant “%(grant)s”, which pays for no action or for "
                "several: add the code of the action."
            ),
        }

    def _entry_words(self):
        """Words about a whole entry."""
        return {
            "days": self.env._(
                "The lines of this number have several days, or none: an entry has one "
                "day. Ask the firm for numbers that are unique in the year."
            ),
            "unbalanced": self.env._(
                "Debit and credit differ by %(amount)s: the whole entry is left out."
            ),
            "locked": self.env._(
                "The entry falls in a closed period (%(locks)s). Have the lock date "
                "moved, or the firm book it in an open period."
            ),
            "gone": self.env._(
                "Imported before, and no longer in the file: ask the firm whether it "
                "was deleted, then cancel it here."
            ),
        }

    def _get_change_words(self, one):
        """What the firm changed in an entry, line by line."""
        old, new = one["move"].ess_fec_lines, one["entry"].snapshot()
        gone, come = fec.differences(old, new)
        texts = []
        if old["date"] != new["date"]:
            texts.append(
                self.env._(
                    "Day: %(old)s, now %(new)s.", old=old["date"], new=new["date"]
                )
            )
        texts += [self._get_facts_words(self.env._("Was:"), line) for line in gone]
        texts += [self._get_facts_words(self.env._("Now:"), line) for line in come]
        return "\n".join(texts)

    def _get_facts_words(self, intro, facts):
        """A line of an entry on one line of text."""
        account, _partner, ref, label, amount, _currency, _other, codes = facts
        money = format_amount(self.env, float(amount), self.company_id.currency_id)
        parts = [account, ref, label, money, codes]
        return f"{intro} {' · '.join(part for part in parts if part)}"
