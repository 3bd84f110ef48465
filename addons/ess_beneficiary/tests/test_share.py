"""Shares: who may receive, what leaves, and that a closed link is no link."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged

from .test_consent import ConsentCommon


class ShareCommon(ConsentCommon):
    """Shares of a person with one partner."""

    @classmethod
    def _share(cls, frame="agreement", user=None, **vals):
        return (
            cls.env["ess.share"]
            .with_user(user or cls.worker)
            .create(
                {
                    "beneficiary_id": cls.person.id,
                    "recipient_id": cls.partner.id,
                    "frame_id": cls.env.ref(
                        f"ess_beneficiary.ess_share_frame_{frame}"
                    ).id,
                    "need": "Find a job",
                    "has_identity": True,
                    **vals,
                }
            )
        )

    @classmethod
    def _agree(cls, answer="given", **vals):
        return cls._answer(
            answer, processing_id=cls.sharing.id, recipient_id=cls.partner.id, **vals
        )

    @classmethod
    def _link(cls, share):
        return share.action_share()["context"]["default_link"].rsplit("/", 1)[1]


@tagged("post_install", "-at_install", "ess")
class TestShare(ShareCommon):
    def test_no_agreement_no_share(self):
        share = self._share()
        with self.assertRaisesRegex(UserError, "has not agreed"):
            share.action_share()
        agreement = self._agree()
        share.action_share()
        self.assertEqual((share.state, share.consent_id), ("shared", agreement))

    def test_agreement_for_someone_else_is_none(self):
        other = self.env["res.partner"].create({"name": "Bailleur"})
        self._answer(processing_id=self.sharing.id, recipient_id=other.id)
        with self.assertRaisesRegex(UserError, "has not agreed"):
            self._share().action_share()

    def test_refusal_stops_the_share_and_nothing_else(self):
        self._agree("refused")
        for frame in ("agreement", "care_team"):
            with self.assertRaisesRegex(UserError, "does not want"):
                self._share(frame).action_share()
        self._share("social_action").action_share()

    def test_withdrawal_ends_the_share(self):
        agreement = self._agree()
        share = self._share()
        token = self._link(share)
        agreement.action_withdraw()
        self.assertEqual((share.state, share.sudo().packet), ("ended", False))
        self.assertFalse(self.env["ess.share"]._open(token))

    def test_volunteers_receive_with_agreement_only(self):
        for frame in ("care_team", "siao", "social_action", "child_protection"):
            with self.assertRaisesRegex(UserError, "professional secrecy"):
                self._share(frame, recipient_kind="volunteer").action_share()
        self._agree()
        self._share(recipient_kind="volunteer").action_share()

    def test_the_person_is_told(self):
        share = self._share("siao", told="not", not_told_reason="No time")
        with self.assertRaisesRegex(UserError, "told before"):
            share.action_share()
        with self.assertRaisesRegex(UserError, "when the person was told"):
            self._share("siao", date_told=False).action_share()
        share = self._share("child_protection", told="not")
        with self.assertRaisesRegex(UserError, "why the person was not told"):
            share.action_share()
        share.not_told_reason = "Against the interest of the child"
        share.action_share()

    def test_requisition_is_for_coordination(self):
        share = self._share("legal_duty", recipient_kind="authority")
        with self.assertRaises(AccessError):
            share.with_user(self.worker).read(["need"])
        share = self._share("legal_duty", self.coordinator, recipient_kind="authority")
        with self.assertRaisesRegex(UserError, "Name the text"):
            share.action_share()
        share.legal_text = "Order of 3 March 2026"
        share.action_share()
        self.assertNotIn(share, self.env["ess.share"].with_user(self.worker).search([]))

    def test_nothing_leaves_a_protected_file(self):
        self._agree()
        made, later = self._share(), self._share()
        token = self._link(made)
        self.person.sudo().is_protected = True
        self.assertEqual(made.sudo().state, "ended")
        self.assertFalse(self.env["ess.share"]._open(token))
        with self.assertRaisesRegex(UserError, "protected file"):
            later.action_share()

    def test_papers_of_child_protection_never_leave(self):
        alert = self.env["ess.document.type"].search(
            [("never_leaves", "=", True)], limit=1
        )
        paper = (
            self.env["ess.document"]
            .sudo()
            .create({"beneficiary_id": self.person.id, "type_id": alert.id})
        )
        with self.assertRaisesRegex(ValidationError, "never leaves"):
            self._share(document_ids=paper.ids)

    def test_only_the_chosen_parts_leave(self):
        self.person.sudo().write({"phone": "0612345678"})
        domains = self.env["ess.situation.domain"].search([], limit=2)
        domains[1].is_team_only = True
        for domain in domains:
            self.env["ess.situation"].with_user(self.worker).create(
                {
                    "beneficiary_id": self.person.id,
                    "domain_id": domain.id,
                    "answer": "declined",
                    "date_from": date(2026, 1, 1),
                }
            )
        self._agree()
        share = self._share(has_situations=True)
        share.action_share()
        packet = share.sudo().packet
        self.assertEqual(set(packet), {"identity", "situations"})
        self.assertIn("Aminata", packet["identity"])
        self.assertEqual(len(packet["situations"]), 1)
        with self.assertRaises(AccessError):
            share.read(["packet"])

    def test_what_was_shared_stays_as_it_was(self):
        self._agree()
        share = self._share()
        with self.assertRaisesRegex(UserError, "stays as it was"):
            share.state = "shared"
        share.action_share()
        for vals in ({"need": "More"}, {"has_contacts": True}, {"state": "draft"}):
            with self.assertRaisesRegex(UserError, "stays as it was"):
                share.write(vals)
        with self.assertRaisesRegex(UserError, "already made"):
            share.action_share()
        self.assertEqual(self._share(state="shared").state, "draft")

    def test_a_link_ends_with_its_day(self):
        self._agree()
        share = self._share(date_end=fields.Date.today() + timedelta(days=2))
        token = self._link(share)
        self.assertEqual(self.env["ess.share"]._open(token), share.sudo())
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.assertFalse(self.env["ess.share"]._open(token))
            self.env["ess.share"].sudo()._gc_past()
        self.assertEqual((share.state, share.sudo().packet), ("ended", False))

    def test_guessed_and_cut_links_find_nothing(self):
        self._agree()
        token = self._link(self._share())
        shares = self.env["ess.share"]
        for other in ("", token[:-1], token + "a", token.swapcase(), "'--", "0" * 43):
            self.assertFalse(shares._open(other), other)

    def test_each_share_is_in_the_access_log(self):
        self._agree()
        share = self._share()
        share.action_share()
        self.env.cr.precommit.run()
        line = self.env["ess.access.log"].search(
            [("model", "=", "ess.share"), ("res_id", "=", share.id)]
        )
        self.assertRecordValues(
            line, [{"kind": "share", "user_id": self.worker.id, "role": "team"}]
        )
        self.assertEqual(line.beneficiary_id, self.person)

    def test_untold_share_is_nowhere_for_the_person(self):
        share = self._share(
            "child_protection", told="not", not_told_reason="Danger at home"
        )
        share.action_share()
        self.env.cr.precommit.run()
        data = self.person.with_user(self.worker)._get_readable_file()
        self.assertFalse(data["shares"])
        self.assertNotIn(
            "share", [line["what"]["code"] for line in data["who_read_this_file"]]
        )

    def test_told_share_is_in_the_readable_file(self):
        self._agree()
        self._share().action_share()
        data = self.person.with_user(self.worker)._get_readable_file()
        self.assertEqual(data["shares"][0]["with_whom"], "Mission locale")
        self.assertEqual(data["shares"][0]["parts"], ["Name and birth date"])

    def test_only_drafts_are_deleted(self):
        self._agree()
        self._share().unlink()
        share = self._share()
        share.action_share()
        with self.assertRaisesRegex(UserError, "End it instead"):
            share.unlink()
        share.action_end()
        self.assertEqual(share.state, "ended")


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestSharePage(ShareCommon, HttpCase):
    """What the holder of a link reads over HTTP."""

    def test_page(self):
        self._agree()
        share = self._share()
        token = self._link(share)
        page = self.url_open(f"/ess/share/{token}")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        for text in ("Aminata", "Find a job", "GDPR art. 6"):
            self.assertIn(text, page.text)
        self.assertNotIn("<script", page.text)
        self.assertEqual(share.opened_count, 1)
        line = self.env["ess.access.log"].search([("res_id", "=", share.id)], limit=1)
        self.assertEqual((line.kind, line.beneficiary_id), ("share", self.person))
        nothing = self.url_open(f"/ess/share/{'a' * 43}")
        paper = self.url_open(f"/ess/share/{token}/{2**31 - 1}")
        share.action_end()
        ended = self.url_open(f"/ess/share/{token}")
        cut = self.url_open(f"/ess/share/{token[:-2]}")
        answers = [nothing, paper, ended, cut]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.content for answer in answers}), 1)
