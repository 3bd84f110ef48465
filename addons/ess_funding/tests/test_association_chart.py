from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.account_chart_template import READY
from .common import EssFundingCommon

TYPES = {
    "194000": "liability_non_current",
    "441700": "asset_current",
    "441900": "liability_current",
    "689400": "expense",
    "789400": "income",
    "754110": "income",
    "755100": "income",
    "468100": "liability_current",
    "864000": "off_balance",
    "875000": "off_balance",
}


@tagged("post_install", "-at_install", "ess")
class TestAssociationChart(EssFundingCommon):
    """Association accounts on the chart ``fr``: ids, types, meaning, repair."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["account.chart.template"].with_company(cls.company)
        cls.template._ess_load_association(cls.company)

    def _statuses(self):
        rows = self.template._ess_diagnose(self.company)
        return {row["xmlid"]: row["status"] for row in rows}

    def _forget(self, xmlid, code=None):
        """Take an account back to what a company had before the load."""
        self.env["ir.model.data"].search(
            [("name", "=", f"{self.company.id}_{xmlid}"), ("module", "=", "account")]
        ).unlink()
        if code:
            self._account(code).with_context(lang="en_US").name = "Rebates"

    def test_accounts_have_the_types_of_the_result(self):
        for code, account_type in TYPES.items():
            self.assertEqual(self._account(code).account_type, account_type, code)

    def test_ids_are_those_of_the_next_odoo(self):
        self.assertEqual(self.template.ref("pca_194"), self._account("194000"))
        self.assertEqual(self.template.ref("pca_7551"), self._account("755100"))

    def test_second_run_finds_nothing(self):
        self.assertEqual(set(self._statuses().values()), {READY})
        before = self.env["account.account"].search_count([])
        self.template._ess_load_association(self.company)
        self.assertEqual(self.env["account.account"].search_count([]), before)

    def test_french_names(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template._ess_load_association(self.company)
        self._forget("pca_194")
        self._account("194000").unlink()
        self.template._ess_load_association(self.company)
        name = self._account("194000").with_context(lang="fr_FR").name
        self.assertEqual(name, "Fonds dédiés sur subventions d'exploitation")

    def _company_wording(self, code, pcg):
        """Put back the wording of the chart of companies on a code."""
        names = self.template._parse_csv("fr", "account.account", "l10n_fr_account")
        account = self._account(code).with_context(lang="en_US")
        account.name = names[pcg]["name"]
        return account

    def test_unused_code_gets_its_meaning(self):
        self._forget("pca_7551")
        account = self._company_wording("755100", "pcg_7551")
        self.assertEqual(self._statuses()["pca_7551"], "renamed")
        self.template._ess_load_association(self.company)
        self.assertEqual(account.name, "Contributions of other bodies")
        self.assertEqual(self.template.ref("pca_7551"), account)

    def test_used_code_keeps_its_entries_and_gets_a_sub_account(self):
        self._forget("pca_7551")
        account = self._company_wording("755100", "pcg_7551")
        move = self._make_entry([("755100", -50, None)])
        self.template._ess_load_association(self.company)
        sub = self.template.ref("pca_7551")
        self.assertEqual(sub.code, "755190")
        self.assertEqual(sub.account_type, "income")
        self.assertEqual(move.line_ids.account_id & account, account)
        self.assertEqual(self._statuses()["pca_7551"], READY)

    def test_wrong_types_are_repaired_and_entries_stay(self):
        """A company that loaded Odoo's own chart: 689, 789 and class 8 are equity."""
        move = self._make_entry([("689400", 40, None), ("194000", -40, None)])
        kind = self._make_entry([("864000", 10, None)])
        codes = ("689400", "789400", "194000", "864000", "875000")
        for code in codes:
            self._account(code).account_type = "equity"
        self.assertEqual(self._statuses()["pca_6894"], "wrong_type")
        before = (move + kind).line_ids.read(["account_id", "balance", "write_date"])
        self.template._ess_load_association(self.company)
        for code in codes:
            self.assertEqual(
                self._account(code).account_type,
                TYPES.get(code, "income" if code[0] == "7" else "expense"),
            )
        after = (move + kind).line_ids.read(["account_id", "balance", "write_date"])
        self.assertEqual(before, after)

    def test_class_8_mixed_with_the_bank_is_reported_not_forced(self):
        account = self._account("864000")
        account.account_type = "equity"
        self._make_entry([("864000", 10, None), ("512001", -10, None)])
        self.template._ess_load_association(self.company)
        self.assertEqual(account.account_type, "equity")
        self.assertEqual(self._statuses()["pca_864"], "blocked")

    def test_new_company_gets_them(self):
        company = self.env["res.company"].create(
            {"name": "New association", "country_id": self.env.ref("base.fr").id}
        )
        self.env["account.chart.template"].try_loading("fr", company)
        rows = self.template._ess_diagnose(company)
        self.assertEqual({row["status"] for row in rows}, {READY})

    def test_screen(self):
        manager = self.accountant
        manager.group_ids = [
            Command.link(self.env.ref("account.group_account_manager").id)
        ]
        self._forget("pca_194")
        self._account("194000").unlink()
        charts = self.env["ess.association.chart"].with_user(manager)
        chart = charts.browse(charts.action_open()["res_id"])
        self.assertEqual(chart.to_do_count, 1)
        missing = chart.line_ids.filtered(lambda line: line.status == "missing")
        self.assertEqual(missing.mapped("code"), ["194000"])
        self.assertEqual(missing.source, "ANC 2018-06, account 194")
        chart.action_apply()
        self.assertEqual(chart.to_do_count, 0)

    def test_other_chart_is_refused(self):
        charts = self.env["ess.association.chart"].with_company(self.company_2)
        with self.assertRaisesRegex(UserError, "French chart"):
            charts.action_open()

    def test_fundraiser_may_not_change_the_chart(self):
        with self.assertRaises(AccessError):
            self.env["ess.association.chart"].with_user(self.fundraiser).action_open()
