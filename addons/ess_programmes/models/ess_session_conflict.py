from odoo import api, fields, models
from odoo.tools import SQL

from .ess_session import SHEET_GROUPS

#: planned sessions at the same time, with the same place or the same worker
CONFLICTS = """
WITH pair AS (
    SELECT one.id, two.id AS other, one.place, two.place AS other_place
    FROM ess_session one
    JOIN ess_session two ON two.id <> one.id
        AND two.company_id = one.company_id
        AND two.state = 'planned'
        -- the second bound keeps the search within a month of the index
        AND two.date_start < one.date_end
        AND two.date_start > one.date_start - interval '31 days'
        AND two.date_end > one.date_start
    WHERE one.state = 'planned' AND %(scope)s
    AND one.company_id = ANY(%(companies)s)
)
SELECT pair.id, pair.other, pair.place FROM pair
WHERE lower(btrim(pair.place)) = lower(btrim(pair.other_place))
    AND btrim(pair.place) <> ''
UNION
SELECT pair.id, pair.other, partner.name FROM pair
JOIN %(team)s mine ON mine.%(session)s = pair.id
JOIN %(team)s theirs ON theirs.%(session)s = pair.other
    AND theirs.%(user)s = mine.%(user)s
JOIN res_users worker ON worker.id = mine.%(user)s
JOIN res_partner partner ON partner.id = worker.partner_id
ORDER BY 1, 2, 3
"""


class EssSession(models.Model):
    """Series and conflicts: what a session shares with others, and what it cannot."""

    _inherit = "ess.session"

    series_id = fields.Many2one(
        "ess.session.series",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    series_day = fields.Date(
        string="Day in the series",
        copy=False,
        help="The day that the series planned; moving the session does not change it.",
    )
    is_series_exception = fields.Boolean(
        string="Changed alone",
        copy=False,
        help="Later changes of the series leave this session as it is.",
    )
    conflict_text = fields.Char(
        string="Conflict",
        compute="_compute_conflict_text",
        groups=SHEET_GROUPS,
        help="Another planned session at the same time, with someone of the team or in "
        "the same place.",
    )
    has_conflict = fields.Boolean(
        compute="_compute_conflict_text",
        search="_search_has_conflict",
        groups=SHEET_GROUPS,
    )

    @api.depends("date_start", "date_end", "place", "team_user_ids", "state")
    @api.depends_context("lang", "uid")
    def _compute_conflict_text(self):
        texts = {}
        for session_id, other_id, name in self._get_conflicts_of(self._origin.ids):
            other = self.browse(other_id)
            title = other.with_context(ess_session_short_name=True).display_name
            texts.setdefault(session_id, []).append(
                self.env._("%(what)s: %(session)s", what=name, session=title)
            )
        for session in self:
            found = texts.get(session._origin.id, [])
            session.has_conflict = bool(found)
            session.conflict_text = " · ".join(found) or False

    @api.model
    def _search_has_conflict(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self._get_conflicts_of(None)
        return [("id", "in", list({row[0] for row in rows}))]

    @api.model
    def _get_conflicts_of(self, session_ids):
        """Find the planned sessions at the same time, with the same worker or place.

        Two sessions of one day of several places, or people who come by, are no
        conflict. Whoever reads sessions reads the calendar of the association.

        :param list session_ids: None: all sessions to come
        :return: rows (session id, other id, name of the worker or the place)
        :rtype: list of tuple
        """
        if session_ids is not None and not session_ids:
            return []
        self.flush_model()
        team = self._fields["team_user_ids"]
        scope = (
            SQL("one.id = ANY(%s)", session_ids)
            if session_ids is not None
            else SQL("one.date_end >= %s", fields.Datetime.now())
        )
        return self.env.execute_query(
            SQL(
                CONFLICTS,
                scope=scope,
                companies=self.env.companies.ids,
                team=SQL.identifier(team.relation),
                session=SQL.identifier(team.column1),
                user=SQL.identifier(team.column2),
            )
        )

    def action_change_series(self):
        """Change this session, this one and those that follow, or the whole series."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_programmes.ess_session_series_change_action"
        )
        return dict(action, context={"default_session_id": self.id})
