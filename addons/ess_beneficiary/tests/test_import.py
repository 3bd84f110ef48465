import base64
import datetime
import io
import random

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged, users
from odoo.tools import mute_logger

from ..models.ess_import_row import ROW_FIELDS
from .import_common import EssImportCommon

TITLES = "Nom;Prénom;Date de naissance;Sexe;Téléphone;E-mail;Adresse;CP;Ville"


@tagged("post_install", "-at_install", "ess")
class TestImport(EssImportCommon):
    """A list on its way into the files, and back."""

    def test_check_writes_no_file(self):
        before = self.env["ess.beneficiary"].search_count([])
        batch = self.check(TITLES, "Martin;Paul;;;;;;;")
        self.assertEqual(batch.state, "checked")
        self.assertEqual(batch.create_count, 1)
        self.assertEqual(self.env["ess.beneficiary"].search_count([]), before)

    def test_import_opens_files(self):
        batch = self.check(
            TITLES,
            "Martin;Paul;03/04/1990;H;06 11 22 33 44;p@x.org;1 rue A;75018;Paris",
            "Durand;Léa;1985;F;;;;;",
        )
        batch.action_import()
        files = self.files(batch)
        self.assertRecordValues(
            files,
            [
                {
                    "last_name": "Martin",
                    "birth_date": datetime.date(1990, 4, 3),
                    "birth_date_precision": "day",
                    "sex": "male",
                    "phone": "06 11 22 33 44",
                    "zip": "75018",
                },
                {
                    "last_name": "Durand",
                    "birth_date": datetime.date(1985, 1, 1),
                    "birth_date_precision": "year",
                    "sex": "female",
                    "phone": False,
                    "zip": False,
                },
            ],
        )
        self.assertEqual(len(set(files.mapped("ref"))), 2)
        self.assertTrue(all(len(token) == 32 for token in files.mapped("qr_token")))
        self.assertFalse(files.team_user_ids)
        self.assertFalse(files.message_ids)
        self.assertEqual(batch.file_count, 2)

    def test_import_equals_create(self):
        """The SQL path and the ORM path give equal rows, cell by cell."""
        vals_list = self._random_people(300)
        batch = self._import_vals(vals_list)
        imported = self.files(batch)
        created = self.env["ess.beneficiary"].with_context(no_followup=True)
        given = [{k: v for k, v in vals.items() if v} for vals in vals_list]
        created = created.with_user(self.importer).sudo().create(given)
        self.env.flush_all()
        names = [
            name
            for name, field in imported._fields.items()
            if field.store and field.column_type
        ]
        skipped = {"id", "ref", "qr_token", "import_id", "import_row_id"}
        skipped |= {"create_date", "write_date"}
        compared = sorted(set(names) - skipped)
        compared += [f"match_{name}" for name in ("last", "name", "birth", "phone")]
        columns = ", ".join(compared)
        query = f"SELECT {columns} FROM ess_beneficiary WHERE id = ANY(%s) ORDER BY id"
        self.env.cr.execute(query, [imported.ids])
        rows = self.env.cr.fetchall()
        self.env.cr.execute(query, [created.ids])
        for row, expected in zip(rows, self.env.cr.fetchall(), strict=True):
            self.assertEqual(dict(zip(compared, row)), dict(zip(compared, expected)))

    def _random_people(self, count):
        draw = random.Random(19)
        names = [
            "Martin",
            "Nguyễn",
            "Le  Gall",
            "Da-Silva",
            "عمر",
            "O'Neill",
            "Zoe\u0308",
        ]
        return [
            {
                "last_name": f"{draw.choice(names)} {draw.randint(1, 10**9)}",
                "first_name": draw.choice([False, "Ana", "Élise"]),
                "birth_name": draw.choice([False, "Roux"]),
                "birth_date": draw.choice([False, "1990-04-03", "2001-12-31"]),
                "sex": draw.choice([False, "female", "male", "other"]),
                "phone": draw.choice([False, "0612345678", "+33 6 00 00 00 00"]),
                "email": draw.choice([False, "a@example.org"]),
                "street": draw.choice([False, "1 rue de l'Église"]),
                "zip": draw.choice([False, "75018"]),
                "city": draw.choice([False, "Paris"]),
                "interpreter_needed": draw.choice([False, True]),
            }
            for _n in range(count)
        ]

    def _import_vals(self, vals_list):
        names = list(vals_list[0])
        lines = [";".join(names)]
        yes = {True: "oui", False: ""}
        lines += [
            ";".join(
                yes[value] if isinstance(value, bool) else value
                for value in (vals[name] for name in names)
            )
            for vals in vals_list
        ]
        batch = self.upload(self.csv(*lines))
        for line in batch.mapping_ids:
            line.target = line.header
        batch.action_check()
        batch.row_ids.filtered(lambda row: row.outcome != "error").action_create()
        batch.action_import()
        return batch

    def test_impossible_dates_are_kept_with_a_remark(self):
        batch = self.check(
            TITLES, "Martin;Paul;31/02/1990;;;;;;", "Roux;A;12/2999;;;;;;"
        )
        self.assertEqual(batch.warning_count, 2)
        self.assertIn("31/02/1990", batch.row_ids[0].message)
        batch.action_import()
        self.assertEqual(
            self.files(batch).mapped("birth_date_text"), ["31/02/1990", "12/2999"]
        )

    def test_known_persons_are_left_out_by_default(self):
        known = self._make_beneficiary(
            last_name="MARTIN", first_name="Paul", birth_date="1990-04-03"
        )
        batch = self.check(
            TITLES, "Martin;Paul;03/04/1990;;0611223344;;;;", "Roux;A;;;;;;;"
        )
        row = batch.row_ids[0]
        self.assertRecordValues(
            row, [{"outcome": "match", "decision": "skip", "match_id": known.id}]
        )
        self.assertGreater(row.match_score, 0.9)
        self.assertIn("birth date", row.match_reason)
        batch.action_import()
        self.assertEqual(self.files(batch).mapped("last_name"), ["Roux"])
        self.assertFalse(known.phone)

    def test_known_person_completed(self):
        known = self._make_beneficiary(
            last_name="MARTIN", first_name="Paul", birth_date="1990-04-03", city="Lyon"
        )
        batch = self.check(TITLES, "Martin;Paul;03/04/1990;;0611223344;;;;Paris")
        batch.row_ids.action_update()
        batch.action_import()
        self.assertRecordValues(known, [{"phone": "0611223344", "city": "Lyon"}])
        self.assertFalse(self.files(batch))
        batch.action_undo()
        self.assertFalse(known.phone)

    def test_known_person_opened_all_the_same(self):
        self._make_beneficiary(
            last_name="MARTIN", first_name="Paul", birth_date="1990-04-03"
        )
        batch = self.check(TITLES, "Martin;Paul;03/04/1990;;;;;;")
        batch.row_ids.action_create()
        batch.action_import()
        self.assertEqual(len(self.files(batch)), 1)

    def test_twice_in_the_list(self):
        batch = self.check(
            TITLES, "Martin;Paul;03/04/1990;;;;;;", "MARTIN;Paul;04/03/1990;;;;;;"
        )
        self.assertEqual(batch.row_ids.mapped("outcome"), ["new", "repeat"])
        self.assertEqual(batch.row_ids[1].match_number, 2)

    def test_protected_file_does_not_exist(self):
        self._make_beneficiary(
            team=self.worker2,
            last_name="MARTIN",
            first_name="Paul",
            birth_date="1990-04-03",
            is_protected=True,
        )
        batch = self.check(TITLES, "Martin;Paul;03/04/1990;;;;;;")
        self.assertEqual(batch.row_ids.outcome, "new")

    def test_other_association_does_not_exist(self):
        self._make_beneficiary(
            last_name="MARTIN",
            first_name="Paul",
            birth_date="1990-04-03",
            company_id=self.company_2.id,
        )
        batch = self.check(TITLES, "Martin;Paul;03/04/1990;;;;;;")
        self.assertEqual(batch.row_ids.outcome, "new")

    def test_row_without_name_is_an_error(self):
        batch = self.check(TITLES, ";;03/04/1990;;;;;;", "Martin;;;;;;;;")
        self.assertEqual(batch.row_ids.mapped("outcome"), ["error", "new"])
        with self.assertRaisesRegex(UserError, "has an error"):
            batch.row_ids[0].decision = "create"
        batch.action_import()
        self.assertEqual(len(self.files(batch)), 1)

    def test_update_needs_a_known_file(self):
        batch = self.check(TITLES, "Martin;;;;;;;;")
        with self.assertRaisesRegex(UserError, "no known file"):
            batch.row_ids.action_update()

    def test_download_of_errors(self):
        batch = self.check(TITLES, ";;03/04/1990;;;;=1+1;;", "Martin;;;;;;;;")
        action = batch.action_download_errors()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        sheet = openpyxl.load_workbook(io.BytesIO(attachment.raw)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(len(rows), 2)
        self.assertEqual((rows[1][0], rows[1][8]), (2, "=1+1"))
        self.assertEqual(sheet["I2"].data_type, "s")
        action = batch.action_download_errors_csv()
        self.assertIn("/web/content/", action["url"])

    def test_columns_of_a_source_are_remembered(self):
        first = self.upload(b"A;B\nMartin;Paul\n", source="CCAS")
        first.mapping_ids[0].target = "last_name"
        first.mapping_ids[1].target = "first_name"
        first.action_check()
        second = self.upload(b"B;A\nLea;Durand\n", source="ccas")
        self.assertEqual(
            second.mapping_ids.mapped("target"), ["first_name", "last_name"]
        )

    def test_same_file_twice_is_told(self):
        data = self.csv(TITLES, "Martin;;;;;;;;")
        first = self.upload(data)
        first.action_check()
        self.assertFalse(first.same_file_note)
        self.assertIn("already uploaded", self.upload(data).same_file_note)

    def test_situations(self):
        value = self.env.ref("ess_beneficiary.ess_situation_value_housing_street")
        batch = self.check("Nom;situation:housing", f"Martin;{value.code}", "Roux;zzz")
        self.assertIn("zzz", batch.row_ids[1].message)
        batch.action_import()
        martin, roux = self.files(batch)
        self.assertEqual(martin.situation_ids.value_id, value)
        self.assertEqual(martin.situation_ids.source, "import")
        self.assertFalse(roux.situation_ids)

    def test_referent(self):
        batch = self.check("Nom", "Martin", "Roux", referent_id=self.worker.id)
        batch.action_import()
        self.assertEqual(self.files(batch).referent_id, self.worker)
        self.assertEqual(self.files(batch).team_user_ids, self.worker)

    def test_undo_removes_what_nobody_touched(self):
        value = self.env.ref("ess_beneficiary.ess_situation_value_housing_street")
        batch = self.check(
            "Nom;situation:housing",
            f"Martin;{value.code}",
            "Roux;",
            "Petit;",
            "Blanc;",
            referent_id=self.worker.id,
        )
        batch.action_import()
        martin, roux, petit, blanc = self.files(batch)
        self.env.cr.execute(
            "UPDATE ess_beneficiary SET create_date = create_date - interval '1 hour',"
            " write_date = write_date - interval '1 hour' WHERE import_id = %s",
            [batch.id],
        )
        self.env.cr.execute(
            "UPDATE ess_followup SET create_date = create_date - interval '1 hour'"
            " WHERE beneficiary_id = ANY(%s)",
            [self.files(batch).ids],
        )
        self.env.cr.execute(
            "UPDATE ess_situation SET create_date = create_date - interval '1 hour'"
            " WHERE beneficiary_id = %s",
            [martin.id],
        )
        self.env.invalidate_all()
        roux.city = "Lyon"
        petit.message_post(body="Seen today")
        batch.action_undo()
        self.assertFalse((martin | blanc).exists())
        self.assertEqual((roux | petit).exists(), roux | petit)
        self.assertEqual(batch.state, "undone")
        self.assertIn("2 files stay", batch.notes)
        messages = dict(batch.row_ids.mapped(lambda row: (row.last_name, row.message)))
        self.assertIn("changed since", messages["Roux"])
        self.assertFalse(messages["Blanc"])

    def test_undo_then_delete(self):
        batch = self.check("Nom", "Martin")
        batch.action_import()
        with self.assertRaisesRegex(UserError, "undo"):
            batch.unlink()
        batch.action_undo()
        batch.unlink()

    def test_imported_twice_is_refused(self):
        batch = self.check("Nom", "Martin")
        batch.action_import()
        for action in (batch.action_import, batch.action_check):
            with self.assertRaises(UserError):
                action()
        with self.assertRaises(UserError):
            batch.row_ids.decision = "create"

    def test_back_to_columns(self):
        batch = self.check("Nom", "Martin")
        batch.action_back()
        self.assertEqual(batch.state, "draft")
        self.assertFalse(batch.row_ids)

    # === RIGHTS

    def test_only_importers(self):
        for user in (self.reception, self.worker, self.dpo, self.internal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.upload(b"Nom\nMartin\n", user=user)

    def test_rows_are_the_importers_and_the_coordinations(self):
        batch = self.check("Nom", "Martin")
        other = new_test_user(
            self.env, "importer2", "ess_beneficiary.group_beneficiary_import"
        )
        for model in ("ess.import", "ess.import.row", "ess.import.mapping"):
            rows = self.env[model]
            self.assertFalse(rows.with_user(other).search([]))
            self.assertFalse(rows.with_user(self.other_company_user).search([]))
            self.assertTrue(rows.with_user(self.importer).search([]))
            self.assertTrue(rows.with_user(self.coordinator).search([]))
        with self.assertRaises(AccessError):
            batch.with_user(other).action_import()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_rows_are_written_by_the_check_alone(self):
        batch = self.check("Nom", "Martin")
        rows = batch.row_ids.with_user(self.importer)
        rows.write({"last_name": "Other", "decision": "skip"})
        self.assertEqual(rows.last_name, "Martin")
        with self.assertRaises(AccessError):
            rows.unlink()
        with self.assertRaises(AccessError):
            self.env["ess.import.row"].with_user(self.importer).create(
                {"import_id": batch.id, "outcome": "new"}
            )

    @users("ess_importer")
    def test_query_count_does_not_grow_with_the_rows(self):
        """Check and import of 10 and of 400 rows send as many statements."""
        counts = []
        for count in (10, 400):
            lines = [f"Nom{number};Prénom{number}" for number in range(count)]
            before = self.cr.sql_log_count
            batch = self.env["ess.import"].create(
                {
                    "data": base64.b64encode(self.csv("Nom;Prénom", *lines)),
                    "filename": f"{count}.csv",
                }
            )
            batch.action_check()
            batch.action_import()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.env.invalidate_all()
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_row_fields_are_fields_of_the_file(self):
        for name in ROW_FIELDS:
            self.assertIn(name, self.env["ess.beneficiary"]._fields)
            self.assertIn(name, self.env["ess.import.row"]._fields)
