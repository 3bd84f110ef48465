{
    "name": "ESS Persons and single file",
    "version": "19.0.1.0.0",
    "summary": "The single file of the persons an association supports, "
    "built on their life project",
    "author": "ESS Suite developers",
    "license": "AGPL-3",
    "category": "Services",
    "depends": ["contacts", "mail", "portal"],
    "pre_init_hook": "pre_init_hook",
    "data": [
        # security
        "security/ess_beneficiary_groups.xml",
        "security/ir.model.access.csv",
        "security/ess_beneficiary_security.xml",
        "security/ess_import_security.xml",
        # views
        "views/ess_code_views.xml",
        "views/ess_situation_domain_views.xml",
        "views/ess_situation_views.xml",
        "views/ess_goal_theme_views.xml",
        "views/ess_goal_views.xml",
        "views/ess_goal_step_views.xml",
        "views/ess_life_project_views.xml",
        "views/ess_followup_views.xml",
        "views/ess_beneficiary_views.xml",
        "views/ess_import_views.xml",
        "views/ess_duplicate_views.xml",
        "views/ess_profile_views.xml",
        "views/res_company_views.xml",
        "views/res_users_views.xml",
        # wizard
        "wizard/ess_beneficiary_search_views.xml",
        "wizard/ess_life_project_agree_views.xml",
        "wizard/ess_life_project_scan_views.xml",
        "wizard/ess_situation_figures_views.xml",
        # report
        "report/ess_life_project_report.xml",
        # menus
        "views/ess_beneficiary_menus.xml",
        "views/ess_import_menus.xml",
        # data
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "data/ess_duplicate_data.xml",
        "data/ess.code.csv",
        "data/ess_situation_domain_data.xml",
        "data/ess_situation_value_data.xml",
        "data/ess_goal_theme_data.xml",
        "data/ess_profile_data.xml",
    ],
    "assets": {
        "web.assets_backend": ["ess_beneficiary/static/src/**/*"],
        "web.assets_tests": ["ess_beneficiary/static/tests/tours/*.js"],
        "web.assets_unit_tests": ["ess_beneficiary/static/tests/*.test.js"],
    },
}
