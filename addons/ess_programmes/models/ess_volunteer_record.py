from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from .ess_volunteer import VOLUNTEER_GROUP


class EssVolunteer(models.Model):
    """What the association attests of a volunteer: certificate, record of volunteering,
    citizen's engagement account. Only our own hours, never who was helped.
    """

    _inherit = "ess.volunteer"

    cec_role = fields.Selection(
        [
            ("board", "Sits on the board"),
            ("leader", "Leads other volunteers"),
        ],
        string="Responsibility",
        help="All the own time of the year then counts for the citizen's engagement "
        "account; without it, only missions that lead other volunteers.",
        groups=VOLUNTEER_GROUP,
    )

    def _get_hours_by_mission(self, year=None):
        """Return what was given, by year, whose time and kind of mission.

        :param int year: calendar year, or None for all of them
        :return: list of ``{"year", "time_kind", "mission", "minutes", "times"}``,
            newest first
        """
        self.ensure_one()
        self.env["ess.presence"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT extract(year FROM p.day)::int AS year,
                    COALESCE(p.time_kind, 'own'), p.mission_type_id,
                    sum(p.minutes)::int, count(*)::int
                FROM ess_presence p
                WHERE p.volunteer_id = %s AND p.is_present
                AND (%s::int IS NULL OR extract(year FROM p.day) = %s)
                GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2 DESC, 4 DESC""",
                self.id,
                year,
                year,
            )
        )
        missions = self.env["ess.mission.type"].browse(
            {row[2] for row in rows if row[2]}
        )
        names = {mission.id: mission.name for mission in missions}
        return [
            {
                "year": row[0],
                "time_kind": row[1],
                "mission": names.get(row[2]) or self.env._("Volunteering"),
                "minutes": row[3],
                "times": row[4],
            }
            for row in rows
        ]

    def _prepare_certificate(self):
        """Return what the certificate of a year says.

        :rtype: dict
        """
        self.ensure_one()
        year = self.env.context.get("ess_year") or fields.Date.today().year
        lines = self._get_hours_by_mission(year)
        totals = {
            kind: sum(line["minutes"] for line in lines if line["time_kind"] == kind)
            for kind in ("own", "lent", "other")
        }
        return {"year": year, "lines": lines, "totals": totals}

    def _prepare_record(self):
        """Return what the record of volunteering says: everything, year by year.

        :rtype: dict
        """
        self.ensure_one()
        lines = self._get_hours_by_mission()
        years = sorted({line["year"] for line in lines}, reverse=True)
        return {
            "years": [
                {
                    "year": year,
                    "lines": [line for line in lines if line["year"] == year],
                    "minutes": sum(
                        line["minutes"] for line in lines if line["year"] == year
                    ),
                }
                for year in years
            ],
            "minutes": sum(line["minutes"] for line in lines),
            "times": sum(line["times"] for line in lines),
        }

    def _get_cec(self, year):
        """Say where this volunteer stands for the citizen's engagement account.

        Only own time counts, and we attest only our own hours: elsewhere, other
        associations attest theirs.

        :param int year: calendar year
        :return: ``{"state", "minutes", "rule"}``; state is ``none`` (no rule, no
            responsibility, or too young an association), ``enough``, ``with_others``
            (the hours of one association are there, the total is not) or ``short``
        :rtype: dict
        """
        self.ensure_one()
        rule = self.env["ess.cec.rule"]._get_for(year)
        figure = "own" if self.cec_role else "leading"
        minutes = self._get_yearly_minutes(year, figure).get(self.id, 0)
        declared = self.company_id.declared_on
        last = fields.Date.to_date(f"{year}-12-31")
        is_old_enough = not declared or declared <= last - relativedelta(
            years=rule.years_declared
        )
        if not rule or not minutes or not is_old_enough:
            state = "none"
        elif minutes >= rule.hours_total * 60:
            state = "enough"
        elif minutes >= rule.hours_one * 60:
            state = "with_others"
        else:
            state = "short"
        return {"state": state, "minutes": minutes, "rule": rule}
