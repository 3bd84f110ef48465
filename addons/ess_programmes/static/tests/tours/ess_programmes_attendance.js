import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("ess_programmes_attendance", {
    steps: () => [
        {
            content: "Tap 1: the session of the day",
            trigger: ".o_kanban_record:contains('Atelier des douze')",
            run: "click",
        },
        {
            content: "Tap 2: everyone expected is present",
            trigger: ".o_ess_grid button[name='all_present']",
            run: "click",
        },
        {
            content: "Tap 3: one is absent",
            trigger: ".o_ess_is_present:contains('Personne3') button[name='absent']",
            run: "click",
        },
        {
            content: "Tap 4: another one is absent",
            trigger: ".o_ess_is_present:contains('Personne7') button[name='absent']",
            run: "click",
        },
        {
            content: "Tap 5: someone was not expected",
            trigger: ".o_ess_grid_search input",
            run: "click",
        },
        {
            content: "Three letters",
            trigger: ".o_ess_grid_search input",
            run: "edit Dri",
        },
        {
            content: "Tap 6: this one",
            trigger: ".o_ess_grid_found button:contains('Driss')",
            run: "click",
        },
        {
            content: "On the sheet",
            trigger: ".o_ess_is_present:contains('Driss')",
        },
        {
            content: "Tap 7: close the sheet",
            trigger: ".o_ess_grid button[name='action_close']",
            run: "click",
        },
        {
            content: "Closed",
            trigger: "button[name='action_reopen']:not(:visible), button[name='action_reopen'], .o_statusbar_status:contains('Done')",
        },
    ],
});
