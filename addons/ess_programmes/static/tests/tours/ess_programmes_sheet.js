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
            trigger: "button[name='action_all_present']:enabled",
            run: "click",
        },
        {
            content: "Wait for the sheet to be ticked, then correct one",
            trigger: ".o_form_view:not(:has(button[name='action_all_present'])) .o_data_row:contains('Bruno') button[name='action_absent']",
            run: "click",
        },
        {
            content: "Excuse another one",
            trigger:
                ".o_data_row:contains('Bruno'):not(:has(button[name='action_absent'])) ~ .o_data_row:contains('Chloé') button[name='action_excused']",
            run: "click",
        },
        {
            content: "Add someone who was not expected: three letters",
            trigger:
                ".o_form_view:has(.o_data_row:contains('Chloé'):not(:has(button[name='action_excused']))) div[name='add_beneficiary_id'] input",
            run: "edit Dri",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Driss')",
            run: "click",
        },
        {
            content: "Count one person without a name",
            trigger: ".o_form_view:has(.o_data_row:contains('Driss')) button[name='action_add_anonymous']",
            run: "click",
        },
        {
            content: "Close the sheet",
            trigger: ".o_form_view:has(.o_data_row:contains('1 without a name')) button[name='action_close']",
            run: "click",
        },
        {
            content: "The sheet is closed",
            trigger: "button[name='action_reopen']",
        },
    ],
});
