import { Component } from "@odoo/owl";
import { formatFloat } from "@web/views/fields/formatters";

const SHOWN = 3;

/** Containers drawn to scale of their fill, and a bar for each measure; the one that limits stands out. */
export class ContainerFill extends Component {
    static template = "scm_planning.ContainerFill";
    static props = { container: Object };

    /** Containers to draw: full ones first, the last one as far as it is filled; many are shortened to a number. */
    get boxes() {
        const { count, fill } = this.props.container;
        const total = Math.max(count, 1);
        const load = (total * fill) / 100;
        const boxes = Array.from({ length: total }, (_, index) => Math.min(Math.max(load - index, 0), 1));
        return boxes.slice(-SHOWN).map((share, index) => ({ index, share, width: 176 * share }));
    }

    get hidden() {
        return Math.max(this.props.container.count - SHOWN, 0);
    }

    get color() {
        return this.props.container.fill >= 85 ? "success" : this.props.container.fill >= 60 ? "info" : "warning";
    }

    ribs = Array.from({ length: 10 }, (_, index) => 24 + index * 17);

    number(value, code) {
        return formatFloat(value, { digits: [16, code === "weight" ? 0 : 1] });
    }

    unit(code) {
        return { weight: "kg", volume: "m³", pallets: "" }[code];
    }
}
