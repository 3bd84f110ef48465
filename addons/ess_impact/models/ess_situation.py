from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .ess_impact_fact import age_band_field


class EssSituation(models.Model):
    """A situation, with the age of the person and the programmes on its first day."""

    _name = "ess.situation"
    _inherit = ["ess.situation", "ess.impact.fact"]
    _age_band_fields = {"age_band": "date_from"}

    age_band = age_band_field("age_band")
    figure_programme_ids = fields.Many2many(
        comodel_name="ess.programme",
        string="Programmes on that day",
        compute="_compute_figure_programme_ids",
        search="_search_figure_programme_ids",
        groups="ess_programmes.group_programmes_officer",
        help="Programmes in which the person was on the first day of the situation.",
    )

    is_change = fields.Boolean(
        string="Change of class",
        compute="_compute_is_change",
        search="_search_is_change",
        help="The person's situation just before, in the same domain, was known and of "
        "another class. A first situation is not a change.",
    )

    @api.depends("date_from", "value_id", "domain_id", "beneficiary_id")
    def _compute_is_change(self):
        """Tell the changes of class from first situations, in one query."""
        # sudo: the rules are those of the situations themselves, already read
        changes = (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "in", self.ids), ("is_change", "=", True)])
        )
        for situation in self:
            situation.is_change = situation._origin.id in changes._ids

    @api.model
    def _search_is_change(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s, FALSE) = ANY(%s)", _sql_is_change(alias), list(value)
            )
        )

    @api.depends("date_from", "beneficiary_id")
    def _compute_figure_programme_ids(self):
        stays = self.env["ess.enrolment"].search(
            [
                ("beneficiary_id", "in", self.beneficiary_id.ids),
                ("date_start", "!=", False),
            ]
        )
        for situation in self:
            day = situation.date_from
            situation.figure_programme_ids = stays.filtered(
                lambda stay, situation=situation, day=day: (
                    stay.beneficiary_id == situation.beneficiary_id
                    and stay.date_start <= day
                    and (not stay.date_end or stay.date_end >= day)
                )
            ).programme_id

    @api.model
    def _search_figure_programme_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        return _search_by_programme(self, "_join_programmes_of_situation", value)


def _sql_is_change(alias):
    """Return "the class just before was known and another one" as SQL.

    :param str alias: alias of ess_situation in the query
    :rtype: SQL
    """
    return SQL(
        """(SELECT value_before.class_code <> value_now.class_code
              FROM ess_situation AS before
              JOIN ess_situation_value AS value_before
                ON value_before.id = before.value_id
              JOIN ess_situation_value AS value_now ON value_now.id = %(fact)s.value_id
             WHERE before.beneficiary_id = %(fact)s.beneficiary_id
               AND before.domain_id = %(fact)s.domain_id
               AND before.active
               AND before.date_from < %(fact)s.date_from
             ORDER BY before.date_from DESC LIMIT 1)""",
        fact=SQL.identifier(alias),
    )


def _search_by_programme(facts, join, programme_ids):
    """Return the condition "in one of these programmes" of facts that have none.

    :param facts: model of the facts
    :param str join: method of the engine that joins the programmes
    :param programme_ids: ids of ess.programme
    :rtype: Domain
    """
    # sudo: the same join as the figure itself; the rules of the facts still apply to
    # what is found.
    model = facts.sudo().with_context(active_test=False)
    query = model._search([("id", "!=", False)])
    programme = getattr(facts.env["ess.indicator.engine"], join)(query)
    ids = [programme_id for programme_id in programme_ids if programme_id]
    query.add_where(SQL("%s = ANY(%s)", programme, ids))
    return Domain("id", "in", query)
