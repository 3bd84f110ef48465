import base64

from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestCard(EssProgrammesCommon):
    def _render(self, people):
        report = self.env["ir.actions.report"].with_user(self.worker)
        html, _type = report._render_qweb_html(
            "ess_programmes.report_beneficiary_card", people.ids
        )
        return html.decode()

    def test_card_says_nothing_but_the_number(self):
        person = self._make_beneficiary(
            team=self.worker,
            first_name=self.canary("First"),
            last_name=self.canary("Last"),
            phone="0639980110",
            city=self.canary("Town"),
        )
        self._make_enrolment(person)
        html = self._render(person)
        self.assertIn(person.ref, html)
        for secret in (
            person.first_name,
            person.last_name,
            person.phone,
            person.city,
            self.programme.name,
            person.qr_token,
        ):
            self.assertNotIn(secret, html)

    def test_code_is_inside_the_page(self):
        html = self._render(self._make_beneficiary(team=self.worker))
        image = html.split("data:image/png;base64,")[1].split('"')[0]
        self.assertTrue(base64.b64decode(image).startswith(b"\x89PNG"))

    def test_ten_cards_a_sheet(self):
        people = self.env["ess.beneficiary"].union(
            *(self._make_beneficiary(team=self.worker) for _index in range(23))
        )
        html = self._render(people)
        self.assertEqual(html.count("data:image/png"), 23)
        self.assertEqual(html.count("page-break-after: always"), 2)

    def test_badge_is_one_card_a_page(self):
        people = self._make_beneficiary(team=self.worker, last_name="Nomdubadge")
        people |= self._make_beneficiary(team=self.worker)
        report = self.env["ir.actions.report"].with_user(self.worker)
        html, _type = report._render_qweb_html(
            "ess_programmes.report_beneficiary_badge", people.ids
        )
        html = html.decode()
        self.assertEqual(html.count("data:image/png"), 2)
        self.assertEqual(html.count("page-break-after: always"), 1)
        self.assertNotIn("NOMDUBADGE", html.upper())
