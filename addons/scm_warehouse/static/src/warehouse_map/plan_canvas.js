import { Component, onMounted, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { bounds, cellSize } from "./plan_geometry";
import { colourOf, LOCKED } from "./palette";

const MAX_SCALE = 120; // pixels per metre
const ZOOM_STEP = 1.35;
const CLICK_PIXELS = 5;

/**
 * The plan on a canvas: it draws 20,000 cells in one frame. Wheel or two fingers zoom, dragging moves, a click picks.
 * Of all levels at one spot each is a strip of the cell, the lowest one at the left (below where aisles run along x).
 */
export class PlanCanvas extends Component {
    static template = "scm_warehouse.PlanCanvas";
    static props = {
        data: Object,
        colour: String,
        high: Number,
        level: [Number, { value: "all" }],
        selected: [Number, { value: false }],
        onSelect: Function,
        onHover: Function,
        onReady: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        this.box = useRef("box");
        this.pointers = new Map();
        this.observer = new ResizeObserver(() => this.resize());
        onMounted(() => {
            this.props.onReady(this);
            this.observer.observe(this.box.el);
            this.box.el.addEventListener("wheel", this.onWheel, { passive: false });
        });
        onWillUnmount(() => {
            this.observer.disconnect();
            cancelAnimationFrame(this.frame);
        });
        useEffect(
            () => {
                this.measure();
                this.fit();
            },
            () => [this.props.data.places]
        );
        useEffect(
            () => this.draw(),
            () => [this.props.colour, this.props.high, this.props.level, this.props.selected, this.props.data.places.value]
        );
    }

    // Geometry

    /** Cells: where, how large, and which strip of its spot each place has. */
    measure() {
        const { places, axis, docks } = this.props.data;
        this.size = cellSize(places, axis);
        this.world = bounds(places, docks, this.size);
        this.levels = [...new Set(places.level)].sort((a, b) => a - b);
        this.rank = new Map(this.levels.map((level, i) => [level, i]));
    }

    /** Rectangle of a place in metres: [left, bottom, width, height]. */
    cell(i) {
        const { places, axis } = this.props.data;
        const { width, height } = this.size;
        const [left, bottom] = [places.x[i] - width / 2, places.y[i] - height / 2];
        if (this.props.level !== "all" || this.levels.length === 1) {
            return [left, bottom, width, height];
        }
        const [strip, at] = [1 / this.levels.length, this.rank.get(places.level[i])];
        return axis === "x"
            ? [left, bottom + height * strip * at, width, height * strip]
            : [left + width * strip * at, bottom, width * strip, height];
    }

    isShown(i) {
        return this.props.level === "all" || this.props.data.places.level[i] === this.props.level;
    }

    toScreen(x, y) {
        return [(x - this.origin.x) * this.scale, this.pixels.height - (y - this.origin.y) * this.scale];
    }

    toWorld(px, py) {
        return [px / this.scale + this.origin.x, (this.pixels.height - py) / this.scale + this.origin.y];
    }

    // View

    resize() {
        const { width, height } = this.box.el.getBoundingClientRect();
        const ratio = window.devicePixelRatio || 1;
        const first = !this.pixels;
        this.pixels = { width, height };
        this.canvas.el.width = Math.round(width * ratio);
        this.canvas.el.height = Math.round(height * ratio);
        if (first || !this.touched) {
            this.fit();
        } else {
            this.draw();
        }
    }

    fit() {
        if (!this.pixels || !this.world) {
            return;
        }
        const { left, right, bottom, top } = this.world;
        this.scale = Math.min(this.pixels.width / (right - left), this.pixels.height / (top - bottom), 40);
        this.least = this.scale / 2;
        this.center((left + right) / 2, (bottom + top) / 2);
        this.touched = false;
    }

    center(x, y) {
        this.origin = { x: x - this.pixels.width / this.scale / 2, y: y - this.pixels.height / this.scale / 2 };
        this.draw();
    }

    /** Show one place in the middle, near enough to read its name. */
    goTo(i) {
        this.touched = true;
        this.scale = Math.max(this.scale, Math.min(46 / Math.min(this.size.width, this.size.height), MAX_SCALE / 2));
        this.center(this.props.data.places.x[i], this.props.data.places.y[i]);
    }

    zoom(factor, px = this.pixels.width / 2, py = this.pixels.height / 2) {
        const [x, y] = this.toWorld(px, py);
        this.touched = true;
        this.scale = Math.min(Math.max(this.scale * factor, this.least), MAX_SCALE);
        this.origin = { x: x - px / this.scale, y: y - (this.pixels.height - py) / this.scale };
        this.draw();
    }

    zoomIn() {
        this.zoom(ZOOM_STEP);
    }

    zoomOut() {
        this.zoom(1 / ZOOM_STEP);
    }

    // Pointer

    onWheel = (ev) => {
        ev.preventDefault();
        const { left, top } = this.box.el.getBoundingClientRect();
        this.zoom(Math.exp(-ev.deltaY / 400), ev.clientX - left, ev.clientY - top);
    };

    at(ev) {
        const { left, top } = this.box.el.getBoundingClientRect();
        return [ev.clientX - left, ev.clientY - top];
    }

    onDown(ev) {
        this.canvas.el.setPointerCapture(ev.pointerId);
        this.pointers.set(ev.pointerId, this.at(ev));
        this.moved = this.pointers.size > 1 ? Infinity : 0;
    }

    onMove(ev) {
        const to = this.at(ev);
        const from = this.pointers.get(ev.pointerId);
        if (!from) {
            const i = this.hit(...to);
            this.canvas.el.style.cursor = i === false ? "grab" : "pointer";
            this.props.onHover(i, to[0], to[1]);
            return;
        }
        if (this.pointers.size === 2) {
            const [other] = [...this.pointers].filter(([id]) => id !== ev.pointerId).map(([, point]) => point);
            const before = Math.hypot(from[0] - other[0], from[1] - other[1]);
            const after = Math.hypot(to[0] - other[0], to[1] - other[1]);
            this.zoom(after / (before || 1), (to[0] + other[0]) / 2, (to[1] + other[1]) / 2);
        } else {
            this.moved += Math.hypot(to[0] - from[0], to[1] - from[1]);
            this.touched = true;
            this.origin.x -= (to[0] - from[0]) / this.scale;
            this.origin.y += (to[1] - from[1]) / this.scale;
            this.draw();
        }
        this.pointers.set(ev.pointerId, to);
        this.props.onHover(false, 0, 0);
    }

    onUp(ev) {
        if (this.pointers.delete(ev.pointerId) && this.moved < CLICK_PIXELS) {
            this.props.onSelect(this.hit(...this.at(ev)));
        }
    }

    onLeave() {
        this.props.onHover(false, 0, 0);
    }

    /** Place under a point of the screen, or false. */
    hit(px, py) {
        const [x, y] = this.toWorld(px, py);
        const { places } = this.props.data;
        for (let i = 0; i < places.id.length; i++) {
            if (Math.abs(places.x[i] - x) <= this.size.width && Math.abs(places.y[i] - y) <= this.size.height && this.isShown(i)) {
                const [left, bottom, width, height] = this.cell(i);
                if (x >= left && x < left + width && y >= bottom && y < bottom + height) {
                    return i;
                }
            }
        }
        return false;
    }

    // Drawing

    draw() {
        if (this.pixels && this.origin) {
            cancelAnimationFrame(this.frame);
            this.frame = requestAnimationFrame(() => this.paint());
        }
    }

    paint() {
        const pen = this.canvas.el?.getContext("2d");
        if (!pen) {
            return;
        }
        const ratio = window.devicePixelRatio || 1;
        const style = getComputedStyle(this.box.el);
        this.ink = style.color;
        this.font = style.fontFamily;
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.clearRect(0, 0, this.pixels.width, this.pixels.height);
        this.paintFloor(pen);
        this.paintCells(pen);
        this.paintLanes(pen);
        this.paintDocks(pen);
    }

    paintFloor(pen) {
        pen.strokeStyle = "rgba(128, 140, 155, 0.22)";
        pen.lineCap = "round";
        pen.lineWidth = Math.max(1.6 * this.scale, 2);
        for (const line of this.props.data.crosses) {
            pen.beginPath();
            line.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](...this.toScreen(x, y)));
            pen.stroke();
        }
    }

    paintCells(pen) {
        const { places } = this.props.data;
        const gap = this.scale > 8 ? 1 : 0;
        const [low, high] = [this.toWorld(0, this.pixels.height), this.toWorld(this.pixels.width, 0)];
        const named = [];
        for (let i = 0; i < places.id.length; i++) {
            const [left, bottom, width, height] = this.cell(i);
            if (!this.isShown(i) || left > high[0] || left + width < low[0] || bottom > high[1] || bottom + height < low[1]) {
                continue;
            }
            const [px, py] = this.toScreen(left, bottom + height);
            const [w, h] = [Math.max(width * this.scale - gap, 0.8), Math.max(height * this.scale - gap, 0.8)];
            pen.fillStyle = colourOf(this.props.colour, places.value[i], this.props.high);
            pen.fillRect(px, py, w, h);
            if (places.locked[i] && this.props.colour !== "locked") {
                pen.strokeStyle = LOCKED;
                pen.lineWidth = 2;
                pen.strokeRect(px + 1, py + 1, w - 2, h - 2);
            }
            if (w > 44 && h > 16) {
                named.push([i, px + w / 2, py + h / 2]);
            }
            if (this.props.selected === places.id[i]) {
                this.chosen = [px, py, w, h];
            }
        }
        this.paintNames(pen, named);
        this.paintChosen(pen);
    }

    paintNames(pen, named) {
        pen.font = `11px ${this.font}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        for (const [i, px, py] of named) {
            const background = colourOf(this.props.colour, this.props.data.places.value[i], this.props.high);
            const light = [1, 3, 5].reduce((sum, at) => sum + parseInt(background.slice(at, at + 2), 16), 0) > 380;
            pen.fillStyle = light ? "#1f2937" : "#ffffff";
            pen.fillText(this.props.data.places.name[i], px, py);
        }
    }

    paintChosen(pen) {
        if (this.chosen) {
            const [px, py, w, h] = this.chosen;
            pen.strokeStyle = "#ffffff";
            pen.lineWidth = 5;
            pen.strokeRect(px - 2, py - 2, w + 4, h + 4);
            pen.strokeStyle = "#e5781e";
            pen.lineWidth = 3;
            pen.strokeRect(px - 2, py - 2, w + 4, h + 4);
            this.chosen = undefined;
        }
    }

    paintLanes(pen) {
        const { lanes, axis } = this.props.data;
        pen.font = `600 13px ${this.font}`;
        pen.fillStyle = this.ink;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        const signs = { up: axis === "x" ? "→" : "↑", down: axis === "x" ? "←" : "↓", closed: "✕" };
        let last = -Infinity;
        for (const lane of lanes) {
            const [x, y] = lane.ends[1];
            const off = (axis === "x" ? this.size.width : this.size.height) / 2 + 12 / this.scale;
            const [px, py] = this.toScreen(axis === "x" ? x + off : x, axis === "x" ? y : y + off);
            const text = [lane.name, signs[lane.direction]].filter(Boolean).join(" ");
            const [from, room] = axis === "x" ? [-py, 16] : [px, pen.measureText(text).width + 8];
            if (from - room / 2 > last) {
                pen.fillText(text, px, py);
                last = from + room / 2;
            }
        }
    }

    paintDocks(pen) {
        for (const dock of this.props.data.docks) {
            const [px, py] = this.toScreen(dock.x, dock.y);
            pen.beginPath();
            pen.moveTo(px, py - 9);
            pen.lineTo(px + 9, py);
            pen.lineTo(px, py + 9);
            pen.lineTo(px - 9, py);
            pen.closePath();
            pen.fillStyle = dock.kind === "assumed" ? "#9aa5b1" : "#e5781e";
            pen.fill();
            pen.font = `12px ${this.font}`;
            pen.textAlign = "center";
            pen.textBaseline = "top";
            pen.fillStyle = this.ink;
            pen.fillText(dock.label, px, py + 13);
        }
    }
}
