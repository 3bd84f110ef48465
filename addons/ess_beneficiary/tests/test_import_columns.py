from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import EssImportCommon


@tagged("post_install", "-at_install", "ess")
class TestImportColumns(EssImportCommon):
    """Columns of a source, chosen once."""

    def _targets(self, batch):
        return {line.header: line.target for line in batch.mapping_ids}

    def _saved(self):
        batch = self.upload(self.csv("Patronyme;Divers", "Sow;Lyon"), source="CCAS")
        for line, target in zip(batch.mapping_ids, ("last_name", "city")):
            line.target = target
        batch.action_save_columns()
        return batch

    def test_same_titles_are_proposed(self):
        batch = self._saved()
        again = self.upload(self.csv("DIVERS;patronyme", "Lyon;Ba"))
        self.assertEqual(again.template_id, batch.template_id)
        same = self.upload(self.csv("Patronyme;Divers", "Ba;Lyon"))
        self.assertEqual(
            self._targets(same), {"Patronyme": "last_name", "Divers": "city"}
        )

    def test_choose_by_hand(self):
        template = self._saved().template_id
        other = self.upload(self.csv("Patronyme;Divers;Âge", "Ba;Lyon;30"))
        self.assertFalse(other.template_id)
        other.template_id = template
        self.assertEqual(self._targets(other)["Patronyme"], "last_name")

    def test_save_again_and_rename(self):
        batch = self._saved()
        batch.mapping_ids[1].target = "street"
        batch.action_save_columns()
        templates = self.env["ess.import.template"].with_user(self.importer)
        template = templates.search([("name", "=", "CCAS")])
        self.assertEqual((len(template), template.columns["Divers"]), (1, "street"))
        self.assertEqual(template.column_count, 2)
        template.name = "Mairie"
        self.assertEqual(batch.template_id.name, "Mairie")

    def test_a_source_is_needed(self):
        batch = self.upload(self.csv("Nom", "Sow"))
        with self.assertRaises(UserError):
            batch.action_save_columns()

    def test_born_in_a_year(self):
        batch = self.check("Nom;Date de naissance", "Sow;né en 1985")
        self.assertEqual(
            (batch.row_ids.birth_date.year, batch.row_ids.birth_date_precision),
            (1985, "year"),
        )
