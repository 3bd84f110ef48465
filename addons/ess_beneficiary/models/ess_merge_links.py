from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL, groupby

# One way in which a table refers to files:
# - column: holds the id of the file, or "ess.beneficiary,<id>" when `is_reference`
# - model_column: column that says of which model the id is, None for a foreign key
Link = namedtuple("Link", "table column model_column is_reference")
MODEL = "ess.beneficiary"


class EssMerge(models.Model):
    """Where other tables refer to files: found in the database and the registry.

    So a room that adds a link tomorrow needs to write nothing here.
    """

    _inherit = "ess.merge"

    @api.model
    def _get_staying_links(self):
        """Links that a merge leaves as they are. Override to add some.

        :return: ``{(table, column)}``: history that is about the file as it was, and
            what the merge settles by itself
        :rtype: set
        """
        return {
            # history: who merged, who read the file as it was
            ("ess_merge", "beneficiary_id"),
            ("ess_merge", "merged_id"),
            ("ess_access_log", "beneficiary_id"),
            ("ess_access_log", "res_id"),
            ("ess_access_contest", "beneficiary_id"),
            # an exceptional access was given to the file as it was, to no other
            ("ess_emergency_access", "beneficiary_id"),
            # which file a list completed, for the undoing of the import
            ("ess_import_row", "match_id"),
            # settled by `_settle_duplicates`
            ("ess_duplicate", "beneficiary_id"),
            ("ess_duplicate", "duplicate_id"),
        }

    @api.model
    def _get_link_tables(self):
        """All links to files, by table.

        Transient records and links computed from others are left out.

        :return: ``{table: [Link, …]}``
        :rtype: dict
        """
        left_out = self._get_tables_left_out()
        links = [
            link
            for link in [*self._get_foreign_keys(), *self._get_loose_links()]
            if link.table not in left_out
        ]
        links.sort(key=lambda link: link[:2])
        return {
            table: list(group)
            for table, group in groupby(links, key=lambda link: link.table)
        }

    @api.model
    def _get_tables_left_out(self):
        """Tables of transient models, of computed many2many fields, of the journal."""
        tables = {"ess_merge", "ess_merge_change"}
        for model in self.env.registry.values():
            if model._transient:
                tables.add(model._table)
            tables |= {
                field.relation
                for field in model._fields.values()
                if field.type == "many2many" and field.store and field.compute
            }
        return tables

    @api.model
    def _get_foreign_keys(self):
        """Links that PostgreSQL knows: many2one fields and many2many tables."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relation.relname, link.attname
                FROM pg_constraint
                JOIN pg_class relation ON relation.oid = conrelid
                JOIN pg_attribute link ON attrelid = conrelid AND attnum = conkey[1]
                WHERE contype = 'f' AND confrelid = 'ess_beneficiary'::regclass
                    AND cardinality(conkey) = 1
                """
            )
        )
        return [Link(table, column, None, False) for table, column in rows]

    @api.model
    def _get_loose_links(self):
        """Links by model name and id, which only the registry knows."""
        links = []
        for model in self.env.registry.values():
            if model._abstract or not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if not field.store or field.inherited:
                    continue
                if field.type == "many2one_reference":
                    name = model._fields[field.model_field].name
                    links.append(Link(model._table, field.name, name, False))
                elif field.type == "reference":
                    links.append(Link(model._table, field.name, None, True))
        return links

    @api.model
    def _get_unique_indexes(self, tables):
        """Unique indexes of tables, without those on expressions.

        :return: ``{table: [(set of columns, condition or None), …]}``
        :rtype: dict
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT indrelid::regclass::text, pg_get_expr(indpred, indrelid), (
                    SELECT array_agg(attname::text) FROM pg_attribute
                    WHERE attrelid = indrelid AND attnum = ANY(indkey))
                FROM pg_index
                WHERE indisunique AND indexprs IS NULL
                    AND indrelid IN (SELECT oid FROM pg_class WHERE relname = ANY(%s)
                        AND relnamespace = 'public'::regnamespace)
                """,
                list(tables),
            )
        )
        indexes = {}
        for table, condition, columns in rows:
            indexes.setdefault(table, []).append((set(columns), condition))
        return indexes

    @api.model
    def _get_columns(self, tables):
        """Columns of tables, with those that PostgreSQL computes.

        :return: ``{table: ([column, …], [computed column, …])}``
        :rtype: dict
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relname::text,
                    array_agg(attname::text) FILTER (WHERE attgenerated = ''),
                    array_agg(attname::text) FILTER (WHERE attgenerated <> '')
                FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                WHERE relname = ANY(%s) AND attnum > 0 AND NOT attisdropped
                    AND relnamespace = 'public'::regnamespace
                GROUP BY relname
                """,
                list(tables),
            )
        )
        return {table: (own, made or []) for table, own, made in rows}
