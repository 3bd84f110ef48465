from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

NOT_ASKED = "not_asked"


class EssSituationFigures(models.TransientModel):
    """State of everyone at a date, or who went from what to what between two dates.

    Asked by coordination for one domain; each number opens the files it counts.
    Only files and situations that the user may read: nothing here leaves the house.
    """

    _name = "ess.situation.figures"
    _description = "Situations in figures"

    kind = fields.Selection(
        selection=[
            ("state", "State at a date"),
            ("transitions", "Changes between two dates"),
        ],
        required=True,
        default="state",
    )
    domain_id = fields.Many2one(
        comodel_name="ess.situation.domain",
        required=True,
        default=lambda self: self.env["ess.situation.domain"].search([], limit=1),
        ondelete="cascade",
    )
    date_from = fields.Date(string="First day")
    date_to = fields.Date(
        string="Day", required=True, default=fields.Date.context_today
    )
    only_mine = fields.Boolean(
        string="My people only", help="Files whose follow-up team you belong to."
    )
    line_ids = fields.One2many(
        comodel_name="ess.situation.figures.line",
        inverse_name="figures_id",
        string="People",
        readonly=True,
    )
    counted_at = fields.Datetime(readonly=True)
    people_count = fields.Integer(string="People counted", compute="_compute_people")
    changed_count = fields.Integer(string="Changed", compute="_compute_people")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for figures in self:
            figures.display_name = kinds.get(figures.kind, "")

    @api.depends("line_ids.people_count")
    def _compute_people(self):
        for figures in self:
            figures.people_count = sum(figures.line_ids.mapped("people_count"))
            changed = figures.line_ids.filtered(lambda line: line.before != line.after)
            figures.changed_count = sum(changed.mapped("people_count"))

    def write(self, vals):
        """Forget the numbers of another question."""
        if {"kind", "domain_id", "date_from", "date_to", "only_mine"} & vals.keys():
            vals = {**vals, "line_ids": [Command.clear()]}
        return super().write(vals)

    def action_count(self):
        """Count, and show the numbers in the same window.

        :raises UserError: when the first day is missing or after the last one
        """
        self.ensure_one()
        if self.kind == "transitions":
            if not self.date_from:
                raise UserError(self.env._("Give the first day too."))
            if self.date_from > self.date_to:
                raise UserError(self.env._("The first day comes after the last one."))
        self.write(
            {
                "line_ids": [
                    Command.clear(),
                    *map(Command.create, self._prepare_lines()),
                ],
                "counted_at": fields.Datetime.now(),
            }
        )

    def _get_beneficiaries(self):
        """Return the domain of the people counted, None for all that may be read."""
        return Domain("team_user_ids", "in", [self.env.uid]) if self.only_mine else None

    def _prepare_lines(self):
        """Return the values of the lines, the largest number first.

        :rtype: list of dict
        """
        self.ensure_one()
        situations = self.env["ess.situation"]
        people = self._get_beneficiaries()
        if self.kind == "state":
            counts = {
                (None, after): count
                for after, count in situations._count_at(
                    self.domain_id, self.date_to, people
                ).items()
            }
        else:
            counts = situations._transitions(
                self.domain_id, self.date_from, self.date_to, people
            )
        labels = self._get_labels()
        return [
            {
                "before": str(before or NOT_ASKED),
                "after": str(after or NOT_ASKED),
                "label_before": labels[before] if self.kind != "state" else False,
                "label_after": labels[after],
                "people_count": count,
            }
            for (before, after), count in sorted(
                counts.items(), key=lambda item: (-item[1], labels[item[0][1]])
            )
        ]

    def _get_labels(self):
        """Return the words of every answer: {value id, answer or None: label}."""
        values = self.domain_id.with_context(active_test=False).value_ids
        answers = dict(
            self.env["ess.situation"]._fields["answer"]._description_selection(self.env)
        )
        return {
            **{value.id: value.name for value in values},
            **answers,
            None: self.env._("Not asked"),
        }
