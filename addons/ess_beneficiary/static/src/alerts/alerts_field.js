import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useRef } from "@odoo/owl";

/**
 * What needs attention in a file, one sentence each; a click shows the page of the
 * form or the record that it is about. The severity is said in words as well.
 */
export class AlertsField extends Component {
    static template = "ess_beneficiary.Alerts";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.root = useRef("root");
    }

    get alerts() {
        return this.props.record.data[this.props.name] || [];
    }

    severityWord(severity) {
        return { danger: _t("Urgent:"), warning: _t("To look at:"), info: _t("Note:") }[severity];
    }

    severityIcon(severity) {
        return {
            danger: "fa-exclamation-circle text-danger",
            warning: "fa-clock-o text-warning-emphasis",
            info: "fa-info-circle text-info-emphasis",
        }[severity];
    }

    isLink(alert) {
        return Boolean(alert.page || (alert.model && alert.id));
    }

    onClick(alert) {
        if (alert.model && alert.id) {
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: alert.model,
                res_id: alert.id,
                views: [[false, "form"]],
            });
        }
        const form = this.root.el.closest(".o_form_view");
        const tab = form?.querySelector(`.o_notebook_headers a[name="${alert.page}"]`);
        tab?.click();
        tab?.scrollIntoView({ block: "nearest" });
    }
}

export const alertsField = {
    component: AlertsField,
    displayName: _t("Alerts of a file"),
    supportedTypes: ["json"],
};

registry.category("fields").add("ess_alerts", alertsField);
