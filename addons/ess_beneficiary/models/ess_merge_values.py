from odoo import api, models
from odoo.tools import SQL

from .ess_beneficiary_mask import MASK_PREFIX, PROTECTED_PREFIX

BIRTH = ("birth_date", "birth_date_precision", "birth_date_text")
# What belongs to one file, or is decided by the merge itself.
OWN_FIELDS = {
    *("id", "ref", "former_refs", "qr_token", "active", "company_id", "partner_id"),
    *("is_protected", "is_demo", "import_id", "import_row_id", "merged_into_id"),
    *("create_uid", "create_date", "write_uid", "write_date"),
}


class EssMerge(models.Model):
    """Which values the kept file takes from the merged one."""

    _inherit = "ess.merge"

    @api.model
    def _get_value_fields(self):
        """Fields of a file whose value is chosen, one by one, when files merge.

        Those of upper rooms too, without a word from them. A birth date goes with its
        precision, under the name ``birth_date``.

        :return: fields of ess.beneficiary
        :rtype: list
        """
        return [
            field
            for field in self.env["ess.beneficiary"]._fields.values()
            if field.store
            and field.column_type
            and field.name not in OWN_FIELDS
            and field.name not in BIRTH[1:]
            and not (field.compute and field.readonly)
            and not field.related
            and field.type != "many2one_reference"
        ]

    def _merge_values(self):
        """Write the kept files, then archive the merged ones behind them."""
        self._move_masks()
        columns = dict(
            column
            for field in self._get_value_fields()
            for column in self._value_columns(field)
        )
        columns["is_protected"] = SQL("kept.is_protected OR merged.is_protected")
        columns["active"] = SQL("kept.active OR merged.active")
        columns["former_refs"] = SQL(
            "concat_ws(' ', kept.former_refs, merged.ref, merged.former_refs)"
        )
        columns["write_uid"] = SQL("%s", self[:1].user_id.id)
        columns["write_date"] = SQL("(now() AT TIME ZONE 'UTC')")
        self.env.cr.execute(
            SQL(
                """
                UPDATE ess_beneficiary kept SET %s
                FROM ess_merge_side side
                JOIN ess_beneficiary merged ON merged.id = side.file_id
                WHERE kept.id = side.kept_id AND NOT side.is_kept
                """,
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in columns.items()
                ),
            )
        )
        self._archive_merged()
        self._rename_masks()

    def _archive_merged(self):
        """Hide the merged files; each leads to the kept one, and is as protected."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE ess_beneficiary merged SET active = FALSE,
                    merged_into_id = side.kept_id, write_uid = %s,
                    write_date = (now() AT TIME ZONE 'UTC'),
                    is_protected = merged.is_protected OR kept.is_protected,
                    protection_reason = COALESCE(
                        merged.protection_reason, kept.protection_reason)
                FROM ess_merge_side side
                JOIN ess_beneficiary kept ON kept.id = side.kept_id
                WHERE merged.id = side.file_id AND NOT side.is_kept
                """,
                self[:1].user_id.id,
            )
        )

    @api.model
    def _value_columns(self, field):
        """Column of a field in the kept file, with the SQL of its value.

        :return: ``[(column, SQL)]``; three for a birth date
        """
        kept, merged = (SQL.identifier(side, field.name) for side in ("kept", "merged"))
        if field.name in BIRTH:
            empty = SQL("kept.birth_date IS NULL AND kept.birth_date_text IS NULL")
            taken = [(name, SQL.identifier("merged", name)) for name in BIRTH]
            return [
                (name, self._chosen("birth_date", SQL.identifier("kept", name), value,
                    SQL("CASE WHEN %s THEN %s ELSE %s END", empty, value,
                        SQL.identifier("kept", name))))
                for name, value in taken
            ]  # fmt: skip
        if field.type == "boolean":
            unsaid = SQL("COALESCE(%s, FALSE) OR COALESCE(%s, FALSE)", kept, merged)
        elif field.type == "properties":
            empty = SQL("'{}'::jsonb")
            unsaid = SQL(
                "COALESCE(%s, %s) || COALESCE(%s, %s)", merged, empty, kept, empty
            )
            unsaid = SQL(
                "CASE WHEN %s IS NULL THEN %s ELSE %s END", merged, kept, unsaid
            )
        elif field.type in ("char", "text", "html", "selection"):
            unsaid = SQL("COALESCE(NULLIF(%s, ''), %s)", kept, merged)
        else:
            unsaid = SQL("COALESCE(%s, %s)", kept, merged)
        return [(field.name, self._chosen(field.name, kept, merged, unsaid))]

    @api.model
    def _chosen(self, name, kept, merged, unsaid):
        """SQL of the value that the choice about a field gives."""
        return SQL(
            "CASE side.choices ->> %s WHEN 'kept' THEN %s WHEN 'merged' THEN %s"
            " ELSE %s END",
            name,
            kept,
            merged,
            unsaid,
        )

    # === MASKS

    def _move_masks(self):
        """Give the login of the merged file to the kept one, if it has none."""
        self.env.cr.execute(
            """
            CREATE TEMPORARY TABLE ess_merge_mask ON COMMIT DROP AS
            SELECT side.kept_id, merged.partner_id, merged.id AS merged_id
            FROM ess_merge_side side
            JOIN ess_beneficiary merged ON merged.id = side.file_id
            JOIN ess_beneficiary kept ON kept.id = side.kept_id
            WHERE NOT side.is_kept AND merged.partner_id IS NOT NULL
                AND kept.partner_id IS NULL;
            UPDATE ess_beneficiary SET partner_id = NULL
            FROM ess_merge_mask mask WHERE ess_beneficiary.id = mask.merged_id;
            UPDATE ess_beneficiary SET partner_id = mask.partner_id
            FROM ess_merge_mask mask WHERE ess_beneficiary.id = mask.kept_id;
            DROP TABLE ess_merge_mask
            """
        )

    def _rename_masks(self):
        """Write the number of the kept file, and its protection, on its mask."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner SET name = kept.ref, complete_name = kept.ref,
                    ref = CASE WHEN kept.is_protected THEN %s ELSE %s END || kept.ref
                FROM ess_beneficiary kept
                JOIN ess_merge_side side ON side.file_id = kept.id AND side.is_kept
                WHERE res_partner.id = kept.partner_id
                """,
                PROTECTED_PREFIX,
                MASK_PREFIX,
            )
        )
