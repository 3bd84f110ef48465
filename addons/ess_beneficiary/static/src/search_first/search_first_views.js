import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

const SEARCH_ACTION = "ess_beneficiary.ess_beneficiary_search_action";

/**
 * "New" on a list or a board of files first looks for the person, so that nobody gets
 * two files.
 */
const searchFirst = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.searchFirstAction = useService("action");
        }

        async createRecord() {
            await this.searchFirstAction.doAction(SEARCH_ACTION);
        }
    };

export class SearchFirstListController extends searchFirst(ListController) {}
export class SearchFirstKanbanController extends searchFirst(KanbanController) {}

/**
 * "New" in an open file saves it, then looks for the next person. Whoever opens files
 * without changing them later (reception) saves the one that they open: Odoo shows no
 * button to save without the right to change.
 */
export class SearchFirstFormController extends FormController {
    setup() {
        super.setup();
        this.searchFirstAction = useService("action");
        this.mayChange = this.canEdit;
        Object.defineProperty(this, "canEdit", {
            get: () => this.mayChange || (this.canCreate && this.model.root.isNew),
            set: (mayChange) => (this.mayChange = mayChange),
        });
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(record, changes);
        if (!this.mayChange) {
            record.switchMode("readonly"); // once the save that waits for us has ended
        }
    }

    async create() {
        const dirty = await this.model.root.isDirty();
        if (!dirty || (await this.model.root.save())) {
            await this.searchFirstAction.doAction(SEARCH_ACTION);
        }
    }
}

const views = registry.category("views");
views.add("ess_search_first_list", { ...listView, Controller: SearchFirstListController });
views.add("ess_search_first_kanban", {
    ...kanbanView,
    Controller: SearchFirstKanbanController,
});
views.add("ess_search_first_form", { ...formView, Controller: SearchFirstFormController });
