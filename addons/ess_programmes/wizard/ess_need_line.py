from odoo import Command, fields, models
from odoo.fields import Domain

ALIVE = ("idea", "chosen", "in_progress")


class EssNeedLine(models.TransientModel):
    """One theme, in a month or a zone if asked: goals, requests, and what answers."""

    _name = "ess.need.line"
    _description = "Theme of life projects"
    _order = "id"

    need_id = fields.Many2one("ess.need", required=True, index=True, ondelete="cascade")
    theme_id = fields.Many2one("ess.goal.theme", required=True, ondelete="cascade")
    date_from = fields.Date(string="First day")
    date_to = fields.Date(string="Last day")
    territory_id = fields.Many2one("ess.territory", string="Zone", ondelete="cascade")
    goal_count = fields.Integer(string="Goals")
    goal_alone_count = fields.Integer(
        string="Goals that no programme serves",
        help="Still to work on, and linked to no stay in a programme.",
    )
    request_count = fields.Integer(string="Requests")
    unmet_count = fields.Integer(string="Requests without an answer")
    programme_count = fields.Integer(string="Programmes")

    # === ACTIONS
    def action_open_goals(self):
        """Open the goals of this line."""
        return self._open("ess.goal", self._get_goals())

    def action_open_goals_alone(self):
        """Open the goals that no programme serves."""
        return self._open("ess.goal", self._get_goals_alone())

    def action_open_requests(self):
        """Open the requests of this line."""
        return self._open("ess.request", self._get_requests())

    def action_open_unmet(self):
        """Open the requests of this line that stayed without an answer."""
        return self._open("ess.request", self._get_unmet())

    def action_open_programmes(self):
        """Open the programmes that answer this theme."""
        return self._open("ess.programme", self._get_programmes())

    def action_new_programme(self):
        """Open a new programme, made for this theme."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New programme"),
            "res_model": "ess.programme",
            "views": [(False, "form")],
            "context": {
                "default_name": self.theme_id.name,
                "default_goal_theme_ids": [Command.set(self.theme_id.ids)],
                "default_theme_ids": [Command.set(self._get_service_themes().ids)],
            },
        }

    # === BUSINESS
    def _open(self, model, domain):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.theme_id.name,
            "res_model": model,
            "domain": [("id", "in", self.env[model].search(domain).ids)],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def _get_service_themes(self):
        """Return the service themes that the theme names, without whole categories."""
        return self.theme_id.theme_ids.filtered(lambda code: code.scheme == "theme")

    def _get_goals(self):
        """Return the goals of today's life projects that were begun in the period."""
        domain = (
            Domain("theme_id", "=", self.theme_id.id)
            & Domain("is_current", "=", True)
            & Domain("life_project_id.date", ">=", self.date_from)
            & Domain("life_project_id.date", "<=", self.date_to)
        )
        if self.territory_id:
            domain &= Domain(
                "beneficiary_id.request_ids.territory_id", "=", self.territory_id.id
            )
        return domain

    def _get_goals_alone(self):
        return (
            self._get_goals()
            & Domain("state", "in", ALIVE)
            & Domain("enrolment_ids", "not any", [("bucket", "!=", "refused")])
        )

    def _get_requests(self):
        codes = self.theme_id.theme_ids
        domain = (
            Domain("theme_id", "in", (codes | codes.parent_id).ids)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )
        if self.territory_id:
            domain &= Domain("territory_id", "=", self.territory_id.id)
        return domain

    def _get_unmet(self):
        return self._get_requests() & Domain("is_unmet", "=", True)

    def _get_programmes(self):
        """Return the running programmes made for the theme, of its service themes, or
        whose stays serve a goal of the theme.
        """
        codes = self.theme_id.theme_ids
        answers = (
            Domain("goal_theme_ids", "in", self.theme_id.ids)
            | Domain("theme_ids", "in", codes.ids)
            | Domain("theme_ids.parent_id", "in", codes.ids)
            | Domain("enrolment_ids.goal_ids.theme_id", "=", self.theme_id.id)
        )
        running = Domain("date_to", "=", False) | Domain(
            "date_to", ">=", self.env["ess.programme"]._today()
        )
        return running & answers
