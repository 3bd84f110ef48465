from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestVolunteerShifts(EssProgrammesCommon):
    """Needs, sign-ups, the waiting list, suggestions and reminders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.food = cls.env.ref("ess_programmes.ess_mission_type_food")
        # a Wednesday at 14:00 in Paris, at least two days away
        day = fields.Date.today() + timedelta(days=3)
        cls.day = day + timedelta(days=(2 - day.weekday()) % 7)
        cls.start = datetime.combine(cls.day, datetime.min.time()).replace(hour=13)
        cls.shift = cls._make_session(
            cls.programme_2, start=cls.start, kind="mission", hours=2
        )
        cls.need = cls._need(needed=2)
        cls.ana, cls.ben, cls.cleo = (cls._make_volunteer() for _i in range(3))

    @classmethod
    def _need(cls, session=None, **vals):
        return cls.env["ess.session.need"].create(
            {
                "session_id": (session or cls.shift).id,
                "mission_type_id": cls.food.id,
                **vals,
            }
        )

    def _sign_up(self, volunteer, need=None, **vals):
        return self.env["ess.signup"].create(
            {"need_id": (need or self.need).id, "volunteer_id": volunteer.id, **vals}
        )

    @contextmanager
    def _refused(self, words, error=UserError):
        with self.assertRaisesRegex(error, words), self.cr.savepoint():
            yield

    def _mails(self):
        return self.env["mail.mail"].search([], order="id")

    # === SIGN-UPS
    def test_first_come_first_served(self):
        first, second, third = map(self._sign_up, (self.ana, self.ben, self.cleo))
        states = [signup.state for signup in (first, second, third)]
        self.assertEqual(states, ["confirmed", "confirmed", "waiting"])
        lines = self.shift.presence_ids
        self.assertEqual(lines.volunteer_id, self.ana + self.ben)
        self.assertEqual(set(lines.mapped("state")), {"expected"})
        self.assertEqual(lines.mission_type_id, self.food)
        self.assertEqual(self.need.missing, 0)

    def test_freed_place_goes_to_the_first_who_waits(self):
        self.cleo.partner_id.email = "cleo@benevoles.example"
        first, _second, third = map(self._sign_up, (self.ana, self.ben, self.cleo))
        first.with_user(self.volunteer_officer).action_cancel()
        self.assertEqual((first.state, third.state), ("cancelled", "confirmed"))
        line = self.shift.presence_ids.filtered(
            lambda line: line.volunteer_id == self.ana
        )
        self.assertEqual(line.state, "excused")
        self.assertIn("A place is free", self._mails()[-1].subject)
        self._sign_up(self.ana)  # comes back: waits, on the same line
        self.assertEqual(self.need.taken, 2)

    def test_more_places_wanted(self):
        for volunteer in (self.ana, self.ben, self.cleo):
            signup = self._sign_up(volunteer)
        self.need.needed = 3
        self.assertEqual(signup.state, "confirmed")

    def test_group_counted_once(self):
        company = self.env["res.partner"].create({"name": "Porcelaines"})
        group = self._make_volunteer(engagement="company_group", employer_id=company.id)
        need = self._need(needed=6)
        self._sign_up(group, need, people=5)
        line = self.shift.presence_ids
        line.state = "present"
        self.assertRecordValues(line, [{"people_count": 5, "minutes": 600}])
        self.assertEqual(need.missing, 1)
        lent = self._make_volunteer(engagement="skills_sponsor", employer_id=company.id)
        with self._refused("already counts its people"):
            self._sign_up(lent, need)

    def test_too_large_a_group_does_not_hold_up_the_others(self):
        group = self._make_volunteer(engagement="company_group")
        large, single = self._sign_up(group, people=3), self._sign_up(self.ana)
        self.assertEqual((large.state, single.state), ("waiting", "confirmed"))

    def test_over_or_twice(self):
        past = self._make_session(
            self.programme_2, start=self.start - timedelta(days=30), kind="mission"
        )
        with self._refused("over or cancelled"):
            self._sign_up(self.ana, self._need(past))
        self._sign_up(self.ana)
        self.assertFalse(self.need.signup_ids.filtered(lambda s: s.people < 1))

    def test_papers_are_looked_at(self):
        self.shift.has_minors = True
        with self._refused("Charter", ValidationError):
            self._sign_up(self.ana)

    def test_order_is_the_server_s(self):
        signup = (
            self.env["ess.signup"]
            .with_user(self.volunteer_officer)
            .create(
                {
                    "need_id": self.need.id,
                    "volunteer_id": self.ana.id,
                    "requested_at": "2020-01-01",
                    "state": "waiting",
                }
            )
        )
        self.assertEqual(signup.state, "confirmed")
        self.assertGreater(signup.requested_at.year, 2020)

    def test_cancelled_session_is_told(self):
        self.ana.partner_id.email = "ana@benevoles.example"
        signup = self._sign_up(self.ana)
        self.shift.action_cancel()
        self.assertEqual(signup.state, "cancelled")
        self.assertIn("cancelled", self._mails()[-1].subject)

    def test_sheet_fills_the_need(self):
        line = self._make_presence(self.shift, volunteer_id=self.ana.id)
        self.assertEqual(line.need_id, self.need)
        found = self.env["ess.session"].search([("missing_count", ">", 0)])
        self.assertIn(self.shift, found)
        self._make_presence(self.shift, volunteer_id=self.ben.id)
        found = self.env["ess.session"].search([("missing_count", ">", 0)])
        self.assertNotIn(self.shift, found)

    # === SUGGESTIONS
    def _match(self, need=None):
        need = need or self.need
        found = self.env["ess.volunteer"]._match(need)[need.id]
        return {volunteer: reasons for volunteer, _score, reasons in found}

    def test_best_first_with_reasons(self):
        skill = self.env["ess.skill"].create({"name": "Cuisine des tests"})
        self.need.skill_ids = skill
        self.ana.write(
            {
                "mission_type_ids": [Command.set(self.food.ids)],
                "skill_ids": [Command.set(skill.ids)],
                "availability_ids": [
                    Command.create({"weekday": "2", "hour_from": 13, "hour_to": 18})
                ],
            }
        )
        found = self._match()
        self.assertEqual(next(iter(found)), self.ana.id)
        self.assertEqual(
            found[self.ana.id],
            ["free at that time", "likes this kind of mission", "knows what is needed"],
        )
        self.assertEqual(found[self.ben.id], ["availability not said"])

    def test_who_cannot_come(self):
        week = {"weekday": "3", "hour_from": 13, "hour_to": 18}
        self.ana.availability_ids = [Command.create(week)]
        self.ben.absence_ids = [Command.create({"date_from": self.day})]
        other = self._make_session(self.programme_2, start=self.start, kind="team")
        self._make_presence(other, volunteer_id=self.cleo.id)
        stopped = self._make_volunteer(date_start=False, date_stop="2020-01-01")
        abroad = self._make_volunteer(company_id=self.company_2.id)
        found = self._match()
        for volunteer in (self.ana, self.ben, self.cleo, stopped, abroad):
            self.assertNotIn(volunteer.id, found)
        self.ana.absence_ids = [
            Command.create({"date_from": self.day, "is_available": True})
        ]
        self.assertIn(self.ana.id, self._match())

    def test_papers_in_the_suggestions(self):
        self.shift.has_minors = True
        self.assertNotIn(self.ana.id, self._match())
        for code in ("charter", "secrecy"):
            paper = self.env.ref(f"ess_programmes.ess_paper_type_{code}")
            for volunteer, end in (
                (self.ana, self.day),
                (self.ben, fields.Date.today()),
            ):
                self.env["ess.volunteer.paper"].create(
                    {
                        "volunteer_id": volunteer.id,
                        "type_id": paper.id,
                        "date_expiry": end,
                    }
                )
        found = self._match()
        self.assertIn(self.ana.id, found)
        self.assertNotIn(self.ben.id, found)

    def test_evening_that_passes_midnight(self):
        late = self._make_session(
            self.programme_2, start=self.start + timedelta(hours=7), hours=5
        )
        need = self._need(late)
        for volunteer, end in ((self.ana, 26), (self.ben, 24)):
            volunteer.availability_ids = [
                Command.create({"weekday": "2", "hour_from": 18, "hour_to": end})
            ]
        found = self._match(need)
        self.assertIn(self.ana.id, found)
        self.assertNotIn(self.ben.id, found)

    def test_assign_and_call_from_the_suggestions(self):
        self.ana.partner_id.email = "ana@benevoles.example"
        as_officer = self.shift.with_user(self.volunteer_officer)
        match = self.env["ess.session.match"].browse(
            as_officer.action_match()["res_id"]
        )
        match = match.with_user(self.volunteer_officer)
        with self._refused("Tick at least one"):
            match.action_assign()
        line = match.line_ids.filtered(lambda line: line.volunteer_id == self.ana)
        line.is_chosen = True
        match.action_call()
        self.assertIn("We need someone", self._mails()[-1].subject)
        match.action_assign()
        self.assertEqual(self.shift.presence_ids.volunteer_id, self.ana)
        self.assertEqual(self.need.missing, 1)

    def test_nothing_to_suggest(self):
        self.need.unlink()
        with self._refused("Everyone needed is coming"):
            self.shift.with_user(self.volunteer_officer).action_match()

    # === REMINDERS
    def test_reminded_before_then_asked_after(self):
        self.ana.partner_id.write({"email": "ana@benevoles.example", "lang": "en_US"})
        signup = self._sign_up(self.ana)
        now = fields.Datetime.now()
        self.shift.write(
            {
                "date_start": now + timedelta(hours=20),
                "date_end": now + timedelta(hours=22),
            }
        )
        before = self._mails()
        for _again in range(2):
            self.env["ess.presence"]._cron_remind_volunteers()
        mails = self._mails() - before
        self.assertEqual(
            mails.mapped("email_to"),
            [self.ana.partner_id.email_formatted],
        )
        self.shift.write(
            {
                "date_start": now - timedelta(hours=3),
                "date_end": now - timedelta(hours=1),
            }
        )
        before = self._mails()
        for _again in range(2):
            self.env["ess.presence"]._cron_remind_volunteers()
        [mail] = self._mails() - before
        line = signup._get_lines()
        self.assertIn(f"/was-there/{line.id}/{line._get_hours_token()}", mail.body_html)

    def test_form_of_the_session(self):
        form = Form(self.shift.with_user(self.volunteer_officer))
        with form.need_ids.new() as need:
            need.needed = 4
        form.save()
        self.assertEqual(sum(self.shift.need_ids.mapped("needed")), 6)
