from odoo import fields, models
from odoo.tools import SQL

#: how many volunteers are suggested for one shift
SUGGESTIONS = 10
MONTHS = 12


class EssVolunteer(models.Model):
    """Who could come to which shift, and why: one statement for all the shifts.

    Each volunteer is turned once into ranges (minutes of the week, days away, times
    taken, papers with their last day), so that a pair is compared without a join.
    """

    _inherit = "ess.volunteer"

    def _match(self, needs, limit=SUGGESTIONS):
        """Return the volunteers who fit these shifts best.

        Nobody is suggested who is expected elsewhere at the time, away, already on the
        sheet, or without a paper that the session needs.

        :param needs: ess.session.need, of sessions that the user may read
        :param int limit: volunteers for one shift
        :return: ``{need id: list of (volunteer id, score, reasons)}``, best first;
            reasons are sentences in the user's language
        :rtype: dict
        """
        self.check_access("read")
        needs.check_access("read")
        if not needs:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(self._match_query(needs, limit))
        words = self._match_words()
        found = {need.id: [] for need in needs}
        for need_id, volunteer_id, score, *facts in rows:
            reasons = [
                words[name] for name, true in zip(words, facts, strict=True) if true
            ]
            found[need_id].append((volunteer_id, score, reasons))
        return found

    def _match_words(self):
        """Return the sentence of each fact, in the order of the statement."""
        return {
            "is_free": self.env._("free at that time"),
            "is_unsure": self.env._("availability not said"),
            "likes": self.env._("likes this kind of mission"),
            "knows": self.env._("knows what is needed"),
            "is_near": self.env._("comes to this territory"),
            "has_come": self.env._("has already come to this programme"),
        }

    def _match_query(self, needs, limit):
        now = fields.Datetime.now()
        return SQL(
            MATCH,
            needs=tuple(needs.ids),
            companies=tuple(self.env.companies.ids),
            now=now,
            since=fields.Datetime.subtract(now, months=MONTHS),
            limit=limit,
        )


