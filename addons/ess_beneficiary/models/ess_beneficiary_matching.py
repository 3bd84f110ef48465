from odoo import api, models
from odoo.tools import SQL

from ..tools import matching, matching_functions, matching_keys
from ..tools.batches import chunks

# Hints before a file is opened show weaker evidence than the list of duplicates.
HINT_THRESHOLD = 0.05
# The weakest evidence that a search of one person can give.
SEARCH_THRESHOLD = 0.01
# Left files compared by one process, at least, and into how many slices they are cut.
SLICE_ROWS = 1_000
SLICES = 8

# Estimates of the search are far too high: PostgreSQL would compile and sort for longer
# than it runs. Each block is cut at its limit: an index scan stops there, a bitmap not.
PLANNER = {
    "jit": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",
    "work_mem": "64MB",
}

# PostgreSQL never shares a statement with correlated lists among its processes; it does
# share calls of a function that runs one. So a search of many files is cut in slices.
# (The function runs what its caller may run, and nothing else.)
SLICE_FUNCTION = """
    CREATE OR REPLACE FUNCTION ess_match_slice(search text)
    RETURNS TABLE (found_l integer, found_r bigint, found_score float8,
        found_reasons text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000000 ROWS 1000
    AS $ess$ BEGIN RETURN QUERY EXECUTE search; END $ess$
"""


def sql_code(text):
    """SQL written in our own modules, which has no parameters."""
    return SQL(text.replace("%", "%%"))


