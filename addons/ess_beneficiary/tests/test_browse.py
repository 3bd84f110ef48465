"""Search first: nobody sees everybody by default, and looking further has a reason."""

import logging

from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess", "security")
class TestBrowse(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.name = cls.canary("Many")
        cls.people = cls.env["ess.beneficiary"].create(
            [
                {
                    "last_name": cls.name,
                    "followup_ids": [Command.create({"user_id": cls.worker.id})],
                }
                for _number in range(30)
            ]
        )
        cls.domain = [("last_name", "=", cls.name)]
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _list(self, user, domain=None, **options):
        model = self.env["ess.beneficiary"].with_user(user)
        return model.web_search_read(
            self.domain if domain is None else domain, {"display_name": {}}, **options
        )

    def _give_reason(self, user, reason="Preparing the meeting"):
        wizard = (
            self.env["ess.access.browse"].with_user(user).create({"reason": reason})
        )
        return wizard.action_browse()

    def test_own_people_need_no_reason(self):
        self.assertEqual(self._list(self.worker)["length"], 30)

    def test_other_people_need_one(self):
        for user in (self.coordinator, self.dpo, self.reception):
            with self.assertRaises(RedirectWarning, msg=user.login):
                self._list(user)
            with self.assertRaises(RedirectWarning, msg=user.login):
                self._list(user, limit=10)

    def test_a_search_needs_none(self):
        few = [("id", "in", self.people[:5].ids)]
        self.assertEqual(self._list(self.coordinator, few)["length"], 5)

    def test_files_without_referent_ask_before_the_list_is_drawn(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        self.env["ess.beneficiary"].create([{"last_name": self.name}] * 30)
        window = people.action_browse_without_referent()
        self.assertEqual(window["res_model"], "ess.access.browse")
        wizard = self.env[window["res_model"]].with_user(self.coordinator)
        wizard = wizard.with_context(**window["context"])
        opened = wizard.create({"reason": "Nobody is forgotten"}).action_browse()
        self.assertEqual(
            (opened["res_model"], opened["id"]),
            (
                "ess.beneficiary",
                self.env.ref("ess_beneficiary.ess_beneficiary_action_no_referent").id,
            ),
        )
        again = people.action_browse_without_referent()
        self.assertEqual(again["id"], opened["id"])

    def test_few_files_without_referent_need_no_reason(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        people.search([("referent_id", "=", False)]).sudo().active = False
        action = people.action_browse_without_referent()
        self.assertEqual(action["res_model"], "ess.beneficiary")

    def test_reason_holds_for_the_day(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        self.assertEqual(people.action_browse_all()["res_model"], "ess.access.browse")
        with self.assertRaises(UserError):
            self._give_reason(self.coordinator, "x")
        action = self._give_reason(self.coordinator)
        self.assertEqual(action["res_model"], "ess.beneficiary")
        self.assertEqual(self._list(self.coordinator)["length"], 30)
        self.assertEqual(people.action_browse_all()["res_model"], "ess.beneficiary")
        self.env.cr.precommit.run()
        line = self.env["ess.access.log"].search(
            [("user_id", "=", self.coordinator.id)], limit=1
        )
        self.assertEqual(line.kind, "search")
        self.assertEqual(line.reason_id.name, "Preparing the meeting")
        with self.assertRaises(RedirectWarning):
            self._list(self.dpo)

    def test_the_question_is_no_crash_in_the_log(self):
        with self.assertRaises(RedirectWarning) as asked:
            self._list(self.dpo)
        self.assertEqual(asked.exception.loglevel, logging.INFO)

    def test_groups(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        folded = people.web_read_group(self.domain, ["referent_id"], ["__count"])
        self.assertEqual(folded["groups"][0]["__count"], 30)
        with self.assertRaises(RedirectWarning):
            people.web_read_group(
                self.domain,
                ["company_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification={"display_name": {}},
            )

    def test_superuser_code_is_not_stopped(self):
        self.assertEqual(self._list(self.env.user)["length"], 30)
        self.assertEqual(
            self.env["ess.beneficiary"]
            .with_user(self.coordinator)
            .search_count(self.domain),
            30,
        )

    def test_last_opened(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        opened = people.browse(self.people[:3].ids)
        for person in opened:
            person.read(["phone"])
            self.env.cr.precommit.run()
        recent = people.search([*self.domain, ("is_recently_opened", "=", True)])
        self.assertEqual(set(recent.ids), set(opened.ids))
        self.assertTrue(all(opened.mapped("is_recently_opened")))
        self.assertEqual(
            len(people.search([*self.domain, ("is_recently_opened", "!=", True)])), 27
        )
        self.assertFalse(people.search([*self.domain, ("is_mine", "=", True)]))

    def test_default_list_holds_own_and_last_opened(self):
        action = self.env.ref("ess_beneficiary.ess_beneficiary_action")
        self.assertIn("search_default_my_people", action.context)
        self.assertIn("search_default_recent", action.context)
        self.assertIn("Search or create", str(action.help))