#: Times are compared in the programme's time zone: minutes since Monday 0:00; an
#: evening that passes midnight goes on counting, so Sunday night goes past the week.
MATCH = """
WITH shift AS MATERIALIZED (
    SELECT n.id, n.mission_type_id AS mission, s.id AS session_id, s.company_id,
        s.programme_id, s.territory_id, s.day, tsrange(s.date_start, s.date_end) AS at,
        int4range(
            l.start, l.start + (extract(epoch FROM s.date_end - s.date_start) / 60)::int
        ) AS week,
        COALESCE((SELECT array_agg(k.ess_skill_id)
            FROM ess_session_need_ess_skill_rel k
            WHERE k.ess_session_need_id = n.id), '{}') AS skills,
        COALESCE((SELECT range_agg(int8range(
                t.id * 1000000::int8 + (s.day - '2000-01-01'),
                t.id * 1000000::int8 + (s.day - '2000-01-01'), '[]'))
            FROM ess_paper_type t
            LEFT JOIN ess_mission_type m ON m.id = s.mission_type_id
            WHERE t.active AND (s.has_minors OR t.is_blocking) AND CASE t.needed_for
                WHEN 'all' THEN TRUE WHEN 'minors' THEN s.has_minors
                WHEN 'protected_minors' THEN s.has_minors AND p.minors = 'protected'
                WHEN 'driving' THEN m.is_driving WHEN 'food' THEN m.handles_food END),
            '{}') AS papers
    FROM ess_session_need n
    JOIN ess_session s ON s.id = n.session_id
    JOIN ess_programme p ON p.id = s.programme_id
    CROSS JOIN LATERAL (SELECT s.date_start AT TIME ZONE 'UTC'
        AT TIME ZONE COALESCE(p.tz, 'UTC') AS local) z
    CROSS JOIN LATERAL (SELECT ((extract(isodow FROM z.local) - 1) * 1440
        + extract(hour FROM z.local) * 60
        + extract(minute FROM z.local))::int AS start) l
    WHERE n.id IN %(needs)s AND s.company_id IN %(companies)s
), grid AS (
    SELECT volunteer_id, range_agg(int4range(
        weekday::int * 1440 + (hour_from * 60)::int,
        weekday::int * 1440 + (hour_to * 60)::int)) AS week
    FROM ess_volunteer_availability GROUP BY volunteer_id
), exception AS (
    SELECT volunteer_id,
        range_agg(daterange(date_from, date_to, '[]'))
            FILTER (WHERE is_available IS NOT TRUE) AS away,
        range_agg(daterange(date_from, date_to, '[]'))
            FILTER (WHERE is_available) AS free
    FROM ess_volunteer_absence WHERE date_to >= %(now)s::date - 1 GROUP BY volunteer_id
), paper AS (
    SELECT volunteer_id, range_agg(int8range(type_id * 1000000::int8,
        type_id * 1000000::int8 + COALESCE(date_expiry - '2000-01-01', 999999), '[]'))
        AS papers
    FROM ess_volunteer_paper WHERE active GROUP BY volunteer_id
), busy AS (
    SELECT l.volunteer_id, range_agg(tsrange(s.date_start, s.date_end)) AS busy
    FROM ess_presence l JOIN ess_session s ON s.id = l.session_id
    WHERE l.volunteer_id IS NOT NULL AND l.state = 'expected' AND s.date_end > %(now)s
    GROUP BY l.volunteer_id
), known AS (
    SELECT l.volunteer_id, array_agg(DISTINCT l.programme_id) AS programmes
    FROM ess_presence l
    WHERE l.volunteer_id IS NOT NULL AND l.is_present AND l.day >= %(since)s::date
    GROUP BY l.volunteer_id
), wish AS (
    SELECT ess_volunteer_id AS volunteer_id, array_agg(ess_mission_type_id) AS missions
    FROM ess_mission_type_ess_volunteer_rel GROUP BY 1
), skill AS (
    SELECT ess_volunteer_id AS volunteer_id, array_agg(ess_skill_id) AS skills
    FROM (SELECT ess_volunteer_id, ess_skill_id FROM ess_volunteer_skill_rel UNION ALL
        SELECT ess_volunteer_id, ess_skill_id FROM ess_volunteer_language_rel) b
    GROUP BY 1
), place AS (
    SELECT ess_volunteer_id AS volunteer_id, array_agg(ess_territory_id) AS territories
    FROM ess_territory_ess_volunteer_rel GROUP BY 1
), volunteer AS MATERIALIZED (
    SELECT v.id, v.company_id, v.date_start, v.date_stop, grid.week, papers,
        COALESCE(away, '{}') AS away, COALESCE(free, '{}') AS free,
        COALESCE(busy, '{}') AS busy, COALESCE(programmes, '{}') AS programmes,
        COALESCE(missions, '{}') AS missions, COALESCE(skills, '{}') AS skills,
        COALESCE(territories, '{}') AS territories
    FROM ess_volunteer v
    LEFT JOIN grid ON grid.volunteer_id = v.id
    LEFT JOIN exception ON exception.volunteer_id = v.id
    LEFT JOIN paper ON paper.volunteer_id = v.id
    LEFT JOIN busy ON busy.volunteer_id = v.id
    LEFT JOIN known ON known.volunteer_id = v.id
    LEFT JOIN wish ON wish.volunteer_id = v.id
    LEFT JOIN skill ON skill.volunteer_id = v.id
    LEFT JOIN place ON place.volunteer_id = v.id
    WHERE v.active AND v.company_id IN %(companies)s
    AND v.engagement <> 'company_group'
), sheet AS MATERIALIZED (
    SELECT session_id, array_agg(volunteer_id) AS here FROM (
        SELECT session_id, volunteer_id FROM ess_presence
        WHERE volunteer_id IS NOT NULL AND state <> 'cancelled'
        AND session_id IN (SELECT session_id FROM shift)
        UNION ALL SELECT session_id, volunteer_id FROM ess_signup
        WHERE state <> 'cancelled'
        AND session_id IN (SELECT session_id FROM shift)) b
    GROUP BY session_id
)
SELECT shift.id, best.*
FROM shift
LEFT JOIN sheet ON sheet.session_id = shift.session_id
CROSS JOIN LATERAL (
    SELECT v.id,
        CASE WHEN v.week IS NULL AND NOT v.free @> shift.day THEN 2 ELSE 6 END
        + CASE WHEN shift.mission = ANY(v.missions) THEN 4 ELSE 0 END
        + CASE WHEN shift.skills && v.skills THEN 3 ELSE 0 END
        + CASE WHEN shift.territory_id = ANY(v.territories) THEN 2 ELSE 0 END
        + CASE WHEN shift.programme_id = ANY(v.programmes) THEN 1 ELSE 0 END AS score,
        COALESCE(v.week @> shift.week, FALSE) OR v.free @> shift.day,
        v.week IS NULL AND NOT v.free @> shift.day,
        COALESCE(shift.mission = ANY(v.missions), FALSE),
        shift.skills && v.skills,
        COALESCE(shift.territory_id = ANY(v.territories), FALSE),
        shift.programme_id = ANY(v.programmes)
    FROM volunteer v
    WHERE v.company_id = shift.company_id
    AND (v.week IS NULL OR v.week @> shift.week OR v.free @> shift.day)
    AND (v.date_start IS NULL OR v.date_start <= shift.day)
    AND (v.date_stop IS NULL OR v.date_stop >= shift.day)
    AND NOT v.away @> shift.day
    AND NOT v.busy && shift.at
    AND COALESCE(v.papers, '{}') @> shift.papers
    AND (sheet.here IS NULL OR v.id <> ALL(sheet.here))
    ORDER BY score DESC, v.id
    LIMIT %(limit)s
) best
ORDER BY shift.id, best.score DESC, best.id
"""
