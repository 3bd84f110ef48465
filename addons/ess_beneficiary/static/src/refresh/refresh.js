import { Component, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How often a record that changes by itself is read again, in milliseconds. */
export const REFRESH_DELAY = 3000;

/** Reads the record again while it is shown: the progress of a job in the background. */
export class Refresh extends Component {
    static template = "ess_beneficiary.Refresh";
    static props = { ...standardWidgetProps };

    setup() {
        this.timer = setInterval(() => this.refresh(), REFRESH_DELAY);
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        const { record } = this.props;
        if (record.resId && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("ess_refresh", { component: Refresh });
