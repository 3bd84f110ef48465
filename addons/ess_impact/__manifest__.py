{
    "name": "ESS Indicators and impact",
    "version": "19.0.1.0.0",
    "summary": "Figures computed from what was done, with their definition, "
    "that open the records they are made of",
    "author": "ESS Suite developers",
    "license": "AGPL-3",
    "category": "Services",
    "depends": ["ess_programmes", "spreadsheet_dashboard", "survey"],
    "data": [
        # security
        "security/ess_impact_groups.xml",
        "security/ir.model.access.csv",
        "security/ess_impact_security.xml",
        # views
        "views/ess_indicator_version_views.xml",
        "views/ess_indicator_target_views.xml",
        "views/ess_indicator_value_views.xml",
        # wizard: opened from the form of indicators
        "wizard/ess_indicator_compute_views.xml",
        "views/ess_indicator_views.xml",
        # menus
        "views/ess_impact_menus.xml",
        # data
        "data/ess_indicator_data.xml",
        "data/ir_cron_data.xml",
        "data/ess_profile_data.xml",
    ],
    "assets": {
        "web.assets_backend": ["ess_impact/static/src/**/*"],
    },
}
