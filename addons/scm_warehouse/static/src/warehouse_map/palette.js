import { _t } from "@web/core/l10n/translation";

/** Light to dark: little to much. Readable in light and dark mode, told apart by the colour-blind. */
const SCALE = ["#e7f0f7", "#b5d4e9", "#7db2d8", "#4a8cc2", "#2166a5", "#0b3d78"];
const FILL = ["#d9efe2", "#8fd0a9", "#3fa873", "#f0b440", "#d9502e"];
const FAR = ["#2f9e6e", "#8ccf8d", "#dbe8a4", "#f3d27a", "#e59a55", "#c4553b"];
const CLASSES = { 3: "#0b3d78", 2: "#4a8cc2", 1: "#b5d4e9", 0: "#eef0f2" };
export const NOTHING = "#eef0f2";
export const LOCKED = "#c4203b";

function mix(scale, share) {
    const at = Math.min(Math.max(share, 0), 1) * (scale.length - 1);
    return scale[Math.round(at)];
}

/** Colour of a value; `high` is where the scale ends. */
export function colourOf(colour, value, high) {
    switch (colour) {
        case "class":
            return CLASSES[value] || NOTHING;
        case "fill":
            if (value === -2) {
                return "#a9b8c6";
            }
            return value < 0 ? NOTHING : mix(FILL, value);
        case "distance":
            return value < 0 ? NOTHING : mix(FAR, high ? value / high : 0);
        case "locked":
            return value ? LOCKED : "#d9e4ea";
        default:
            return value > 0 ? mix(SCALE, high ? Math.sqrt(value / high) : 1) : NOTHING;
    }
}

/** What the colours mean: `{colour, label}` from little to much; `format` makes a figure readable. */
export function legend(colour, high, format) {
    const steps = (scale, share) =>
        scale.map((hex, i) => ({ colour: hex, label: format(share(i / (scale.length - 1))) }));
    switch (colour) {
        case "class":
            return [
                { colour: CLASSES[3], label: "A" },
                { colour: CLASSES[2], label: "B" },
                { colour: CLASSES[1], label: "C" },
                { colour: NOTHING, label: _t("no class") },
            ];
        case "fill":
            return [
                { colour: NOTHING, label: _t("empty") },
                ...FILL.map((hex, i) => ({ colour: hex, label: `${Math.round((i / (FILL.length - 1)) * 100)} %` })),
                { colour: "#a9b8c6", label: _t("used, no limit set") },
            ];
        case "locked":
            return [
                { colour: "#d9e4ea", label: _t("open") },
                { colour: LOCKED, label: _t("locked") },
            ];
        case "distance":
            return [...steps(FAR, (share) => share * high), { colour: NOTHING, label: _t("no way") }];
        default:
            return [{ colour: NOTHING, label: "0" }, ...steps(SCALE, (share) => share * share * high).slice(1)];
    }
}
