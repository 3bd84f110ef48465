import { registry } from "@web/core/registry";

// Column of the plan whose heading holds this text, in the analytic popup.
function cellOfPlan(name) {
    const popup = document.querySelector(".analytic_distribution_popup");
    const headings = [...popup.querySelectorAll("thead th")];
    const index = headings.findIndex((heading) => heading.textContent.includes(name));
    return popup.querySelectorAll("tbody tr:first-child td")[index];
}

function chooseInPlan(plan, record) {
    return [
        {
            content: `Choose ${record} in the plan ${plan}`,
            trigger: ".analytic_distribution_popup tbody tr:first-child td",
            // the popup may be drawn again while one types, and forget the text
            async run(helpers) {
                for (let tries = 0; tries < 10; tries++) {
                    await helpers.edit(record, cellOfPlan(plan).querySelector("input"));
                    await new Promise((resolve) => setTimeout(resolve, 500));
                    const found = document.querySelector(
                        ".o-autocomplete--dropdown-item"
                    );
                    if (found?.textContent.includes(record)) {
                        return;
                    }
                }
            },
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains('${record}')`,
            run: "click",
        },
    ];
}

function setPercentage(value) {
    return [
        {
            content: `Charge ${value} %`,
            trigger:
                ".analytic_distribution_popup .o_field_widget[name=percentage] input",
            run: `edit ${value}`,
        },
        {
            content: "Click beside the small window to close it",
            trigger: ".o_form_view .oe_title",
            run: "click",
        },
        {
            trigger: "body:not(:has(.analytic_distribution_popup))",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
    ];
}

const openDistribution = [
    {
        content: "Open the analytic distribution of the line",
        trigger:
            ".o_field_widget[name=invoice_line_ids] .o_data_row td[name=analytic_distribution]",
        run: "click",
    },
    {
        trigger: ".o_field_analytic_distribution .o_input_dropdown",
        run: "click",
    },
    {
        trigger: ".analytic_distribution_popup",
    },
];

// The main story, second part, in French: an accountant links a bill and reads the report.
registry.category("web_tour.tours").add("ess_story_accountant", {
    steps: () => [
        ...openDistribution,
        ...chooseInPlan("Actions", "Action du récit"),
        ...chooseInPlan("Financement", "Subvention du récit"),
        ...setPercentage(110),
        {
            content: "More than the cost is refused, with the figures",
            trigger: ".modal .modal-body:contains('110')",
        },
        {
            trigger: ".modal .modal-footer button, .modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        ...openDistribution,
        ...setPercentage(100),
        {
            content: "Post the bill",
            trigger: ".o_form_saved button[name=action_post]",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(button[name=button_draft])",
            run() {
                window.location = "/odoo/action-ess_funding.ess_funder_report_action";
            },
            expectUnloadPage: true,
        },
        {
            content: "Open the report of the grant",
            trigger: ".o_data_row:contains('Subvention du récit') .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_compute]",
            run: "click",
        },
        {
            content: "The money of the action",
            trigger:
                ".o_form_view:has(button[name=action_print]) .o_notebook_headers a[name=money]",
            run: "click",
        },
        {
            content: "Click from a figure to its entries",
            trigger:
                ".o_field_widget[name=money_line_ids] .o_data_row:contains('120') button[name=action_open_records]",
            run: "click",
        },
        {
            content: "The bill is there",
            trigger: ".o_list_view .o_data_row:contains('Duvets du récit')",
        },
    ],
});
