import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { Component, useEffect, useRef } from "@odoo/owl";

/** What lies in a place, and where one can go from there. */
export class PlacePanel extends Component {
    static template = "scm_warehouse.PlacePanel";
    static props = { place: Object, onClose: Function };

    setup() {
        this.action = useService("action");
        const panel = useRef("panel");
        // on a phone it stands below the plan
        useEffect(
            () => {
                panel.el.scrollIntoView({ block: "nearest" });
            },
            () => [this.props.place.id]
        );
    }

    number(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    metres(value) {
        return _t("%s m", formatFloat(value, { digits: [16, 1] }));
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : _t("not planned");
    }

    get facts() {
        const { place } = this.props;
        const facts = [
            { label: _t("Way to the dock"), value: place.has_way ? this.metres(place.distance) : _t("none known") },
            { label: _t("Walking order"), value: place.rank || _t("none") },
            { label: _t("Next count"), value: this.day(place.next_count) },
        ];
        if (place.last_count) {
            facts.push({ label: _t("Last count"), value: this.day(place.last_count) });
        }
        if (place.category) {
            facts.push({ label: _t("Storage category"), value: place.category });
        }
        if (place.barcode) {
            facts.push({ label: _t("Barcode"), value: place.barcode });
        }
        return facts;
    }

    open(model, name, domain, views) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            domain,
            views: views.map((view) => [false, view]),
        });
    }

    openStock() {
        return this.open("stock.quant", _t("Stock in %s", this.props.place.name), [["location_id", "=", this.props.place.id]], ["list"]);
    }

    openPicks() {
        return this.open("scm.pick.day", _t("Picks from %s", this.props.place.name), [["location_id", "=", this.props.place.id]], ["list", "graph", "pivot"]);
    }

    openMoves() {
        const { id, name } = this.props.place;
        return this.open("stock.move.line", _t("Moves of %s", name), ["|", ["location_id", "=", id], ["location_dest_id", "=", id]], ["list", "form"]);
    }

    openRecord(model, id) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }
}
