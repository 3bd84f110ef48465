import { Component, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { splitPersonName } from "./person_name";

const PRESENT = ["present", "late", "left_early"];
/** Keys of the keyboard, in English and in French (R: retard). */
const KEYS = { p: "present", a: "absent", e: "excused", l: "late", r: "late", d: "left_early" };
const SAVE_DELAY = 700;
const SEARCH_DELAY = 200;

/**
 * The sheet of a session on one screen, by touch and by keyboard. Each change is saved
 * a moment later, all together; what somebody else has changed meanwhile is shown, and
 * the user chooses.
 */
export class PresenceGrid extends Component {
    static template = "ess_programmes.PresenceGrid";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.barcode = useService("barcode");
        this.search = useRef("search");
        this.rows = useRef("rows");
        this.state = useState({
            lines: [],
            anonymous: 0,
            words: {},
            capacity: 0,
            units: [],
            canEdit: false,
            canAdd: { enrolled: false, person: false },
            open: false,
            found: false,
            query: "",
            status: "saved",
            conflicts: {},
            undo: [],
        });
        this.changed = new Map();
        this.added = 0;
        this.saving = Promise.resolve();
        this.saveSoon = useDebounced(() => this.save(), SAVE_DELAY, { execBeforeUnmount: true });
        this.searchSoon = useDebounced(() => this.find(), SEARCH_DELAY);
        this.states = [
            { key: "present", label: _t("Present"), icon: "fa-check", color: "success" },
            { key: "absent", label: _t("Absent"), icon: "fa-times", color: "danger" },
            { key: "excused", label: _t("Excused"), icon: "fa-comment-o", color: "warning" },
        ];
        this.moreStates = [
            { key: "late", label: _t("Late") },
            { key: "left_early", label: _t("Left early") },
            { key: "expected", label: _t("Expected") },
        ];
        this.excuses = [
            ["work", _t("Work, internship")],
            ["health", _t("Health")],
            ["child", _t("Child care")],
            ["transport", _t("Transport")],
            ["appointment", _t("Other appointment")],
            ["other", _t("Other")],
        ];
        this.onUnload = (ev) => {
            if (this.isDirty) {
                ev.preventDefault();
            }
        };
        browser.addEventListener("beforeunload", this.onUnload);
        onWillUnmount(() => browser.removeEventListener("beforeunload", this.onUnload));
        useBus(this.barcode.bus, "barcode_scanned", (ev) => this.onCard(ev.detail.barcode));
        onWillStart(() => this.load());
    }

    get sessionId() {
        return this.props.record.resId;
    }

    get isDirty() {
        return Boolean(this.changed.size || this.added);
    }

    get counts() {
        const count = (keep) => this.state.lines.filter(keep).length;
        return {
            present: count((line) => PRESENT.includes(line.state)) + this.state.anonymous,
            absent: count((line) => ["absent", "excused"].includes(line.state)),
            expected: count((line) => line.state === "expected"),
        };
    }

    get isFull() {
        const { present, expected } = this.counts;
        return this.state.capacity && present + expected >= this.state.capacity;
    }

    get statusText() {
        return {
            saved: _t("Saved"),
            waiting: _t("Saving…"),
            failed: _t("Not saved yet. Check the network, then tap here."),
        }[this.state.status];
    }

    stateLabel(line) {
        const all = [...this.states, ...this.moreStates, { key: "cancelled", label: _t("Cancelled by us") }];
        return all.find((state) => state.key === line.state)?.label;
    }

    async load() {
        if (!this.sessionId) {
            return;
        }
        const sheet = await this.orm.call("ess.session", "action_read_sheet", [[this.sessionId]]);
        Object.assign(this.state, {
            lines: sheet.lines,
            anonymous: sheet.anonymous,
            words: sheet.words,
            capacity: sheet.capacity,
            units: sheet.units,
            canEdit: sheet.can_edit,
            canAdd: sheet.can_add,
            undo: [],
        });
    }

    // --- changes

    remember(lines) {
        this.state.undo.push(lines.map((line) => [line.beneficiary_id, { ...line }]));
        this.state.undo.splice(0, this.state.undo.length - 20);
    }

    change(line, values) {
        Object.assign(line, values);
        this.changed.set(line.beneficiary_id, line);
        this.state.status = "waiting";
        this.saveSoon();
    }

    setState(line, key) {
        if (!this.state.canEdit || line.state === key) {
            return;
        }
        this.remember([line]);
        const wasPresent = PRESENT.includes(line.state);
        const isPresent = PRESENT.includes(key);
        const minutes = isPresent ? (wasPresent ? line.minutes : null) : 0;
        this.change(line, { state: key, minutes, excuse: false });
        if (["excused", "late", "left_early"].includes(key)) {
            this.state.open = line.beneficiary_id;
        }
    }

    setNumber(line, field, ev) {
        const text = ev.target.value.trim().replace(",", ".");
        const value = Number(text || 0);
        if (!Number.isFinite(value) || value < 0 || (field === "minutes" && value > 1440)) {
            this.notification.add(_t("Write a number, zero or more."), { type: "warning" });
            ev.target.value = line[field] || "";
            return;
        }
        this.remember([line]);
        this.change(line, { [field]: field === "minutes" ? Math.round(value) : value });
    }

    setUnit(line, ev) {
        this.remember([line]);
        this.change(line, { unit_id: Number(ev.target.value) || false });
    }

    setExcuse(line, key) {
        this.remember([line]);
        this.change(line, { excuse: line.excuse === key ? false : key });
    }

    setAll(key) {
        const lines = this.state.lines.filter((line) => line.state === "expected");
        this.remember(lines);
        for (const line of lines) {
            this.change(line, { state: key, minutes: key === "present" ? null : 0 });
        }
    }

    undo() {
        for (const [id, before] of this.state.undo.pop() || []) {
            const line = this.state.lines.find((other) => other.beneficiary_id === id);
            if (line) {
                // what the server holds now, not what it held then
                this.change(line, { ...before, seen: line.seen });
            }
        }
    }

    countOne(number = 1) {
        if (this.state.anonymous + number < 0) {
            return;
        }
        this.state.anonymous += number;
        this.added += number;
        this.state.status = "waiting";
        this.saveSoon();
    }

    toggle(line) {
        this.state.open = this.state.open === line.beneficiary_id ? false : line.beneficiary_id;
    }

    // --- saving

    save() {
        // one at a time: the next one starts from what this one has written
        this.saving = this.saving.then(() => this._save());
        return this.saving;
    }

    async _save() {
        if (!this.isDirty) {
            return true;
        }
        const lines = [...this.changed.values()].map((line) => ({ ...line }));
        const anonymous = this.added;
        this.changed.clear();
        this.added = 0;
        try {
            const answer = await this.orm.call("ess.session", "action_save_sheet", [
                [this.sessionId],
                lines,
                anonymous,
            ]);
            this.afterSave(answer, lines);
            this.state.status = this.isDirty ? "waiting" : "saved";
            return true;
        } catch (error) {
            for (const line of lines) {
                const live = this.state.lines.find((other) => other.beneficiary_id === line.beneficiary_id);
                if (live) {
                    this.changed.set(line.beneficiary_id, live);
                }
            }
            this.added += anonymous;
            this.state.status = "failed";
            if (error.data?.message) {
                this.notification.add(error.data.message, { type: "danger" });
            }
            return false;
        }
    }

    afterSave({ saved, conflicts }, sent) {
        const byId = new Map(this.state.lines.map((line) => [line.beneficiary_id, line]));
        const minutesSent = new Map(sent.map((line) => [line.beneficiary_id, line.minutes]));
        for (const [id, seen, minutes] of saved) {
            const line = byId.get(id);
            line.seen = seen;
            if (minutesSent.get(id) === null && line.minutes === null) {
                line.minutes = minutes;
            }
        }
        for (const theirs of conflicts) {
            this.state.conflicts[theirs.beneficiary_id] = theirs;
        }
        if (conflicts.length) {
            this.notification.add(
                _t("Somebody else changed the same line. Choose which one is right: nothing is lost."),
                { type: "warning" }
            );
        }
    }

    keepMine(line) {
        const theirs = this.state.conflicts[line.beneficiary_id];
        delete this.state.conflicts[line.beneficiary_id];
        this.change(line, { seen: theirs.seen });
    }

    takeTheirs(line) {
        const { who: _who, when: _when, ...theirs } = this.state.conflicts[line.beneficiary_id];
        delete this.state.conflicts[line.beneficiary_id];
        Object.assign(line, theirs);
        this.changed.delete(line.beneficiary_id);
    }

    // --- what people ask

    async askFor(line) {
        if (await this.save()) {
            await this.action.doAction(
                await this.orm.call("ess.session", "action_new_request", [[this.sessionId]], {
                    beneficiary_id: line.beneficiary_id,
                })
            );
        }
    }

    // --- buttons of the server

    async runAction(name) {
        if (!(await this.save())) {
            return;
        }
        await this.orm.call("ess.session", name, [[this.sessionId]]);
        await this.load();
        await this.props.record.load();
    }

    // --- someone who was not expected

    onSearch(ev) {
        this.state.query = ev.target.value;
        this.searchSoon();
    }

    async find() {
        const query = this.state.query.trim();
        if (query.length < 2) {
            this.state.found = false;
            return;
        }
        const found = await this.orm.call("ess.beneficiary", "name_search", [query], { limit: 8 });
        if (query === this.state.query.trim()) {
            this.state.found = found;
        }
    }

    onSearchKey(ev) {
        if (ev.key === "Enter" && this.state.found?.length) {
            ev.preventDefault();
            this.add(...this.state.found[0]);
        } else if (ev.key === "Escape") {
            this.closeSearch();
        }
    }

    closeSearch() {
        this.state.query = "";
        this.state.found = false;
    }

    add(id, name) {
        this.closeSearch();
        const known = this.state.lines.find((line) => line.beneficiary_id === id);
        if (known) {
            this.setState(known, "present");
            return;
        }
        this.state.lines.push({
            beneficiary_id: id,
            name,
            state: "present",
            minutes: null,
            quantity: 0,
            unit_id: false,
            excuse: false,
            seen: false,
        });
        this.change(this.state.lines.at(-1), {});
    }

    create() {
        const name = this.state.query.trim();
        this.closeSearch();
        this.dialog.add(FormViewDialog, {
            resModel: "ess.beneficiary",
            title: _t("New person"),
            context: Object.fromEntries(
                Object.entries(splitPersonName(name)).map(([field, value]) => [`default_${field}`, value])
            ),
            onRecordSaved: (record) => this.add(record.resId, record.data.display_name || name),
        });
    }

    async onCard(barcode) {
        if (!this.state.canEdit || !(await this.save())) {
            return;
        }
        const answer = await this.orm.call("ess.session", "action_check_in", [[this.sessionId], barcode]);
        this.notification.add(answer.message, { type: answer.status === "ok" ? "success" : "warning" });
        await this.load();
    }

    // --- keyboard

    onRowKey(line, index, ev) {
        if (["INPUT", "SELECT"].includes(ev.target.tagName) || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const key = ev.key.toLowerCase();
        if (KEYS[key]) {
            this.setState(line, KEYS[key]);
            this.focusRow(index + 1);
        } else if (ev.key === "ArrowDown") {
            this.focusRow(index + 1);
        } else if (ev.key === "ArrowUp") {
            this.focusRow(index - 1);
        } else if (key === "m") {
            this.toggle(line);
        } else if (key === "u") {
            this.undo();
        } else if (ev.key === "/") {
            this.search.el?.focus();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    focusRow(index) {
        this.rows.el?.querySelectorAll(".o_ess_grid_row")[index]?.focus();
    }
}

registry.category("view_widgets").add("ess_presence_grid", {
    component: PresenceGrid,
});
