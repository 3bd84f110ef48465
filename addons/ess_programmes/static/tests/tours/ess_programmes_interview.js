import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("ess_programmes_interview", {
    steps: () => [
        {
            content: "Tap 1: the appointment of the day",
            trigger: ".o_kanban_record:contains('Rendez-vous du tour')",
            run: "click",
        },
        {
            content: "Tap 2: write the interview",
            trigger: ".o_form_view button[name='action_new_interview']",
            run: "click",
        },
        {
            content: "The text",
            trigger: ".modal .o_field_widget[name='text'] textarea",
            run: "edit Elle a appelé la mairie.",
        },
        {
            content: "Tap 3: save",
            trigger: ".modal button[name='action_save']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
