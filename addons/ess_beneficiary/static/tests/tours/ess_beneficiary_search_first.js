import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("ess_beneficiary_search_first", {
    url: "/odoo/action-ess_beneficiary.ess_beneficiary_action",
    steps: () => [
        {
            content: "A new file, from the list of files",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Look for the person first: a name written otherwise",
            trigger: ".o_ess_search .o_field_widget[name=name] input",
            run: "edit Mousa TESTSOH",
        },
        {
            content: "What is known of the birth",
            trigger: ".o_ess_search .o_field_widget[name=birth] input",
            run: "edit 1987",
        },
        {
            content: "Search",
            trigger: ".o_ess_search button[name=action_search]",
            run: "click",
        },
        {
            content: "The person has a file, and the reasons are told",
            trigger:
                ".o_ess_search .o_field_widget[name=beneficiary_ids]:contains(same year of birth)",
        },
        {
            content: "A second file stays possible",
            trigger: ".o_ess_search button[name=action_create_file]",
        },
        {
            content: "Open the file that exists",
            trigger: ".o_ess_search button[name=action_open_file]",
            run: "click",
        },
        {
            content: "It is the file of that person",
            trigger: ".o_ess_file:contains(TESTSOW)",
        },
    ],
});
