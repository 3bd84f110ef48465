"""Agreements: their proof, their history, and that a refusal changes nothing else."""

from datetime import date, timedelta

from psycopg2.errors import ExclusionViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon
from .test_portal import PortalCommon


class ConsentCommon(EssBeneficiaryCommon):
    """A person, what they may be asked, a partner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker, first_name="Aminata")
        cls.image = cls.env.ref("ess_beneficiary.ess_processing_image")
        cls.sharing = cls.env.ref("ess_beneficiary.ess_processing_share")
        cls.partner = cls.env["res.partner"].create({"name": "Mission locale"})

    @classmethod
    def _answer(cls, answer="given", person=None, **vals):
        return (
            cls.env["ess.consent"]
            .with_user(cls.worker)
            .create(
                {
                    "beneficiary_id": (person or cls.person).id,
                    "processing_id": cls.image.id,
                    "answer": answer,
                    **vals,
                }
            )
        )


@tagged("post_install", "-at_install", "ess")
class TestConsent(ConsentCommon):
    def test_words_need_who_heard_them(self):
        self.assertEqual(self._answer().heard_by_id, self.worker)
        with self.assertRaisesRegex(ValidationError, "who heard"):
            self._answer(heard_by_id=False)

    def test_interpreter_and_language(self):
        with self.assertRaisesRegex(ValidationError, "interpreter and the language"):
            self._answer(proof="interpreter", interpreter="ISM")
        given = self._answer(proof="interpreter", interpreter="ISM", language="Dari")
        self.assertTrue(given.is_in_force)

    def test_signature_or_signed_sheet(self):
        with self.assertRaisesRegex(ValidationError, "has not signed"):
            self._answer(proof="signed")
        self.assertTrue(self._answer(proof="signed", scan=b"Zg==").is_in_force)

    def test_refusal_asks_for_no_proof(self):
        refused = self._answer("refused", heard_by_id=False)
        self.assertEqual((refused.state, refused.is_in_force), ("refused", False))

    def test_new_answer_ends_the_former_one(self):
        first = self._answer(date_from=date(2026, 1, 1))
        second = self._answer("refused", date_from=date(2026, 3, 1))
        self.assertEqual(first.date_to, date(2026, 3, 1))
        between = self._answer(date_from=date(2026, 2, 1))
        self.assertEqual(first.date_to, date(2026, 2, 1))
        self.assertEqual(between.date_to, second.date_from)

    def test_two_answers_of_one_day(self):
        first, second = self._answer(), self._answer("refused")
        self.assertFalse(first.is_in_force)
        self.assertFalse(second.date_to)

    def test_database_refuses_an_overlap(self):
        first = self._answer(date_from=date(2026, 1, 1))
        self._answer(date_from=date(2026, 2, 1))
        with (
            self.assertRaises(ExclusionViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            first.date_to = date(2026, 3, 1)
            first.flush_recordset()

    def test_an_answer_is_not_rewritten(self):
        given = self._answer()
        for vals in ({"answer": "refused"}, {"date_from": date(2020, 1, 1)}):
            with self.assertRaisesRegex(UserError, "Note a new answer"):
                given.write(vals)
        given.scan = b"Zg=="  # a proof that comes later is welcome
        with self.assertRaisesRegex(UserError, "Note a new answer"):
            given.scan = b"Zm9v"

    def test_withdrawal(self):
        given = self._answer(date_from=date(2026, 1, 1))
        given.action_withdraw()
        today = fields.Date.context_today(given)
        self.assertRecordValues(
            given,
            [
                {
                    "state": "withdrawn",
                    "date_withdrawn": today,
                    "date_to": today,
                    "withdrawn_by_id": self.worker.id,
                    "withdrawn_source": "said",
                }
            ],
        )

    def test_search_of_those_in_force(self):
        given = self._answer(date_from=date(2026, 1, 1))
        ended = self._answer(
            processing_id=self.sharing.id,
            recipient_id=self.partner.id,
            date_from=date(2026, 1, 1),
            date_to=fields.Date.today() - timedelta(days=2),
        )
        own = [("beneficiary_id", "=", self.person.id)]
        consents = self.env["ess.consent"].with_user(self.worker)
        self.assertEqual(consents.search([*own, ("is_in_force", "=", True)]), given)
        self.assertEqual(consents.search([*own, ("is_in_force", "=", False)]), ended)

    def test_nobody_notes_a_withdrawn_agreement(self):
        given = self._answer(date_withdrawn=date(2026, 1, 1))
        self.assertEqual(given.state, "given")

    def test_the_notice_of_the_day_is_kept(self):
        self.image.notice_version = "7"
        self.assertEqual(self._answer(notice_version="1").notice_version, "7")

    def test_recipient_is_no_person_supported(self):
        mask = self.person.with_user(self.worker)._create_mask_partner()
        with self.assertRaisesRegex(ValidationError, "stands for a person"):
            self._answer(processing_id=self.sharing.id, recipient_id=mask.id)

    def test_another_team_reads_nothing(self):
        given = self._answer()
        others = self.env["ess.consent"].with_user(self.worker2)
        self.assertNotIn(given, others.search([]))
        with self.assertRaises(AccessError):
            given.with_user(self.dpo).action_withdraw()

    def test_two_files_become_one(self):
        other = self._make_beneficiary(team=self.worker, first_name="Amy")
        first = self._answer(date_from=date(2026, 1, 1))
        second = self._answer("refused", person=other, date_from=date(2026, 2, 1))
        merges = self.env["ess.merge"].with_user(self.coordinator)
        files = (self.person + other).with_env(merges.env)
        merges._merge_files([(files[0], files[1], {})])
        self.assertEqual(second.sudo().beneficiary_id, self.person)
        self.assertEqual(first.date_to, date(2026, 2, 1))

    def test_readable_file_tells_answers(self):
        self._answer("refused", language="Dari")
        data = self.person.with_user(self.worker)._get_readable_file()
        self.assertEqual(data["agreements"][0]["answer"]["code"], "refused")
        self.assertEqual(data["agreements"][0]["language"], "Dari")

    def test_a_refusal_blocks_no_service(self):
        """Everything of the support still works for who refuses everything."""
        for processing in self.env["ess.processing"].search([]):
            self._answer("refused", processing_id=processing.id)
        self.person.with_user(self.worker).write(
            {
                "phone": "0612345678",
                "life_project_ids": [Command.create({"words": "A home"})],
            }
        )
        for model, vals in (
            ("ess.note", {"text": "We met"}),
            ("ess.rights.request", {"kind": "access"}),
            (
                "ess.document",
                {"type_id": self.env.ref("ess_beneficiary.ess_document_type_cv").id},
            ),
        ):
            made = self.env[model].with_user(self.worker)
            made = made.create({"beneficiary_id": self.person.id, **vals})
            self.assertEqual(made.beneficiary_id, self.person, model)
        self.assertTrue(self.person.with_user(self.worker)._open_portal("x@y.example"))


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestConsentPages(PortalCommon, HttpCase):
    """The person reads their agreements and takes one back, without JavaScript."""

    def setUp(self):
        super().setUp()
        self.consents = [
            self.env["ess.consent"]
            .with_user(self.worker)
            .create(
                {
                    "beneficiary_id": person.id,
                    "processing_id": self.env.ref(
                        "ess_beneficiary.ess_processing_image"
                    ).id,
                    "content": self.canary("Content"),
                }
            )
            for person in (self.person, self.other)
        ]
        self.user.password = self.user.login
        self.authenticate(self.user.login, self.user.login)

    def _post(self, consent_id):
        page = self.url_open("/my/file/rights").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            f"/my/file/agreements/{consent_id}/withdraw", {"csrf_token": token}
        )

    def test_read_and_take_back(self):
        own, others = self.consents
        page = self.url_open("/my/file/agreements")
        self.assertIn(own.content, page.text)
        self.assertNotIn(others.content, page.text)
        self.assertNotIn("<script", page.text)
        self.assertIn("/my/file/agreements", self.url_open("/my/file").text)
        self.assertIn("You took it back", self._post(own.id).text)
        self.assertEqual((own.state, own.withdrawn_source), ("withdrawn", "portal"))

    def test_what_is_not_mine_does_not_exist(self):
        answers = [self._post(id_) for id_ in (self.consents[1].id, 2**31 - 1)]
        self.assertEqual([answer.status_code for answer in answers], [404, 404])
        self.assertEqual(answers[0].content, answers[1].content)
        self.assertEqual(self.consents[1].state, "given")
