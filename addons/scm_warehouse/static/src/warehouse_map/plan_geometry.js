/** Sizes of the cells of a plan, from how close the places lie. Pure functions: nothing here knows the screen. */

/** Smallest step between values, those nearer than `tolerance` taken as one; `fallback` for a single one. */
function smallestStep(values, tolerance, fallback) {
    const sorted = [...new Set(values.map((value) => Math.round(value / tolerance)))].sort((a, b) => a - b);
    let step = Infinity;
    for (let i = 1; i < sorted.length; i++) {
        step = Math.min(step, sorted[i] - sorted[i - 1]);
    }
    return step === Infinity ? fallback : step * tolerance;
}

/** Typical step along the aisles: the median, because a gap in a rack is no bay. */
function typicalStep(values, fallback) {
    const sorted = [...new Set(values.map((value) => Math.round(value * 100)))].sort((a, b) => a - b);
    const steps = sorted.slice(1).map((value, i) => value - sorted[i]).filter((step) => step > 10);
    steps.sort((a, b) => a - b);
    return steps.length ? steps[Math.floor(steps.length / 2)] / 100 : fallback;
}

/**
 * Width and depth of a cell in metres, x and y.
 *
 * @param {{x: number[], y: number[]}} places
 * @param {"x"|"y"} axis on which the aisles run
 */
export function cellSize(places, axis) {
    const [across, along] = axis === "x" ? [places.y, places.x] : [places.x, places.y];
    const wide = Math.min(Math.max(smallestStep(across, 0.5, 3) * 0.7, 0.7), 3);
    const long = Math.min(Math.max(typicalStep(along, 2.4) * 0.9, 0.4), 6);
    return axis === "x" ? { width: long, height: wide } : { width: wide, height: long };
}

/** The rectangle that holds everything, in metres, with a margin. */
export function bounds(places, docks, size) {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    const add = (x, y) => {
        left = Math.min(left, x);
        right = Math.max(right, x);
        bottom = Math.min(bottom, y);
        top = Math.max(top, y);
    };
    places.x.forEach((x, i) => add(x, places.y[i]));
    docks.forEach((dock) => add(dock.x, dock.y));
    const margin = Math.max(size.width, size.height) + 1;
    return { left: left - margin, right: right + margin, bottom: bottom - margin, top: top + margin };
}

/**
 * The value under which 98 % of the positive values lie, so that one giant does not make all others pale.
 */
export function highValue(values) {
    const positive = values.filter((value) => value > 0).sort((a, b) => a - b);
    return positive.length ? positive[Math.min(Math.floor(positive.length * 0.98), positive.length - 1)] : 0;
}
