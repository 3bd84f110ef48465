from datetime import date

from odoo import fields, models
from odoo.tools import SQL


class EssVolunteer(models.Model):
    """The hours of a volunteer over a year, whose time apart."""

    _inherit = "ess.volunteer"

    hours_ids = fields.One2many(
        "ess.volunteer.hours",
        "volunteer_id",
        string="Declared hours",
        groups="ess_programmes.group_volunteers_officer",
    )

    def _get_yearly_minutes(self, year, figure="own"):
        """Return the minutes that these volunteers gave in a calendar year, in one
        statement.

        :param int year: calendar year
        :param str figure: ``own``, ``lent`` or ``other`` time; ``leading`` is the own
            time given on the board or to lead other volunteers
        :return: ``{volunteer id: minutes}``
        :rtype: dict
        """
        self.check_access("read")
        self.env["ess.presence"].flush_model()
        leading = SQL("TRUE")
        if figure == "leading":
            leading = SQL(
                "EXISTS (SELECT FROM ess_mission_type m "
                "WHERE m.id = p.mission_type_id AND m.is_leading)"
            )
        rows = self.env.execute_query(
            SQL(
                """SELECT p.volunteer_id, sum(p.minutes)::int FROM ess_presence p
                WHERE p.volunteer_id = ANY(%s) AND p.is_present
                AND p.day BETWEEN %s AND %s AND p.time_kind = %s AND %s
                GROUP BY p.volunteer_id""",
                list(self.ids),
                date(year, 1, 1),
                date(year, 12, 31),
                "own" if figure == "leading" else figure,
                leading,
            )
        )
        return dict(rows)
