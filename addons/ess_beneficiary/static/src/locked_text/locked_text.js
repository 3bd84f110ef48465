import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useState } from "@odoo/owl";
import { canEncrypt, decryptText, encryptText, readEnvelope } from "./memo_crypto";

const MIN_LENGTH = 12;
// For this tab only: gone when it is closed or reloaded. Never stored, never sent.
const memory = { passphrase: "" };

/** Forget the passphrase of this tab. */
export function forgetPassphrase() {
    memory.passphrase = "";
}

/**
 * A text that can be locked with a passphrase. What is typed is encrypted here and
 * only the envelope is given to the record; without lock it is an ordinary text.
 */
export class LockedText extends Component {
    static template = "ess_beneficiary.LockedText";
    static props = {
        ...standardFieldProps,
        placeholder: { type: String, optional: true },
        requiredField: { type: String, optional: true },
        isCompact: { type: Boolean, optional: true },
    };

    setup() {
        this.state = useState({ clear: "", typed: "", again: "", error: "", open: false });
        this.pending = null; // text not yet given to the record
        this.committing = Promise.resolve();
        this.turn = 0; // an opening that ends after a newer one, or a closing, is void
        // another record, or another value: a change discarded gives the former one back
        useRecordObserver((record, props) => {
            const value = record.data[props.name];
            if (record.id !== this.recordId || value !== this.written) {
                this.recordId = record.id;
                return this.load(value, props);
            }
        });
        if (!this.props.isCompact) {
            useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", (event) =>
                event.detail.proms.push(this.commit())
            );
        }
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get isLocked() {
        return Boolean(readEnvelope(this.value));
    }

    get isLockRequired() {
        return Boolean(this.props.record.data[this.props.requiredField]);
    }

    /** Whether what is typed here is encrypted before it leaves. */
    get encrypts() {
        return this.isLocked || this.isLockRequired;
    }

    get canEncrypt() {
        return canEncrypt();
    }

    /** @returns {"plain"|"insecure"|"choose"|"unlock"|"open"} what to show */
    get mode() {
        if (!this.encrypts) {
            return "plain";
        }
        if (!this.canEncrypt) {
            return "insecure";
        }
        if (this.state.open) {
            return "open";
        }
        return this.isLocked ? "unlock" : "choose";
    }

    /** Show another record, opened if the passphrase of the tab opens it. */
    async load(written, props) {
        const value = written || "";
        const turn = ++this.turn;
        this.written = written;
        this.pending = null;
        const isClear = !readEnvelope(value);
        const clear = isClear ? value : "";
        const open = isClear && Boolean(memory.passphrase);
        Object.assign(this.state, { clear, error: "", open });
        if (isClear || props.isCompact || !canEncrypt()) {
            return;
        }
        if (memory.passphrase) {
            try {
                const text = await decryptText(value, memory.passphrase);
                if (turn === this.turn) {
                    Object.assign(this.state, { clear: text, open: true });
                }
            } catch {
                // written with another passphrase: it is asked for
            }
        }
    }

    onInput(event) {
        this.state.clear = event.target.value;
        this.pending = this.state.clear;
        this.tellDirty(true);
    }

    /** Show or hide "unsaved" beside the name of the record. */
    tellDirty(isDirty) {
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", isDirty);
    }

    /** Give the record what was typed; one after the other, encryption takes time. */
    commit() {
        this.committing = this.committing.then(() => this.giveText());
        return this.committing;
    }

    async giveText() {
        const text = this.pending;
        if (text === null) {
            return;
        }
        if (this.encrypts && !memory.passphrase) {
            return; // nothing in clear leaves; the server says what is missing
        }
        this.pending = null;
        const value =
            text && this.encrypts ? await encryptText(text, memory.passphrase) : text;
        this.written = value || false;
        await this.props.record.update({ [this.props.name]: value || false });
        if (this.pending === null) {
            // from here on the record itself knows whether it differs from what is saved
            this.tellDirty(false);
        }
    }

    onPassphraseKey(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            event.stopPropagation();
            return this.mode === "unlock" ? this.unlock() : this.choose();
        }
    }

    async unlock() {
        try {
            this.state.clear = await decryptText(this.value, this.state.typed);
        } catch {
            this.state.error = _t(
                "This is not the passphrase of this text. Without it nobody can read " +
                    "the text, the administrator included."
            );
            return;
        }
        this.open();
    }

    /** Choose the passphrase of a text not yet locked. */
    choose() {
        if (this.state.typed.length < MIN_LENGTH) {
            this.state.error = _t("Take at least 12 characters: four words, for example.");
            return;
        }
        if (this.state.typed !== this.state.again) {
            this.state.error = _t("The two passphrases differ.");
            return;
        }
        this.open();
        this.pending = this.state.clear || null;
        if (this.pending) {
            this.tellDirty(true); // still in clear on the server until it is saved
        }
    }

    open() {
        memory.passphrase = this.state.typed;
        Object.assign(this.state, { typed: "", again: "", error: "", open: true });
    }

    async forget() {
        await this.commit();
        this.turn++;
        forgetPassphrase();
        Object.assign(this.state, { clear: "", open: false });
    }
}

export const lockedText = {
    component: LockedText,
    displayName: _t("Text that can be locked"),
    supportedTypes: ["text"],
    extractProps({ attrs, options, viewType }, dynamicInfo) {
        return {
            readonly: dynamicInfo.readonly,
            placeholder: attrs.placeholder,
            requiredField: options.required_field,
            isCompact: viewType !== "form",
        };
    },
};

registry.category("fields").add("ess_locked_text", lockedText);
