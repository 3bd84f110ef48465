import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("ess_beneficiary_file", {
    url: "/odoo/search-or-create",
    steps: () => [
        {
            content: "Type the name of the person",
            trigger: ".o_ess_search .o_field_widget[name=name] input",
            run: "edit Ana TESTSILVA",
        },
        {
            content: "Look for an existing file",
            trigger: ".o_ess_search button[name=action_search]",
            run: "click",
        },
        {
            content: "Nobody has this name: open a file",
            trigger: ".o_ess_search button[name=action_create_file]",
            run: "click",
        },
        {
            content: "The name came along",
            trigger: ".o_ess_file .o_field_widget[name=last_name] textarea:value(TESTSILVA)",
        },
        {
            content: "Write her own words",
            trigger: ".o_ess_file .o_field_widget[name=life_project_words] textarea",
            run: "edit Je veux dormir dans un lit à moi.",
        },
        {
            content: "Add a goal",
            trigger:
                ".o_field_widget[name=goal_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "In her words too",
            trigger:
                ".o_field_widget[name=goal_ids] .o_data_row .o_field_widget[name=words] input",
            run: "edit Une chambre",
        },
        {
            content: "Save the file",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The file has a number",
            trigger: ".o_ess_file .o_field_widget[name=ref]:contains(/^D\\d\\d-/)",
        },
        {
            content: "The worker is around the person",
            trigger:
                ".o_ess_file .o_field_widget[name=people_around]:contains(Test worker)",
        },
        {
            content: "Nothing can be sent to the person",
            trigger: ".o-mail-Chatter:not(:has(.o-mail-Chatter-sendMessage:visible))",
        },
    ],
});
