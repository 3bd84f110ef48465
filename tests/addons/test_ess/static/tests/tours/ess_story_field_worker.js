import { registry } from "@web/core/registry";

// The main story, first part, in French: a field worker meets someone.
registry.category("web_tour.tours").add("ess_story_field_worker", {
    url: "/odoo/search-or-create",
    steps: () => [
        {
            content: "Search before creating",
            trigger: ".o_ess_search .o_field_widget[name=name] input",
            run: "edit Zoé TESTORI",
        },
        {
            trigger: ".o_ess_search button[name=action_search]:contains('Rechercher')",
            run: "click",
        },
        {
            content: "Nobody has this name: open a file",
            trigger: ".o_ess_search button[name=action_create_file]",
            run: "click",
        },
        {
            content: "The name came along, the screen speaks French",
            trigger:
                ".o_ess_file:contains('Projet de vie') .o_field_widget[name=last_name] textarea:value(TESTORI)",
        },
        {
            content: "Her own words",
            trigger: ".o_ess_file .o_field_widget[name=life_project_words] textarea",
            run: "edit Apprendre à lire pour mes enfants.",
        },
        {
            content: "A goal",
            trigger: ".o_field_widget[name=goal_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=goal_ids] .o_data_row .o_field_widget[name=words] input",
            run: "edit Lire une lettre",
        },
        {
            content: "Her situation",
            trigger: ".o_notebook_headers a[name=situations]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=situation_ids] .o_ess_timeline_add",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=domain_id] input",
            run: "edit Logement",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Logement')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=domain_id] input:value(Logement)",
        },
        {
            trigger: ".modal .o_field_widget[name=value_id] input",
            run: "edit rue",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('rue')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=value_id] input:value(/rue/)",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is a bar of her time line",
            trigger: "body:not(:has(.modal)) .o_ess_timeline_bar:contains(/./)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The file has a number: enrol her",
            trigger:
                ".o_ess_file:has(.o_field_widget[name=ref]:contains(/^D\\d\\d-/)) button[name=action_open_enrolments]",
            run: "click",
        },
        {
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=programme_id] input",
            run: "edit Les Mots du récit",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Les Mots du récit')",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_enrol]",
            run: "click",
        },
        {
            content: "She is in; go to the sessions of the day",
            trigger:
                ".o_form_view:not(:has(button[name=action_enrol])):has(button[name=action_pause])",
        },
        {
            trigger: ".o_navbar_apps_menu button",
            run: "click",
        },
        {
            trigger: ".o_app[data-menu-xmlid='ess_programmes.ess_programmes_menu_root']",
            run: "click",
        },
        {
            content: "Today's session",
            trigger: ".o_kanban_record:contains('Cours du récit')",
            run: "click",
        },
        {
            content: "Put the people enrolled on the sheet",
            trigger: "button[name=action_add_enrolled]:enabled",
            run: "click",
        },
        {
            content: "She is there",
            trigger: ".o_ess_grid_row:contains('Zoé') button[name=present]",
            run: "click",
        },
        {
            content: "The sheet shows it",
            trigger:
                ".o_ess_grid:has(.o_ess_is_present:contains('Zoé')) .o_ess_status_saved",
        },
    ],
});
