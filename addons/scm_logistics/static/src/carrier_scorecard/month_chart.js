import { Component } from "@odoo/owl";

const WIDTH = 160;
const HEIGHT = 54;
const TOP = 5;

/** One measure of one carrier over the months: a line with its interval, or bars. All carriers share the scale. */
export class MonthChart extends Component {
    static template = "scm_logistics.MonthChart";
    static props = {
        values: Array,
        low: { type: Array, optional: true },
        high: { type: Array, optional: true },
        floor: Number,
        top: Number,
        bars: { type: Boolean, optional: true },
        texts: Array,
        label: String,
        onMonth: Function,
    };

    setup() {
        this.width = WIDTH;
        this.height = HEIGHT;
    }

    get step() {
        return WIDTH / this.props.values.length;
    }

    x(index) {
        return this.step * (index + 0.5);
    }

    y(value) {
        const span = this.props.top - this.props.floor || 1;
        return TOP + (HEIGHT - TOP - 2) * (1 - (value - this.props.floor) / span);
    }

    get points() {
        return this.props.values
            .map((value, index) => ({ value, index, known: value !== false }))
            .filter((point) => point.known)
            .map((point) => ({ ...point, x: this.x(point.index), y: this.y(point.value) }));
    }

    /** The line is broken where a month has nothing to say. */
    get path() {
        return this.points
            .map((point, place, all) => `${place && all[place - 1].index === point.index - 1 ? "L" : "M"}${point.x.toFixed(1)},${point.y.toFixed(1)}`)
            .join(" ");
    }

    get bands() {
        if (!this.props.low) {
            return [];
        }
        const runs = [];
        for (const point of this.points) {
            const last = runs.at(-1);
            if (last && last.at(-1).index === point.index - 1) {
                last.push(point);
            } else {
                runs.push([point]);
            }
        }
        return runs.map((run) => {
            const upper = run.map((point) => `${point.x.toFixed(1)},${this.y(this.props.high[point.index]).toFixed(1)}`);
            const lower = run.map((point) => `${point.x.toFixed(1)},${this.y(this.props.low[point.index]).toFixed(1)}`).reverse();
            return { key: run[0].index, points: [...upper, ...lower].join(" ") };
        });
    }

    get columns() {
        return this.props.values.map((value, index) => ({
            index,
            x: this.step * index,
            bar: value ? { y: this.y(value), height: Math.max(HEIGHT - 2 - this.y(value), 1.5) } : null,
            text: this.props.texts[index],
            last: index === this.props.values.length - 1,
        }));
    }

    get lastPoint() {
        const last = this.points.at(-1);
        return last && last.index === this.props.values.length - 1 ? last : null;
    }
}
