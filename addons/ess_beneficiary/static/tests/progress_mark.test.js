import { expect, test } from "@odoo/hoot";
import { click, queryAll } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Goal extends models.Model {
    _name = "test.goal";
    mark = fields.Selection({
        string: "Mark",
        selection: [
            ["1", "Stuck"],
            ["2", "Moving"],
            ["3", "Well"],
        ],
    });
    _records = [{ id: 1, mark: "2" }];
}

defineMailModels();
defineModels([Goal]);

test("dots up to the mark are filled, with the words beside", async () => {
    await mountView({
        type: "form",
        resModel: "test.goal",
        resId: 1,
        arch: `<form><field name="mark" widget="ess_progress_mark"/></form>`,
    });
    expect(".o_ess_mark_step").toHaveCount(3);
    expect(".o_ess_mark_on").toHaveCount(2);
    expect(".o_ess_mark_label").toHaveText("Moving");
    expect(queryAll("[role=radio]")[1]).toHaveAttribute("aria-checked", "true");
});

test("one tap places the mark, a second takes it back", async () => {
    await mountView({
        type: "form",
        resModel: "test.goal",
        resId: 1,
        arch: `<form><field name="mark" widget="ess_progress_mark"/></form>`,
    });
    await click(queryAll(".o_ess_mark_step")[2]);
    await animationFrame();
    expect(".o_ess_mark_label").toHaveText("Well");
    await click(queryAll(".o_ess_mark_step")[2]);
    await animationFrame();
    expect(".o_ess_mark_on").toHaveCount(0);
});

test("nothing to tap when it is read-only", async () => {
    await mountView({
        type: "form",
        resModel: "test.goal",
        resId: 1,
        arch: `<form><field name="mark" widget="ess_progress_mark" readonly="1"/></form>`,
    });
    expect(".o_ess_mark_step:disabled").toHaveCount(3);
});
