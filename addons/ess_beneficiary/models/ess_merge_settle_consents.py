from odoo import models
from odoo.tools import SQL


class EssMerge(models.Model):
    """Answers of both files to the same question, on one time line."""

    _inherit = "ess.merge"

    def _settle(self):
        """End each answer when the next one to the same question begins.

        Of two answers of the same day, the refusal stays.
        """
        super()._settle()
        self.env["ess.consent"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH answers AS (
                    SELECT line.id, lead(line.date_from) OVER (
                        PARTITION BY side.kept_id, line.processing_id,
                            COALESCE(line.recipient_id, 0)
                        ORDER BY line.date_from, line.answer = 'refused', line.id
                    ) AS next_from
                    FROM ess_consent line
                    JOIN ess_merge_side side ON side.file_id = line.beneficiary_id
                    WHERE line.active
                )
                UPDATE ess_consent line SET date_to = answers.next_from
                FROM answers
                WHERE answers.id = line.id AND answers.next_from IS NOT NULL
                    AND (line.date_to IS NULL OR line.date_to > answers.next_from)
                """
            )
        )
        self.env["ess.consent"].invalidate_model()
