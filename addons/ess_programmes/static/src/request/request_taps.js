import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How many choices a phone shows at once; the others are behind one more tap. */
const SHOWN = 11;

/** One choice of a short list, as big buttons: one tap. */
export class TapChoice extends Component {
    static template = "ess_programmes.TapChoice";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ choices: [], all: false });
        const { relation } = this.props.record.fields[this.props.name];
        onWillStart(async () => {
            this.state.choices = await this.orm.searchRead(relation, [], ["display_name"], { limit: 80 });
        });
    }

    get shown() {
        const { choices, all } = this.state;
        const index = choices.findIndex((choice) => choice.id === this.chosenId);
        const isFolded = !all && choices.length > SHOWN + 1 && index < SHOWN;
        return isFolded ? choices.slice(0, SHOWN) : choices;
    }

    get chosenId() {
        return this.props.record.data[this.props.name]?.id;
    }

    choose(choice) {
        const value = { id: choice.id, display_name: choice.display_name };
        return this.props.record.update({ [this.props.name]: value });
    }
}

registry.category("fields").add("ess_tap_choice", {
    component: TapChoice,
    supportedTypes: ["many2one"],
});

/** The answer to a request: one tap writes it and closes the window. */
export class RequestAnswers extends Component {
    static template = "ess_programmes.RequestAnswers";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ reasons: [], own: [], saving: false });
        this.answers = [
            { key: "waiting", label: _t("To be answered later"), icon: "fa-clock-o", color: "btn-outline-primary" },
            { key: "served", label: _t("Answered"), icon: "fa-check", color: "btn-success" },
            { key: "partly", label: _t("Answered in part"), icon: "fa-adjust", color: "btn-outline-success" },
            { key: "orientated", label: _t("Orientated"), icon: "fa-share", color: "btn-outline-primary" },
        ];
        onWillStart(async () => {
            const found = await this.orm.call("ess.request", "action_get_answers", [], {
                is_unconditional: this.props.record.data.allow_paper_reason === false,
            });
            this.state.reasons = found.reasons;
            this.state.own = found.own_reasons;
        });
    }

    async answer(state, reason) {
        const { record } = this.props;
        if (this.state.saving) {
            return;
        }
        if (!record.data.type_id) {
            this.notification.add(_t("What is asked? Tap it first, then the answer."), { type: "warning" });
            return;
        }
        this.state.saving = true;
        try {
            const reason_id = reason ? { id: reason[0], display_name: reason[1] } : false;
            await record.update({ state });
            await record.update({ reason_id });
            if (await record.save()) {
                this.notification.add(_t("Request noted."), { type: "success" });
                await this.action.doAction({ type: "ir.actions.act_window_close" });
            }
        } finally {
            this.state.saving = false;
        }
    }
}

registry.category("view_widgets").add("ess_request_answers", {
    component: RequestAnswers,
});
