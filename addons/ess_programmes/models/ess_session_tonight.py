from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class EssSession(models.Model):
    """The round of tonight: what a crew sees, for the night only."""

    _inherit = "ess.session"

    is_my_tonight = fields.Boolean(
        string="My round of tonight",
        compute="_compute_is_my_tonight",
        search="_search_is_my_tonight",
    )

    @api.depends("kind", "date_start", "date_end", "team_user_ids")
    @api.depends_context("uid")
    def _compute_is_my_tonight(self):
        rows = self.env.execute_query(self._get_tonight_query())
        tonight = {row[0] for row in rows}
        for session in self:
            session.is_my_tonight = session._origin.id in tonight

    @api.model
    def _search_is_my_tonight(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", SQL("(%s)", self._get_tonight_query()))

    @api.model
    def _get_tonight_query(self):
        """Select the rounds that the user is on now.

        From six hours before the start (the bags are packed in the afternoon) to
        twelve hours after the end (the sheet is finished in the morning). The clock is
        that of the database, read when the question is asked: rules keep these words
        for days.

        :rtype: SQL
        """
        team = self._fields["team_user_ids"]
        self.flush_model(["kind", "date_start", "date_end", "team_user_ids"])
        return SQL(
            """
            SELECT tonight.id FROM ess_session tonight
            JOIN %(team)s crew ON crew.%(session)s = tonight.id
                AND crew.%(user)s = %(uid)s
            WHERE tonight.kind = 'round'
            AND tonight.date_start <= now() AT TIME ZONE 'UTC' + interval '6 hours'
            AND tonight.date_end >= now() AT TIME ZONE 'UTC' - interval '12 hours'
            """,
            team=SQL.identifier(team.relation),
            session=SQL.identifier(team.column1),
            user=SQL.identifier(team.column2),
            uid=self.env.uid,
        )
