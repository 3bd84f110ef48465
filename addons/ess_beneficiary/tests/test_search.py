from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestSearchOrCreate(EssBeneficiaryCommon):
    @users("ess_reception")
    def test_search_as_you_type(self):
        person = self._make_beneficiary(first_name="Marie", last_name="Testdupont")
        protected = self._make_beneficiary(last_name="Testdupont", is_protected=True)
        form = Form(self.env["ess.beneficiary.search"])
        form.name = "TESTDUPONT"
        self.assertEqual(form.beneficiary_ids.ids, person.ids)
        self.assertNotIn(protected.id, form.beneficiary_ids.ids)
        form.name = " "
        self.assertFalse(form.beneficiary_ids.ids)

    @users("ess_reception")
    def test_search_as_it_sounds(self):
        person = self._make_beneficiary(first_name="Aïcha", last_name="Testbélaïd")
        for name in ("aicha testbelaid", "TESTBELAID Aicha", "testbelaid"):
            search = self.env["ess.beneficiary.search"].create({"name": name})
            self.assertIn(person.id, search.beneficiary_ids.ids, name)

    @users("ess_worker2")
    def test_search_as_it_sounds_obeys_the_rules(self):
        self._make_beneficiary(team=self.worker, last_name="Testbélaïd")
        search = self.env["ess.beneficiary.search"].create({"name": "testbelaid"})
        self.assertFalse(search.beneficiary_ids)

    @users("ess_reception")
    def test_search_as_it_sounds_by_one_word(self):
        person = self._make_beneficiary(first_name="Awa", last_name="Testouattara")
        for name in ("testwattara", "Testouatara", "testouat"):
            search = self.env["ess.beneficiary.search"].create({"name": name})
            self.assertIn(person.id, search.beneficiary_ids.ids, name)

    @users("ess_worker")
    def test_search_by_maiden_and_inverted_names(self):
        person = self._make_beneficiary(
            team=self.worker,
            first_name="Anne-Marie",
            last_name="Testroux",
            birth_name="Testlegoff",
        )
        for name in ("TESTLEGOFF Anne Marie", "testroux anne-marie", "anne testlegoff"):
            search = self.env["ess.beneficiary.search"].create({"name": name})
            self.assertEqual(search.beneficiary_ids, person, name)

    @users("ess_worker")
    def test_search_by_date_and_phone(self):
        person = self._make_beneficiary(
            team=self.worker,
            first_name="Moussa",
            last_name="Testsow",
            birth_date="1987-03-05",
            phone="06 98 76 54 32",
        )
        for values in (
            {"name": "testso moussa", "birth": "03/05/1987"},
            {"name": "Moussa TESTSOH", "birth": "1987"},
            {"phone": "+33698765432"},
            {"birth": "05/03/1987"},
        ):
            search = self.env["ess.beneficiary.search"].create(values)
            self.assertIn(person, search.beneficiary_ids, values)

    @users("ess_worker")
    def test_reasons_are_told(self):
        self._make_beneficiary(
            team=self.worker,
            first_name="Moussa",
            last_name="Testsow",
            birth_date="1987-03-05",
        )
        search = self.env["ess.beneficiary.search"].create(
            {"name": "Moussa TESTSOW", "birth": "03/05/1987"}
        )
        spec = {"fields": {"search_reason": {}}}
        [shown] = search.web_read({"beneficiary_ids": spec})
        reason = shown["beneficiary_ids"][0]["search_reason"]
        self.assertIn("ame last name", reason)
        self.assertIn("day and month of birth inverted", reason)

    @users("ess_worker")
    def test_result_as_one_types_has_the_reasons(self):
        self._make_beneficiary(
            team=self.worker, first_name="Moussa", last_name="Testsow"
        )
        context = {"ess_search_name": "Moussa TESTSOW"}
        spec = {
            "name": {},
            "beneficiary_ids": {"fields": {"search_reason": {}}, "context": context},
        }
        answer = self.env["ess.beneficiary.search"].onchange(
            {"name": "Moussa TESTSOW"}, ["name"], spec
        )
        self.assertIn("ame first name", str(answer["value"]["beneficiary_ids"]))

    # === PROTECTED FILES

    def test_protected_file_answers_as_nobody(self):
        """Told by name, by another spelling with the date, or by the phone alone."""
        file = self._make_beneficiary(
            team=self.worker2,
            first_name="Moussa",
            last_name="Testsow",
            birth_date="1987-03-05",
            phone="0698765432",
            is_protected=True,
        )
        search = self.env["ess.beneficiary.search"].with_user(self.worker)
        nobody = search.create({"name": "Personne TESTINCONNUE"})
        nobody.action_search()
        for values in (
            {"name": "Moussa TESTSOW"},
            {"name": "Mousa TESTSOH", "birth": "05/03/1987"},
        ):
            self.env.cr.execute("DELETE FROM ess_protected_notice")
            asked = search.create(values)
            asked.action_search()
            self.assertEqual(asked.beneficiary_ids, nobody.beneficiary_ids)
            self.assertEqual(asked.is_searched, nobody.is_searched)
            self.env.cr.execute("SELECT beneficiary_id FROM ess_protected_notice")
            self.assertEqual(self.env.cr.fetchall(), [(file.id,)], values)

    def test_team_of_a_protected_file_finds_it(self):
        file = self._make_beneficiary(
            team=self.worker2, last_name="Testsow", is_protected=True
        )
        search = self.env["ess.beneficiary.search"].with_user(self.worker2)
        search = search.create({"name": "TESTSOW"})
        self.assertEqual(search.beneficiary_ids, file)

    # === NEW FILE

    @users("ess_worker")
    def test_no_new_file_before_a_search(self):
        search = self.env["ess.beneficiary.search"].create({"name": "Paulo"})
        with self.assertRaises(UserError):
            search.action_create_file()
        search.action_search()
        self.assertTrue(search.action_create_file())
        search.name = "Paola"
        with self.assertRaises(UserError):
            search.action_create_file()

    @users("ess_worker")
    def test_what_was_typed_fills_the_file(self):
        search = self.env["ess.beneficiary.search"].create(
            {"name": "Awa SOW", "birth": "03/1990", "phone": "0698765432"}
        )
        search.action_search()
        action = search.action_create_file()
        form = Form(self.env["ess.beneficiary"].with_context(**action["context"]))
        file = form.save()
        self.assertEqual(
            (file.first_name, file.last_name, file.phone), ("Awa", "SOW", "0698765432")
        )
        self.assertEqual(str(file.birth_date), "1990-03-01")
        self.assertEqual(file.birth_date_precision, "month")

    @users("ess_worker")
    def test_no_file_from_another_form(self):
        with self.assertRaises(UserError):
            self.env["ess.beneficiary"].name_create("Paulo")
        view = self.env["ir.ui.view"].sudo()
        view = view.create(
            {
                "name": "test",
                "model": "ess.followup",
                "arch": '<form><field name="beneficiary_id"/></form>',
            }
        )
        views = self.env["ess.followup"].get_views([(view.id, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        nodes = arch.xpath("//field[@name='beneficiary_id']")
        self.assertEqual({node.get("can_create") for node in nodes}, {"False"})

    @users("ess_worker")
    def test_new_goes_through_the_search(self):
        views = self.env["ess.beneficiary"].get_views(
            [(False, "list"), (False, "kanban"), (False, "form")]
        )["views"]
        for kind, view in views.items():
            arch = etree.fromstring(view["arch"])
            self.assertEqual(arch.get("js_class"), f"ess_search_first_{kind}")

    @users("ess_worker")
    def test_new_file_takes_the_name(self):
        cases = {
            "Marie DUPONT": {"first_name": "Marie", "last_name": "DUPONT"},
            "DUPONT Marie": {"first_name": "Marie", "last_name": "DUPONT"},
            "marie le goff": {"first_name": "marie", "last_name": "le goff"},
            "Paulo": {"first_name": "Paulo"},
            "DUPONT": {"last_name": "DUPONT"},
        }
        for name, expected in cases.items():
            search = self.env["ess.beneficiary.search"].create({"name": name})
            search.action_search()
            context = search.action_create_file()["context"]
            self.assertEqual(
                context, {f"default_{key}": value for key, value in expected.items()}
            )

    @users("ess_worker")
    def test_nameless_search_opens_nothing(self):
        search = self.env["ess.beneficiary.search"].create({})
        with self.assertRaises(UserError):
            search.action_create_file()
