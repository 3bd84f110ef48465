from odoo.tests import tagged, users
from odoo.tools import SQL

from ..tools import matching_keys
from .common import EssBeneficiaryCommon

BENALI = {
    "last_name": "Benali",
    "first_name": "Lina",
    "birth_date": "2012-05-17",
    "phone": "06 11 22 33 44",
    "street": "12 rue des Lilas",
    "zip": "75018",
    "city": "Paris",
}
DIALLO = {
    "last_name": "Diallo",
    "first_name": "Mamadou",
    "birth_date": "1988-07-23",
}

# A name that no other file has, whatever else is in the database.
RARE = {"last_name": "Kpodzoulou", "first_name": "Mawuli", "birth_date": "1988-07-23"}


@tagged("post_install", "-at_install", "ess")
class TestMatching(EssBeneficiaryCommon):
    """French cases: who is the same person, who is not."""

    def assertSame(self, one, **changes):
        self.assertTrue(self._score(one, changes), (one, changes))

    def assertNotSame(self, one, **changes):
        self.assertFalse(self._score(one, changes), (one, changes))

    def _score(self, one, changes):
        files = self._make_beneficiary(**one)
        files |= self._make_beneficiary(**{**one, **changes})
        duplicates = self.env["ess.duplicate"].sudo()
        duplicates._scan(files.ids)
        found = duplicates.search(
            [("beneficiary_id", "in", files.ids), ("duplicate_id", "in", files.ids)]
        )
        files.active = False
        return found.score

    # === SAME PERSON

    def test_accents_case_hyphens(self):
        self.assertSame(
            dict(DIALLO, last_name="Lefèvre-Œuvrard", first_name="Éloïse"),
            last_name="LEFEVRE OEUVRARD",
            first_name="eloise",
        )

    def test_french_sounds(self):
        for one, two in (
            ("Dupont", "Dupond"),
            ("Ouattara", "Wattara"),
            ("Gauthier", "Gotier"),
            ("Philippe", "Filipe"),
            ("Quentin", "Kantin"),
        ):
            with self.subTest(one=one):
                self.assertSame(dict(DIALLO, last_name=one), last_name=two)

    def test_inverted_names(self):
        self.assertSame(DIALLO, last_name="Mamadou", first_name="Diallo")

    def test_day_and_month_inverted(self):
        self.assertSame(dict(DIALLO, birth_date="1988-07-09"), birth_date="1988-09-07")

    def test_birth_name(self):
        self.assertSame(
            dict(DIALLO, last_name="Roux", first_name="Claire", birth_name="Morel"),
            last_name="Morel",
            birth_name=False,
        )

    def test_double_last_name(self):
        self.assertSame(dict(DIALLO, last_name="Garcia Lopez"), last_name="Garcia")

    def test_year_of_birth_only(self):
        self.assertSame(
            dict(DIALLO, zip="75018", last_name="Tessougué"),
            birth_date="1988-01-01",
            birth_date_precision="year",
        )

    def test_phone_formats(self):
        for phone in (
            "+33 6 11 22 33 44",
            "0033611223344",
            "611223344",
            "06.11.22.33.44",
        ):
            with self.subTest(phone=phone):
                self.assertSame(BENALI, birth_date=False, street=False, phone=phone)

    def test_transposed_letters(self):
        self.assertSame(dict(DIALLO, first_name="Kirra"), first_name="Kirar")

    def test_address_without_its_small_words(self):
        self.assertSame(
            BENALI, birth_date=False, phone=False, street="12, r. DES LILAS"
        )

    def test_names_of_another_alphabet(self):
        for name in ("Mohammed", "Muhammad", "Mouhamed"):
            self.assertSame(dict(DIALLO, first_name="Mohamed"), first_name=name)

    def test_single_names(self):
        """One name is known, here as first name, there as last name."""
        amina = {"first_name": "Amina", "birth_date": "1990-04-12"}
        self.assertSame(amina)
        self.assertSame(amina, first_name=False, last_name="Amina")
        self.assertNotSame(amina, birth_date=False)

    def test_month_known(self):
        self.assertSame(
            DIALLO, birth_date="1988-07-01", birth_date_precision="month", zip="75018"
        )

    # === OTHER PERSONS

    def test_relative_written_inverted(self):
        """The family name agrees with an inverted one: still another first name."""
        self.assertNotSame(
            BENALI, last_name="Karim", first_name="Benali", birth_date="1980-02-03"
        )

    def test_twins(self):
        self.assertNotSame(BENALI, first_name="Sarah")
        self.assertNotSame(BENALI, first_name="Adam")

    def test_spouses_and_parents(self):
        self.assertNotSame(BENALI, first_name="Karim", birth_date="1980-02-03")
        self.assertNotSame(BENALI, first_name="Nadia", birth_date=False)

    def test_adult_brother(self):
        self.assertNotSame(
            dict(BENALI, birth_date="1985-05-17"),
            first_name="Karim",
            birth_date="1987-11-02",
        )

    def test_homonyms(self):
        self.assertNotSame(DIALLO, birth_date="1979-02-11")
        self.assertNotSame(dict(DIALLO, birth_date=False), city="Lyon")

    def test_first_of_january_weighs_nothing(self):
        first = dict(DIALLO, birth_date="1990-01-01")
        self.assertNotSame(first, last_name="Traoré", first_name="Moussa")
        self.assertNotSame(first, first_name="Ibrahima")

    def test_same_first_name_and_birth_date(self):
        self.assertNotSame(DIALLO, last_name="Keïta")

    def test_shared_address_and_phone(self):
        """The address and phone of a shelter make nobody the same."""
        shelter = {
            "street": "1 rue du Foyer",
            "zip": "75018",
            "phone": "01 40 00 00 00",
            "city": "Paris",
        }
        for number in range(6):
            self._make_beneficiary(
                last_name=f"Foyer{number}", first_name=f"Ali{number}", **shelter
            )
        names = {"last_name": "Sow", "first_name": "Awa"}
        other = {"last_name": "Soh", "first_name": "Awa"}
        self.assertNotSame({**names, **shelter, "birth_date": False}, **other)

    # === HINTS

    @users("ess_coordinator")
    def test_find_probable_matches(self):
        file = self._make_beneficiary(**RARE)
        hints = self.env["ess.beneficiary"]._find_probable_matches(
            {"last_name": "KPODZULU", "first_name": "Mawuli"}
        )
        self.assertEqual([hint["beneficiary_id"] for hint in hints], file.ids)
        self.assertEqual(hints[0]["ref"], file.ref)
        self.assertIn("same first name", hints[0]["reasons"])

    def test_hints_obey_the_rules(self):
        file = self._make_beneficiary(team=self.worker2, is_protected=True, **RARE)
        find = self.env["ess.beneficiary"]
        names = {"last_name": "Kpodzoulou", "first_name": "Mawuli"}
        for user in (self.worker, self.coordinator, self.dpo):
            self.assertEqual(find.with_user(user)._find_probable_matches(names), [])
        hints = find.with_user(self.worker2)._find_probable_matches(names)
        self.assertEqual([hint["beneficiary_id"] for hint in hints], file.ids)

    def test_hints_without_anything(self):
        self._make_beneficiary(**DIALLO)
        self.assertEqual(self.env["ess.beneficiary"]._find_probable_matches({}), [])

    # === COLUMNS

    def _keys(self, file):
        names = SQL(", ").join(SQL.identifier(name) for name in matching_keys.KEYS)
        self.env.flush_all()
        query = SQL("SELECT %s FROM ess_beneficiary WHERE id = %s", names, file.id)
        return dict(zip(matching_keys.KEYS, self.env.execute_query(query)[0]))

    def test_keys_follow_the_file(self):
        file = self._make_beneficiary(
            last_name="Élan", first_name="Zoé", birth_name="Roux", phone="0612345678"
        )
        before = self._keys(file)
        self.assertEqual(before["match_name"], "eLAN|sE")
        self.assertEqual(before["match_maiden"], "rU|sE")
        self.assertEqual(before["match_phone"], "+33612345678")
        file.write({"last_name": "Roche", "phone": False})
        after = self._keys(file)
        self.assertEqual((after["match_last"], after["match_phone"]), ("ROCHE", None))
        self.assertEqual(after["match_first"], before["match_first"])

    def test_keys_of_a_list_are_those_of_a_file(self):
        """Names folded once for a whole list, or by the trigger one by one."""
        people = [
            dict(DIALLO, pseudonym="Le Grand", birth_name="N'Diaye-Œuvrard"),
            dict(BENALI, email="A@b.FR", birth_date_precision="month"),
            {"first_name": "Zoé", "birth_date_text": "31/02/1990"},
            {"last_name": "محمد", "phone2": "+221 77 123 45 67"},
        ]
        files = [self._make_beneficiary(**person) for person in people]
        self.env.flush_all()
        names = ", ".join(["id", *matching_keys.SOURCES])
        self.env.cr.execute(
            f"CREATE TEMPORARY TABLE test_cells ON COMMIT DROP AS SELECT {names}"
            " FROM ess_beneficiary WHERE id = ANY(%s)",
            [[file.id for file in files]],
        )
        keys = ", ".join(matching_keys.KEYS)
        relation = matching_keys.keys_of_table("test_cells")
        self.env.cr.execute(f"SELECT {keys} FROM {relation} keyed ORDER BY id")
        for file, row in zip(files, self.env.cr.fetchall()):
            self.assertEqual(self._keys(file), dict(zip(matching_keys.KEYS, row)))

    def test_init_is_idempotent(self):
        before = self.env["ess.beneficiary"]._matching_versions()
        self.assertGreaterEqual(set(before), set(matching_keys.KEYS))
        query = "SELECT attname, attnum FROM pg_attribute WHERE attname LIKE 'match%'"
        self.env.cr.execute(query)
        columns = self.env.cr.fetchall()
        self.env["ess.beneficiary"].init()
        self.env["ess.import.row"].init()
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), columns)
        self.assertEqual(self.env["ess.beneficiary"]._matching_versions(), before)

    def test_init_renews_a_changed_key(self):
        self.env.cr.execute("COMMENT ON COLUMN ess_beneficiary.match_last IS 'old'")
        self.env["ess.beneficiary"].init()
        versions = self.env["ess.beneficiary"]._matching_versions()
        self.assertEqual(
            versions["match_last"], matching_keys.key_version("match_last")
        )
        for name in matching_keys.INDEXES:
            self.assertIn(f"ess_beneficiary_{name}", versions)
