"""Each role in a real browser: what it does every day, and what it must not see."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import EssBeneficiaryCommon


class RolesCommon(HttpCase, EssBeneficiaryCommon):
    """A known person, one of another team, a protected one; notes of every kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        week = fields.Date.today() - timedelta(days=7)
        cls.known = cls._make_beneficiary(
            team=cls.worker | cls.worker2, last_name="Testknown", phone="0611223344"
        )
        cls.known.followup_ids.date_from = week
        cls.known.life_project_words = "A place for me and my dog"
        cls.goal = cls.env["ess.goal"].create(
            {"beneficiary_id": cls.known.id, "words": "A room"}
        )
        cls.other = cls._make_beneficiary(team=cls.worker2, last_name="Testother")
        cls.hidden = cls._make_beneficiary(
            team=cls.worker2,
            last_name="Testhidden",
            is_protected=True,
            protection_reason="violence",
        )
        note = {"beneficiary_id": cls.known.id, "medium": "phone"}
        cls.env["ess.note"].with_user(cls.worker2).create(
            [
                {**note, "text": "Words to share"},
                {**note, "text": "Words of the team", "visibility": "team"},
            ]
        )
        cls.env["ess.memo"].with_user(cls.worker2).create(
            {"beneficiary_id": cls.known.id, "text": "Words of a colleague alone"}
        )

    def _read(self, person, user):
        """Let a user read a file; return the line that the log keeps."""
        person.with_user(user).read(["phone"])
        self.env.flush_all()
        self.env.cr.precommit.run()
        lines = self.env["ess.access.log"].sudo()
        return lines.search([("beneficiary_id", "=", person.id)], limit=1)


@tagged("post_install", "-at_install", "ess", "ess_tour")
class TestRolesOnDesk(RolesCommon):
    """Reception, coordination and the data-protection officer."""

    def test_reception(self):
        self.start_tour(
            "/odoo/search-or-create", "ess_role_reception", login="ess_reception"
        )
        person = self.env["ess.beneficiary"].search([("last_name", "=", "TESTNEW")])
        self.assertEqual(person.first_name, "Ana")
        self.assertFalse(person.followup_ids)
        reader = person.with_user(self.reception)
        self.assertFalse(reader.has_access("write"))

    def test_coordinator(self):
        self.coordinator.group_ids = [
            Command.link(self.env.ref("ess_beneficiary.group_beneficiary_import").id)
        ]
        for number in range(90):  # more than a list shows without a reason
            self._make_beneficiary(team=self.worker, last_name=f"Testmany{number}")
        facts = {"first_name": "Awa", "birth_date": "1991-03-08"}
        twins = self.env["ess.beneficiary"]
        for _number in range(2):
            twins |= self._make_beneficiary(
                team=self.worker, last_name="Testtwin", **facts
            )
        self._make_beneficiary(
            team=self.worker2, last_name="Testhidden", is_protected=True, **facts
        )
        self._read(twins[1], self.dpo)
        self.env["ess.duplicate"].sudo()._scan()
        self.start_tour(
            "/odoo/my-people", "ess_role_coordinator", login="ess_coordinator"
        )
        line = self.env["ess.access.log"].search([("kind", "=", "search")], limit=1)
        self.assertEqual(line.user_id, self.coordinator)
        self.assertEqual(line.reason_id.name, "Preparing the meeting of the team")
        merge = self.env["ess.merge"].search([("beneficiary_id", "in", twins.ids)])
        self.assertEqual(merge.state, "undone")
        self.assertTrue(all(twins.mapped("active")))
        self.assertEqual(self.known.referent_id, self.importer)
        self.assertEqual(self.hidden.team_user_ids, self.worker2)

    def test_officer(self):
        line = self._read(self.known, self.coordinator)
        self._read(self.hidden, self.worker2)
        contest = (
            self.env["ess.access.contest"]
            .with_user(self.worker)
            .create({"log_id": line.id, "reason": "She is my neighbour"})
        )
        self.env["ess.access.seal"]._seal_next()
        self.env["ess.security.event"]._add(
            "rule", "write", [("Files: company", {"active": True})]
        )
        self.start_tour("/odoo", "ess_role_dpo", login="ess_dpo")
        self.assertEqual(contest.state, "answered")
        self.assertIn("replaced your referent", contest.answer)


@tagged("post_install", "-at_install", "ess", "ess_tour")
class TestRolesOnPhone(RolesCommon):
    """The field worker, standing, with one thumb."""

    browser_size = "360x640"
    touch_enabled = True

    def test_worker(self):
        self.start_tour("/odoo/my-people", "ess_role_worker_phone", login="ess_worker")
        note = self.env["ess.note"].search(
            [("beneficiary_id", "=", self.known.id)], order="id desc", limit=1
        )
        self.assertEqual(note.author_id, self.worker)
        self.assertIn("the dog", note.text)
        self.assertRecordValues(
            self.goal.step_ids,
            [{"name": "Call the housing office", "user_id": self.worker.id}],
        )
        situation = self.known.situation_ids
        self.assertEqual(situation.domain_id.code, "housing")
        self.assertEqual(situation.value_id.code, "tenant")
