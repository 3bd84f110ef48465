{
    "name": "ESS Funding",
    "version": "19.0.1.0.0",
    "summary": "Grants, budgets and funder reports that tie to the accounts",
    "author": "ESS Suite developers",
    "license": "AGPL-3",
    "category": "Services",
    "depends": ["ess_impact", "l10n_fr_account"],
    "post_init_hook": "post_init_hook",
    "data": [
        # security
        "security/ess_funding_groups.xml",
        "security/ir.model.access.csv",
        "security/ess_funding_security.xml",
        # wizard, used by views
        "wizard/ess_association_chart_views.xml",
        "wizard/ess_cost_assign_views.xml",
        "wizard/ess_paid_statement_views.xml",
        # views
        "views/account_analytic_line_views.xml",
        "views/account_move_line_views.xml",
        "views/ess_cerfa_line_views.xml",
        "views/ess_grant_nature_views.xml",
        "views/ess_budget_views.xml",
        "views/ess_funding_action_views.xml",
        "views/ess_grant_views.xml",
        "views/ess_grant_instalment_views.xml",
        "views/res_company_views.xml",
        "wizard/ess_grant_exchange_views.xml",
        "views/ess_in_kind_views.xml",
        "views/ess_year_end_views.xml",
        "views/ess_funder_report_views.xml",
        "wizard/ess_funding_statement_views.xml",
        # report
        "report/ess_funder_report_report.xml",
        "report/ess_cerfa_15059_report.xml",
        "report/ess_paid_statement_report.xml",
        # menus
        "views/ess_funding_menus.xml",
        # data
        "data/account_analytic_plan_data.xml",
        "data/ess_cerfa_line_data.xml",
        "data/ess_grant_nature_data.xml",
        "data/ess_profile_data.xml",
    ],
}