class EssBeneficiary(models.Model):
    """Normal forms of the identity, kept by the database, and the search by them.

    The columns `match_…` are filled by a trigger, whoever writes the file (form,
    import, SQL); they are no fields, so that nobody reads or writes them.
    """

    _inherit = "ess.beneficiary"

    def init(self):
        """Create or renew the functions, the keys, their trigger and their indexes."""
        super().init()
        self._create_matching_functions()
        written = self._matching_versions()
        stale = [
            column
            for column in matching_keys.KEYS
            if written.get(column) != matching_keys.key_version(column)
        ]
        if stale:
            self._renew_matching_columns(stale)
        for statement in matching_keys.trigger_statements(self._table):
            self.env.cr.execute(statement)
        self._renew_matching_indexes()
        self.env.cr.execute(self._search_function())
        self.env.cr.execute(SLICE_FUNCTION)

    @api.model
    def _create_matching_functions(self):
        """Create or replace the SQL functions that keys and levels are made of."""
        for name in matching_functions.FUNCTIONS:
            self.env.cr.execute(matching_functions.function_statement(name))

    @api.model
    def _matching_versions(self):
        """Versions that `init` wrote as comments: ``{column or index: version}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT attname, col_description(attrelid, attnum)
                    FROM pg_attribute
                    WHERE attrelid = %(table)s::regclass AND attgenerated = ''
                        AND attname LIKE 'match%%'
                    UNION ALL
                    SELECT index.relname, obj_description(index.oid, 'pg_class')
                    FROM pg_index JOIN pg_class index ON index.oid = indexrelid
                    WHERE indrelid = %(table)s::regclass AND indisvalid
                    """,
                    table=self._table,
                )
            )
        )

    @api.model
    def _renew_matching_columns(self, columns):
        """Compute keys again, in one rewrite of the table.

        Columns of an earlier kind (generated ones) are made anew.
        """
        cr, table = self.env.cr, SQL.identifier(self._table)
        names = [SQL.identifier(column) for column in columns]
        drops = SQL(", ").join(
            SQL("DROP COLUMN IF EXISTS %s CASCADE", name) for name in names
        )
        cr.execute(SQL("ALTER TABLE %s %s", table, drops))
        kinds = [matching_keys.KEYS[column][0] for column in columns]
        adds = SQL(", ").join(
            SQL("ADD COLUMN %s %s", name, SQL(kind)) for name, kind in zip(names, kinds)
        )
        cr.execute(SQL("ALTER TABLE %s %s", table, adds))
        values = SQL(", ").join(
            SQL("%s = %s", name, sql_code(matching_keys.KEYS[column][1]))
            for name, column in zip(names, columns)
        )
        cr.execute(SQL("UPDATE %s SET %s", table, values))
        for name, column in zip(names, columns):
            version = matching_keys.key_version(column)
            cr.execute(SQL("COMMENT ON COLUMN %s.%s IS %s", table, name, version))

    @api.model
    def _renew_matching_indexes(self):
        """Create the indexes of the blocks that are missing or were made otherwise."""
        cr = self.env.cr
        present = self._matching_versions()
        for name, (expressions, condition) in matching_keys.INDEXES.items():
            index = f"{self._table}_{name}"
            version = matching_keys.index_version(name)
            if present.get(index) == version:
                continue
            index = SQL.identifier(index)
            where = SQL(" WHERE %s", sql_code(condition)) if condition else SQL()
            cr.execute(SQL("DROP INDEX IF EXISTS %s", index))
            cr.execute(
                SQL(
                    "CREATE INDEX %s ON %s (%s)%s",
                    index,
                    SQL.identifier(self._table),
                    sql_code(expressions),
                    where,
                )
            )
            cr.execute(SQL("COMMENT ON INDEX %s IS %s", index, version))

    @api.model
    def _search_function(self):
        """The statement that creates the search of one person among the files.

        In a function PostgreSQL plans the search once in each session, which takes
        longer than the search itself.

        :rtype: str
        """
        names = matching_keys.SOURCES
        arguments = ", ".join(f"given_{name} {kind}" for name, kind in names.items())
        values = ", ".join(f"given_{name} AS {name}" for name in names)
        left = f"(SELECT 0 AS id, given_company AS company_id, {values})"
        search = matching.statement(
            matching_keys.keys_relation(left),
            self._table,
            where="r.company_id = l.company_id",
            threshold=SEARCH_THRESHOLD,
            dilute=False,
        )
        return f"""
            CREATE OR REPLACE FUNCTION ess_match_person(
                given_company integer, {arguments})
            RETURNS TABLE (found_id integer, found_score float8, found_reasons text)
            LANGUAGE plpgsql STABLE
            SET plan_cache_mode = force_generic_plan SET jit = off
            SET enable_mergejoin = off SET enable_bitmapscan = off
            AS $ess$
            #variable_conflict use_column
            BEGIN
                RETURN QUERY SELECT r::integer, score, reasons FROM ({search}) found
                WHERE l IS NOT NULL;
            END
            $ess$
        """

    # === BUSINESS

    @api.model
    def _run_matching(self, left, slices=((),), **options):
        """Compare a relation with all files of its company, in one statement.

        Sees all files, protected ones too: the caller filters what a user may learn.

        :param str left: SQL of a relation with ``id``, ``company_id``, the source
            columns and the keys; may hold ``%s``. Several processes can read it when
            it is no temporary table.
        :param slices: values of those ``%s``, for each part of the left files
        :param options: see :func:`matching.statement`; ``right`` names another table
            than that of the files, ``crowd`` the relation of a list that may share
            phones, e-mails and addresses.
        :return: ``([(left id, file id, score, "field:level,…")], {block: skipped})``
        """
        self.env.flush_all()
        cr = self.env.cr
        options.setdefault("where", "r.company_id = l.company_id")
        right = options.pop("right", self._table)
        if options.get("crowd"):
            options["crowd"] = self._shared_in(options["crowd"])
        text = matching.statement("__left__", right, **options)
        text = text.replace("%", "%%").replace("__left__", left)
        searches = [
            cr.mogrify(text, values).decode() if values else text.replace("%%", "%")
            for values in slices
        ]
        self._set_planner(**PLANNER)
        cr.execute(
            " UNION ALL ".join(["SELECT * FROM ess_match_slice(%s)"] * len(searches)),
            searches,
        )
        rows = cr.fetchall()
        self._set_planner(**dict.fromkeys(PLANNER))
        pairs = [row for row in rows if row[0] is not None]
        blocks, skipped = list(matching.BLOCKS), {}
        for _none, count, _score, block in (row for row in rows if row[0] is None):
            block = blocks[int(block) - 1]
            skipped[block] = skipped.get(block, 0) + count
        return pairs, skipped

    @api.model
    def _shared_in(self, relation):
        """Phones, e-mails and addresses that too many of a list share.

        Asked once for all slices, which would each group the whole list.

        :param str relation: SQL of a relation with the keys
        :return: ``{field: SQL of an array}``, see :func:`matching.statement`
        :rtype: dict
        """
        cr = self.env.cr
        cr.execute(sql_code(matching.shared_in(relation)))
        return {
            column.name: cr.mogrify("%s::text[]", [keys]).decode()
            for column, keys in zip(cr.description, cr.fetchone())
        }

    @api.model
    def _slice_ids(self, ids):
        """Cut ids in parts for several processes: ``[[ids of a part], …]``.

        :param list ids: sorted ids
        """
        size = max(SLICE_ROWS, -(-len(ids) // SLICES))
        return [[part] for part in chunks(ids, size)] or [[[]]]

    @api.model
    def _set_planner(self, **settings):
        """Set planner options for this transaction; None gives the server's own back.

        The planner's estimates of the matching statement are far too high: it would
        compile and sort for longer than the statement runs.
        """
        for name, value in settings.items():
            self.env.cr.execute(
                "SELECT set_config(name, coalesce(%s, reset_val), TRUE)"
                " FROM pg_settings WHERE name = %s",
                [value, name],
            )

    @api.model
    def _find_probable_matches(self, vals, limit=10, threshold=HINT_THRESHOLD):
        """Files that are probably the person described, most probable first.

        Only files that the user may read are told: somebody outside the team of a
        protected file gets the answer "nobody".

        :param dict vals: values of a file, as for `create`; a name alone is enough.
        :return: ``[{"beneficiary_id", "ref", "score", "reasons"}]`` with reasons in
            the language of the user.
        :rtype: list of dict
        """
        pairs = self._compare_values(vals, threshold)
        # One statement, whether there are such files or the user may see them or not:
        # the time of an answer tells nothing either.
        files = self.with_context(active_test=False).search_fetch(
            [("id", "in", [pair[0] for pair in pairs] or [0])], ["ref"]
        )
        refs = {file.id: file.ref for file in files}
        return [
            {
                "beneficiary_id": file_id,
                "ref": refs[file_id],
                "score": score,
                "reasons": self._match_reasons(reasons),
            }
            for file_id, score, reasons in pairs
            if file_id in refs
        ][:limit]

    @api.model
    def _find_protected_matches(self, vals, threshold):
        """Protected files that are probably the person described, whoever asks.

        For superuser code that tells their team; nothing of it goes to a user.

        :rtype: recordset of ess.beneficiary
        """
        pairs = self._compare_values(vals, threshold)
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ess_beneficiary WHERE is_protected AND id = ANY(%s)",
                [pair[0] for pair in pairs],
            )
        )
        return self.sudo().browse([row[0] for row in rows])

    @api.model
    def _compare_values(self, vals, threshold):
        """Compare one person who has no file yet with all files of the company.

        Sees all files, protected ones too, in one statement.

        :return: ``[(file id, score, "field:level,…")]``, most probable first
        :rtype: list
        """
        self.env.flush_all()
        casts = SQL(", ").join(
            SQL("%s::%s", vals.get(name) or None, SQL(kind))
            for name, kind in matching_keys.SOURCES.items()
        )
        return self.env.execute_query(
            SQL(
                "SELECT * FROM ess_match_person(%s, %s) WHERE found_score >= %s"
                " ORDER BY found_score DESC, found_id",
                vals.get("company_id") or self.env.company.id,
                casts,
                threshold,
            )
        )

    @api.model
    def _match_reasons(self, codes):
        """Put levels in words.

        :param str codes: ``"last:exact,first:close"``
        :return: sentences in the language of the user
        :rtype: list of str
        """
        words = self._match_words()
        return [words[code] for code in (codes or "").split(",") if code in words]

    @api.model
    def _match_words(self):
        """Words of the levels that are worth telling, ``{"field:level": words}``."""
        return {
            "last:exact": self.env._("same last name"),
            "last:maiden": self.env._("last name and birth name agree"),
            "last:inverted": self.env._("last name and first name inverted"),
            "last:close": self.env._("last name written almost alike"),
            "last:part": self.env._("one part of a double last name"),
            "last:crossed": self.env._(
                "a name found as last name here, as first name there"
            ),
            "last:other": self.env._("other last name"),
            "rare:exact": self.env._("a rare name"),
            "first:exact": self.env._("same first name"),
            "first:close": self.env._("first name written almost alike"),
            "first:part": self.env._("one of several first names"),
            "first:alias": self.env._("first name and pseudonym agree"),
            "first:initial": self.env._("same initial of the first name"),
            "first:other": self.env._("other first name"),
        } | self._match_words_of_facts()

    @api.model
    def _match_words_of_facts(self):
        """Words of the levels of all but the names, ``{"field:level": words}``."""
        return {
            "birth:exact": self.env._("same birth date"),
            "birth:swapped": self.env._("day and month of birth inverted"),
            "birth:near": self.env._("birth date almost alike"),
            "birth:month": self.env._("same month and year of birth"),
            "birth:year": self.env._("same year of birth"),
            "birth:about": self.env._("nearly the same year of birth"),
            "birth:other": self.env._("other birth date"),
            "phone:exact": self.env._("same phone"),
            "phone:shared": self.env._("phone shared by many files"),
            "phone:other": self.env._("other phone"),
            "email:exact": self.env._("same e-mail"),
            "email:shared": self.env._("e-mail shared by many files"),
            "email:other": self.env._("other e-mail"),
            "street:exact": self.env._("same address"),
            "street:close": self.env._("address written almost alike"),
            "street:name": self.env._("same street"),
            "street:shared": self.env._("address shared by many files"),
            "street2:exact": self.env._("same building or door"),
            "street2:close": self.env._("building or door written almost alike"),
            "zip:exact": self.env._("same postcode"),
            "zip:city": self.env._("same town"),
            "sex:other": self.env._("other sex"),
        }
