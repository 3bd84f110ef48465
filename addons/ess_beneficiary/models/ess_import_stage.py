from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.matching_keys import INDEXES, KEYS, keys_of_table
from ..tools.row_values import Remarks, convert
from ..tools.staging import copy_rows
from ..tools.values import plain
from .ess_beneficiary_matching import sql_code
from .ess_import_row import ROW_FIELDS

# The rows being checked: as they were read, then with their keys and the indexes of
# the files. Tables of the transaction alone, which no other one waits for. The second
# is not temporary, so that several processes can read it, and bears the batch's id.
CELLS_TABLE = "ess_import_cells"
KEYS_TABLE = "ess_import_keys"
# What the check says of a row before it is compared.
STATE_FIELDS = ("outcome", "decision", "has_warning", "message", "situations")


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
        self._make_keys()
        skipped = self._write_rows()
        self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(self._keys_table())))
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
        values["birth_date_precision"] = values.get("birth_date_precision") or (
            ["day"] * count
        )
        states = [self._row_state(index, remarks) for index in range(count)]
        # What no column of the list gives stays empty by itself.
        given = [name for name in ROW_FIELDS if values.get(name)]
        self._make_cells()
        copy_rows(
            self.env.cr,
            CELLS_TABLE,
            ["number", *STATE_FIELDS, *given],
            zip(
                [number for number, _cells, _notes in table.rows],
                *zip(*states),
                situations,
                *(values[name] for name in given),
            ),
        )

    def _make_cells(self):
        """Make the table that takes in the rows as they are read."""
        names = ("number", *STATE_FIELDS, *ROW_FIELDS)
        columns = SQL(", ").join(map(SQL.identifier, names))
        self._make_table(
            CELLS_TABLE, SQL("SELECT %s FROM ess_import_row WITH NO DATA", columns)
        )

    def _make_table(self, name, content):
        """Make a table of this transaction."""
        name = SQL.identifier(name)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", name))
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", name, content)
        )

    def _keys_table(self):
        """Name the table of the rows being checked, with their keys."""
        return f"{KEYS_TABLE}_{self.id}"

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

    def _make_keys(self):
        """Compute the keys of the rows once, and number the rows."""
        cr, table = self.env.cr, SQL.identifier(self._keys_table())
        beneficiary = self.env["ess.beneficiary"]
        # Its estimates are far too high here, and a small sample tells enough.
        beneficiary._set_planner(
            jit="off",
            enable_mergejoin="off",
            work_mem="64MB",
            default_statistics_target="10",
        )
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        cr.execute(
            SQL(
                "CREATE UNLOGGED TABLE %s AS"
                " SELECT nextval('ess_import_row_id_seq')::integer AS id,"
                " %s AS company_id, keyed.* FROM %s keyed ORDER BY number",
                table,
                self.company_id.id,
                sql_code(keys_of_table(CELLS_TABLE)),
            )
        )
        for expressions, condition in INDEXES.values():
            where = SQL(" WHERE %s", sql_code(condition)) if condition else SQL()
            cr.execute(
                SQL("CREATE INDEX ON %s (%s)%s", table, sql_code(expressions), where)
            )
        cr.execute(SQL("CREATE UNIQUE INDEX ON %s (id)", table))
        cr.execute(SQL("ANALYZE %s", table))
        beneficiary._set_planner(
            jit=None,
            enable_mergejoin=None,
            work_mem=None,
            default_statistics_target=None,
        )

    def _write_rows(self):
        """Compare the rows with the files and with each other, and write them all.

        :return: ``{block: number of rows}`` not compared by a key that is too common
        :rtype: dict
        """
        beneficiary, table = self.env["ess.beneficiary"], self._keys_table()
        rows = f"(SELECT * FROM {table} WHERE outcome <> 'error')"
        part = f"(SELECT * FROM {table} WHERE outcome <> 'error' AND id = ANY(%s))"
        ids = self.env.execute_query(
            SQL("SELECT id FROM %s ORDER BY id", SQL.identifier(table))
        )
        slices = beneficiary._slice_ids([row[0] for row in ids])
        # A protected file outside the importer's teams does not exist for the check:
        # the row is new, and the team of the file sees the duplicate later.
        known, skipped = beneficiary._run_matching(
            part,
            slices,
            crowd=rows,
            where=f"""r.company_id = l.company_id AND (
                NOT r.is_protected OR EXISTS (
                    SELECT FROM ess_beneficiary_team_user_rel team
                    WHERE team.beneficiary_id = r.id
                        AND team.user_id = {int(self.user_id.id)}))""",
        )
        twice, _skipped = beneficiary._run_matching(
            part, slices, right=table, where="r.id < l.id AND r.outcome <> 'error'"
        )
        self._insert_rows(self._best_pairs(twice), self._best_pairs(known))
        return skipped

    @staticmethod
    def _best_pairs(pairs):
        """The most probable match of each row, the oldest file of equal ones.

        :return: four lists: row ids, ids of the others, scores, codes of the reasons
        """
        best = {}
        for pair in sorted(pairs, key=lambda pair: (pair[2], -pair[1])):
            best[pair[0]] = pair
        return [list(column) for column in zip(*best.values())] or [[], [], [], []]

    def _insert_rows(self, twice, known):
        """Write the rows with their outcome in one statement.

        A row that is known, or twice in the list, is left out by default.
        """
        columns = ("number", "has_warning", "message", "situations")
        columns = [
            SQL.identifier(name) for name in ("id", *columns, *ROW_FIELDS, *KEYS)
        ]
        best = "unnest(%s::integer[], %s::integer[], %s::float8[], %s::text[])"
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ess_import_row (import_id, outcome, decision, match_id,
                    match_number, match_score, match_codes, %(columns)s)
                SELECT %(batch)s,
                    CASE WHEN known.id IS NOT NULL THEN 'match'
                        WHEN twice.id IS NOT NULL THEN 'repeat' ELSE row.outcome END,
                    CASE WHEN known.id IS NOT NULL OR twice.id IS NOT NULL
                        THEN 'skip' ELSE row.decision END,
                    known.other,
                    CASE WHEN known.id IS NULL THEN other.number END,
                    coalesce(known.score, twice.score),
                    coalesce(known.codes, twice.codes), %(values)s
                FROM %(keys)s row
                LEFT JOIN %(known)s AS known (id, other, score, codes)
                    ON known.id = row.id
                LEFT JOIN %(twice)s AS twice (id, other, score, codes)
                    ON twice.id = row.id
                LEFT JOIN %(keys)s other ON other.id = twice.other
                ORDER BY row.id
                """,
                columns=SQL(", ").join(columns),
                batch=self.id,
                values=SQL(", ").join(SQL("row.%s", name) for name in columns),
                keys=SQL.identifier(self._keys_table()),
                known=SQL(best, *known),
                twice=SQL(best, *twice),
            )
        )
