from odoo import models
from odoo.tools import SQL

# Both lines of one session, of two files that become one. The order of states goes
# from the nearest to a presence to the farthest.
TWICE = """
    CREATE TEMPORARY TABLE ess_merge_twice ON COMMIT DROP AS
    SELECT one.id AS kept_line, two.id AS merged_line,
        two.state, two.minutes, two.quantity, two.unit_id, two.excuse,
        array_position(ARRAY['present', 'late', 'left_early', 'expected',
            'excused', 'absent', 'cancelled'], two.state::text)
            < array_position(ARRAY['present', 'late', 'left_early', 'expected',
            'excused', 'absent', 'cancelled'], one.state::text) AS is_nearer
    FROM ess_presence one
    JOIN ess_merge_side kept ON kept.file_id = one.beneficiary_id
        AND kept.is_kept
    JOIN ess_merge_side side ON side.kept_id = kept.kept_id
        AND NOT side.is_kept
    JOIN ess_presence two ON two.session_id = one.session_id
        AND two.beneficiary_id = side.file_id;
    UPDATE ess_presence line SET
        state = CASE WHEN is_nearer THEN twice.state ELSE line.state END,
        is_present = CASE WHEN is_nearer THEN other.is_present
            ELSE line.is_present END,
        people_count = CASE WHEN is_nearer THEN other.people_count
            ELSE line.people_count END,
        excuse = CASE WHEN is_nearer THEN twice.excuse ELSE line.excuse END,
        minutes = greatest(line.minutes, twice.minutes),
        quantity = CASE
            WHEN line.unit_id IS NOT DISTINCT FROM twice.unit_id
            THEN NULLIF(coalesce(line.quantity, 0)
                + coalesce(twice.quantity, 0), 0)
            ELSE coalesce(line.quantity, twice.quantity) END,
        unit_id = coalesce(line.unit_id, twice.unit_id)
    FROM ess_merge_twice twice
    JOIN ess_presence other ON other.id = twice.merged_line
    WHERE line.id = twice.kept_line;
    UPDATE ess_presence line SET state = 'cancelled', is_present = FALSE,
        people_count = 0, minutes = 0, quantity = NULL, excuse = NULL
    FROM ess_merge_twice twice WHERE line.id = twice.merged_line;
    DROP TABLE ess_merge_twice
"""


class EssMerge(models.Model):
    """What two files of one person had twice in the programmes."""

    _inherit = "ess.merge"

    def _settle(self):
        """Settle stays and presences that one person has only once."""
        super()._settle()
        self._settle_enrolments()
        self._settle_presences()

    def _settle_enrolments(self):
        """Of two stays in progress in one programme, the first one goes on.

        One that is under way goes before one that is paused. The other ends on the day
        it began, entered by mistake: figures count neither a second entry nor an exit.
        """
        stage = self.env["ess.enrolment.stage"].search([("bucket", "=", "left")])[:1]
        reason = self.env.ref("ess_programmes.ess_exit_reason_error", False)
        if not stage or not reason:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE ess_enrolment stay SET stage_id = %(stage)s, bucket = 'left',
                    date_end = stay.date_start, exit_reason_id = %(reason)s,
                    exit_class = %(exit_class)s
                FROM (
                    SELECT line.id, row_number() OVER (
                        PARTITION BY side.kept_id, line.programme_id
                        ORDER BY line.bucket = 'paused', line.date_start,
                            side.is_kept DESC) AS place
                    FROM ess_enrolment line
                    JOIN ess_merge_side side ON side.file_id = line.beneficiary_id
                    WHERE line.bucket IN ('enrolled', 'paused')) ranked
                WHERE ranked.id = stay.id AND ranked.place > 1
                """,
                stage=stage.id,
                reason=reason.id,
                exit_class=reason.exit_class,
            )
        )
        self.env["ess.enrolment"].invalidate_model()

    def _settle_presences(self):
        """One presence at a session: what either file says was there, was.

        The kept file's line takes the nearest state to a presence, the longer time and
        all that was handed out in the same unit. The other line stays with the merged
        file, cancelled: nobody is counted twice.
        """
        self.env.cr.execute(TWICE)
        self.env["ess.presence"].invalidate_model()
