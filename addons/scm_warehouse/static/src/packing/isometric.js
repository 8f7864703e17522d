/** Isometric drawing of cuboids: seen from the front right corner above, x to the right front, y to the left front. */

const COS = Math.cos(Math.PI / 6);
const SIN = 0.5;

export function project(x, y, z) {
    return [(x - y) * COS, (x + y) * SIN - z];
}

function points(corners) {
    return corners.map((corner) => project(...corner).map((value) => value.toFixed(2)).join(",")).join(" ");
}

/** The three faces of a cuboid that can be seen: top, right and left. */
export function faces({ x, y, z, length, width, height }) {
    const [x1, y1, z1] = [x + length, y + width, z + height];
    return [
        { side: "left", points: points([[x, y1, z], [x1, y1, z], [x1, y1, z1], [x, y1, z1]]) },
        { side: "right", points: points([[x1, y, z], [x1, y1, z], [x1, y1, z1], [x1, y, z1]]) },
        { side: "top", points: points([[x, y, z1], [x1, y, z1], [x1, y1, z1], [x, y1, z1]]) },
    ];
}

/** Floor and the two walls behind the goods. */
export function walls([length, width, height]) {
    return [
        { side: "floor", points: points([[0, 0, 0], [length, 0, 0], [length, width, 0], [0, width, 0]]) },
        { side: "back", points: points([[0, 0, 0], [length, 0, 0], [length, 0, height], [0, 0, height]]) },
        { side: "side", points: points([[0, 0, 0], [0, width, 0], [0, width, height], [0, 0, height]]) },
    ];
}

/** Edges of the box in front of the goods. */
export function frontEdges([length, width, height]) {
    return [
        [[length, 0, 0], [length, 0, height]],
        [[0, width, 0], [0, width, height]],
        [[length, width, 0], [length, width, height]],
        [[length, 0, height], [length, width, height]],
        [[0, width, height], [length, width, height]],
    ].map((edge) => {
        const [[x1, y1], [x2, y2]] = edge.map((corner) => project(...corner));
        return { x1, y1, x2, y2 };
    });
}

/** viewBox of a box with these edges. */
export function frame([length, width, height], margin = 2) {
    const left = -width * COS - margin;
    const top = -height - margin;
    return [left, top, (length + width) * COS + 2 * margin, (length + width) * SIN + height + 2 * margin]
        .map((value) => value.toFixed(2))
        .join(" ");
}

function isBehind(one, other) {
    const near = 1e-6;
    return (
        one.x + one.length <= other.x + near ||
        one.y + one.width <= other.y + near ||
        one.z + one.height <= other.z + near
    );
}

/** Cuboids in an order in which each may be painted over those before it. */
export function paintOrder(places) {
    const rest = [...places].sort((a, b) => a.x + a.y + a.z - (b.x + b.y + b.z));
    const ordered = [];
    while (rest.length) {
        const free = rest.findIndex((one) => rest.every((other) => other === one || !isBehind(other, one) || isBehind(one, other)));
        ordered.push(...rest.splice(Math.max(free, 0), 1));
    }
    return ordered;
}
