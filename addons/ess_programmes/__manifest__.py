{
    "name": "ESS Programmes, sessions and presences",
    "version": "19.0.1.0.0",
    "summary": "What an association does with people: programmes, enrolments, "
    "sessions, presences, volunteers",
    "author": "ESS Suite developers",
    "license": "AGPL-3",
    "category": "Services",
    "depends": ["barcodes", "calendar", "ess_beneficiary"],
    "data": [
        # security
        "security/ess_programmes_groups.xml",
        "security/ir.model.access.csv",
        "security/ess_programmes_security.xml",
        # wizard needed by the buttons of the views
        "wizard/ess_request_page_views.xml",
        # views
        "views/ess_enrolment_stage_views.xml",
        "views/ess_exit_reason_views.xml",
        "views/ess_refusal_reason_views.xml",
        "views/ess_unit_views.xml",
        "views/ess_territory_views.xml",
        "views/ess_closed_day_views.xml",
        "views/ess_cohort_views.xml",
        "views/ess_enrolment_views.xml",
        "views/ess_enrolment_snapshot_views.xml",
        "views/ess_note_views.xml",
        "views/ess_household_views.xml",
        "views/ess_presence_views.xml",
        "views/ess_session_series_views.xml",
        "views/ess_session_views.xml",
        "views/ess_programme_views.xml",
        "views/ess_request_type_views.xml",
        "views/ess_request_views.xml",
        "views/ess_session_signature_views.xml",
        "views/ess_volunteer_views.xml",
        "views/ess_beneficiary_views.xml",
        "views/kiosk_templates.xml",
        "views/res_company_views.xml",
        # wizard
        "wizard/ess_enrolment_close_views.xml",
        "wizard/ess_interview_views.xml",
        "wizard/ess_presence_export_views.xml",
        "wizard/ess_session_series_change_views.xml",
        # report
        "report/ess_beneficiary_card_report.xml",
        "report/ess_request_page_report.xml",
        "report/ess_session_sheet_report.xml",
        # menus
        "views/ess_programmes_menus.xml",
        # data
        "data/ess_enrolment_stage_data.xml",
        "data/ess_exit_reason_data.xml",
        "data/ess_refusal_reason_data.xml",
        "data/ess_request_type_data.xml",
        "data/ess_closed_day_data.xml",
        "data/ess_unit_data.xml",
        "data/ir_cron_data.xml",
        "data/ess_profile_data.xml",
        "data/mail_activity_type_data.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "ess_programmes/static/src/**/*",
            # a page of its own, without the web client
            ("remove", "ess_programmes/static/src/kiosk/**/*"),
        ],
        "web.assets_tests": ["ess_programmes/static/tests/tours/*.js"],
        "web.assets_unit_tests": ["ess_programmes/static/tests/*.test.js"],
    },
}
