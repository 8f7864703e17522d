import { deserializeDateTime } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";
import { Component } from "@odoo/owl";

const WIDTH = 1000;
const HEIGHT = 260;
const TOP = 10;
const BOTTOM = 24;

/** The hours of an event: what was expected, what came, and where it will end. */
export class EventChart extends Component {
    static template = "scm_analytics.EventChart";
    static props = {
        hours: { type: Object },
        mode: { type: String },
        start: { type: String },
        hour: { type: Number },
        length: { type: Number },
        label: { type: String },
    };

    get box() {
        return `0 0 ${WIDTH} ${HEIGHT}`;
    }

    sums(values) {
        let sum = 0;
        return values.map((value) => (sum += value));
    }

    get expected() {
        const { expected } = this.props.hours;
        return this.props.mode === "sum" ? this.sums(expected) : expected;
    }

    get actual() {
        const { actual } = this.props.hours;
        return this.props.mode === "sum" ? this.sums(actual) : actual;
    }

    get projected() {
        return this.props.mode === "sum" ? this.props.hours.projected : null;
    }

    get top() {
        const high = this.projected ? this.projected.high : [];
        return this.nice(Math.max(...this.expected, ...this.actual, ...high, 1e-9));
    }

    /** The next round number above a value. */
    nice(value) {
        const power = 10 ** Math.floor(Math.log10(value));
        return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value) * power;
    }

    x(hour) {
        return (hour / Math.max(this.props.length, 1)) * WIDTH;
    }

    y(value) {
        return TOP + (1 - value / this.top) * (HEIGHT - TOP - BOTTOM);
    }

    points(values, first) {
        return values.map((value, index) => `${this.x(first + index).toFixed(1)} ${this.y(value).toFixed(1)}`);
    }

    /** Sums are known at the end of an hour and begin at 0; a single hour is drawn in its middle. */
    line(values) {
        const points = this.props.mode === "sum" ? this.points([0, ...values], 0) : this.points(values, 0.5);
        return points.length ? `M${points.join("L")}` : "";
    }

    get expectedArea() {
        return `${this.line(this.expected)}L${this.x(this.props.length).toFixed(1)} ${this.y(0)}L0 ${this.y(0)}Z`;
    }

    get now() {
        return this.x(this.props.hour).toFixed(1);
    }

    get isRunning() {
        return this.props.hour < this.props.length;
    }

    get projectionStart() {
        const sold = this.actual.length ? this.actual[this.actual.length - 1] : 0;
        return `${this.now} ${this.y(sold).toFixed(1)}`;
    }

    get projectionLine() {
        const points = this.points(this.projected.mean, Math.ceil(this.props.hour) + 1);
        return `M${[this.projectionStart, ...points].join("L")}`;
    }

    get projectionBand() {
        const first = Math.ceil(this.props.hour) + 1;
        const low = this.points(this.projected.low, first);
        const high = this.points(this.projected.high, first).reverse();
        return `M${[this.projectionStart, ...low, ...high].join("L")}Z`;
    }

    get grid() {
        return [0, 0.25, 0.5, 0.75, 1].map((part) => ({ y: this.y(part * this.top), value: part * this.top }));
    }

    text(value) {
        const short = value >= 10000;
        return formatFloat(value, { digits: [16, value && value < 10 ? 1 : 0], humanReadable: short, decimals: short ? 2 : 0 });
    }

    /** Days, or of a short event every sixth hour. */
    get ticks() {
        const days = this.props.length / 24;
        const step = days > 14 ? 72 : days > 3 ? 24 : 6;
        const start = deserializeDateTime(this.props.start, { tz: "utc" }).setZone("utc");
        const ticks = [];
        for (let hour = 0; hour < this.props.length; hour += step) {
            const at = start.plus({ hours: hour });
            ticks.push({ x: this.x(hour), label: at.hour && step < 24 ? at.toFormat("HH:mm") : at.toFormat("dd LLL") });
        }
        return ticks;
    }
}
