from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class EssNeed(models.TransientModel):
    """What people want and ask for, against the programmes that answer.

    Asked by coordination for a period, by theme, and by month or territory if wished.
    Each number opens what it counts, with the rights of whoever looks; from a line
    without an answer a new programme is opened, made for that theme.
    """

    _name = "ess.need"
    _description = "Life projects and programmes"

    date_from = fields.Date(
        string="First day",
        required=True,
        default=lambda self: fields.Date.subtract(
            self.env["ess.programme"]._today(), years=1
        ),
    )
    date_to = fields.Date(
        string="Last day",
        required=True,
        default=lambda self: self.env["ess.programme"]._today(),
    )
    split = fields.Selection(
        [
            ("theme", "Theme"),
            ("month", "Theme and month"),
            ("territory", "Theme and zone"),
        ],
        string="Shown by",
        required=True,
        default="theme",
    )
    territory_id = fields.Many2one(
        "ess.territory",
        string="Zone",
        help="Requests made in this zone, and goals of the people who asked there.",
    )
    only_unanswered = fields.Boolean(string="Only what has no programme")
    line_ids = fields.One2many("ess.need.line", "need_id", readonly=True)

    @api.depends("split")
    def _compute_display_name(self):
        for need in self:
            need.display_name = self.env._("Life projects and programmes")

    @api.model
    def action_open_screen(self):
        """Count the last twelve months by theme, and show them."""
        need = self.create({})
        need.action_count()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Life projects and programmes"),
            "res_model": self._name,
            "res_id": need.id,
            "views": [(False, "form")],
        }

    def action_count(self):
        """Count again, and show the numbers in the same window.

        :raises UserError: when the first day comes after the last one.
        """
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The first day comes after the last one."))
        lines = [
            values
            for part in self._get_parts()
            for values in self._prepare_lines(part)
            if not (self.only_unanswered and values["programme_count"])
        ]
        self.line_ids = [Command.clear(), *map(Command.create, lines)]

    # === BUSINESS
    def _get_parts(self):
        """Return the parts of the screen: all, each month, or each zone.

        :return: dicts of ``date_from``, ``date_to`` and ``territory_id``.
        :rtype: list
        """
        whole = {
            "date_from": self.date_from,
            "date_to": self.date_to,
            "territory_id": self.territory_id.id,
        }
        if self.split == "month":
            parts, first = [], self.date_from
            while first <= self.date_to and len(parts) < 36:
                last = min(fields.Date.end_of(first, "month"), self.date_to)
                parts.append({**whole, "date_from": first, "date_to": last})
                first = fields.Date.add(last, days=1)
            return parts
        if self.split == "territory":
            zones = self.territory_id or self.env["ess.territory"].search([], limit=60)
            return [{**whole, "territory_id": zone.id} for zone in zones]
        return [whole]

    def _prepare_lines(self, part):
        """Return the values of the lines of one part: a theme each, the largest first.

        :rtype: list of dict
        """
        # a dozen themes, each with four questions to the database
        lines = []
        for theme in self.env["ess.goal.theme"].search([], limit=100):
            line = self.env["ess.need.line"].new({**part, "theme_id": theme.id})
            counts = {
                "goal_count": self._count("ess.goal", line._get_goals()),
                "goal_alone_count": self._count("ess.goal", line._get_goals_alone()),
                "request_count": self._count("ess.request", line._get_requests()),
                "unmet_count": self._count("ess.request", line._get_unmet()),
            }
            if any(counts.values()):
                programmes = self._count("ess.programme", line._get_programmes())
                lines.append(
                    {
                        **part,
                        **counts,
                        "theme_id": theme.id,
                        "programme_count": programmes,
                    }
                )
        return sorted(
            lines,
            key=lambda values: -(values["goal_alone_count"] + values["unmet_count"]),
        )

    def _count(self, model, domain):
        return self.env[model].search_count(domain)
