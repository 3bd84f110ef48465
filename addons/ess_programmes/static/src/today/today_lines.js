import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";

/** What waits today beyond the sessions: one line for each kind of thing to do. */
export class TodayLines extends Component {
    static template = "ess_programmes.TodayLines";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ lines: [] });
        onWillStart(async () => {
            this.state.lines = await this.orm.call("ess.today", "action_read_lines", []);
        });
    }

    async open(line) {
        const action = await this.orm.call("ess.today", "action_open_line", [line.key]);
        return this.action.doAction(action);
    }
}

export class TodayKanbanController extends KanbanController {
    static template = "ess_programmes.TodayKanbanView";
    static components = { ...KanbanController.components, TodayLines };
}

registry.category("views").add("ess_today_kanban", {
    ...kanbanView,
    Controller: TodayKanbanController,
});
