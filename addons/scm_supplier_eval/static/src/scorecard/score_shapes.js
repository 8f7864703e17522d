import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const TURN = 2 * Math.PI;

/** Colour of a score: that of the grade it would have. */
export function scoreColor(score, bands) {
    const band = (bands || []).find((each) => score >= each.from && score < each.to) || (bands || []).at(-1);
    return band ? band.color : "#6c757d";
}

/** A score as an arc of a circle, with the number in it. */
export class ScoreRing extends Component {
    static template = "scm_supplier_eval.ScoreRing";
    static props = { score: { optional: true }, color: String, size: { type: Number, optional: true } };
    static defaultProps = { size: 96 };

    get known() {
        return this.props.score !== false && this.props.score !== undefined;
    }

    get dash() {
        const round = TURN * 42;
        return `${(round * Math.max(0, Math.min(100, this.props.score))) / 100} ${round}`;
    }
}

/** Areas as a radar: this card, the one before, comparable suppliers. */
export class ScoreRadar extends Component {
    static template = "scm_supplier_eval.ScoreRadar";
    static props = { areas: Array, color: String, onArea: { type: Function, optional: true } };

    setup() {
        this.rings = [25, 50, 75, 100];
    }

    point(index, score) {
        const angle = (TURN * index) / this.props.areas.length - TURN / 4;
        return [150 + 0.95 * score * Math.cos(angle), 124 + 0.95 * score * Math.sin(angle)];
    }

    ring(score) {
        return this.props.areas.map((_area, index) => this.point(index, score).map((x) => x.toFixed(1)).join(",")).join(" ");
    }

    /** Areas without data do not pull the shape to the middle: they are left out of it. */
    shape(name) {
        return this.props.areas
            .map((area, index) => (area[name] === false ? null : this.point(index, area[name])))
            .filter(Boolean)
            .map((point) => point.map((x) => x.toFixed(1)).join(","))
            .join(" ");
    }

    has(name) {
        return this.props.areas.filter((area) => area[name] !== false).length > 2;
    }

    get dots() {
        return this.props.areas
            .map((area, index) => ({ area, index, place: area.score === false ? null : this.point(index, area.score) }))
            .filter((dot) => dot.place);
    }

    get labels() {
        return this.props.areas.map((area, index) => {
            const [x, y] = this.point(index, 113);
            return { area, x, y: y + 4, anchor: Math.abs(x - 150) < 12 ? "middle" : x < 150 ? "end" : "start", value: area.score === false ? "–" : Math.round(area.score) };
        });
    }
}

/** Totals over the periods, on the colours of the grades. */
export class ScoreHistory extends Component {
    static template = "scm_supplier_eval.ScoreHistory";
    static props = { history: Array, bands: Array, current: Number, onCard: Function };

    setup() {
        this.width = 480;
        this.height = 262;
        this.pad = { left: 30, right: 40, top: 14, bottom: 26 };
    }

    y(score) {
        return this.pad.top + ((100 - score) * (this.height - this.pad.top - this.pad.bottom)) / 100;
    }

    x(index) {
        const count = Math.max(this.props.history.length - 1, 1);
        const room = this.width - this.pad.left - this.pad.right;
        return this.props.history.length === 1 ? this.pad.left + room / 2 : this.pad.left + 22 + ((room - 44) * index) / count;
    }

    get zones() {
        return this.props.bands.map((band) => ({ ...band, y: this.y(band.to), height: this.y(band.from) - this.y(band.to), middle: (this.y(band.to) + this.y(band.from)) / 2 + 4 }));
    }

    get points() {
        return this.props.history.map((card, index) => ({ ...card, index, known: card.total !== false, x: this.x(index), y: card.total === false ? 0 : this.y(card.total) }));
    }

    get path() {
        const known = this.points.filter((point) => point.known);
        return known.map((point, index) => `${index ? "L" : "M"}${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(" ");
    }

    label(point) {
        return point.total === false ? _t("%s: not enough data", point.label) : `${point.label}: ${point.total.toFixed(1)}`;
    }
}

/** A few totals as a small line. */
export class ScoreSpark extends Component {
    static template = "scm_supplier_eval.ScoreSpark";
    static props = { values: Array, color: String };

    get points() {
        const values = this.props.values;
        const low = Math.min(...values, 100) - 4;
        const span = Math.max(Math.max(...values) + 4 - low, 12);
        return values.map((value, index) => [4 + (72 * index) / Math.max(values.length - 1, 1), 22 - (18 * (value - low)) / span]);
    }

    get path() {
        return this.points.map((point) => point.map((x) => x.toFixed(1)).join(",")).join(" ");
    }
}
