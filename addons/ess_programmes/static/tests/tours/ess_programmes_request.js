import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("ess_programmes_request", {
    steps: () => [
        {
            content: "Tap 1: from the file",
            trigger: ".o_form_view button[name='action_new_request']",
            run: "click",
        },
        {
            content: "Tap 2: what is asked",
            trigger: ".modal .o_ess_taps button:contains('Food')",
            run: "click",
        },
        {
            content: "Chosen",
            trigger: ".modal .o_ess_taps button[aria-pressed='true']:contains('Food')",
        },
        {
            content: "Tap 3: why it cannot be given",
            trigger: ".modal button[name='answer_not_served']:contains('Out of stock')",
            run: "click",
        },
        {
            content: "Closed by itself",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
