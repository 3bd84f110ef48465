from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class EssSituation(models.Model):
    """State of people at a date and changes between two dates, in one query each."""

    _inherit = "ess.situation"

    @api.model
    def _at_date_domain(self, domain, date):
        """Return the domain of the situations in force on a day.

        :param domain: ess.situation.domain, one record
        :param date date: the day
        :rtype: Domain
        """
        return (
            # what was archived was a mistake, whatever the screen around shows
            Domain("active", "=", True)
            & Domain("domain_id", "=", domain.id)
            & Domain("date_from", "<=", date)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date))
        )

    @api.model
    def _at_date_query(self, domain, date, beneficiaries=None):
        """Return the SQL of the situations in force on a day, under the rules.

        :param domain: ess.situation.domain, one record
        :param date date: the day
        :param Domain beneficiaries: domain on ess.beneficiary, or None for all
        :return: SELECT beneficiary_id, value_id, answer
        :rtype: SQL
        """
        condition = self._at_date_domain(domain, date)
        if beneficiaries is not None:
            # teams are stored in a table that the query does not know it depends on
            self.env["ess.beneficiary"].flush_model()
            condition &= Domain("beneficiary_id", "any", beneficiaries)
        query = self._search(condition)
        return query.select(
            SQL.identifier(self._table, "beneficiary_id"),
            SQL.identifier(self._table, "value_id"),
            SQL.identifier(self._table, "answer"),
        )

    @api.model
    def _state_at(self, domain, date, beneficiaries=None):
        """Tell the situation of everyone on a day, in one SQL query.

        Only people and situations that the user may read; call it with `sudo()`
        and a domain on companies for figures.

        :param domain: ess.situation.domain, one record
        :param date date: the day
        :param beneficiaries: domain on ess.beneficiary (list or Domain), or None
        :return: {beneficiary id: value id, or the answer ``"declined"`` or
            ``"unknown"``}; people who were not asked are absent
        :rtype: dict
        """
        rows = self.env.execute_query(self._at_date_query(domain, date, beneficiaries))
        return {person: value or answer for person, value, answer in rows}

    @api.model
    def _count_at(self, domain, date, beneficiaries=None):
        """Count the people in each situation on a day, in one SQL query.

        :return: {value id, ``"declined"`` or ``"unknown"``: number of people}
        :rtype: dict
        """
        sql = SQL(
            "SELECT value_id, answer, count(*) FROM (%s)"
            " AS state (beneficiary_id, value_id, answer) GROUP BY 1, 2",
            self._at_date_query(domain, date, beneficiaries),
        )
        return {
            value or answer: count
            for value, answer, count in self.env.execute_query(sql)
        }

    @api.model
    def _transitions(self, domain, date_a, date_b, beneficiaries=None):
        """Count the people who went from each situation to each other one.

        :param domain: ess.situation.domain, one record
        :param date date_a: first day
        :param date date_b: second day
        :param beneficiaries: domain on ess.beneficiary (list or Domain), or None
        :return: {(before, after): number of people}, where each side is a value id,
            ``"declined"``, ``"unknown"`` or None when not asked
        :rtype: dict
        """
        sql = SQL(
            """
            SELECT a.value_id, a.answer, b.value_id, b.answer, count(*)
              FROM (%(before)s) AS a (beneficiary_id, value_id, answer)
              FULL JOIN (%(after)s) AS b (beneficiary_id, value_id, answer)
                USING (beneficiary_id)
             GROUP BY 1, 2, 3, 4
            """,
            before=self._at_date_query(domain, date_a, beneficiaries),
            after=self._at_date_query(domain, date_b, beneficiaries),
        )
        return {
            (value_a or answer_a, value_b or answer_b): count
            for value_a, answer_a, value_b, answer_b, count in self.env.execute_query(
                sql
            )
        }
