"""The violent partner: the household, what is written about it, and the protection."""

import json
from datetime import date, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, HttpCase

from odoo.addons.ess_impact.tests.common import EssImpactCommon

PHONE = "06 39 98 01 10"
STREET = "12 rue des Inventés"
NEVER = 10**8  # an id that no record has


class ViolentPartnerCommon(HttpCase, EssImpactCommon):
    """What happened before the tests, and how they listen to the answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users({"maud": "ess_beneficiary.group_beneficiary_officer"})
        cls._grant(cls.maud, "group_programmes_officer")
        profile = cls.env.ref("ess_beneficiary.profile_lead_volunteer")
        cls._make_users({"thierry": "base.group_user"})
        cls.thierry.group_ids |= profile.group_ids | cls._get_groups(
            "ess_beneficiary.group_beneficiary_import,base.group_allow_export,"
            "ess_impact.group_impact_officer"
        )
        cls.coordinator.group_ids |= cls._get_groups(
            "base.group_allow_export,ess_impact.group_impact_officer,base.group_no_one"
        )
        cls.searchers = (cls.thierry, cls.coordinator)
        cls._live_together()
        cls._come_together()
        cls._write_about_elodie()
        cls._protect()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _live_together(cls):
        """September: the household registers at the food distribution."""
        home = {"phone": PHONE, "street": STREET, "zip": "59000", "city": "Lille"}
        followers = cls.maud | cls.thierry
        cls.his_file = cls._make_beneficiary(
            team=cls.worker2, first_name="Thierry", last_name="Marchaistest", **home
        )
        cls.elodie = cls._make_beneficiary(
            team=followers,
            first_name=cls.canary("Elodie"),
            last_name="Marchaistest",
            birth_date="1990-02-03",
            **home,
        )
        cls.lina = cls._make_beneficiary(
            team=followers | cls.worker2,
            first_name=cls.canary("Lina"),
            last_name="Marchaistest",
            birth_date="2019-04-05",
            **home,
        )
        people = cls.his_file | cls.elodie | cls.lina
        household = cls.env["ess.household"]
        for person in people:
            household = person._enter_household(household, date_from=date(2025, 9, 10))
        cls.household = household

    @classmethod
    def _come_together(cls):
        """They come to the distribution, and the father may ask for Lina's file."""
        cls.programme = cls._make_programme(
            name="L'Étal des inventés", team=cls.thierry
        )
        cls.sheet = cls._make_session(team_user_ids=[Command.link(cls.thierry.id)])
        for person in cls.his_file | cls.elodie | cls.lina:
            cls._make_enrolment(person)
            cls._make_presence(cls.sheet, person, state="present")
        cls.father = cls.env["ess.guardian"].create(
            {
                "beneficiary_id": cls.lina.id,
                "holder_id": cls.his_file.id,
                "may_see": "file",
                "basis": "law",
            }
        )
        cls.father.with_user(cls.maud).action_check()

    @classmethod
    def _write_about_elodie(cls):
        """What there is about her: notes, papers, activities, a mask."""
        cls.note = cls.canary("note")
        cls.elodie.message_subscribe((cls.maud | cls.thierry).partner_id.ids)
        cls.elodie.with_user(cls.maud).message_post(
            body=cls.note,
            message_type="comment",
            partner_ids=cls.thierry.partner_id.ids,
        )
        cls.paper = cls.env["ir.attachment"].create(
            {
                "name": cls.canary("paper"),
                "raw": cls.canary("content").encode(),
                "res_model": "ess.beneficiary",
                "res_id": cls.elodie.id,
            }
        )
        cls.elodie.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=cls.thierry.id,
            summary=cls.canary("todo"),
        )
        cls.mask = cls.elodie._create_mask_partner()

    @classmethod
    def _protect(cls):
        """February: Maud protects both files and names herself alone."""
        elodie = cls.elodie.with_user(cls.maud)
        action = elodie.action_open_protect()
        form = Form(
            cls.env[action["res_model"]]
            .with_user(cls.maud)
            .with_context(action["context"])
        )
        form.reason = "violence"
        for user in (cls.thierry, cls.worker2):
            if user in form.named_user_ids[:]:
                form.named_user_ids.remove(user.id)
        form.save().action_protect()
        members = cls.env["ess.household.member"].with_user(cls.maud)
        leaving = members.search([("household_id", "=", cls.household.id)])
        move = cls.env["ess.household.move"].with_user(cls.maud)
        move.create(
            {
                "household_id": cls.household.id,
                "member_ids": [Command.set(leaving.ids)],
                "date_to": fields.Date.today() - timedelta(days=1),
                "end_reason": "separation",
                "is_together": True,
            }
        ).action_move()
        cls.safe = cls.canary("safe")
        elodie.write({"street": cls.safe, "phone": "07 00 11 22 33"})

    # === HOW WE LISTEN

    def _secrets(self):
        """Texts that tell that Élodie or Lina is known here."""
        people = (self.elodie | self.lina).sudo()
        return [
            self.safe,
            self.note,
            self.paper.name,
            self.mask.ref,
            *people.mapped("ref"),
            *people.mapped("qr_token"),
            *people.mapped("first_name"),
        ]

    def _assert_silent(self, answer, message=""):
        text = answer if isinstance(answer, str) else str(answer)
        for secret in self._secrets():
            self.assertNotIn(secret, text, message)
            self.assertNotIn(secret.upper(), text, message)

    def _call(self, model, method, *args, **kwargs):
        """Call as the web client does, and return the text of the answer."""
        answer = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return answer.text

    def _like_never(self, text, record_id):
        """Return an answer with the id as if it had been asked for nothing."""
        return text.replace(str(record_id), "ID").replace(str(NEVER), "ID")
