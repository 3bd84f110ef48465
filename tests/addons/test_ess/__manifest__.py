{
    "name": "ESS Suite: tests across the rooms",
    "version": "19.0.1.0.0",
    "summary": "Access table, leak scan and main story of the whole suite",
    "author": "ESS Suite developers",
    "license": "AGPL-3",
    "category": "Hidden/Tests",
    "depends": ["ess_funding"],
    "assets": {
        "web.assets_tests": [
            "test_ess/static/tests/tours/**/*",
        ],
    },
}
