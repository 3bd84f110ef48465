"""One test per role, then every way a name or a protected file could leak."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon

FACTS = (
    "ess.followup",
    "ess.situation",
    "ess.life.project",
    "ess.goal",
    "ess.note",
    "ess.document",
)


@tagged("post_install", "-at_install", "ess", "security")
class TestSecurity(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._make_full(cls.worker)
        cls.other = cls._make_full(cls.worker2)
        cls.far = cls._make_full(cls.env["res.users"], company_id=cls.company_2.id)

    @classmethod
    def _make_full(cls, team, **vals):
        """Make a file with one fact of each kind."""
        person = cls._make_beneficiary(team=team, phone=cls.canary("06"), **vals)
        value = cls.env.ref("ess_beneficiary.ess_situation_value_housing_street")
        person.sudo().write(
            {
                "situation_ids": [Command.create({"value_id": value.id})],
                "goal_ids": [Command.create({"words": cls.canary("goal")})],
            }
        )
        if not team:
            partner = cls.env["res.partner"].create({"name": "Invented"})
            person.sudo().followup_ids = [Command.create({"partner_id": partner.id})]
        return person

    def _assert_denied(self, records, user, *operations):
        for record in records:
            for operation in operations:
                self.assertFalse(
                    record.with_user(user).has_access(operation),
                    f"{user.login} may {operation} {record}",
                )

    def _assert_allowed(self, records, user, *operations):
        for record in records:
            for operation in operations:
                self.assertTrue(
                    record.with_user(user).has_access(operation),
                    f"{user.login} may not {operation} {record}",
                )

    def _facts(self, person):
        """Return one fact of each kind, as a list of recordsets."""
        person = person.sudo()
        return [
            person.followup_ids,
            person.situation_ids,
            person.life_project_ids,
            person.goal_ids,
        ]

    # === FACTS FOLLOW THE FILE

    def test_a_rule_on_files_holds_for_what_is_in_them(self):
        """A rule that any room adds on files needs no twin on each kind of fact."""
        group = self.env.ref("ess_beneficiary.group_beneficiary_officer")
        self.env["ir.rule"].create(
            {
                "name": "Files: one more",
                "model_id": self.env["ir.model"]._get_id("ess.beneficiary"),
                "domain_force": repr([("id", "=", self.other.id)]),
                "groups": [Command.link(group.id)],
            }
        )
        for facts in self._facts(self.other):
            self._assert_allowed(facts, self.worker, "read", "write")
            found = facts.with_user(self.worker).search([("id", "in", facts.ids)])
            self.assertEqual(found, facts)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_refusal_names_the_rules_of_the_file(self):
        rules = self.env["ir.rule"].with_user(self.worker)
        for facts in self._facts(self.other):
            with self.assertRaises(AccessError):
                facts.with_user(self.worker).read(["id", "create_date"])
            failing = rules._get_failing(facts.with_user(self.worker))
            self.assertIn(
                "Files: a worker sees their own", failing.sudo().mapped("name")
            )

    # === ROLES

    def test_reception(self):
        user = self.reception
        self._assert_allowed([self.own, self.other], user, "read")
        self._assert_denied([self.own, self.other], user, "write", "unlink")
        self._assert_denied([self.far], user, "read", "write", "unlink")
        for fact in self._facts(self.own):
            self._assert_denied([fact], user, "read", "write", "create", "unlink")
        person = self.own.with_user(user)
        self.assertTrue(person.last_name and person.ref)
        for name in ("phone", "birth_date", "goal_ids", "qr_token", "is_protected"):
            with self.assertRaises(AccessError, msg=name):
                person.read([name])

    def test_worker(self):
        user = self.worker
        self._assert_allowed([self.own], user, "read", "write")
        self._assert_denied([self.own], user, "unlink")
        self._assert_denied([self.other, self.far], user, "read", "write", "unlink")
        for fact in self._facts(self.own):
            self._assert_allowed([fact], user, "read", "write", "create")
        for fact in self._facts(self.other) + self._facts(self.far):
            self._assert_denied([fact], user, "read", "write", "create", "unlink")
        for fact in self._facts(self.own)[:3]:
            self._assert_denied([fact], user, "unlink")

    def test_worker_writes_nothing_in_another_file(self):
        value = self.env.ref("ess_beneficiary.ess_situation_value_work_training")
        attempts = {
            "ess.situation": {"value_id": value.id},
            "ess.life.project": {"words": "x"},
            "ess.goal": {"words": "x"},
            "ess.followup": {"user_id": self.worker.id},
        }
        for model, vals in attempts.items():
            with (
                self.assertRaises(AccessError, msg=model),
                self.env.cr.savepoint(),
                mute_logger("odoo.addons.base.models"),
            ):
                self.env[model].with_user(self.worker).create(
                    dict(vals, beneficiary_id=self.other.id)
                )

    def test_coordinator(self):
        user = self.coordinator
        operations = ("read", "write", "create", "unlink")
        self._assert_allowed([self.own, self.other], user, *operations)
        for fact in self._facts(self.own) + self._facts(self.other):
            self._assert_allowed([fact], user, *operations)
        self._assert_denied([self.far, *self._facts(self.far)], user, *operations)

    def test_dpo(self):
        user = self.dpo
        self._assert_allowed([self.own, self.other], user, "read")
        self.assertTrue(self.own.with_user(user).phone)
        self._assert_denied([self.own], user, "write", "create", "unlink")
        for fact in self._facts(self.own):
            self._assert_allowed([fact], user, "read")
            self._assert_denied([fact], user, "write", "create", "unlink")
        self._assert_denied([self.far], user, "read")

    def test_outsiders(self):
        for user in (self.contact_user, self.internal_user, self.portal_user):
            for records in [self.own, *self._facts(self.own)]:
                self._assert_denied(
                    [records], user, "read", "write", "create", "unlink"
                )

    def test_other_company(self):
        user = self.other_company_user
        self._assert_allowed([self.far, *self._facts(self.far)], user, "read")
        self._assert_denied([self.own, *self._facts(self.own)], user, "read")

    def test_forged_company_opens_nothing(self):
        people = self.env["ess.beneficiary"].with_user(self.coordinator)
        forged = people.with_context(
            allowed_company_ids=[self.company.id, self.company_2.id]
        )
        with self.assertRaises(AccessError):
            forged.search([("id", "=", self.far.id)])

    def test_lists_of_values(self):
        for model in ("ess.situation.domain", "ess.goal.theme", "ess.code"):
            records = self.env[model].search([], limit=1)
            self._assert_allowed([records], self.worker, "read")
            self._assert_denied([records], self.worker, "write", "create", "unlink")
            self._assert_allowed([records], self.coordinator, "read", "write", "create")
            self._assert_denied([records], self.coordinator, "unlink")
        profile = self.env.ref("ess_beneficiary.profile_reception")
        self._assert_denied([profile], self.coordinator, "read", "write")

    # === NAMES

    def test_name_is_masked_through_a_many2one(self):
        """Odoo reads many2one names as superuser: ours give the number instead."""
        followup = self.other.sudo().followup_ids
        name, ref = self.other.sudo().last_name, self.other.sudo().ref
        person = followup.beneficiary_id
        for user in (self.worker, self.internal_user, self.portal_user):
            masked = person.with_user(user).sudo()
            self.assertEqual(masked.display_name, ref)
            self.assertNotIn(name.upper(), masked.display_name)
        self.assertIn(name.upper(), person.with_user(self.worker2).display_name)
        # and not from the cache filled by someone else either
        self.assertEqual(person.with_user(self.worker).sudo().display_name, ref)

    def test_search_paths_give_own_files_only(self):
        """Every way of asking gives the same people."""
        pair = [("id", "in", (self.own | self.other | self.far).ids)]
        people = self.env["ess.beneficiary"].with_user(self.worker)
        self.assertEqual(people.search(pair), self.own)
        self.assertEqual(people.search_count(pair), 1)
        self.assertEqual(people._read_group(pair, [], ["__count"]), [(1,)])
        grouped = people.formatted_read_group(pair, [], ["__count"])
        self.assertEqual(grouped[0]["__count"], 1)
        self.assertEqual(people.web_search_read(pair, {"ref": {}})["length"], 1)
        self.assertFalse(people.name_search(self.other.sudo().last_name))
        self.assertFalse(people.name_search(self.other.sudo().ref))
        goals = self.env["ess.goal"].with_user(self.worker)
        name = self.other.sudo().last_name
        self.assertFalse(goals.search([("beneficiary_id", "ilike", name)]))
        self.assertFalse(goals.search([("beneficiary_id.last_name", "=", name)]))

    def test_export_gives_own_files_only(self):
        self.worker.group_ids |= self.env.ref("base.group_allow_export")
        people = (self.own | self.other).with_user(self.worker)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            people.export_data(["last_name", "phone"])
        rows = people[0].export_data(["last_name", "phone"])["datas"]
        self.assertEqual(rows[0][0], self.own.sudo().last_name)

    def test_reception_cannot_guess_hidden_fields(self):
        people = self.env["ess.beneficiary"].with_user(self.reception)
        for domain in (
            [("phone", "ilike", "06")],
            [("goal_ids.words", "ilike", "a")],
            [("situation_ids", "!=", False)],
            [("is_protected", "=", True)],
        ):
            with self.assertRaises(AccessError, msg=domain):
                people.search(domain)
        with self.assertRaises(AccessError):
            people.search([], order="birth_date")
        with self.assertRaises(AccessError):
            people._read_group([], ["sex"], ["__count"])

    # === TEAM-ONLY DOMAINS

    def test_team_only_situations(self):
        value = self.env.ref("ess_beneficiary.ess_situation_value_health_cover_to_open")
        situation = self.env["ess.situation"].create(
            {"beneficiary_id": self.own.id, "value_id": value.id}
        )
        self._assert_allowed([situation], self.worker, "read", "write")
        self._assert_denied([situation], self.coordinator, "read", "write")
        self._assert_denied([situation], self.dpo, "read")


@tagged("post_install", "-at_install", "ess", "security")
class TestProtectedFile(EssBeneficiaryCommon):
    """Outside its team a protected file does not exist."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(
            team=cls.worker, is_protected=True, protection_reason="violence"
        )
        value = cls.env.ref("ess_beneficiary.ess_situation_value_housing_safe_shelter")
        cls.person.sudo().write(
            {
                "situation_ids": [Command.create({"value_id": value.id})],
                "goal_ids": [Command.create({"words": cls.canary("goal")})],
            }
        )
        kind = cls.env.ref("ess_beneficiary.ess_document_type_cv")
        cls.env["ess.note"].create({"beneficiary_id": cls.person.id, "text": "Came"})
        cls.env["ess.document"].create(
            {"beneficiary_id": cls.person.id, "type_id": kind.id}
        )
        cls.outsiders = (
            cls.coordinator
            | cls.dpo
            | cls.worker2
            | cls.importer
            | cls.env.ref("base.user_admin")
        )

    def test_team_reads_and_writes(self):
        person = self.person.with_user(self.worker)
        self.assertTrue(person.display_name)
        person.phone = "0600000000"
        self.assertEqual(
            self.env["ess.beneficiary"]
            .with_user(self.worker)
            .search([("id", "=", person.id)]),
            person,
        )

    def test_file_does_not_exist_outside(self):
        name, ref = self.person.sudo().last_name, self.person.sudo().ref
        alone = [("id", "=", self.person.id)]
        for user in self.outsiders | self.reception:
            people = self.env["ess.beneficiary"].with_user(user)
            self.assertFalse(people.search(alone), user.login)
            self.assertEqual(people.search_count(alone), 0)
            self.assertEqual(people.search_count([("last_name", "=", name)]), 0)
            self.assertEqual(people._read_group(alone, [], ["__count"]), [(0,)])
            self.assertFalse(people.name_search(name))
            self.assertFalse(people.name_search(ref))
            self.assertEqual(people.web_search_read(alone, {})["length"], 0)
            # as for an id that was never given
            self.assertEqual(people.browse(self.person.id).read(["last_name"]), [])

    def test_facts_do_not_exist_outside(self):
        of_person = [("beneficiary_id", "=", self.person.id)]
        for user in self.outsiders:
            for model in FACTS:
                facts = self.env[model].with_user(user)
                self.assertFalse(facts.search(of_person), f"{model} {user.login}")
                self.assertEqual(facts.search_count(of_person), 0)
                self.assertFalse(
                    facts._read_group(of_person, ["beneficiary_id"], ["__count"])
                )

    def test_state_of_everyone_leaves_it_out(self):
        housing = self.env.ref("ess_beneficiary.ess_situation_domain_housing")
        today = self.env.cr.now().date()
        for user in self.outsiders:
            state = self.env["ess.situation"].with_user(user)._state_at(housing, today)
            self.assertNotIn(self.person.id, state)

    def test_name_shows_nowhere_outside(self):
        goal = self.person.sudo().goal_ids
        for user in self.outsiders:
            masked = goal.beneficiary_id.with_user(user).sudo()
            self.assertEqual(masked.display_name, self.person.sudo().ref)

    def test_worker_opens_a_protected_file(self):
        person = (
            self.env["ess.beneficiary"]
            .with_user(self.worker2)
            .create({"pseudonym": "Nobody", "is_protected": True})
        )
        self.assertFalse(
            self.env["ess.beneficiary"]
            .with_user(self.coordinator)
            .search_count([("id", "=", person.id)])
        )
