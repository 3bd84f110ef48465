import { expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Person extends models.Model {
    _name = "test.person";
    situation_ids = fields.One2many({
        relation: "test.situation",
        relation_field: "person_id",
    });
    _records = [
        { id: 1, situation_ids: [1, 2, 3, 4] },
        { id: 2, situation_ids: [] },
    ];
}

class Domain extends models.Model {
    _name = "test.domain";
    name = fields.Char();
    _records = [
        { id: 1, name: "Housing" },
        { id: 2, name: "Work" },
    ];
}

class Value extends models.Model {
    _name = "test.value";
    name = fields.Char();
    _records = [
        { id: 1, name: "Street" },
        { id: 2, name: "Tenant" },
        { id: 3, name: "Looking for work" },
    ];
}

class Situation extends models.Model {
    _name = "test.situation";
    person_id = fields.Many2one({ relation: "test.person" });
    domain_id = fields.Many2one({ relation: "test.domain" });
    domain_sequence = fields.Integer();
    value_id = fields.Many2one({ relation: "test.value" });
    answer = fields.Selection({
        selection: [
            ["known", "Known"],
            ["declined", "Does not wish to answer"],
        ],
        default: "known",
    });
    date_from = fields.Date();
    date_to = fields.Date();
    _records = [
        {
            id: 1,
            person_id: 1,
            domain_id: 1,
            domain_sequence: 10,
            value_id: 1,
            answer: "known",
            date_from: "2024-01-01",
            date_to: "2024-12-31",
        },
        {
            id: 2,
            person_id: 1,
            domain_id: 1,
            domain_sequence: 10,
            value_id: 2,
            answer: "known",
            date_from: "2025-01-01",
        },
        {
            id: 3,
            person_id: 1,
            domain_id: 2,
            domain_sequence: 5,
            value_id: 3,
            answer: "known",
            date_from: "2023-01-01",
            date_to: "2023-06-30",
        },
        {
            id: 4,
            person_id: 1,
            domain_id: 2,
            domain_sequence: 5,
            answer: "declined",
            date_from: "2025-06-01",
        },
    ];
    _views = {
        form: `<form><field name="domain_id"/><field name="value_id"/><field name="date_from"/></form>`,
    };
}

defineMailModels();
defineModels([Person, Domain, Value, Situation]);

const mount = (resId, readonly = false) => {
    mockDate("2026-01-01 12:00:00");
    return mountView({
        type: "form",
        resModel: "test.person",
        resId,
        arch: `<form>
            <field name="situation_ids" widget="ess_situation_timeline" ${
                readonly ? 'readonly="1"' : ""
            }>
                <list editable="top">
                    <field name="domain_sequence" column_invisible="1"/>
                    <field name="domain_id"/>
                    <field name="value_id"/>
                    <field name="answer"/>
                    <field name="date_from"/>
                    <field name="date_to"/>
                </list>
            </field>
        </form>`,
    });
};

test("one row per domain, one bar per situation, each said in words", async () => {
    await mount(1);
    expect(".o_ess_timeline_row[role=group]").toHaveCount(2);
    expect(queryFirst(".o_ess_timeline_row[role=group]")).toHaveAttribute(
        "aria-label",
        "Work"
    );
    expect(".o_ess_timeline_bar").toHaveCount(4);
    const labels = queryAll(".o_ess_timeline_bar").map((bar) => bar.ariaLabel);
    expect(labels[0]).toMatch(/^Work: Looking for work, from .*2023 to .*2023$/);
    expect(labels[1]).toMatch(/^Work: Does not wish to answer, since/);
    expect(labels[3]).toMatch(/^Housing: Tenant, since/);
    expect(".o_ess_timeline_current").toHaveCount(2);
    expect(".o_ess_timeline_unknown").toHaveCount(1);
});

test("bars follow the days: no overlap, open ones reach the end", async () => {
    await mount(1);
    const [, , street, tenant] = queryAll(".o_ess_timeline_bar").map((bar) => ({
        left: parseFloat(bar.style.left),
        right: parseFloat(bar.style.left) + parseFloat(bar.style.width),
    }));
    expect(street.right).toBeCloseTo(tenant.left, { margin: 0.1 });
    expect(tenant.right).toBeCloseTo(100, { margin: 0.1 });
});

test("a bar opens its situation", async () => {
    await mount(1);
    await click(".o_ess_timeline_bar:first");
    await animationFrame();
    expect(".modal .o_field_widget[name=value_id] input").toHaveValue("Looking for work");
});

test("a bar opens from the keyboard", async () => {
    await mount(1);
    queryFirst(".o_ess_timeline_bar").focus();
    await press("Enter");
    await animationFrame();
    expect(".modal").toHaveCount(1);
});

test("a change opens a new situation of that domain", async () => {
    await mount(1);
    await click(".o_ess_timeline_change:last");
    await animationFrame();
    expect(".modal .o_field_widget[name=domain_id] input").toHaveValue("Housing");
    expect(".modal .o_field_widget[name=value_id] input").toHaveValue("");
});

test("the same situations stand in a table one click away", async () => {
    await mount(1);
    await click(".o_ess_timeline_toggle");
    await animationFrame();
    expect(".o_data_row").toHaveCount(4);
    expect(".o_ess_timeline_bar").toHaveCount(0);
    expect(".o_ess_timeline_toggle").toHaveAttribute("aria-pressed", "true");
});

test("an empty file says so", async () => {
    await mount(2);
    expect(".o_ess_timeline_empty").toHaveCount(1);
    expect(".o_ess_timeline_add").toHaveCount(1);
});

test("read-only: nothing to change", async () => {
    await mount(1, true);
    expect(".o_ess_timeline_add, .o_ess_timeline_change").toHaveCount(0);
    expect(".o_ess_timeline_bar").toHaveCount(4);
});
