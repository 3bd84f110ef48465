from odoo import fields, models
from odoo.tools import SQL


class EssMerge(models.Model):
    """Households and relations that two files of one person both have."""

    _inherit = "ess.merge"

    def _settle_households(self):
        """Days in one household are counted once.

        The kept file's line covers the days of both; the other line stays with the
        merged file.
        """
        self.env.cr.execute(
            """
            WITH crossed AS (
                SELECT one.id, two.id AS other_id,
                    least(one.date_from, two.date_from) AS first,
                    CASE WHEN one.date_to IS NULL OR two.date_to IS NULL THEN NULL
                        ELSE greatest(one.date_to, two.date_to) END AS last,
                    coalesce(one.end_reason, two.end_reason) AS reason
                FROM ess_household_member one
                JOIN ess_merge_side kept ON kept.file_id = one.beneficiary_id
                    AND kept.is_kept
                JOIN ess_merge_side side ON side.kept_id = kept.kept_id
                    AND NOT side.is_kept
                JOIN ess_household_member two ON two.household_id = one.household_id
                    AND two.beneficiary_id = side.file_id
                    AND daterange(one.date_from, one.date_to, '[]')
                        && daterange(two.date_from, two.date_to, '[]')
            ), left_there AS (
                INSERT INTO ess_merge_stay
                SELECT 'ess_household_member', other_id FROM crossed
            ), days AS (
                SELECT id, min(first) AS first, max(reason) AS reason,
                    CASE WHEN bool_or(last IS NULL) THEN NULL ELSE max(last) END AS last
                FROM crossed GROUP BY id
            )
            UPDATE ess_household_member line SET date_from = days.first,
                date_to = days.last,
                end_reason = CASE WHEN days.last IS NOT NULL THEN days.reason END
            FROM days WHERE days.id = line.id
            """
        )
        self.env["ess.household.member"].invalidate_model()

    def _settle_relations(self):
        """A relation that both files have with somebody goes on once; the other ends.

        Ended today, not removed: who said it, and when, stays written.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE ess_relation line
                SET date_to = greatest(line.date_from, %s)
                FROM (
                    SELECT relation.id, row_number() OVER (PARTITION BY
                        least(coalesce(one.kept_id, relation.beneficiary_id),
                            coalesce(two.kept_id, relation.other_id)),
                        greatest(coalesce(one.kept_id, relation.beneficiary_id),
                            coalesce(two.kept_id, relation.other_id))
                        ORDER BY relation.id) AS place
                    FROM ess_relation relation
                    LEFT JOIN ess_merge_side one
                        ON one.file_id = relation.beneficiary_id
                    LEFT JOIN ess_merge_side two ON two.file_id = relation.other_id
                    WHERE relation.date_to IS NULL
                        AND (one.file_id IS NOT NULL OR two.file_id IS NOT NULL)
                        AND one.merge_id IS DISTINCT FROM two.merge_id) ranked
                WHERE ranked.id = line.id AND ranked.place > 1
                """,
                fields.Date.today(),
            )
        )
        self.env["ess.relation"].invalidate_model()
