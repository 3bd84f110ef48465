from odoo import fields, models

from .ess_situation_figures import NOT_ASKED


class EssSituationFiguresLine(models.TransientModel):
    """One answer, or one pair of answers, and how many people gave it."""

    _name = "ess.situation.figures.line"
    _description = "Line of situations in figures"
    _order = "people_count desc, id"

    figures_id = fields.Many2one(
        comodel_name="ess.situation.figures",
        required=True,
        index=True,
        ondelete="cascade",
    )
    before = fields.Char()
    after = fields.Char()
    label_before = fields.Char(string="First day")
    label_after = fields.Char(string="Situation")
    people_count = fields.Integer(string="People")

    def action_open_files(self):
        """Open the files that the line counts, archived ones too.

        :rtype: dict
        """
        self.ensure_one()
        figures = self.figures_id
        domain = [self._get_answer_condition(self.after, figures.date_to)]
        if figures.kind == "transitions":
            domain.append(self._get_answer_condition(self.before, figures.date_from))
        if figures.only_mine:
            domain += list(figures._get_beneficiaries())
        return {
            "type": "ir.actions.act_window",
            "name": " → ".join(filter(None, [self.label_before, self.label_after])),
            "res_model": "ess.beneficiary",
            "view_mode": "list,kanban,form",
            "domain": domain,
            "context": {"active_test": False},
        }

    def _get_answer_condition(self, answer, date):
        """Return the condition of the people with this answer on this day.

        :param str answer: id of a value, an answer, or NOT_ASKED
        :return: (field, operator, list): plain values, for the web client
        :rtype: tuple
        """
        that_day = [
            *self.env["ess.situation"]._at_date_domain(
                self.figures_id.domain_id, fields.Date.to_string(date)
            )
        ]
        if answer == NOT_ASKED:
            return ("situation_ids", "not any", that_day)
        if answer.isdigit():
            return (
                "situation_ids",
                "any",
                ["&", *that_day, ("value_id", "=", int(answer))],
            )
        return ("situation_ids", "any", ["&", *that_day, ("answer", "=", answer)])
