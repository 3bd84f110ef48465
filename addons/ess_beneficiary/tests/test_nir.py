import base64
import random
import re
import time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools.nir import contains_nir, hide_nirs
from .import_common import EssImportCommon

DRAWS = 3_000


class Draw(random.Random):
    """Numbers of all kinds, the same ones at each run."""

    def signs(self, count):
        return "".join(self.choice("0123456789") for _n in range(count))

    def nir(self):
        """A valid number, as 15 signs."""
        department = self.choice(
            [f"{self.randint(1, 95):02}", "2A", "2B", "97", "98", "99"]
        )
        month = self.choice([*range(1, 13), 20, 35, 62])
        head = f"{self.choice('12127812')}{self.signs(2)}{month:02}"
        tail = f"{self.randint(1, 990):03}{self.randint(1, 999):03}"
        number = {"2A": "19", "2B": "18"}.get(department, department)
        key = 97 - int(head + number + tail) % 97
        return f"{head}{department}{tail}{key:02}"

    def written(self, nir):
        """The number as somebody may type it."""
        cuts = (0, 1, 3, 5, 7, 10, 13, 15)
        parts = [nir[start:end] for start, end in zip(cuts, cuts[1:])]
        style = self.choice(("", " ", ".", "-", "\u00a0", "\u202f", "key"))
        if style == "key":
            return f"{nir[:13]} {nir[13:]}"
        return style.join(parts)

    def luhn(self, count):
        """A number with a Luhn key: SIREN, SIRET, bank card."""
        body = self.signs(count - 1)
        total = sum(
            sum(divmod(int(sign) * (2 if place % 2 == 0 else 1), 10))
            for place, sign in enumerate(reversed(body))
        )
        return f"{body}{-total % 10}"

    def iban(self):
        body = f"{self.signs(5)}{self.signs(5)}{self.signs(11)}{self.signs(2)}"
        key = 98 - int(f"{body}152700") % 97
        compact = f"FR{key:02}{body}"
        if self.random() < 0.5:
            return compact
        return " ".join(re.findall(".{1,4}", compact))

    def phone(self):
        digits = f"0{self.randint(1, 9)}{self.signs(8)}"
        sep = self.choice(("", " ", ".", "-"))
        text = sep.join(re.findall("..", digits))
        return self.choice((text, f"+33 {text[1:]}", f"0033{text[1:]}"))


