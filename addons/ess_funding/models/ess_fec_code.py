from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ess_beneficiary.tools.values import plain


class EssFecCode(models.Model):
    """An analytic code of the accounting firm, and what it stands for here.

    Kept by the accountant while reading the firm's entries, so that the same code is
    understood next month. A code may stand for nothing: it is then left out.
    """

    _name = "ess.fec.code"
    _description = "Code of the accounting firm"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(string="Code", required=True, index="trigram")
    plain_name = fields.Char(compute="_compute_plain_name", store=True, index=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    action_id = fields.Many2one(
        comodel_name="ess.funding.action",
        string="Funded action",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    grant_id = fields.Many2one(
        comodel_name="ess.grant",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Who pays. Without an action, the grant must pay for one action only.",
    )
    note = fields.Char(help="What the firm means by this code.")

    _unique_name = models.UniqueIndex(
        "(company_id, plain_name)", "This code of the firm is known already."
    )

    @api.depends("name")
    def _compute_plain_name(self):
        for code in self:
            code.plain_name = plain(code.name or "")

    @api.constrains("name")
    def _check_name(self):
        for code in self:
            if not code.plain_name:
                raise ValidationError(
                    self.env._(
                        "“%(code)s” holds no letter or digit: it is no code.",
                        code=code.name,
                    )
                )

    @api.model
    def _get_known_codes(self, company):
        """What each code stands for: kept codes, then names and numbers.

        Names that two records share are left out: the code must then be kept.

        :return: ``{plain code: (ess.funding.action, ess.grant)}``
        :rtype: dict
        """
        own = [("company_id", "=", company.id)]
        no_action, no_grant = self.env["ess.funding.action"], self.env["ess.grant"]
        found = {}
        for action in no_action.search(own):
            for word in (action.name, action.analytic_account_id.code):
                found.setdefault(plain(word or ""), set()).add((action, no_grant))
        for grant in no_grant.search(own):
            for word in (grant.name, grant.ref, grant.analytic_account_id.code):
                found.setdefault(plain(word or ""), set()).add((no_action, grant))
        known = {word: ones.pop() for word, ones in found.items() if len(ones) == 1}
        for code in self.search(own):
            known[code.plain_name] = (code.action_id, code.grant_id)
        known.pop("", None)
        return known
