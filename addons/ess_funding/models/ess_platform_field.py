from odoo import fields, models
from odoo.tools import format_date, formatLang

SOURCES = [
    ("none", "Text"),
    ("association", "Name of the association"),
    ("siret", "SIRET number"),
    ("rna", "RNA number"),
    ("project", "Name of the application"),
    ("objectives", "Description of the action"),
    ("period", "Period of the project"),
    ("amount", "Amount asked"),
    ("budget", "Total of the budget"),
]


class EssPlatformField(models.Model):
    """One field of a funders' form: its title, its limit, what fills it in."""

    _name = "ess.platform.field"
    _description = "Field of a funders' form"
    _order = "platform_id, sequence, id"

    platform_id = fields.Many2one(
        comodel_name="ess.platform", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Field of the form", required=True, translate=True)
    max_length = fields.Integer(
        string="Characters, at most", help="Zero: the form sets no limit."
    )
    fill_with = fields.Selection(SOURCES, required=True, default="none")

    def _prepare_answer(self, application):
        """Values of the answer of one application.

        :param application: ess.application
        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": self.name,
            "sequence": self.sequence,
            "max_length": self.max_length,
            "text": self._get_text(application),
        }

    def _get_text(self, application):
        """What the suite knows already.

        :rtype: str
        """
        company, budget = application.company_id, application.budget_id
        first = application.date_from or budget.date_from
        last = application.date_to or budget.date_to
        return {
            "none": "",
            "association": company.name,
            "siret": company.company_registry or "",
            "rna": company.rna_number or "",
            "project": application.name,
            "objectives": application.action_id.description or "",
            "period": f"{format_date(self.env, first)} – {format_date(self.env, last)}"
            if first and last
            else "",
            "amount": formatLang(self.env, application.amount_asked, digits=2),
            "budget": formatLang(self.env, budget.grand_total_charge, digits=2),
        }[self.fill_with]
