import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

import { faces, frame, frontEdges, paintOrder, walls } from "./isometric";

const COLOURS = 8;

/** How one box is packed, piece by piece: a drawing, the steps, and buttons to go through them. */
export class BoxDrawing extends Component {
    static template = "scm_warehouse.BoxDrawing";
    static props = { box: Object, products: Object, compact: { type: Boolean, optional: true } };

    setup() {
        this.state = useState({ step: this.props.box.places.length });
        onWillUpdateProps((next) => {
            if (next.box !== this.props.box) {
                this.state.step = next.box.places.length;
            }
        });
    }

    get count() {
        return this.props.box.places.length;
    }

    get frame() {
        return frame(this.props.box.edges);
    }

    get walls() {
        return walls(this.props.box.edges);
    }

    get frontEdges() {
        return frontEdges(this.props.box.edges);
    }

    /** Goods up to the present step, as faces in the order of painting. */
    get cuboids() {
        const shown = this.props.box.places.slice(0, this.state.step);
        return paintOrder(shown.map((place, number) => ({ ...place, number }))).map((place) => ({
            number: place.number,
            faces: faces(place),
            colour: this.colour(place),
            isNow: place.number === this.state.step - 1 && this.state.step < this.count,
        }));
    }

    colour(place) {
        return Object.keys(this.props.products).indexOf(String(place.key)) % COLOURS;
    }

    number(value) {
        return formatFloat(value, { digits: [16, 1], trailingZeros: false });
    }

    edges(place) {
        return _t("%(length)s × %(width)s × %(height)s cm", {
            length: this.number(place.length),
            width: this.number(place.width),
            height: this.number(place.height),
        });
    }

    name(place) {
        const name = this.props.products[place.key] || "";
        return place.count > 1 ? _t("%(count)s × %(name)s, nested", { count: place.count, name }) : name;
    }

    go(step) {
        this.state.step = Math.min(Math.max(step, 1), this.count);
    }
}
