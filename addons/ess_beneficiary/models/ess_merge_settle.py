from odoo import fields, models
from odoo.tools import SQL

from ..tools.timelines import one_line


class EssMerge(models.Model):
    """What both files have and one person may have only once.

    Settled by what the fact means, before the rows move; both rows are kept.
    """

    _inherit = "ess.merge"

    def _settle(self):
        """Settle what one file may not hold twice. Override to settle facts of a room.

        Called once for all merges of a batch, as superuser, with a table of this
        transaction ``ess_merge_side (merge_id, file_id, is_kept, kept_id)`` that holds
        both files of each merge, and before any row changed file. Change rows so that
        both can belong to the kept file (end one, archive one…), by a constant number
        of statements: the merge keeps account of every change made to rows that refer
        to one of the files, and its undoing restores them. What no override settles
        and a unique index refuses stays with the merged file; so do the rows written
        in ``ess_merge_stay (table_name, row_id)``.
        """
        self._settle_situations()
        self._settle_life_projects()
        self._settle_followups()
        self._settle_households()
        self._settle_relations()
        self._settle_duplicates()

    # === SITUATIONS

    def _settle_situations(self):
        """Put situations of one domain on one time line, without overlap."""
        lines = {}
        for row in self._get_overlapping_situations():
            lines.setdefault(row[:2], []).append(row[2:])
        changed, archived, resumed = [], [], []
        for spells in lines.values():
            parts_by_id = one_line(
                [(row_id, first, last, known) for row_id, first, last, known in spells]
            )
            for row_id, first, last, _known in spells:
                parts = parts_by_id[row_id]
                if not parts:
                    archived.append(row_id)
                    continue
                if parts[0] != (first, last):
                    changed.append((row_id, *parts[0]))
                resumed += [(row_id, *part) for part in parts[1:]]
        if not (changed or archived):
            return
        self.env.cr.execute("SET CONSTRAINTS ess_situation_no_overlap DEFERRED")
        self._write_spells(changed, archived, resumed)
        self.env["ess.situation"].invalidate_model()

    def _get_overlapping_situations(self):
        """Situations of the domains where both files overlap.

        The kept file's come last: between equals they win.

        :return: ``[(kept file, domain, id, first day, last day, is known)]``
        """
        return self.env.execute_query(
            SQL(
                """
                WITH spells AS (
                    SELECT side.kept_id, side.is_kept, line.*,
                        daterange(line.date_from, line.date_to, '[]') AS days
                    FROM ess_situation line
                    JOIN ess_merge_side side ON side.file_id = line.beneficiary_id
                    WHERE line.active
                ), crossed AS (
                    SELECT DISTINCT one.kept_id, one.domain_id
                    FROM spells one JOIN spells two
                        ON two.kept_id = one.kept_id AND two.domain_id = one.domain_id
                        AND one.is_kept AND NOT two.is_kept AND one.days && two.days
                )
                SELECT kept_id, domain_id, id, date_from, date_to, answer = 'known'
                FROM spells JOIN crossed USING (kept_id, domain_id)
                ORDER BY kept_id, domain_id, is_kept, id
                """
            )
        )

    def _write_spells(self, changed, archived, resumed):
        """Write the new days of situations; what takes up again is a new row.

        :param list changed: ``(id, first day, last day)``
        :param list archived: ids that others cover entirely
        :param list resumed: ``(id, first day, last day)`` of the row to copy
        """
        cr = self.env.cr
        self._resume_spells(resumed)
        cr.execute(
            SQL("UPDATE ess_situation SET active = FALSE WHERE id = ANY(%s)", archived)
        )
        cr.execute(
            SQL(
                """
                UPDATE ess_situation SET date_from = spell.first, date_to = spell.last
                FROM unnest(%s::integer[], %s::date[], %s::date[])
                    AS spell (id, first, last)
                WHERE ess_situation.id = spell.id
                """,
                *([spell[place] for spell in changed] for place in range(3)),
            )
        )

    def _resume_spells(self, resumed):
        """Copy situations that take up again, with their new days."""
        names = [
            field.name
            for field in self.env["ess.situation"]._fields.values()
            if field.store
            and field.column_type
            and field.name not in ("id", "date_from", "date_to")
        ]
        copied = SQL(", ").join(SQL.identifier(name) for name in names)
        spells = SQL(
            "unnest(%s::integer[], %s::date[], %s::date[]) AS spell (id, first, last)",
            *([spell[place] for spell in resumed] for place in range(3)),
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO ess_situation (%s, date_from, date_to)"
                " SELECT %s, spell.first, spell.last"
                " FROM %s JOIN ess_situation USING (id)",
                copied,
                copied,
                spells,
            )
        )

    # === LIFE PROJECTS

    def _settle_life_projects(self):
        """One current life project: the last one noted; versions follow each other.

        Numbers of the kept file's versions, maybe printed and signed, do not change.
        """
        self.env.cr.execute(
            """
            UPDATE ess_life_project project SET version = project.version + last.number
            FROM ess_merge_side side, (
                SELECT kept.kept_id, max(version) AS number
                FROM ess_life_project JOIN ess_merge_side kept
                    ON kept.file_id = beneficiary_id AND kept.is_kept
                GROUP BY kept.kept_id) last
            WHERE side.file_id = project.beneficiary_id AND NOT side.is_kept
                AND last.kept_id = side.kept_id
            """
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM (
                    SELECT project.id, row_number() OVER (
                        PARTITION BY side.kept_id
                        ORDER BY project.date DESC, side.is_kept DESC) AS place
                    FROM ess_life_project project
                    JOIN ess_merge_side side ON side.file_id = project.beneficiary_id
                    WHERE project.state = 'current') ranked
                WHERE place > 1
                """
            )
        )
        projects = self.env["ess.life.project"]
        projects.invalidate_model()
        # by the model: goals follow the version they belong to
        projects.browse([row[0] for row in rows]).write({"state": "superseded"})

    # === FOLLOW-UPS

    def _settle_followups(self):
        """Whoever follows both files follows one: the first follow-up goes on.

        It answers for the follow-up if either did; the other one ends today.
        """
        today = fields.Date.today()
        self.env.cr.execute(
            SQL(
                """
                WITH ranked AS (
                    SELECT line.id, bool_or(line.is_referent) OVER who AS refers,
                        row_number() OVER (who ORDER BY line.date_from,
                            side.is_kept DESC, line.id) AS place,
                        count(*) OVER who AS number
                    FROM ess_followup line
                    JOIN ess_merge_side side ON side.file_id = line.beneficiary_id
                    WHERE line.date_to IS NULL
                    WINDOW who AS (
                        PARTITION BY side.kept_id, line.user_id, line.partner_id)
                )
                UPDATE ess_followup SET
                    is_referent = CASE WHEN ranked.place = 1 THEN ranked.refers
                        ELSE ess_followup.is_referent END,
                    date_to = CASE WHEN ranked.place > 1
                        THEN greatest(ess_followup.date_from, %(today)s) END,
                    end_reason = CASE WHEN ranked.place > 1 THEN 'merged' END
                FROM ranked
                WHERE ranked.id = ess_followup.id AND ranked.number > 1
                """,
                today=today,
            )
        )
        self.env["ess.followup"].invalidate_model()

    # === DUPLICATES

    def _settle_duplicates(self):
        """The pair is decided; other pairs of the merged file become the kept one's."""
        self._decide_pairs()
        self._drop_pairs()
        self._move_pairs()
        self.env["ess.duplicate"].invalidate_model()

    def _decide_pairs(self):
        """Write who decided that both files are one person."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE ess_duplicate pair SET state = 'merged',
                    decided_by_id = %s, date_decided = %s
                FROM ess_merge merge
                WHERE merge.id = ANY(%s)
                    AND pair.beneficiary_id
                        = least(merge.beneficiary_id, merge.merged_id)
                    AND pair.duplicate_id
                        = greatest(merge.beneficiary_id, merge.merged_id)
                """,
                self[:1].user_id.id,
                fields.Date.today(),
                self.ids,
            )
        )

    def _drop_pairs(self):
        """Take out pairs that would be written twice.

        A decision "not the same person" outranks a question.
        """
        self.env.cr.execute(
            """
            DELETE FROM ess_duplicate USING (
                SELECT id, row_number() OVER (PARTITION BY least(one, two),
                    greatest(one, two) ORDER BY decided DESC, id) AS place
                FROM (
                    SELECT pair.id, coalesce(a.kept_id, pair.beneficiary_id) AS one,
                        coalesce(b.kept_id, pair.duplicate_id) AS two,
                        pair.state <> 'to_review' AS decided
                    FROM ess_duplicate pair
                    LEFT JOIN ess_merge_side a ON a.file_id = pair.beneficiary_id
                    LEFT JOIN ess_merge_side b ON b.file_id = pair.duplicate_id
                    WHERE (a.file_id IS NOT NULL OR b.file_id IS NOT NULL)
                        AND a.merge_id IS DISTINCT FROM b.merge_id) moved
                ) ranked
            WHERE ranked.id = ess_duplicate.id AND ranked.place > 1
            """
        )

    def _move_pairs(self):
        """Write the pairs of merged files for the kept ones."""
        self.env.cr.execute(
            """
            UPDATE ess_duplicate SET beneficiary_id = least(one, two),
                duplicate_id = greatest(one, two)
            FROM (
                SELECT pair.id, coalesce(a.kept_id, pair.beneficiary_id) AS one,
                    coalesce(b.kept_id, pair.duplicate_id) AS two
                FROM ess_duplicate pair
                LEFT JOIN ess_merge_side a ON a.file_id = pair.beneficiary_id
                LEFT JOIN ess_merge_side b ON b.file_id = pair.duplicate_id
                WHERE (NOT a.is_kept OR NOT b.is_kept)
                    AND a.merge_id IS DISTINCT FROM b.merge_id) moved
            WHERE moved.id = ess_duplicate.id
            """
        )
