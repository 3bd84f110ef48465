import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import giving, scdl

#: states in which a grant is a fact that may be published
PUBLISHED = ("notified", "running", "reporting", "closed")


class EssGrantExport(models.TransientModel):
    """Grants received, in the files that others read: SCDL and 360Giving.

    Opened by the fundraiser from the list of grants. Says which grants cannot be
    published and what they lack; the files hold the others.
    """

    _name = "ess.grant.export"
    _description = "Publish grants"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    grant_ids = fields.Many2many(
        comodel_name="ess.grant",
        string="Grants",
        default=lambda self: self._default_grants(),
        check_company=True,
    )
    ready_count = fields.Integer(string="Ready to publish", compute="_compute_problems")
    problems = fields.Text(string="Cannot be published", compute="_compute_problems")

    @api.model
    def _default_grants(self):
        """Grants chosen in the list, else all that are facts."""
        grants = self.env["ess.grant"]
        if self.env.context.get("active_model") == "ess.grant":
            return grants.browse(self.env.context.get("active_ids", []))
        return grants.search(
            [("company_id", "=", self.env.company.id), ("state", "in", PUBLISHED)]
        )

    @api.depends("grant_ids")
    def _compute_problems(self):
        for wizard in self:
            found = wizard._get_problems()
            wizard.ready_count = len(wizard.grant_ids) - len(found)
            wizard.problems = "\n".join(found.values())

    def action_export_csv(self):
        """Download the file of the French standard.

        :raises UserError: when no grant can be published
        """
        if not self.ready_count:
            raise UserError(
                self.env._(
                    "No grant can be published yet.\n%(problems)s",
                    problems=self.problems or "",
                )
            )
        return self._get_download("csv")

    def action_export_json(self):
        """Download the file of the 360Giving standard."""
        if not self._get_published():
            raise UserError(self.env._("Choose at least one grant that was notified."))
        return self._get_download("json")

    def _get_download(self, extension):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess_funding/exchange/{self.id}/{extension}",
            "target": "self",
        }

    def _get_problems(self):
        """Grants that the French standard refuses, and why.

        :return: ``{grant id: sentence}``
        :rtype: dict
        """
        labels = self._get_column_labels()
        problems = {}
        for grant in self.grant_ids:
            if grant.state not in PUBLISHED:
                problems[grant.id] = self.env._(
                    "%(grant)s: not notified yet, or refused.", grant=grant.name
                )
                continue
            wrong = scdl.find_problems(grant._prepare_scdl_row())
            if wrong:
                problems[grant.id] = self.env._(
                    "%(grant)s: %(what)s.",
                    grant=grant.name,
                    what=", ".join(labels.get(name, name) for name in wrong),
                )
        return problems

    @api.model
    def _get_column_labels(self):
        """What a user has to fill in, by column of the standard."""
        return {
            "idAttribuant": self.env._("SIRET number of the funder"),
            "idBeneficiaire": self.env._("SIRET or RNA number of the association"),
            "rnaBeneficiaire": self.env._("RNA number of the association"),
            "montant": self.env._("amount"),
        }

    def _get_csv(self):
        """The file of the French standard, without the grants it refuses.

        :rtype: bytes
        """
        problems = self._get_problems()
        grants = self.grant_ids.filtered(lambda grant: grant.id not in problems)
        return scdl.write_rows([grant._prepare_scdl_row() for grant in grants])

    def _get_published(self):
        return self.grant_ids.filtered(lambda grant: grant.state in PUBLISHED)

    def _get_json(self):
        """The 360Giving package.

        :rtype: bytes
        """
        grants = [grant._prepare_360giving() for grant in self._get_published()]
        title = self.env._("Grants received by %s", self.company_id.name)
        issued = fields.Date.context_today(self).isoformat()
        package = giving.make_package(grants, title, issued)
        return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()
