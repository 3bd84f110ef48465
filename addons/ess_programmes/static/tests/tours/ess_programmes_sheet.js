import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("ess_programmes_sheet", {
    steps: () => [
        {
            content: "Open the session of the day",
            trigger: ".o_kanban_record:contains('Atelier du tour')",
            run: "click",
        },
        {
            content: "Everyone expected is present",
            trigger: ".o_ess_grid button[name='all_present']",
            run: "click",
        },
        {
            content: "Correct one",
            trigger: ".o_ess_is_present:contains('Bruno') button[name='absent']",
            run: "click",
        },
        {
            content: "Excuse another one",
            trigger: ".o_ess_is_present:contains('Chloé') button[name='excused']",
            run: "click",
        },
        {
            content: "With a reason, because she said so",
            trigger: ".o_ess_is_excused button[name='excuse_health']",
            run: "click",
        },
        {
            content: "Add someone who was not expected: three letters",
            trigger: ".o_ess_grid_search input",
            run: "edit Dri",
        },
        {
            trigger: ".o_ess_grid_found button:contains('Driss')",
            run: "click",
        },
        {
            content: "By keyboard",
            trigger: ".o_ess_is_present:contains('Driss')",
            run({ anchor }) {
                anchor.focus();
            },
        },
        {
            content: "L: late",
            trigger: ".o_ess_is_present:contains('Driss'):focus",
            run: "press l",
        },
        {
            trigger: ".o_ess_is_late:contains('Driss') input[name='minutes']",
            run: "edit 45 && press Tab",
        },
        {
            content: "Count one person without a name",
            trigger: ".o_ess_grid button[name='one_more']",
            run: "click",
        },
        {
            content: "Close the sheet",
            trigger: ".o_ess_grid button[name='action_close']",
            run: "click",
        },
        {
            content: "The sheet is closed",
            trigger: "button[name='action_reopen']",
        },
    ],
});
