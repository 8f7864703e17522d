import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const CURRENCY = /^[A-Z]{3}$/;
const EMPTY = "–";

/** Digits that a reader can check by hand: fewer the larger the number. */
function digitsOf(value, unit) {
    if (Number.isInteger(value)) {
        return 0;
    }
    const size = Math.abs(value);
    if (CURRENCY.test(unit || "")) {
        return size >= 1000 ? 0 : 2;
    }
    if (size >= 100) {
        return 1;
    }
    return size >= 1 ? 2 : 4;
}

export function formatNumber(value, unit) {
    if (unit === "percent") {
        return formatFloat(value * 100, { digits: [16, 1], trailingZeros: false });
    }
    return formatFloat(value, { digits: [16, digitsOf(value, unit)], trailingZeros: false });
}

/** A value of a why record as a person reads it: number, ISO date, yes or no, or a code with a label. */
export function formatWhyValue(value, unit, labels) {
    if (value === null || value === undefined || value === "") {
        return EMPTY;
    }
    if (typeof value === "boolean") {
        return value ? _t("Yes") : _t("No");
    }
    if (typeof value === "number") {
        return formatNumber(value, unit);
    }
    if (ISO_DATE.test(value)) {
        return formatDate(deserializeDate(value));
    }
    return labels[value] || String(value);
}

/** A note is a code, or a code with values that its label names as %(name)s. */
export function formatNote(note, labels) {
    if (typeof note === "string") {
        return labels[note] || note;
    }
    const values = note.values || {};
    const label = labels[note.code] || note.code;
    return label.replace(/%\((\w+)\)s/g, (match, name) =>
        name in values ? formatWhyValue(values[name], null, labels) : match
    );
}

/** Words instead of codes, ready for the template. */
export function readWhy(why, labels) {
    const word = (code) => (code ? labels[code] || code : "");
    const term = ({ code, value, unit }) => ({
        code,
        label: word(code),
        value: formatWhyValue(value, unit, labels),
        unit: word(unit),
    });
    const day = (text) => (text ? formatWhyValue(text, null, labels) : EMPTY);
    const { from, to } = why.window || {};
    return {
        value: why.value === undefined ? null : formatWhyValue(why.value, why.unit, labels),
        unit: word(why.unit),
        method: word(why.method),
        formula: word(why.formula),
        terms: (why.terms || []).map(term),
        window: from || to ? _t("Data from %(from)s to %(to)s", { from: day(from), to: day(to) }) : "",
        sample: typeof why.sample === "number" ? _t("Sample size: %(count)s", { count: formatNumber(why.sample) }) : "",
        notes: (why.notes || []).map((note) => formatNote(note, labels)),
    };
}
