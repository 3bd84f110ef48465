/**
 * Split what was typed in a search box into a first and a last name, for the form of a
 * new file, where it can still be corrected.
 *
 * “DIALLO Aminata”, “Diallo, Aminata” and “Aminata Diallo” give the same two names; one
 * word alone is a first name: it is what people say first.
 *
 * @param {string} text
 * @returns {{first_name?: string, last_name?: string}}
 */
export function splitPersonName(text) {
    const [before, ...after] = text.split(",").map((part) => part.trim());
    const rest = after.filter(Boolean).join(" ");
    if (before && rest) {
        return { first_name: rest, last_name: before };
    }
    const words = (before || rest || "").split(/\s+/).filter(Boolean);
    if (words.length < 2) {
        return words.length ? { first_name: words[0] } : {};
    }
    const isCapital = (word) =>
        word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase();
    const capitals = words.filter(isCapital);
    if (capitals.length && capitals.length < words.length) {
        return {
            first_name: words.filter((word) => !isCapital(word)).join(" "),
            last_name: capitals.join(" "),
        };
    }
    return { first_name: words[0], last_name: words.slice(1).join(" ") };
}
