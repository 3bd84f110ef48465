"""The rooms of effect and money of the invented world."""

from odoo import Command


class EffectValues:
    """Values of indicators; part of `World`."""

    def _vals_ess_indicator(self, kind):
        number = next(self.numbers)
        return {
            "name": f"Indicateur {number}",
            "code": f"i{number}",
            "definition": "Ce que l'on compte.",
            "source": "presence",
            "aggregate": "count",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_indicator_value(self, kind):
        return {
            "indicator_id": self._new("ess.indicator", kind).id,
            "version": 1,
            "value": 12,
            "date_from": "2026-01-01",
            "date_to": "2026-01-31",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_indicator_target(self, kind):
        return {
            "indicator_id": self._new("ess.indicator", kind).id,
            "target": 12,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_indicator_version(self, kind):
        indicator = self._new("ess.indicator", kind)
        return {"indicator_id": indicator.id, "version": 99, "kind": "aggregate"}

    def _vals_ess_indicator_compute(self, kind):
        indicators = self._new("ess.indicator", kind)
        return {"indicator_ids": [Command.set(indicators.ids)]}


class MoneyValues:
    """Values of actions, budgets, grants and reports; part of `World`."""

    def _vals_ess_cerfa_line(self, _kind):
        return {
            "code": f"z{next(self.numbers)}",
            "name": "Ligne",
            "side": "charge",
            "section": "60",
        }

    def _vals_ess_accounts_layout(self, _kind):
        return {"code": f"Z{next(self.numbers)}", "name": "Ligne", "part": "charge"}

    def _vals_ess_accounts_statement(self, kind):
        return {
            "kind": "trial",
            "company_id": self.company_of(kind).id,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
        }

    def _vals_ess_accounts_statement_line(self, _kind):
        statements = self.env["ess.accounts.statement"].with_user(self.user).sudo()
        statement = statements.create(self._vals_ess_accounts_statement("own"))
        return {"statement_id": statement.id, "label": "Ligne", "kind": "line"}

    def _vals_ess_grant_cap(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "name": "Déplacements",
            "account_prefixes": "625",
            "amount": 10,
        }

    def _vals_ess_take_over(self, kind):
        return {"date": "2026-01-01", "company_id": self.company_of(kind).id}

    def _vals_ess_take_over_line(self, kind):
        return {
            "take_over_id": self._new("ess.take.over", kind).id,
            "grant_id": self._new("ess.grant", kind).id,
        }

    def _vals_ess_payroll_employee(self, kind):
        number = next(self.numbers)
        return {
            "code": f"S{number}",
            "name": f"Salarié {number}",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_payroll_key(self, kind):
        return {
            "employee_id": self._new("ess.payroll.employee", kind).id,
            "date_from": "2026-01-01",
            "action_id": self._new("ess.funding.action", kind).id,
            "percent": 50,
        }

    def _vals_ess_payroll(self, kind):
        company, number = self.company_of(kind), next(self.numbers)
        journal = self.env["account.journal"].create(
            {
                "name": f"Paie {number}",
                "code": f"P{number}",
                "type": "general",
                "company_id": company.id,
            }
        )
        return {
            "date": "2026-01-31",
            "company_id": company.id,
            "journal_id": journal.id,
        }

    def _vals_ess_payroll_line(self, kind):
        payroll = self._new("ess.payroll", kind)
        account = self.env["account.account"].create(
            {
                "name": "Salaires",
                "code": f"6419{next(self.numbers)}",
                "account_type": "expense",
                "company_ids": payroll.company_id.ids,
            }
        )
        return {"payroll_id": payroll.id, "account_id": account.id, "amount": 10}

    def _vals_ess_grant_nature(self, _kind):
        return {"code": f"n{next(self.numbers)}", "name": "Nature"}

    def _vals_ess_grant_tranche(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "amount": 10,
        }

    def _vals_ess_grant_instalment(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "date_due": "2026-02-15",
            "amount": 10,
        }

    def _vals_ess_grant_amendment(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "kind": "lower",
            "amount": 10,
            "reason": "Lettre du financeur",
        }

    def _vals_ess_in_kind(self, kind):
        return {
            "name": f"Bénévolat {next(self.numbers)}",
            "date": "2026-02-15",
            "action_id": self._new("ess.funding.action", kind).id,
            "company_id": self.company_of(kind).id,
            "amount": 10,
        }

    def _vals_ess_year_end(self, kind):
        return {
            "date_to": f"{1900 + next(self.numbers)}-12-31",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_year_end_line(self, kind):
        return {
            "year_end_id": self._new("ess.year.end", kind).id,
            "step": "deferred",
            "amount": 10,
        }

    def _vals_ess_year_end_sheet(self, kind):
        return {
            "year_end_id": self._new("ess.year.end", kind).id,
            "grant_id": self._new("ess.grant", kind).id,
        }

    def _vals_ess_association_chart(self, _kind):
        return {"company_id": self.company.id}  # only a French chart can be checked

    def _vals_ess_association_chart_line(self, kind):
        charts = self.env["ess.association.chart"].with_user(self.user).sudo()
        chart = charts.create(self._vals_ess_association_chart(kind))
        return {"chart_id": chart.id, "code": "194000", "name": "Fonds dédiés"}

    def _vals_ess_funding_action(self, kind):
        return {
            "name": f"Action {next(self.numbers)}",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_budget(self, kind):
        return {
            "action_id": self._new("ess.funding.action", kind).id,
            "name": "Budget",
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
        }

    def _vals_ess_budget_line(self, kind):
        line = self.env["ess.cerfa.line"].search([("is_heading", "=", False)], limit=1)
        return {
            "budget_id": self._new("ess.budget", kind).id,
            "cerfa_line_id": line.id,
            "amount": 100,
        }

    def _vals_ess_grant(self, kind):
        return {
            "name": f"Subvention {next(self.numbers)}",
            "funder_id": self._partner().id,
            "company_id": self.company_of(kind).id,
            "amount": 1000,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
        }

    def _vals_ess_grant_share(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "action_id": self._new("ess.funding.action", kind).id,
            "amount": 10,
        }

    def _vals_ess_funder_report(self, kind):
        return {
            "grant_id": self._new("ess.grant", kind).id,
            "date_from": "2026-01-01",
            "date_to": "2026-06-30",
        }

    def _vals_ess_funder_report_line(self, kind):
        return {
            "report_id": self._new("ess.funder.report", kind).id,
            "key": f"k{next(self.numbers)}",
            "section": "what",
            "label": "Séances",
        }

    def _vals_ess_funder_report_gap(self, kind):
        return {
            "report_id": self._new("ess.funder.report", kind).id,
            "key": f"k{next(self.numbers)}",
            "label": "Achats",
        }

    def _vals_ess_paid_statement(self, kind):
        return {"grant_id": self._new("ess.grant", kind).id, "date": "2026-12-31"}

    def _vals_ess_call(self, kind):
        return {
            "name": f"Appel {next(self.numbers)}",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_application(self, kind):
        return {
            "name": f"Demande {next(self.numbers)}",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_application_answer(self, kind):
        return {
            "application_id": self._new("ess.application", kind).id,
            "name": "Objectifs",
        }

    def _vals_ess_application_stage(self, kind):
        return {"name": f"Étape {next(self.numbers)}"}

    def _vals_ess_answer(self, kind):
        return {
            "name": f"Qui nous sommes {next(self.numbers)}",
            "text": "Une association.",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_platform(self, kind):
        return {"name": f"Formulaire {next(self.numbers)}"}

    def _vals_ess_platform_field(self, kind):
        return {"platform_id": self._new("ess.platform", kind).id, "name": "Titre"}

    def _vals_ess_overhead_key(self, kind):
        return {
            "name": f"Loyer {next(self.numbers)}",
            "company_id": self.company_of(kind).id,
            "date_from": f"{1900 + next(self.numbers) % 900}-01-01",
            "date_to": f"{1900 + next(self.numbers) % 900 + 1000}-12-31",
            "account_prefixes": f"6{next(self.numbers):06d}",
            "basis": "Surface",
        }

    def _vals_ess_overhead_key_line(self, kind):
        return {
            "key_id": self._new("ess.overhead.key", kind).id,
            "action_id": self._new("ess.funding.action", kind).id,
            "weight": 10,
        }

    def _vals_ess_audit_file(self, kind):
        return {"grant_id": self._new("ess.grant", kind).id}

    def _vals_ess_observer(self, kind):
        return {
            "partner_id": self._partner().id,
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_funder_question(self, kind):
        grant = self._new("ess.grant", kind)
        return {
            "funder_id": grant.funder_id.id,
            "grant_id": grant.id,
            "company_id": grant.company_id.id,
            "words": "Combien de places ?",
        }

    def _vals_ess_funder_invite(self, _kind):
        return {"partner_id": self._partner().id}

    def _vals_ess_fec_code(self, kind):
        return {
            "name": f"SEC{next(self.numbers)}",
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_fec_import(self, kind):
        return {"company_id": self.company_of(kind).id}

    def _vals_ess_fec_import_line(self, kind):
        imports = self.env["ess.fec.import"].with_user(self.user).sudo()
        made = imports.create(self._vals_ess_fec_import(kind))
        return {"import_id": made.id, "result": "refused", "entry": "HA 1"}

    def _vals_ess_fec_import_need(self, kind):
        imports = self.env["ess.fec.import"].with_user(self.user).sudo()
        made = imports.create(self._vals_ess_fec_import(kind))
        return {"import_id": made.id, "kind": "code", "code": "SEC"}

    def _vals_ess_grant_export(self, kind):
        return {"company_id": self.company_of(kind).id, "grant_ids": [Command.set([])]}

    def _vals_ess_grant_import(self, kind):
        return {"company_id": self.company_of(kind).id}

    def _vals_ess_grant_import_line(self, kind):
        imports = self.env["ess.grant.import"].with_user(self.user).sudo()
        made = imports.create(self._vals_ess_grant_import(kind))
        return {"import_id": made.id, "result": "wrong", "name": "Ligne"}

    def _vals_ess_cost_assign(self, kind):
        action = self._new("ess.funding.action", kind)
        return {"action_id": action.id, "line_ids": [Command.set([])]}

    def _vals_ess_funding_statement(self, kind):
        return {"action_id": self._new("ess.funding.action", kind).id}

    def _vals_ess_funding_statement_line(self, kind):
        statements = self.env["ess.funding.statement"].with_user(self.user).sudo()
        statement = statements.create(self._vals_ess_funding_statement(kind))
        return {"statement_id": statement.id, "kind": "line", "label": "Ligne"}
