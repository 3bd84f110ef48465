from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.matching_keys import INDEXES, SOURCES, keys_relation
from ..tools.row_values import Remarks, convert
from ..tools.staging import copy_rows
from ..tools.values import plain
from .ess_beneficiary_matching import sql_code
from .ess_import_row import ROW_FIELDS

# Keys of the rows being checked, with the indexes of the files.
KEYS_TABLE = "ess_import_keys"


class EssImport(models.Model):
    """The check of a list: cells become values, rows meet the files."""

    _inherit = "ess.import"

    def _stage(self):
        """Read the list again, write its rows, compare them with the files."""
        self.ensure_one()
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("This list is imported already."))
        problems = self.mapping_ids._problems()
        if problems:
            raise UserError("\n".join(problems))
        self.env.flush_all()
        self.env.execute_query(
            SQL("DELETE FROM ess_import_row WHERE import_id = %s RETURNING id", self.id)
        )
        table = self._read_table()
        self._copy_rows(table)
        skipped = self._match_rows()
        self.env.invalidate_all()
        self.write(
            {
                "state": "checked",
                "row_total": len(table.rows),
                "notes": "\n".join(self._table_notes(table)),
                "skipped_note": self._skipped_words(skipped),
            }
        )

    # === ROWS

    def _copy_rows(self, table):
        """Convert the cells and write the rows in one COPY."""
        remarks = Remarks()
        self._remark_cells(table, remarks)
        self._empty_nirs(table, remarks)
        columns = {}
        cells = list(zip(*(cells for _number, cells, _notes in table.rows)))
        for line in self.mapping_ids:
            if line.target:
                columns.setdefault(line.target, []).append(cells[line.position])
        count = len(table.rows)
        today = fields.Date.context_today(self)
        values = convert(columns, count, today, self._target_words(columns), remarks)
        situations = self._situation_values(values, count)
        empty = [None] * count
        values["birth_date_precision"] = values.get("birth_date_precision") or (
            ["day"] * count
        )
        states = [self._row_state(index, remarks) for index in range(count)]
        copy_rows(
            self.env.cr,
            "ess_import_row",
            [
                *("import_id", "company_id", "user_id", "number"),
                *("outcome", "decision", "has_warning", "message", "situations"),
                *ROW_FIELDS,
            ],
            zip(
                [self.id] * count,
                [self.company_id.id] * count,
                [self.user_id.id] * count,
                [number for number, _cells, _notes in table.rows],
                *zip(*states),
                situations,
                *(values.get(name) or empty for name in ROW_FIELDS),
            ),
        )

    def _remark_cells(self, table, remarks):
        """Turn what the reader noted about rows into remarks."""
        for index, (_number, _cells, notes) in enumerate(table.rows):
            for note in notes:
                code, *figures = note.split(":")
                if code == "long":
                    remarks.fail(
                        index,
                        code,
                        column=table.headers[int(figures[0]) - 1],
                        length=figures[1],
                    )
                elif code == "extra":
                    remarks.fail(index, code)
                else:
                    remarks.warn(index, code)

    def _row_state(self, index, remarks):
        """Outcome, decision, warning and message of a row from its remarks."""
        errors = remarks.errors.get(index)
        warnings = remarks.warnings.get(index)
        if not errors and not warnings:
            return ("new", "create", "f", None)
        message = "\n".join(
            self._remark_words(code, self._figure_labels(figures))
            for code, figures in (errors or []) + (warnings or [])
        )
        return (
            "error" if errors else "new",
            "skip" if errors else "create",
            "t" if warnings else "f",
            message,
        )

    def _figure_labels(self, figures):
        """Show the label of a target instead of its name."""
        if "field" not in figures:
            return figures
        labels = dict(self.env["ess.import.mapping"]._selection_target())
        return dict(figures, field=labels.get(figures["field"], figures["field"]))

    def _target_words(self, targets):
        """Words of the closed lists: ``{target: {plain word: value}}``."""
        words = {}
        if "country_id" in targets:
            words["country_id"] = {}
            # A list may name any country: all are read, once for the whole list.
            countries = self.env["res.country"].with_context(lang=None)
            for country in countries.search([]):  # pylint: disable=no-search-all
                localised = country.with_context(lang=self.env.lang)
                for word in (country.code, country.name, localised.name):
                    words["country_id"][plain(word or "")] = country.id
        if "intake" in targets:
            field = self.env["ess.beneficiary"]._fields["intake"]
            words["intake"] = {
                plain(word): key
                for key, label in field._description_selection(self.env)
                for word in (key, label)
            }
        for target in targets:
            kind, _colon, code = target.partition(":")
            if kind == "situation":
                words[target] = self._situation_words(code)
        return words

    def _situation_words(self, code):
        """Codes and names of the values of a domain: ``{plain word: value id}``."""
        # sudo: names of a list that every user of the room reads
        values = self.env["ess.situation.value"].sudo()
        found = values.search([("domain_id.code", "=", code)])
        return {
            plain(word): value.id
            for value in found
            for word in (value.code, value.name)
            if word
        }

    def _situation_values(self, values, count):
        """Take the situations out of the values: ``[{domain: value id} or None]``."""
        rows = [None] * count
        for target in [name for name in values if name.startswith("situation:")]:
            for index, value in enumerate(values.pop(target)):
                if value:
                    rows[index] = rows[index] or {}
                    rows[index][target.partition(":")[2]] = value
        return rows

    # === MATCHES

    def _match_rows(self):
        """Compare the rows with the files and with each other.

        :return: ``{block: number of rows}`` not compared by a key that is too common
        :rtype: dict
        """
        self._make_keys()
        beneficiary = self.env["ess.beneficiary"]
        # A protected file outside the importer's teams does not exist for the check:
        # the row is new, and the team of the file sees the duplicate later.
        known, skipped = beneficiary._run_matching(
            KEYS_TABLE,
            where=f"""r.company_id = l.company_id AND (
                NOT r.is_protected OR EXISTS (
                    SELECT FROM ess_beneficiary_team_user_rel team
                    WHERE team.beneficiary_id = r.id
                        AND team.user_id = {int(self.user_id.id)}))""",
        )
        self._write_matches("match", "match_id", known)
        twice, _skipped = beneficiary._run_matching(
            KEYS_TABLE, right=KEYS_TABLE, where="r.id < l.id"
        )
        self._write_matches("repeat", "match_number", twice)
        return skipped

    def _make_keys(self):
        """Compute the keys of the rows once, in a table of this transaction."""
        cr = self.env.cr
        table = SQL.identifier(KEYS_TABLE)
        names = ", ".join(("id", "company_id", "number", *SOURCES))
        rows = (
            f"(SELECT {names} FROM ess_import_row"
            f" WHERE import_id = {self.id:d} AND outcome <> 'error')"
        )
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT * FROM %s keyed",
                table,
                sql_code(keys_relation(rows)),
            )
        )
        for expressions, condition in INDEXES.values():
            where = SQL(" WHERE %s", sql_code(condition)) if condition else SQL()
            cr.execute(
                SQL("CREATE INDEX ON %s (%s)%s", table, sql_code(expressions), where)
            )
        cr.execute(SQL("CREATE UNIQUE INDEX ON %s (id)", table))
        cr.execute(SQL("ANALYZE %s", table))

    def _write_matches(self, outcome, column, pairs):
        """Keep the most probable match of each row; rows are left out by default."""
        best = {}
        for row, other, score, reasons in pairs:
            if row not in best or best[row][1] < score:
                best[row] = (other, score, reasons)
        target = "other.number" if column == "match_number" else "best.other"
        join = (
            SQL("JOIN %s other ON other.id = best.other", SQL.identifier(KEYS_TABLE))
            if column == "match_number"
            else SQL()
        )
        self.env.execute_query(
            SQL(
                """
                UPDATE ess_import_row
                SET outcome = %(outcome)s, decision = 'skip', %(column)s = %(target)s,
                    match_score = best.score, match_codes = best.reasons
                FROM unnest(%(rows)s::integer[], %(others)s::integer[],
                    %(scores)s::float8[], %(reasons)s::text[])
                    AS best (id, other, score, reasons) %(join)s
                WHERE ess_import_row.id = best.id AND ess_import_row.outcome = 'new'
                RETURNING ess_import_row.id
                """,
                outcome=outcome,
                column=SQL.identifier(column),
                target=SQL(target),
                join=join,
                rows=list(best),
                others=[match[0] for match in best.values()],
                scores=[match[1] for match in best.values()],
                reasons=[match[2] for match in best.values()],
            )
        )
