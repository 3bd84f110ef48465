from odoo import api, models
from odoo.tools import SQL

#: What one line of a sheet says, in the order of the rows given to `_record`.
LINE = ("session_id", "beneficiary_id", "state", "minutes", "quantity", "unit_id")
LINE += ("excuse", "seen")
TYPES = ("int", "int", "varchar", "int", "float8", "int", "varchar", "text")
#: Columns that the statement below fills; stored fields of other rooms are computed.
FILLED = {"programme_id", "company_id", "day", "kind", "state", "minutes"}
FILLED |= {"is_present", "people_count"}
#: What somebody saw of a line: a change is written only over what its author has seen.
SEEN = """concat_ws('|', {0}.state, COALESCE({0}.minutes, 0),
    COALESCE({0}.quantity, 0), COALESCE({0}.unit_id, 0), COALESCE({0}.excuse, ''))"""


class EssPresence(models.Model):
    """Many lines written in one statement: a sheet on screen, or a hundred thousand
    lines of a list.
    """

    _inherit = "ess.presence"

    @api.model
    def _record(self, rows, source="grid"):
        """Write lines of sheets for people, new or changed, in one statement.

        A line that somebody else has changed since it was seen is left as it is. The
        rights of the user on each line are checked after, which undoes everything when
        one is missing.

        :param list rows: tuples in the order of :data:`LINE`; ``minutes`` None means
            the length of the session; ``seen`` is the text returned with the line, or
            None for a line that was not on the sheet.
        :param str source: where the lines come from.
        :return: ``{(session_id, beneficiary_id): (seen, minutes)}`` of the lines that
            are now as asked; the others have been changed by somebody else, or are of
            another association.
        """
        if not rows:
            return {}
        self.check_access("create")
        self._check_people_known([{"beneficiary_id": row[1]} for row in rows])
        self.flush_model()
        self.env["ess.session"].flush_model()
        arrays = SQL(", ").join(
            SQL(f"%s::{kind}[]", list(values))  # pylint: disable=sql-injection
            for kind, values in zip(TYPES, zip(*rows, strict=True), strict=True)
        )
        written = self.env.execute_query(
            SQL(RECORD, lines=arrays, source=source, uid=self.env.uid)
        )
        lines = self.browse([row[0] for row in written])
        lines.invalidate_recordset()
        self.env["ess.session"].invalidate_model(["presence_ids"], flush=False)
        added = self.browse([row[0] for row in written if row[5]])
        self._compute_other_rooms(added)
        lines.check_access("write")
        return {(row[1], row[2]): (row[3], row[4]) for row in written}

    @api.model
    def _compute_other_rooms(self, lines):
        """Let stored fields of upper rooms be computed for these new lines."""
        for field in self._fields.values():
            if field.store and field.compute and field.name not in FILLED:
                self.env.add_to_compute(field, lines)

    @api.model
    def _get_seen(self, lines):
        """Return what is to be seen of these lines now, by id.

        :param lines: ess.presence that the user may read.
        :rtype: dict
        """
        lines.flush_recordset()
        return dict(
            self.env.execute_query(
                SQL(
                    f"SELECT id, {SEEN.format('p')} FROM ess_presence p WHERE id IN %s",
                    tuple(lines.ids) or (0,),
                )
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; a session that is full takes no more reservations."""
        lines = super().create(vals_list)
        lines.session_id.filtered("capacity")._check_reservations(lines)
        return lines

    def _prepare_grid_line(self, seen):
        """Return this line as the grid shows it.

        :param str seen: see ``_get_seen``.
        :rtype: dict
        """
        self.ensure_one()
        return {
            "beneficiary_id": self.beneficiary_id.id,
            "name": self.display_name,
            "state": self.state,
            "minutes": self.minutes,
            "quantity": self.quantity,
            "unit_id": self.unit_id.id,
            "excuse": self.excuse,
            "seen": seen,
        }


RECORD = f"""
WITH line AS (
    SELECT l.session_id, l.beneficiary_id, l.state, l.quantity, l.unit_id, l.excuse,
        l.seen, s.programme_id, s.company_id, s.day, s.kind,
        l.state IN ('present', 'late', 'left_early') AS is_present,
        CASE WHEN l.state NOT IN ('present', 'late', 'left_early') THEN 0
            WHEN l.minutes IS NOT NULL THEN l.minutes
            WHEN s.kind IN ('drop_in', 'distribution', 'round') THEN 0
            ELSE round(extract(epoch FROM s.date_end - s.date_start) / 60)::int
        END AS minutes
    FROM unnest(%(lines)s) AS l (session_id, beneficiary_id, state, minutes, quantity,
        unit_id, excuse, seen)
    JOIN ess_session s ON s.id = l.session_id
    JOIN ess_beneficiary b ON b.id = l.beneficiary_id AND b.company_id = s.company_id
), changed AS (
    UPDATE ess_presence p SET state = l.state, is_present = l.is_present,
        people_count = l.is_present::int, minutes = l.minutes, quantity = l.quantity,
        unit_id = l.unit_id, excuse = l.excuse, source = %(source)s,
        write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
    FROM line l
    WHERE p.session_id = l.session_id AND p.beneficiary_id = l.beneficiary_id
    AND ({SEEN.format("p")} = l.seen OR {SEEN.format("p")} = {SEEN.format("l")})
    RETURNING p.id, p.session_id, p.beneficiary_id, {SEEN.format("p")}, p.minutes, FALSE
), added AS (
    INSERT INTO ess_presence AS p (session_id, beneficiary_id, state, is_present,
        people_count, minutes, quantity, unit_id, excuse, programme_id, company_id, day,
        kind, source, create_uid, create_date, write_uid, write_date)
    SELECT session_id, beneficiary_id, state, is_present, is_present::int, minutes,
        quantity, unit_id, excuse, programme_id, company_id, day, kind, %(source)s,
        %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
    FROM line l
    WHERE NOT EXISTS (SELECT FROM ess_presence q WHERE q.session_id = l.session_id
        AND q.beneficiary_id = l.beneficiary_id)
    ON CONFLICT DO NOTHING
    RETURNING p.id, p.session_id, p.beneficiary_id, {SEEN.format("p")}, p.minutes, TRUE
)
SELECT * FROM changed UNION ALL SELECT * FROM added
"""
