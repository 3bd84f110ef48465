from odoo import api, models
from odoo.tools import SQL

#: charts to which the accounts of associations belong: ours, and Odoo's own of 19.1
FRENCH_CHARTS = ("fr", "fr_asso")
# States of one account of the associations' chart in a company.
READY, MISSING, RENAMED, LINKED = "ready", "missing", "renamed", "linked"
SUB_ACCOUNT, WRONG_TYPE, BLOCKED = "sub_account", "wrong_type", "blocked"
TO_DO = (MISSING, RENAMED, LINKED, SUB_ACCOUNT, WRONG_TYPE)


#: accounts whose code means something else in the chart of companies
REPLACED = (
    "pcg_102",
    "pca_653",
    "pca_657",
    "pcg_754",
    "pca_7551",
    "pcg_7555",
    "pca_757",
)


class AccountChartTemplate(models.AbstractModel):
    """Adds the accounts of French associations to companies on the chart ``fr``.

    Ids and codes are those of the chart ``fr_asso`` that Odoo ships from 19.1
    (odoo/odoo#204121), so that an upgrade finds them; the types are those that the
    income statement needs: there, 689, 789, 7541 and class 8 are equity, which keeps
    them out of the result. Entries are never touched.
    """

    _inherit = "account.chart.template"

    def _load(self, template_code, company, install_demo, force_create=True):
        """Give a company that gets the French chart the accounts of associations."""
        result = super()._load(template_code, company, install_demo, force_create)
        if template_code in FRENCH_CHARTS and not company.parent_id:
            self._ess_load_association(company)
        return result

    @api.model
    def _ess_association_rows(self):
        """Accounts of the associations' chart, shipped in ``data/template``.

        :return: ``{xml id without company: {code, account_type, name, name@fr,
            source@note, …}}``; Odoo's reader keeps unknown columns only with an @
        :rtype: dict
        """
        rows = self._parse_csv("ess_association", "account.account", "ess_funding")
        for xmlid in REPLACED:
            rows[xmlid]["replaces"] = True
        return dict(rows)

    @api.model
    def _ess_diagnose(self, company):
        """What each account of the associations' chart needs in this company.

        :param company: res.company, not a branch
        :return: rows of `_ess_association_rows` with ``xmlid``, ``status``, and
            ``account`` (account.account or empty)
        :rtype: list[dict]
        """
        # sudo: the state of the chart of one company, asked for by its accountants
        template = self.sudo().with_company(company).with_context(lang="en_US")
        rows = template._ess_association_rows()
        accounts = template.env["account.account"].with_context(active_test=False)
        found = accounts.search(
            [
                ("code", "in", [row["code"] for row in rows.values()]),
                ("company_ids", "in", company.ids),
            ]
        ).grouped("code")
        for xmlid, row in rows.items():
            named = template.ref(xmlid, raise_if_not_found=False)
            row["account"] = named or found.get(row["code"], accounts)
            row["is_named"] = bool(named)
            row["xmlid"] = xmlid
        used = template._ess_used_accounts([row["account"].id for row in rows.values()])
        names = template._parse_csv("fr", "account.account", "l10n_fr_account")
        company_names = {values["name"] for values in names.values()}
        mixed = template._ess_mixed_accounts(rows.values())
        for row in rows.values():
            row["status"] = self._ess_status(row, used, company_names, mixed)
        return sorted(rows.values(), key=lambda row: row["code"])

    @api.model
    def _ess_status(self, row, used, company_names, mixed):
        """State of one account of the chart.

        :param dict row: see `_ess_diagnose`
        :param set used: ids of accounts with entries
        :param set company_names: English names that the chart ``fr`` gives
        :param set mixed: ids of accounts that cannot leave the balance sheet
        :rtype: str
        """
        account = row["account"]
        if not account:
            return MISSING
        if row.get("replaces") and account.name in company_names:
            if account.id not in used:
                return RENAMED
            # A heading keeps its entries; its sub-accounts are in the list.
            return READY if row["is_named"] else SUB_ACCOUNT
        if account.account_type != row["account_type"]:
            return BLOCKED if account.id in mixed else WRONG_TYPE
        return READY if row["is_named"] else LINKED

    @api.model
    def _ess_used_accounts(self, account_ids):
        """Accounts of the list that have entries, posted or not.

        :rtype: set
        """
        groups = self.env["account.move.line"]._read_group(
            [("account_id", "in", [found for found in account_ids if found])],
            ["account_id"],
        )
        return {account.id for (account,) in groups}

    @api.model
    def _ess_mixed_accounts(self, rows):
        """Accounts of class 8 whose entries also hold accounts of the balance sheet.

        Odoo refuses entries that mix both; such an account cannot go off balance
        before its entries are corrected by hand.

        :rtype: set
        """
        ids = [
            row["account"].id
            for row in rows
            if row["account"]
            and row["account_type"] == "off_balance"
            and row["account"].account_type != "off_balance"
        ]
        if not ids:
            return set()
        self.env["account.move.line"].flush_model(["account_id", "move_id"])
        self.env["account.account"].flush_model(["account_type"])
        found = self.env.execute_query(
            SQL(
                """SELECT DISTINCT item.account_id
                     FROM account_move_line item
                     JOIN account_move_line other ON other.move_id = item.move_id
                     JOIN account_account account ON account.id = other.account_id
                    WHERE item.account_id = ANY(%(ids)s)
                      AND account.account_type != 'off_balance'
                      AND NOT (other.account_id = ANY(%(ids)s))""",
                ids=ids,
            )
        )
        return {account_id for (account_id,) in found}

    @api.model
    def _ess_load_association(self, company):
        """Add, rename and repair the accounts of associations; a second run changes
        nothing.

        :param company: res.company, not a branch
        :return: rows as `_ess_diagnose` found them before the change
        :rtype: list[dict]
        """
        # sudo: accounts and their ids; callers are the chart loader and accountants
        # who may change the chart of the company.
        template = self.sudo().with_company(company).with_context(lang="en_US")
        rows = template._ess_diagnose(company)
        to_do = [row for row in rows if row["status"] in TO_DO]
        data = {}
        for row in to_do:
            if row["status"] in (RENAMED, LINKED, WRONG_TYPE):
                template._ess_adopt(company, row)
            if row["status"] in (MISSING, SUB_ACCOUNT):
                data[row["xmlid"]] = template._ess_account_values(company, row)
        if data:
            template._load_data({"account.account": data})
            template._load_translations(
                companies=company, template_data={"account.account": data}
            )
        return rows

    @api.model
    def _ess_account_values(self, company, row):
        """Values of an account to create, as `_load_data` takes them.

        :rtype: dict
        """
        code = row["code"]
        if row["status"] == SUB_ACCOUNT:
            code = self._ess_free_code(company, code)
        keys = ("account_type", "reconcile", "name", "name@fr")
        return {key: row[key] for key in keys if key in row} | {"code": code}

    @api.model
    def _ess_free_code(self, company, code):
        """First free sub-account of a code whose own account has entries.

        From 9 downwards: the low numbers are those of the associations' chart.

        :rtype: str
        """
        stem = code.rstrip("0")
        candidates = [f"{stem}{digit}".ljust(len(code), "0") for digit in "987654321"]
        accounts = self.env["account.account"].with_context(active_test=False)
        found = accounts.search(
            [("code", "in", candidates), ("company_ids", "in", company.ids)]
        )
        taken = set(found.mapped("code"))
        return next(free for free in candidates if free not in taken)

    @api.model
    def _ess_adopt(self, company, row):
        """Give an account that exists its id, its type and, where unused, its name."""
        account = row["account"]
        if not row["is_named"]:
            self.env["ir.model.data"]._update_xmlids(
                [
                    {
                        "xml_id": self.company_xmlid(row["xmlid"], company),
                        "record": account,
                        "noupdate": True,
                    }
                ]
            )
        if row["status"] == RENAMED:
            langs = [code for code, _name in self.env["res.lang"].get_installed()]
            account.update_field_translations(
                "name",
                {
                    lang: row["name@fr"] if lang.startswith("fr") else row["name"]
                    for lang in langs
                },
            )
        if account.account_type != row["account_type"]:
            if row["account_type"] == "off_balance":
                account.write({"reconcile": False, "tax_ids": False})
            account.account_type = row["account_type"]
