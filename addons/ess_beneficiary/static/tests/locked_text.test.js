import { beforeEach, expect, getFixture, test } from "@odoo/hoot";
import { queryAll, waitFor, waitUntil } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { forgetPassphrase } from "@ess_beneficiary/locked_text/locked_text";
import {
    decryptText,
    encryptText,
    engine,
    ITERATIONS,
    readEnvelope,
    WrongPassphrase,
} from "@ess_beneficiary/locked_text/memo_crypto";

const PASSPHRASE = "quatre mots bien à moi";
const TEXT = "Rappeler sa sœur — 06…\nDemain.";

class Memo extends models.Model {
    _name = "test.memo";
    text = fields.Text({ string: "Text" });
    is_required = fields.Boolean({ string: "Lock" });
    _records = [{ id: 1, text: "In clear", is_required: false }];
}

defineMailModels();
defineModels([Memo]);
beforeEach(async () => {
    forgetPassphrase();
    // the test framework replaces encryption by a mock: take that of a bare frame
    const frame = document.createElement("iframe");
    getFixture().appendChild(frame);
    const real = frame.contentWindow.crypto;
    patchWithCleanup(engine, {
        get crypto() {
            return real;
        },
    });
});

const ARCH = `<form>
    <field name="is_required" invisible="1"/>
    <field name="text" widget="ess_locked_text"
        options="{'required_field': 'is_required'}"/>
</form>`;

test("what was encrypted is read again with the same passphrase", async () => {
    const envelope = await encryptText(TEXT, PASSPHRASE);
    expect(envelope).not.toInclude("sœur");
    expect(readEnvelope(envelope).iterations).toBe(ITERATIONS);
    expect(ITERATIONS).toBeGreaterThan(309999);
    expect(await decryptText(envelope, PASSPHRASE)).toBe(TEXT);
    // accents composed or not: the same passphrase
    expect(await decryptText(envelope, PASSPHRASE.normalize("NFD"))).toBe(TEXT);
});

test("a wrong passphrase and an altered envelope open nothing", async () => {
    const envelope = await encryptText(TEXT, PASSPHRASE);
    await expect(decryptText(envelope, "another one")).rejects.toThrow(WrongPassphrase);
    const altered = JSON.parse(envelope);
    altered.data = altered.data.replace(/^./, (char) => (char === "A" ? "B" : "A"));
    await expect(decryptText(JSON.stringify(altered), PASSPHRASE)).rejects.toThrow(
        WrongPassphrase
    );
    await expect(decryptText("In clear", PASSPHRASE)).rejects.toThrow(WrongPassphrase);
});

test("salt and initial value are new each time", async () => {
    const [first, second] = [
        JSON.parse(await encryptText(TEXT, PASSPHRASE)),
        JSON.parse(await encryptText(TEXT, PASSPHRASE)),
    ];
    expect(first.salt).not.toBe(second.salt);
    expect(first.iv).not.toBe(second.iv);
    expect(first.data).not.toBe(second.data);
});

test("too few iterations, or more keys, are no envelope", async () => {
    const envelope = JSON.parse(await encryptText(TEXT, PASSPHRASE));
    expect(readEnvelope(JSON.stringify({ ...envelope, iterations: 1000 }))).toBe(null);
    expect(readEnvelope(JSON.stringify({ ...envelope, note: "x" }))).toBe(null);
    expect(readEnvelope(false)).toBe(null);
});

test("without lock it is an ordinary text", async () => {
    onRpc("test.memo", "web_save", ({ args }) => {
        expect.step(args[1].text);
    });
    await mountView({ type: "form", resModel: "test.memo", resId: 1, arch: ARCH });
    expect("textarea").toHaveValue("In clear");
    await contains("textarea").edit("Changed");
    await contains(".o_form_button_save").click();
    expect.verifySteps(["Changed"]);
});

test("only the envelope is sent", async () => {
    Memo._records = [{ id: 1, text: false, is_required: true }];
    onRpc("test.memo", "web_save", ({ args }) => {
        expect.step("save");
        expect(args[1].text).not.toInclude("sœur");
        expect(readEnvelope(args[1].text)).not.toBe(null);
    });
    await mountView({ type: "form", resModel: "test.memo", resId: 1, arch: ARCH });
    expect("textarea").toHaveCount(0);
    await contains(".o_ess_passphrase").edit("short", { confirm: false });
    await contains(".o_ess_choose_button").click();
    expect(".o_ess_locked_error").toHaveCount(1);
    await contains(".o_ess_passphrase").edit(PASSPHRASE, { confirm: false });
    await contains(".o_ess_passphrase_again").edit(PASSPHRASE, { confirm: false });
    await contains(".o_ess_choose_button").click();
    await contains("textarea").edit(TEXT, { confirm: false });
    await contains(".o_form_button_save").click();
    await expect.waitForSteps(["save"]);
    expect(Object.values(localStorage).join()).not.toInclude(PASSPHRASE);
});

// deriving a key takes its time, on purpose
const LONG = { timeout: 5000 };
const SAVED = ".o_form_status_indicator_buttons.invisible";

/** Encrypt a text, show its record, and open it with the passphrase. */
async function mountUnlocked() {
    const envelope = await encryptText(TEXT, PASSPHRASE);
    Memo._records = [{ id: 1, text: envelope, is_required: true }];
    await mountView({ type: "form", resModel: "test.memo", resId: 1, arch: ARCH });
    expect("textarea").toHaveCount(0);
    await contains(".o_ess_passphrase").edit(PASSPHRASE, { confirm: false });
    await contains(".o_ess_unlock_button").click();
    await waitFor("textarea", LONG);
    expect("textarea").toHaveValue(TEXT);
    return envelope;
}

test("a text that was only unlocked is not unsaved", async () => {
    onRpc("test.memo", "web_save", () => expect.step("save"));
    await mountUnlocked();
    expect(SAVED).toHaveCount(1);
    expect.verifySteps([]);
});

test("once saved, a locked text is no longer unsaved", async () => {
    let sent;
    onRpc("test.memo", "web_save", ({ args }) => {
        sent = args[1].text;
        expect.step("save");
    });
    const envelope = await mountUnlocked();
    await contains("textarea").edit("Changed", { confirm: false });
    expect(SAVED).toHaveCount(0);
    await contains(".o_form_button_save").click();
    await expect.waitForSteps(["save"]);
    await waitFor(SAVED, LONG);
    expect("textarea").toHaveValue("Changed");
    expect(sent).not.toBe(envelope);
    expect(await decryptText(sent, PASSPHRASE)).toBe("Changed");
});

test("discarding brings the saved text back", async () => {
    onRpc("test.memo", "web_save", () => expect.step("save"));
    await mountUnlocked();
    await contains("textarea").edit("Changed", { confirm: false });
    await contains(".o_form_button_cancel").click();
    await waitFor(SAVED, LONG);
    await waitUntil(() => queryAll("textarea")[0]?.value === TEXT, LONG);
    expect.verifySteps([]);
});

test("forgetting the passphrase closes the text and loses nothing", async () => {
    await mountUnlocked();
    await contains("textarea").edit("Changed", { confirm: false });
    await contains(".o_ess_forget").click();
    await waitFor(".o_ess_unlock_button", LONG);
    expect("textarea").toHaveCount(0);
    expect(SAVED).toHaveCount(0);
    await contains(".o_ess_passphrase").edit(PASSPHRASE, { confirm: false });
    await contains(".o_ess_unlock_button").click();
    await waitFor("textarea:value(Changed)", LONG);
});
