import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import fec
from .common import EssFundingCommon

TITLES = [*fec.COLUMNS, "Analytique"]


class FecCommon(EssFundingCommon):
    """Files of the firm and the accountant who reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.group_ids = [
            Command.link(cls.env.ref("account.group_account_manager").id)
        ]
        cls.grant.ref = "CD93"
        cls.action.analytic_account_id.code = "PASS"
        cls.env["account.journal"].create(
            {
                "code": "HA",
                "name": "Achats du cabinet",
                "type": "general",
                "company_id": cls.company.id,
            }
        )
        for code in ("604000", "401100", "512001"):
            cls._account(code)

    def _fec_line(self, number="1", account="604000", debit=0, credit=0, **values):
        """One line of the file, as a dict of its columns."""

        def money(amount):
            return f"{amount:.2f}".replace(".", ",")

        return {
            "JournalCode": "HA",
            "JournalLib": "Achats",
            "EcritureNum": number,
            "EcritureDate": "20260301",
            "CompteNum": account,
            "CompteLib": f"Compte {account}",
            "PieceRef": f"F{number}",
            "EcritureLib": 'Papier "recyclé"',
            "Debit": money(debit),
            "Credit": money(credit),
            **values,
        }

    def _bill(self, number="1", amount=100.0, codes="PASS/CD93", **values):
        """An entry of two lines: a cost with a code, a supplier."""
        return [
            self._fec_line(number, "604000", debit=amount, Analytique=codes, **values),
            self._fec_line(number, "401100", credit=amount, **values),
        ]

    def _content(self, rows, separator="\t", encoding="cp1252", titles=TITLES):
        lines = [separator.join(titles)]
        lines += [separator.join(row.get(one, "") for one in titles) for row in rows]
        return ("\r\n".join(lines) + "\r\n").encode(encoding)

    def _read(self, rows, user=None, **options):
        content = rows if isinstance(rows, bytes) else self._content(rows, **options)
        wizard = self.env["ess.fec.import"].with_user(user or self.accountant)
        wizard = wizard.with_company(self.company).create(
            {"file": base64.b64encode(content), "company_id": self.company.id}
        )
        wizard.action_read()
        return wizard

    def _import(self, rows, **options):
        wizard = self._read(rows, **options)
        wizard.action_import()
        return wizard

    def _counts(self, wizard):
        names = ("new", "known", "changed", "refused")
        return tuple(wizard[f"{name}_count"] for name in names)

    def _moves(self):
        domain = [("ess_fec_key", "!=", False), ("company_id", "=", self.company.id)]
        return self.env["account.move"].search(domain)


@tagged("post_install", "-at_install", "ess")
class TestEssFecImport(FecCommon):
    """The firm's entries come in once, whole, linked to actions and grants."""

    def test_reading_writes_nothing(self):
        wizard = self._read(self._bill())
        self.assertEqual(self._counts(wizard), (1, 0, 0, 0))
        self.assertEqual(wizard.code_titles, "Analytique")
        self.assertFalse(self._moves())

    def test_entry_is_posted_and_charged(self):
        wizard = self._import(self._bill())
        move = wizard.move_ids
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.date, date(2026, 3, 1))
        self.assertEqual(move.line_ids.mapped("balance"), [100.0, -100.0])
        self.assertEqual(self.grant.spent_amount, 100)
        self.assertEqual(self.action.actual_cost, 100)
        self.assertIn('Papier "recyclé"', move.line_ids.mapped("name"))
        self.assertEqual(self._counts(wizard), (0, 1, 0, 0))

    def test_again_and_again_without_doubles(self):
        rows = self._bill("1") + self._bill("2", 50)
        self._import(rows[:2])
        wizard = self._import(list(reversed(rows)), separator="|", encoding="utf-8")
        self.assertEqual(wizard.done_count, 1)
        for _time in range(2):
            wizard = self._import(rows)
            self.assertEqual(self._counts(wizard), (0, 2, 0, 0))
            self.assertFalse(wizard.done_count)
        self.assertEqual(len(self._moves()), 2)
        self.assertEqual(self.grant.spent_amount, 150)

    def test_lettering_is_no_change(self):
        self._import(self._bill())
        wizard = self._read(self._bill(EcritureLet="AA", ValidDate="20260501"))
        self.assertEqual(self._counts(wizard), (0, 1, 0, 0))

    def test_same_number_in_another_year_is_another_entry(self):
        self._import(self._bill())
        wizard = self._import(self._bill(EcritureDate="20270301", codes=""))
        self.assertEqual(wizard.done_count, 1)
        self.assertEqual(len(self._moves()), 2)

    def test_change_is_shown_and_never_silent(self):
        self._import(self._bill())
        wizard = self._import(self._bill(amount=120))
        self.assertEqual(self._counts(wizard), (0, 0, 1, 0))
        self.assertIn("100", wizard.line_ids.message)
        self.assertIn("120", wizard.line_ids.message)
        self.assertEqual(self.grant.spent_amount, 100)
        wizard.line_ids.is_wanted = True
        wizard.action_import()
        self.assertEqual(self._counts(wizard), (0, 1, 0, 0))
        self.assertEqual(self.grant.spent_amount, 120)
        self.assertEqual(len(self._moves()), 1)

    def test_deleted_by_the_firm_is_shown(self):
        self._import(self._bill("1") + self._bill("2"))
        wizard = self._read(self._bill("2"))
        self.assertEqual(wizard.line_ids.mapped("result"), ["gone"])
        self.assertEqual(self._counts(wizard), (0, 1, 0, 0))

    def test_unbalanced_entry_is_left_out_whole(self):
        bad = [*self._bill("7", 30)[:1], *self._bill("7", 29)[1:]]
        wizard = self._import(bad + self._bill("8", 10))
        self.assertEqual(wizard.line_ids.mapped("result"), ["refused"])
        self.assertIn("1.00", wizard.line_ids.message)
        self.assertEqual(wizard.done_count, 1)

    def test_each_wrong_line_says_why(self):
        cases = {
            "no day": {"EcritureDate": "20261301"},
            "no amount": {"Debit": "12,345"},
            "a debit and a credit": {"Debit": "100,00", "Credit": "5,00"},
            "column EcritureNum is empty": {"EcritureNum": ""},
            "several days": {"EcritureDate": "20260302"},
            "has no percentage": {"Analytique": "PASS;HEB:40"},
            "above 100": {"Analytique": "PASS:60;PASS/CD93:50"},
            "currency ZZZ": {"Montantdevise": "3,00", "Idevise": "ZZZ"},
        }
        for words, values in cases.items():
            with self.subTest(words=words):
                first, second = self._bill("9")
                if "EcritureNum" in values:
                    second |= values
                wizard = self._import([first | values, second])
                self.assertIn(words, " ".join(wizard.line_ids.mapped("message")))
                self.assertFalse(wizard.done_count)

    def test_unknown_account_journal_and_code_are_settled(self):
        rows = self._bill(codes="C7", JournalCode="NDF", JournalLib="Notes de frais")
        rows[0]["CompteNum"] = "625199"
        wizard = self._read(rows)
        needs = {need.kind: need for need in wizard.need_ids}
        self.assertEqual(set(needs), {"account", "journal", "code"})
        self.assertEqual(needs["account"].account_type, "expense")
        self.assertEqual(self._counts(wizard), (0, 0, 0, 1))
        needs["code"].grant_id = self.grant
        wizard.action_read()
        self.assertEqual(self._counts(wizard), (1, 0, 0, 0))
        wizard.action_import()
        self.assertEqual(self.grant.spent_amount, 100)
        self.assertEqual(self.action.actual_cost, 100)
        self.assertFalse(wizard.need_ids)
        self.assertEqual(self._moves().journal_id.code, "NDF")
        again = self._import(self._bill("2", 11, codes="c7"))
        self.assertEqual(again.done_count, 1)
        self.grant.invalidate_recordset()
        self.assertEqual(self.grant.spent_amount, 111)

    def test_code_may_be_left_out(self):
        wizard = self._read(self._bill(codes="VEHICULE"))
        wizard.need_ids.is_left_out = True
        wizard.action_import()
        self.assertEqual(wizard.done_count, 1)
        self.assertFalse(wizard.move_ids.line_ids.mapped("analytic_distribution")[0])

    def test_who_may_not_make_accounts_is_told(self):
        self.accountant.group_ids = [
            Command.unlink(self.env.ref("account.group_account_manager").id)
        ]
        rows = self._bill()
        rows[0]["CompteNum"] = "625199"
        wizard = self._import(rows)
        self.assertIn("accounting administrator", wizard.line_ids.message)
        self.assertFalse(wizard.done_count)

    def test_shares_codes_in_two_columns_and_balance_sheet(self):
        self._make_grant(name="Grant B", ref="FDF", actions={self.action_2: 500})
        self.action_2.analytic_account_id.code = "TAND"
        titles = [*TITLES, "Financeur"]
        rows = self._bill(
            "1", 99.99, codes="PASS/CD93:33,33333333;TAND/FDF:66.66666667"
        )
        rows += self._bill("2", 10, codes="TAND", Financeur="FDF")
        rows += [
            self._fec_line("3", "441700", debit=80, Analytique="CD93"),
            self._fec_line("3", "741000", credit=80, Analytique="CD93"),
        ]
        self._account("441700")
        wizard = self._import(rows, titles=titles)
        self.assertEqual(wizard.done_count, 3, wizard.line_ids.mapped("message"))
        self.assertEqual(self.grant.spent_amount, 33.33)
        self.assertEqual(self.action_2.actual_cost, 76.66)
        self.assertEqual(self.grant.booked_amount, 80)

    def test_accounts_of_eight_digits(self):
        rows = self._bill()
        rows[0]["CompteNum"] = "60400000"
        self.assertEqual(self._counts(self._read(rows)), (1, 0, 0, 0))

    def test_partner_and_currency(self):
        partner = self.env["res.partner"].create({"name": "Papeterie (invented)"})
        other = self.env.ref("base.CHF")
        other.active = True
        rows = self._bill(Montantdevise="110,00", Idevise="chf")
        rows[1] |= {"CompAuxNum": "FPAP", "CompAuxLib": partner.name}
        move = self._import(rows).move_ids
        supplier = move.line_ids.filtered("partner_id")
        self.assertEqual(supplier.partner_id, partner)
        self.assertEqual(supplier.amount_currency, -110)
        self.assertEqual(supplier.currency_id, other)

    def test_lock_dates_and_rules_of_grants(self):
        self.company.fiscalyear_lock_date = "2026-01-31"
        self.grant.write({"guard": "refuse", "ineligible_prefixes": "604"})
        wizard = self._import(
            self._bill("1", EcritureDate="20260115", codes="") + self._bill("2")
        )
        messages = " ".join(wizard.line_ids.mapped("message"))
        self.assertIn("closed period", messages)
        self.assertIn("does not accept", messages)
        self.assertEqual(self._counts(wizard), (0, 0, 0, 2))
        self.assertFalse(self._moves())

    def test_grant_of_two_actions_needs_the_action(self):
        self.grant.share_ids = [
            Command.create({"action_id": self.action_2.id, "amount": 0})
        ]
        wizard = self._import(self._bill(codes="CD93"))
        self.assertIn("add the code of the action", wizard.line_ids.message)
        self.assertFalse(wizard.done_count)

    def test_what_odoo_refuses_at_posting_spoils_no_other(self):
        rows = self._bill("1") + self._bill("2")
        wizard = self._read(rows)
        moves = type(self.env["account.move"])
        post = moves.action_post

        def refuse(records):
            if "HA 2" in " ".join(records.mapped("ref")):
                raise UserError(self.env._("No"))
            return post(records)

        self.patch(moves, "action_post", refuse)
        wizard.action_import()
        self.assertEqual(wizard.done_count, 1)
        self.assertEqual(wizard.line_ids.mapped("message"), ["No"])
        self.assertEqual(len(self._moves()), 1)

    def test_bad_files_get_a_clear_message(self):
        cases = {
            b"\r\n\r\n": "empty",
            b"%PDF-1.7 x": "PDF",
            b"a\tb\n1\t2\n": "JournalCode",
            b"hello": "no file of entries",
            self._content([]): "no row",
            self._content(self._bill(), titles=TITLES[:11]): "Debit",
        }
        for content, words in cases.items():
            with (
                self.subTest(words=words),
                self.assertRaisesRegex(UserError, words),
            ):
                self._read(content)

    def test_amount_and_side_semicolons(self):
        titles = [*TITLES[:11], "Montant", "Sens", "Analytique"]
        rows = self._bill()
        rows[0] |= {"Montant": "100,00", "Sens": "D"}
        rows[1] |= {"Montant": "100,00", "Sens": "C"}
        wizard = self._import(rows, titles=titles, separator=";")
        self.assertEqual(wizard.done_count, 1)
        self.assertEqual(self.grant.spent_amount, 100)

    def test_others_may_not(self):
        with self.assertRaises(AccessError):
            self._read(self._bill(), user=self.fundraiser)
        with self.assertRaises(AccessError):
            self._read(self._bill(), user=self.funding_viewer)
