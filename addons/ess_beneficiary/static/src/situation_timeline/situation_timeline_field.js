import { _t } from "@web/core/l10n/translation";
import { formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useOpenX2ManyRecord, useX2ManyCrud } from "@web/views/fields/relational_utils";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { useState } from "@odoo/owl";

const { DateTime } = luxon;
const MAX_TICKS = 6;
const FUTURE = 0.08;
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120];

/**
 * Situations of a person as one row per domain and one bar per situation.
 *
 * Each bar is a button that says everything in words, so that the line can be read by
 * keyboard and by a screen reader; the same situations stand in an ordinary table one
 * click away. A change opens a new situation: the former one ends the day before, on
 * the server, which is why the file is saved at once.
 */
export class SituationTimelineField extends X2ManyField {
    static template = "ess_beneficiary.SituationTimeline";

    setup() {
        super.setup();
        this.state = useState({ asTable: false });
        const { saveRecord, updateRecord } = useX2ManyCrud(() => this.list, false);
        const andSave = (change) => async (record) => {
            await change(record);
            if (this.props.record.resId) {
                await this.props.record.save();
            }
        };
        this.openInDialog = useOpenX2ManyRecord({
            resModel: this.list.resModel,
            activeField: this.activeField,
            activeActions: this.activeActions,
            getList: () => this.list,
            saveRecord: andSave(saveRecord),
            updateRecord: andSave(updateRecord),
            isMany2Many: false,
        });
    }

    /** @returns {Object[]} situations as plain values, the oldest first */
    get situations() {
        const answers = Object.fromEntries(this.list.fields.answer.selection);
        return this.list.records
            .filter((record) => record.data.domain_id && record.data.date_from)
            .map((record) => ({
                record,
                key: record.id,
                domain: record.data.domain_id,
                sequence: record.data.domain_sequence || 0,
                label: record.data.value_id?.display_name || answers[record.data.answer] || "",
                isAnswered: record.data.answer === "known",
                start: record.data.date_from.startOf("day"),
                end: record.data.date_to ? record.data.date_to.startOf("day") : null,
            }))
            .sort((a, b) => a.start - b.start);
    }

    /** First and last day drawn: at least a year, today included. */
    get span() {
        const today = DateTime.local().startOf("day");
        let start = today.minus({ years: 1 });
        let end = today.plus({ days: 1 });
        for (const situation of this.situations) {
            start = situation.start < start ? situation.start : start;
            const last = situation.end || situation.start;
            end = last.plus({ days: 1 }) > end ? last.plus({ days: 1 }) : end;
        }
        start = start.startOf("month");
        // room after today, so that what has just begun can be seen and touched
        const days = Math.max(30, end.diff(start, "days").days * FUTURE);
        return { start, end: end.plus({ days }), today };
    }

    get rows() {
        const span = this.span;
        const rows = new Map();
        for (const situation of this.situations) {
            const { id, display_name: name } = situation.domain;
            if (!rows.has(id)) {
                const { sequence } = situation;
                rows.set(id, { id, name, sequence, bars: [], current: null });
            }
            const row = rows.get(id);
            row.bars.push(this.makeBar(situation, span));
            const lasts = !situation.end || situation.end >= span.today;
            if (situation.start <= span.today && lasts) {
                row.current = situation;
            }
        }
        return [...rows.values()].sort((a, b) => a.sequence - b.sequence);
    }

    makeBar(situation, span) {
        const end = situation.end ? situation.end.plus({ days: 1 }) : span.end;
        const left = this.percent(situation.start, span);
        const width = Math.max(0, this.percent(end, span) - left);
        return {
            ...situation,
            isOpen: !situation.end,
            isCurrent:
                situation.start <= span.today &&
                (!situation.end || situation.end >= span.today),
            style: `left: ${left}%; width: ${width}%;`,
            words: this.sayBar(situation),
        };
    }

    percent(date, span) {
        return Math.round(((date - span.start) / (span.end - span.start)) * 10000) / 100;
    }

    /** @returns {string} "Housing: tenant, from 3 March to 4 April" */
    sayBar({ domain, label, start, end }) {
        const values = {
            domain: domain.display_name,
            value: label,
            start: formatDate(start),
            end: end ? formatDate(end) : "",
        };
        return end
            ? _t("%(domain)s: %(value)s, from %(start)s to %(end)s", values)
            : _t("%(domain)s: %(value)s, since %(start)s", values);
    }

    sayCurrent({ label, start }) {
        return _t("%(value)s since %(start)s", { value: label, start: formatDate(start) });
    }

    /** Marks of the scale: a handful of first days of months or years. */
    get ticks() {
        const span = this.span;
        const months = span.end.diff(span.start, "months").months;
        const step = MONTH_STEPS.find((size) => months / size <= MAX_TICKS) || 240;
        const ticks = [];
        let date =
            step < 12
                ? span.start.plus({ months: (step - ((span.start.month - 1) % step)) % step })
                : DateTime.local(span.start.year + 1, 1, 1);
        while (date < span.end) {
            ticks.push({
                key: date.toISODate(),
                label: step < 12 ? date.toFormat("LLL yy") : date.toFormat("yyyy"),
                style: `left: ${this.percent(date, span)}%;`,
            });
            date = date.plus({ months: step });
        }
        return ticks;
    }

    get todayStyle() {
        const span = this.span;
        return `left: ${this.percent(span.today, span)}%;`;
    }

    get canChange() {
        return !this.props.readonly && this.canCreate;
    }

    onBar(bar) {
        return this.openInDialog({
            record: bar.record,
            context: this.props.context,
            readonly: this.props.readonly,
        });
    }

    /** @param {number} [domainId] domain in which something changed */
    onChange(domainId) {
        const context = { ...this.props.context };
        if (domainId) {
            context.default_domain_id = domainId;
        }
        return this.openInDialog({ context, title: _t("What changed, and since when?") });
    }
}

export const situationTimelineField = {
    ...x2ManyField,
    component: SituationTimelineField,
    displayName: _t("Time line of situations"),
    supportedTypes: ["one2many"],
    additionalClasses: ["o_field_one2many"],
};

registry.category("fields").add("ess_situation_timeline", situationTimelineField);
