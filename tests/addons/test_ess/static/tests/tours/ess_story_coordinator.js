import { registry } from "@web/core/registry";

// The main story, third part, in French: from a figure of the report to its records.
registry.category("web_tour.tours").add("ess_story_coordinator", {
    url: "/odoo/action-ess_funding.ess_funder_report_action",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Subvention du récit') .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_notebook_headers a[name=what]",
            run: "click",
        },
        {
            content: "Click from the passages to the presences",
            trigger:
                ".o_field_widget[name=what_line_ids] .o_data_row:has(button[name=action_open_records]):contains('Passages') button[name=action_open_records]",
            run: "click",
        },
        {
            content: "Six presences make this figure",
            trigger: ".o_list_view:has(.o_pager_limit:contains('6')) .o_data_row",
        },
    ],
});

// The sheet of a session on a phone, 390 pixels wide.
registry.category("web_tour.tours").add("ess_story_phone", {
    url: "/odoo/activities-today",
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Cours du récit')",
            run: "click",
        },
        {
            trigger: "button[name=action_add_enrolled]:enabled",
            run: "click",
        },
        {
            content: "Buttons are big enough for a thumb, nothing sticks out",
            trigger:
                ".o_ess_grid_row:contains('Zoé') button[name=present]",
            run({ anchor }) {
                const box = anchor.getBoundingClientRect();
                if (box.height < 40) {
                    throw new Error(`A button is only ${box.height} pixels high`);
                }
                if (document.documentElement.scrollWidth > window.innerWidth + 1) {
                    throw new Error("The screen must be scrolled sideways");
                }
            },
        },
        {
            trigger:
                ".o_ess_grid_row:contains('Zoé') button[name=present]",
            run: "click",
        },
        {
            trigger:
                ".o_ess_grid:has(.o_ess_is_present:contains('Zoé')) .o_ess_status_saved",
        },
    ],
});
