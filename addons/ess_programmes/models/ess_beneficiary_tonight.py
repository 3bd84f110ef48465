from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class EssBeneficiary(models.Model):
    """What a crew on its round knows: the names of the people of its territory, for
    the night, and nothing else of their files.
    """

    _inherit = "ess.beneficiary"

    is_of_tonight = fields.Boolean(
        string="People of tonight's round",
        compute="_compute_is_of_tonight",
        search="_search_is_of_tonight",
        help="Expected tonight on your round, or met in its territory during the last "
        "three months.",
    )

    @api.depends("presence_ids.state")
    @api.depends_context("uid")
    def _compute_is_of_tonight(self):
        tonight = self._filter_by_queries([self._get_tonight_query()])
        for person in self:
            person.is_of_tonight = person._origin.id in tonight

    @api.model
    def _search_is_of_tonight(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", SQL("(%s)", self._get_tonight_query()))

    @api.model
    def _get_tonight_query(self):
        """Select the people of the user's round of tonight.

        On its sheet, or met on a round of the same territory in the last 90 days: what
        is older is found by the team of the day.

        :rtype: SQL
        """
        self.env["ess.presence"].flush_model(["session_id", "beneficiary_id", "state"])
        self.env["ess.session"].flush_model(["kind", "territory_id", "day"])
        return SQL(
            """
            SELECT line.beneficiary_id FROM ess_presence line
            WHERE line.session_id IN (%(tonight)s) AND line.beneficiary_id IS NOT NULL
            UNION
            SELECT line.beneficiary_id FROM ess_session round
            JOIN ess_session past ON past.territory_id = round.territory_id
                AND past.kind = 'round' AND past.company_id = round.company_id
                AND past.day >= (now() AT TIME ZONE 'UTC')::date - 90
            JOIN ess_presence line ON line.session_id = past.id
                AND line.is_present AND line.beneficiary_id IS NOT NULL
            WHERE round.id IN (%(tonight)s)
            """,
            tonight=self.env["ess.session"]._get_tonight_query(),
        )

    @api.model
    def _get_list_safe_fields(self):
        """Whether someone is of tonight's round says nothing of the file."""
        return super()._get_list_safe_fields() | {"is_of_tonight"}
