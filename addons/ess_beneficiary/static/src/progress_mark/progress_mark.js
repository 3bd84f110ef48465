import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * Five steps of a selection, drawn as dots: one tap places the mark, a second tap on
 * the same dot takes it back. The words stand beside, so that colour is never the
 * only sign.
 */
export class ProgressMark extends Component {
    static template = "ess_beneficiary.ProgressMark";
    static props = {
        ...standardFieldProps,
        showLabel: { type: Boolean, optional: true },
    };

    get steps() {
        return this.props.record.fields[this.props.name].selection;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get index() {
        return this.steps.findIndex(([key]) => key === this.value);
    }

    /** @returns {string} words of the mark, for the screen and for screen readers */
    get label() {
        return this.index < 0 ? _t("Not placed") : this.steps[this.index][1];
    }

    get fieldLabel() {
        return this.props.record.fields[this.props.name].string;
    }

    /** @param {string} key step that was tapped */
    onStep(key) {
        const value = key === this.value ? false : key;
        return this.props.record.update({ [this.props.name]: value });
    }
}

export const progressMark = {
    component: ProgressMark,
    displayName: _t("Progress mark"),
    supportedTypes: ["selection"],
    extractProps({ viewType }, dynamicInfo) {
        return {
            readonly: dynamicInfo.readonly,
            showLabel: viewType !== "list",
        };
    },
};

registry.category("fields").add("ess_progress_mark", progressMark);
