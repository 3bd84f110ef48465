/**
 * Encryption of a text with a passphrase, in the browser only (WebCrypto): PBKDF2 with
 * SHA-256 makes a key of 256 bits, AES-GCM encrypts and tells any alteration. The
 * server checks the shape of the envelope (tools/memo_envelope.py) and has no key.
 */
const FORMAT = "ess-memo-1";
const KEYS = ["data", "format", "iterations", "iv", "salt"];
// OWASP Password Storage Cheat Sheet (2023) for PBKDF2-HMAC-SHA256.
export const ITERATIONS = 600000;
const MIN_ITERATIONS = 310000;
const MAX_ITERATIONS = 10000000;

/** Where the browser's own encryption is; an object, so that tests can find it. */
export const engine = {
    get crypto() {
        return globalThis.crypto;
    },
};

export class WrongPassphrase extends Error {}

/** @returns {boolean} whether this browser can encrypt here (HTTPS or this machine) */
export function canEncrypt() {
    return Boolean(engine.crypto && engine.crypto.subtle);
}

function toBase64(bytes) {
    let text = "";
    for (const byte of bytes) {
        text += String.fromCharCode(byte);
    }
    return btoa(text);
}

function fromBase64(text) {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/**
 * @param {string|false} text
 * @returns {Object|null} the envelope, or null when the text is in clear
 */
export function readEnvelope(text) {
    try {
        const envelope = JSON.parse(text || "");
        const keys = Object.keys(envelope).sort();
        const isOne =
            envelope.format === FORMAT &&
            keys.join() === KEYS.join() &&
            Number.isInteger(envelope.iterations) &&
            envelope.iterations >= MIN_ITERATIONS &&
            envelope.iterations <= MAX_ITERATIONS;
        return isOne ? envelope : null;
    } catch {
        return null;
    }
}

async function deriveKey(passphrase, salt, iterations) {
    const material = await engine.crypto.subtle.importKey(
        "raw",
        // the same accents typed on two keyboards give the same key
        new TextEncoder().encode(passphrase.normalize("NFKC")),
        "PBKDF2",
        false,
        ["deriveKey"]
    );
    return engine.crypto.subtle.deriveKey(
        { name: "PBKDF2", hash: "SHA-256", salt, iterations },
        material,
        { name: "AES-GCM", length: 256 },
        false,
        ["encrypt", "decrypt"]
    );
}

/**
 * @param {string} text in clear
 * @param {string} passphrase
 * @returns {Promise<string>} the envelope to store, with a new salt and initial value
 */
export async function encryptText(text, passphrase) {
    const salt = engine.crypto.getRandomValues(new Uint8Array(16));
    const iv = engine.crypto.getRandomValues(new Uint8Array(12));
    const key = await deriveKey(passphrase, salt, ITERATIONS);
    const data = await engine.crypto.subtle.encrypt(
        { name: "AES-GCM", iv },
        key,
        new TextEncoder().encode(text)
    );
    return JSON.stringify({
        format: FORMAT,
        iterations: ITERATIONS,
        salt: toBase64(salt),
        iv: toBase64(iv),
        data: toBase64(new Uint8Array(data)),
    });
}

/**
 * @param {string} text the stored envelope
 * @param {string} passphrase
 * @returns {Promise<string>} the text in clear
 * @throws {WrongPassphrase} also when the envelope was altered
 */
export async function decryptText(text, passphrase) {
    const envelope = readEnvelope(text);
    if (!envelope) {
        throw new WrongPassphrase();
    }
    try {
        const salt = fromBase64(envelope.salt);
        const key = await deriveKey(passphrase, salt, envelope.iterations);
        const data = await engine.crypto.subtle.decrypt(
            { name: "AES-GCM", iv: fromBase64(envelope.iv) },
            key,
            fromBase64(envelope.data)
        );
        return new TextDecoder().decode(data);
    } catch {
        throw new WrongPassphrase();
    }
}
