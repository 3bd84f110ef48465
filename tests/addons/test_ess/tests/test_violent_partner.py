"""The violent partner, told as one story; docs/protected-files.md tells it in words.

Élodie and Thierry live together with Lina. Thierry is a volunteer of the association,
has a login, and was in the team around them. Élodie comes alone and speaks to Maud: her
file and Lina's are protected. From then on, each test is one thing that Thierry tries;
he, and his friend who coordinates, learn nothing.
"""

import base64
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ess_beneficiary.tests.import_common import EssImportCommon

from .violent_partner import NEVER, PHONE, STREET, ViolentPartnerCommon


@tagged("post_install", "-at_install", "ess", "security")
class TestViolentPartner(ViolentPartnerCommon):
    # === THE STORY

    def test_01_the_named_team_works_on(self):
        elodie = self.elodie.with_user(self.maud)
        self.assertTrue(self.lina.is_protected)
        self.assertEqual(elodie.household_mate_ids.beneficiary_id, self.lina)
        self.assertNotEqual(elodie.household_id, self.household)
        self.assertEqual((self.elodie | self.lina).team_user_ids, self.maud)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_02_he_searches_for_her(self):
        for user in self.searchers:
            self.authenticate(user.login, None)
            answers = []
            for name in (self.elodie.sudo().first_name, self.canary("Nobody")):
                created = self._call(
                    "ess.beneficiary.search",
                    "web_save",
                    [],
                    {"name": name},
                    specification={
                        "beneficiary_ids": {"fields": {"display_name": {}}},
                    },
                )
                answers.append(json.loads(created)["result"][0]["beneficiary_ids"])
            self.assertEqual(answers, [[], []])
            for name in ("Marchaistest", PHONE):
                found = self._call("ess.beneficiary", "name_search", name)
                self._assert_silent(found, user.login)
        self.env["ess.beneficiary"]._cron_tell_protected_searches()
        told = self.elodie.with_user(self.maud).activity_ids
        self.assertIn(self.thierry.name, str(told.mapped("note")))
        self.assertEqual(told.user_id, self.maud)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_03_he_types_her_address_in_the_browser(self):
        for user in self.searchers:
            self.authenticate(user.login, None)
            for model, record in (
                ("ess.beneficiary", self.elodie),
                ("ess.situation", self.elodie.situation_ids),
                ("ess.enrolment", self.elodie.sudo().enrolment_ids),
                ("ess.presence", self.elodie.sudo().presence_ids),
            ):
                for record_id in record.ids:
                    for method, kwargs in (
                        ("read", {"fields": ["display_name"]}),
                        ("web_read", {"specification": {"display_name": {}}}),
                    ):
                        told = self._call(model, method, [record_id], **kwargs)
                        self._assert_silent(told, f"{user.login} {model} {method}")
            for method, args in (
                ("read", [["ref"]]),
                ("write", [{"city": "x"}]),
                ("unlink", []),
                ("action_open_protect", []),
                ("action_download_readable_file", []),
                ("get_formview_action", []),
            ):
                answers = []
                for record_id in (self.elodie.id, NEVER):
                    told = self._call("ess.beneficiary", method, [record_id], *args)
                    self._assert_silent(told)
                    error = json.loads(told).get("error", {}).get("data", {})
                    answers.append(
                        (
                            error.get("name"),
                            self._like_never(error.get("message", ""), record_id),
                        )
                    )
                self.assertEqual(*answers, f"{user.login} {method}")
            for url in ("/ess/file/%s/person-file.json",):
                told = self.url_open(url % self.elodie.id)
                never = self.url_open(url % NEVER)
                self.assertEqual(told.status_code, never.status_code)

    def test_04_duplicates_tell_nothing(self):
        self.env["ess.duplicate"].sudo()._scan(companies=self.company)
        pairs = self.env["ess.duplicate"].sudo()
        hers = pairs.search([]).filtered(
            lambda pair: self.elodie in pair.beneficiary_id | pair.duplicate_id
        )
        for user in self.searchers:
            seen = self.env["ess.duplicate"].with_user(user)
            self.assertFalse(seen.search([("id", "in", hers.ids)]))
            self.assertFalse(seen.search_count([("id", "in", hers.ids)]))
            self._assert_silent(seen.action_scan())
            hints = (
                self.env["ess.beneficiary"]
                .with_user(user)
                ._find_probable_matches(
                    {
                        "last_name": "Marchaistest",
                        "first_name": self.elodie.sudo().first_name,
                        "phone": PHONE,
                        "street": STREET,
                    }
                )
            )
            self._assert_silent(hints)

    def test_05_he_imports_a_list_with_her_phone(self):
        outcomes = []
        name = self.elodie.sudo().first_name
        for first, phone in ((name, PHONE), (self.canary("Nobody"), "0600000000")):
            lines = EssImportCommon.csv(
                "Nom;Prénom;Date de naissance;Téléphone",
                f"Marchaistest;{first};03/02/1990;{phone}",
            )
            imports = self.env["ess.import"].with_user(self.thierry)
            batch = imports.create(
                {"data": base64.b64encode(lines), "filename": "list.csv"}
            )
            batch.action_check()
            row = batch.row_ids
            outcomes.append((row.outcome, row.decision, row.match_id, row.message))
            batch.action_import()
            outcomes.append(batch.state)
        self.assertEqual(outcomes[:2], outcomes[2:])

    def test_06_households_do_not_know_each_other(self):
        for user in (*self.searchers, self.worker2, self.dpo):
            self.env.invalidate_all()
            households = self.env["ess.household"].with_user(user).search([])
            told = households.read(["ref", "size", "member_names", "member_ids"])
            self._assert_silent(told)
            if his := households & self.household:
                self.assertEqual(his.size, 1)
                self.assertEqual(len(his.member_ids), 1)
            for field in ("beneficiary_id.phone", "beneficiary_id.last_name"):
                members = self.env["ess.household.member"].with_user(user)
                found = members.search([(field, "in", (PHONE, "Marchaistest"))])
                self.assertFalse(found.beneficiary_id & (self.elodie | self.lina))
        his = self.his_file.with_user(self.worker2)
        self.assertEqual(his.household_size, 1)
        self.assertFalse(his.household_mate_ids or his.relation_ids)

    def test_07_sheets_and_lists_leave_her_out(self):
        for user in self.searchers:
            self.env.invalidate_all()
            session = self.sheet.with_user(user)
            self.assertEqual(session.present_count, 1)
            self.assertEqual(session.presence_ids.beneficiary_id, self.his_file)
            self.assertEqual(self.programme.with_user(user).enrolment_count, 1)
            for model in ("ess.enrolment", "ess.presence"):
                records = self.env[model].with_user(user)
                mine = [("programme_id", "=", self.programme.id)]
                self.assertEqual(records.search_count(mine), 1)
                groups = records._read_group(mine, ["programme_id"], ["__count"])
                self.assertEqual(groups, [(self.programme, 1)])
                theirs = (self.elodie | self.lina).ids
                self.assertFalse(
                    records.search([("beneficiary_id", "in", theirs)]), user.login
                )

    def test_08_closing_a_sheet_tells_nothing(self):
        session = self._make_session(team_user_ids=[Command.link(self.thierry.id)])
        self._make_presence(session, self.elodie, state="expected")
        self.env.invalidate_all()
        session.with_user(self.thierry).action_close()
        self.assertEqual(session.state, "done")

    def test_09_guessing_her_number_on_a_sheet(self):
        presences = self.env["ess.presence"].with_user(self.thierry)
        answers = set()
        for person_id in (self.elodie.id, NEVER):
            with (
                self.assertRaises(MissingError) as error,
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                presences.create(
                    {"session_id": self.sheet.id, "beneficiary_id": person_id}
                )
            answers.add(self._like_never(str(error.exception), person_id))
        self.assertEqual(len(answers), 1, answers)

    @mute_logger("odoo.http")
    def test_10_her_card_is_any_lost_card(self):
        token = self.elodie.sudo().qr_token
        for user in self.searchers:
            self.authenticate(user.login, None)
            told, never = (
                self._call("ess.session", "action_check_in", [self.sheet.id], code)
                for code in (token, "0" * 32)
            )
            self.assertEqual(json.loads(told)["result"], json.loads(never)["result"])
            found = self._call("ess.beneficiary", "name_search", token)
            self.assertEqual(json.loads(found)["result"], [])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "werkzeug")
    def test_11_papers_notes_and_activities(self):
        for user in self.searchers:
            self.authenticate(user.login, None)
            for url in (
                "/web/content/%s",
                "/web/image/%s",
                "/web/content/%s?download=1",
            ):
                told = self.url_open(url % self.paper.id)
                never = self.url_open(url % NEVER)
                self.assertEqual(told.status_code, never.status_code, url)
                self._assert_silent(told.text)
            for model in (
                "ir.attachment",
                "mail.message",
                "mail.activity",
                "mail.notification",
                "mail.followers",
                "res.partner",
            ):
                told = self._call(
                    model, "search_read", [], fields=["display_name"], limit=2000
                )
                self._assert_silent(told, f"{user.login} {model}")
        activities = self.env["mail.activity"].with_user(self.thierry)
        self.assertFalse(activities.search([("user_id", "=", self.thierry.id)]))
        self.assertNotIn(self.thierry.partner_id, self.elodie.message_partner_ids)

    def test_12_he_exports_everything(self):
        for user in self.searchers:
            self.env.invalidate_all()
            for model, names in {
                "ess.beneficiary": ["ref", "display_name", "phone"],
                "ess.enrolment": ["beneficiary_id/ref", "beneficiary_id", "stage_id"],
                "ess.presence": ["beneficiary_id", "session_id"],
                "ess.session": ["display_name", "presence_ids/beneficiary_id"],
                "ess.programme": ["name", "enrolment_count"],
                "ess.household": ["ref", "member_ids/beneficiary_id", "member_names"],
                "ess.duplicate": ["beneficiary_id", "duplicate_id"],
                "ess.import.row": ["match_id", "last_name"],
            }.items():
                records = self.env[model].with_user(user)
                if not records.has_access("read"):
                    continue
                told = records.search([]).export_data(names)
                self._assert_silent(told, f"{user.login} {model}")

    def test_13_figures_count_her_and_name_nobody(self):
        indicator = self._make_indicator(source="presence", aggregate="persons")
        today = fields.Date.today()
        (cell,) = indicator.sudo()._compute_values(
            today - timedelta(days=2), today, self.programme
        )
        self.assertEqual(cell["value"], 3)
        (value,) = indicator.sudo()._store_cells([cell])
        for user in self.searchers:
            self.env.invalidate_all()
            action = value.with_user(user).action_open_records()
            shown = self.env[action["res_model"]].with_user(user)
            shown = shown.search(action["domain"])
            self._assert_silent(shown.mapped("display_name"))
            self.assertEqual(len(shown), 1)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "werkzeug")
    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_14_cards_are_not_printed(self):
        report = "ess_programmes.report_beneficiary_card"
        for user in self.searchers:
            self.authenticate(user.login, None)
            told = self.url_open(f"/report/html/{report}/{self.elodie.id}")
            self._assert_silent(told.text)
            with self.assertRaises(MissingError), self.env.cr.savepoint():
                self.env.invalidate_all()
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(
                    report, self.elodie.ids
                )

    @mute_logger("odoo.http")
    def test_15_he_asks_for_the_file_of_the_family(self):
        content = self.his_file.with_user(self.worker2)._get_readable_file()
        self._assert_silent(content)
        for home in content["households"]:
            self.assertEqual(home["others"], [])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_16_he_asks_for_the_file_of_the_child(self):
        """Checked before the protection: the check is worth nothing any more."""
        father = self.father.with_user(self.maud)
        self.assertFalse(father.has_access("write") and father.told_now == "file")
        self.assertEqual(father.told_now, "check")
        with self.assertRaises(UserError):
            father.action_download_readable_file()
        for user in (*self.searchers, self.worker2):
            self.assertFalse(self.father.with_user(user).has_access("read"))
        self.authenticate(self.worker2.login, None)
        url = "/ess/guardian/%s/person-file.json"
        self.assertEqual(self.url_open(url % self.father.id).status_code, 404)

    def test_17_a_child_whose_file_is_open(self):
        """Whoever does not know of the mother cannot check for the father."""
        lina = self.lina.sudo()
        lina.write({"is_protected": False})
        lina.followup_ids.is_referent = False
        lina.followup_ids = [
            Command.create(
                {"user_id": self.worker2.id, "is_referent": True, "role": "referent"}
            )
        ]
        self.env.invalidate_all()
        father = self.father.with_user(self.worker2)
        father.action_check()
        self.assertEqual(father.told_now, "check")
        content = self.lina.with_user(self.worker2)._get_readable_file()
        told = str(content["households"])
        for secret in (self.elodie.sudo().ref, self.elodie.sudo().first_name):
            self.assertNotIn(secret, told)
        child = self.lina.with_user(self.worker2)
        self.assertNotIn(self.elodie, child.household_mate_ids.beneficiary_id)
        self.assertEqual(child.household_size, 1)

    def test_18_he_is_named_by_nobody(self):
        """He cannot enter the team, nor have himself named."""
        followups = self.env["ess.followup"].with_user(self.thierry)
        with self.assertRaises(MissingError), self.env.cr.savepoint():
            followups.create(
                {"beneficiary_id": self.elodie.id, "user_id": self.thierry.id}
            )
        with self.assertRaises(MissingError), self.env.cr.savepoint():
            self.env["ess.enrolment"].with_user(self.thierry).create(
                {
                    "beneficiary_id": self.elodie.id,
                    "programme_id": self.programme.id,
                }
            )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.thierry.with_user(self.thierry).write(
                {
                    "group_ids": [
                        Command.link(
                            self.env.ref("ess_beneficiary.group_beneficiary_manager").id
                        )
                    ]
                }
            )