@tagged("post_install", "-at_install", "ess")
class TestNir(EssImportCommon):
    """A valid social security number is refused in every text."""

    def setUp(self):
        super().setUp()
        self.draw = Draw(2026)
        self.nir = "1 85 05 78 006 084 91"
        self.file = self._make_beneficiary(team=self.worker)

    def test_every_valid_number_is_found(self):
        for _n in range(DRAWS):
            text = self.draw.written(self.draw.nir())
            self.assertTrue(contains_nir(f"sécu {text}, vu le 3"), text)
            self.assertTrue(contains_nir(text.lower()), text)
            self.assertFalse(contains_nir(hide_nirs(text)), text)

    def test_one_wrong_sign_is_no_number(self):
        for _n in range(DRAWS):
            nir = self.draw.nir()
            place = self.draw.randrange(15)
            if not nir[place].isdigit():
                continue
            other = str((int(nir[place]) + self.draw.randint(1, 9)) % 10)
            self.assertFalse(contains_nir(nir[:place] + other + nir[place + 1 :]))

    def test_phones_companies_and_accounts_pass(self):
        makers = {
            "phone": self.draw.phone,
            "two phones": lambda: f"{self.draw.phone()} {self.draw.phone()}",
            "siren": lambda: self.draw.luhn(9),
            "siret": lambda: self.draw.luhn(14),
            "siret cut": lambda: " ".join(re.findall(".{1,3}", self.draw.luhn(14))),
            "card": lambda: " ".join(re.findall("....", self.draw.luhn(16))),
            "iban": self.draw.iban,
            "date and hour": lambda: f"{self.draw.randint(1950, 2030)}-12-24 18:30:59",
            "reference": lambda: f"D26-{self.draw.signs(5)} / {self.draw.signs(10)}",
            "barcode": lambda: self.draw.signs(13),
            "long": lambda: self.draw.signs(20),
        }
        for name, make in makers.items():
            found = [
                text for _n in range(DRAWS) if contains_nir(text := f"n° {make()}")
            ]
            self.assertFalse(found, name)

    def test_number_in_formatted_text(self):
        self.assertTrue(
            contains_nir("<p>1 85 05 <b>78</b>&nbsp;006 084 91</p>", is_html=True)
        )
        self.assertFalse(
            contains_nir("<td>1 85 05</td><td>78 006 084 91</td>", is_html=True)
        )

    def test_refused_in_a_file_with_the_reason(self):
        with self.assertRaises(ValidationError) as caught:
            self.file.with_user(self.worker).write({"street2": f"sécu {self.nir}"})
        self.assertIn("Address, continued", str(caught.exception))
        self.assertIn("2019-341", str(caught.exception))
        self.assertNotIn("084", str(caught.exception))

    def test_refused_in_facts_of_every_model(self):
        project = {"beneficiary_id": self.file.id, "words": f"mon numéro {self.nir}"}
        with self.assertRaises(ValidationError):
            self.env["ess.life.project"].with_user(self.worker).create(project)
        with self.assertRaises(ValidationError):
            self.env["ess.code"].create(
                {"scheme": "public", "code": "x", "name": f"Nom {self.nir}"}
            )

    def test_refused_in_chatter_activities_and_attachments(self):
        file = self.file.with_user(self.worker)
        with self.assertRaises(ValidationError):
            file.message_post(body=f"Numéro : {self.nir}")
        message = file.message_post(body="Rien")
        with self.assertRaises(ValidationError):
            message.sudo().body = f"Numéro : {self.nir}"
        with self.assertRaises(ValidationError):
            file.activity_schedule(summary=f"Carte {self.nir}")
        with self.assertRaises(ValidationError):
            self.env["ir.attachment"].create(
                {
                    "name": f"{self.nir.replace(' ', '')}.pdf",
                    "res_model": "ess.beneficiary",
                    "res_id": self.file.id,
                    "raw": b"x",
                }
            )

    def test_refused_in_extra_fields(self):
        self.company.beneficiary_properties_definition = [
            {"name": "a1b2c3", "string": "Note", "type": "char"}
        ]
        with self.assertRaises(ValidationError):
            self.file.properties = {"a1b2c3": self.nir}

    def test_other_models_are_left_alone(self):
        partner = self.env["res.partner"].create({"name": f"Test {self.nir}"})
        self.assertTrue(partner.message_post(body=self.nir))

    def test_what_was_written_before_stays(self):
        self.env.cr.execute(
            "UPDATE ess_beneficiary SET street2 = %s WHERE id = %s",
            [self.nir, self.file.id],
        )
        self.env.invalidate_all()
        self.file.city = "Lyon"
        self.assertEqual((self.file.street2, self.file.city), (self.nir, "Lyon"))

    def test_import_row_is_in_error(self):
        batch = self.check(
            "nom;prenom;rue;divers", f"Sow;Awa;{self.nir};x", f"Ba;Ali;;{self.nir}"
        )
        bad, good = batch.row_ids
        self.assertEqual((bad.outcome, bad.decision), ("error", "skip"))
        self.assertIn("rue", bad.message)
        self.assertNotIn("084", f"{bad.message}{bad.street}")
        self.assertEqual(good.outcome, "new")
        samples = " ".join(filter(None, batch.mapping_ids.mapped("sample")))
        self.assertNotIn("084", samples)
        attachment = self.env["ir.attachment"].browse(
            int(batch.action_download_errors_csv()["url"].split("/")[3].split("?")[0])
        )
        self.assertNotIn(b"084", base64.b64decode(attachment.datas))

    def test_number_in_every_row_of_a_list(self):
        """A digit at the end of the cell before is no part of the number."""
        nir = "185057800608491"
        batch = self.check(
            "nom;prenom;tel;rue", f"Sow;Awa;0612345678;{nir}", f"Ba;Ali;;{nir}"
        )
        self.assertEqual(batch.row_ids.mapped("outcome"), ["error", "error"])
        self.assertFalse(any(nir in (row.street or "") for row in batch.row_ids))

    def test_the_check_is_cheap(self):
        """Less than a hundredth of what writing costs: 20 µs for a value list."""
        vals = {
            "last_name": "Traoré",
            "first_name": "Mariam",
            "phone": "06 12 34 56 78",
            "email": "mariam.traore@example.org",
            "street": "12 bis rue de la République, bâtiment C",
            "birth_date": "1990-01-02",
        }
        start = time.perf_counter()
        for _n in range(10_000):
            self.file._refuse_nir(vals)
        self.assertLess((time.perf_counter() - start) / 10_000, 50e-6)
