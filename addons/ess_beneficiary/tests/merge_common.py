from odoo.tools import SQL

from .common import EssBeneficiaryCommon

# What a merge leaves behind on purpose: who merged and undid what, and when.
HISTORY = ("ess_merge", "ess_merge_change")
# Notices to browsers, sent whatever happens.
HISTORY += ("bus_bus",)


class DatabaseDump:
    """The whole database before and after, for tests of what must come back."""

    def dump(self):
        """Digest of every row of every table: ``{table: digest}``.

        :rtype: dict
        """
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace AND relname <> ALL(%s)",
                list(HISTORY),
            )
        )
        return {table: self._rows(table) for (table,) in tables}

    def _rows(self, table):
        """Rows of a table as text; one digest of them all for Odoo's own settings."""
        rows = SQL("string_agg(t::text, chr(10) ORDER BY t::text)")
        if table.startswith("ir_") and table != "ir_attachment":
            rows = SQL("md5(%s)", rows)
        query = SQL("SELECT %s FROM %s t", rows, SQL.identifier(table))
        return set((self.env.execute_query(query)[0][0] or "").split("\n"))

    def assertSameDatabase(self, before):
        """Show the rows that differ from what they were."""
        after = self.dump()
        differ = {
            table: (before[table] - after[table], after[table] - before[table])
            for table in before
            if before[table] != after[table]
        }
        self.assertFalse(differ)

    def merge(self, kept, merged, user=None, **choices):
        """Merge two files as the coordination, and return the ess.merge."""
        merges = self.env["ess.merge"].with_user(user or self.coordinator)
        return merges._merge_files(
            [(kept.with_env(merges.env), merged.with_env(merges.env), choices)]
        )


class MergeCommon(DatabaseDump, EssBeneficiaryCommon):
    """Two files of one person, of two teams."""

    def setUp(self):
        super().setUp()
        self.kept = self._make_beneficiary(
            team=self.worker,
            last_name="Keïta",
            first_name="Awa",
            phone="0612345678",
            birth_date="1991-03-08",
        )
        self.merged = self._make_beneficiary(
            team=self.worker2,
            last_name="Keita",
            first_name="Awa",
            city="Lyon",
            birth_date="1991-03-08",
        )

    def _situate(self, file, date_from, date_to=False, key="street", **vals):
        value = self.env.ref(f"ess_beneficiary.ess_situation_value_housing_{key}")
        return self.env["ess.situation"].create(
            {
                "beneficiary_id": file.id,
                "domain_id": value.domain_id.id,
                "value_id": value.id,
                "date_from": date_from,
                "date_to": date_to,
                **vals,
            }
        )

    def _make_followup(self, file, user, **vals):
        return self.env["ess.followup"].create(
            {"beneficiary_id": file.id, "user_id": user.id, **vals}
        )
