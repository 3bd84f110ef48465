from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.scdl import is_rna

#: code of the journal of class 8: contributions volontaires en nature
IN_KIND_JOURNAL = "CVN"


class ResCompany(models.Model):
    """Each company has one action for what no funded action bears: *Structure*."""

    _inherit = "res.company"

    rna_number = fields.Char(
        string="RNA number",
        help="Number of the association in the national register: W and nine digits.",
    )

    @api.constrains("rna_number")
    def _check_rna_number(self):
        for company in self:
            if company.rna_number and not is_rna(company.rna_number):
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is no RNA number: it is W and nine digits, for "
                        "example W872099999.",
                        number=company.rna_number,
                    )
                )

    def _get_structure_action(self):
        """The *Structure* action of the company, made when it is missing.

        :rtype: ess.funding.action
        """
        self.ensure_one()
        # sudo: the action is shipped with the company, whoever needs it first
        actions = self.env["ess.funding.action"].sudo().with_company(self)
        domain = [("company_id", "=", self.id), ("is_structure", "=", True)]
        action = actions.with_context(active_test=False).search(domain, limit=1)
        if not action:
            action = actions.create(
                {
                    "name": self.env._("Structure"),
                    "company_id": self.id,
                    "is_structure": True,
                    "destination": "running",
                }
            )
        return action.sudo(False)

    def _ess_account(self, code):
        """The account of the company that stands for the beginning of a code.

        The account of the associations' chart comes first, then that of the chart of
        companies, then the lowest code that begins so.

        :param str code: beginning of a code, "4417"
        :rtype: account.account
        :raises UserError: when the company has none
        """
        self.ensure_one()
        template = self.env["account.chart.template"].with_company(self)
        for name in (f"pca_{code}", f"pcg_{code}", f"pcg_{code}_account"):
            account = code and template.ref(name, raise_if_not_found=False)
            if not account or account._name != "account.account":
                continue
            account = account.with_env(self.env).with_company(self)
            if account.active and account.code.startswith(code):
                return account
        accounts = self.env["account.account"].with_company(self)
        domain = [("code", "=like", f"{code}%"), ("company_ids", "in", self.ids)]
        found = accounts.search(domain).sorted("code")[:1] if code else accounts
        if not found:
            raise UserError(
                self.env._(
                    "“%(company)s” has no account that begins with %(code)s. Open "
                    "Associations' chart to add the missing accounts, or correct the "
                    "nature of the grant.",
                    company=self.name,
                    code=code or "?",
                )
            )
        return found

    def _ess_fund_cost_ids(self):
        """Ids of the accounts of transfers to dedicated funds: never a cost.

        :rtype: list[int]
        """
        ids = []
        for company in self:
            # sudo: ids of accounts, to leave them out of totals
            accounts = self.env["account.account"].sudo().with_company(company)
            domain = [("code", "=like", "689%"), ("company_ids", "in", company.ids)]
            ids += accounts.with_context(active_test=False).search(domain).ids
        return ids

    def _ess_journal(self, is_in_kind=False):
        """Journal of the entries of grants; class 8 has one of its own.

        :rtype: account.journal
        """
        self.ensure_one()
        # sudo: the journal of contributions in kind is made when it is first needed
        journals = self.env["account.journal"].sudo()
        domain = [("company_id", "=", self.id), ("type", "=", "general")]
        journal = journals.search([*domain, ("code", "=", IN_KIND_JOURNAL)], limit=1)
        if is_in_kind:
            journal = journal or journals.create(
                {
                    "name": self.env._("Contributions in kind"),
                    "code": IN_KIND_JOURNAL,
                    "type": "general",
                    "company_id": self.id,
                    "show_on_dashboard": False,
                }
            )
        else:
            journal = journals.search([*domain, ("id", "!=", journal.id)], limit=1)
        return journal.sudo(False)
