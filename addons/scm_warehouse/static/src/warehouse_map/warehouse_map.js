import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, markRaw, onWillStart, useState } from "@odoo/owl";
import { legend } from "./palette";
import { highValue } from "./plan_geometry";
import { PlacePanel } from "./place_panel";
import { PlanCanvas } from "./plan_canvas";

const TOP = 8;

/** The plan of a warehouse, coloured by what one wants to know; a click on a place shows what lies there. */
export class WarehouseMap extends Component {
    static template = "scm_warehouse.WarehouseMap";
    static components = { ControlPanel, PlanCanvas, PlacePanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        const asked = this.props.action.params || {};
        this.state = useState({
            data: null,
            colour: asked.colour || "picks",
            days: 90,
            level: "all",
            place: false,
            hover: false,
            search: "",
            busy: false,
        });
        onWillStart(() => this.load(asked.warehouse_id || this.props.action.context?.warehouse_id || false));
    }

    // Data

    async load(warehouseId = this.state.data?.warehouse_id) {
        const data = await this.keepLast.add(
            this.orm.call("scm.warehouse.map", "get_map", [warehouseId, this.state.colour, this.state.days])
        );
        const before = this.state.data;
        if (before?.warehouse_id === data.warehouse_id && before.places.id.length === data.places.id.length) {
            // the same drawing: the view of it stays where it is
            data.places = Object.assign(before.places, data.places);
        }
        for (const dock of data.docks) {
            dock.label = dock.name || _t("dock (assumed)");
        }
        this.high = highValue(data.places.value);
        this.state.data = markRaw(data);
        this.state.hover = false;
    }

    async setColour(colour) {
        this.state.colour = colour;
        await this.load();
    }

    async setDays(ev) {
        this.state.days = Number(ev.target.value);
        await this.load();
        await this.reloadPlace();
    }

    async setWarehouse(ev) {
        Object.assign(this.state, { place: false, level: "all", search: "" });
        await this.load(Number(ev.target.value));
    }

    async measure() {
        this.state.busy = true;
        try {
            const told = await this.orm.call("stock.warehouse", "action_refresh_travel", [[this.state.data.warehouse_id]]);
            delete told.params.next;
            await this.action.doAction(told);
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    // Places

    async select(i) {
        if (i === false) {
            this.state.place = false;
            return;
        }
        await this.open(this.state.data.places.id[i]);
    }

    async open(id) {
        this.state.place = await this.orm.call("scm.warehouse.map", "get_place", [id, this.state.days]);
    }

    async reloadPlace() {
        if (this.state.place) {
            await this.open(this.state.place.id);
        }
    }

    async goTo(i) {
        if (this.state.level !== "all") {
            this.state.level = this.state.data.places.level[i];
        }
        this.canvas?.goTo(i);
        await this.select(i);
    }

    async find(ev) {
        ev.preventDefault();
        const word = this.state.search.trim().toLowerCase();
        if (word) {
            const { name } = this.state.data.places;
            const exact = name.findIndex((text) => text.toLowerCase() === word);
            const i = exact >= 0 ? exact : name.findIndex((text) => text.toLowerCase().includes(word));
            if (i >= 0) {
                await this.goTo(i);
            } else {
                this.notification.add(_t("No place here is called “%s”.", this.state.search), { type: "warning" });
            }
        }
    }

    hover(i, px, py) {
        if (i === false) {
            this.state.hover = false;
        } else {
            this.state.hover = { i, style: `left: ${Math.round(px + 14)}px; top: ${Math.round(py + 14)}px` };
        }
    }

    // Words

    get colours() {
        return [
            { key: "picks", label: _t("Picks"), icon: "fa-shopping-basket" },
            { key: "class", label: _t("Class"), icon: "fa-font" },
            { key: "fill", label: _t("Fill"), icon: "fa-cube" },
            { key: "distance", label: _t("Distance"), icon: "fa-road" },
            { key: "locked", label: _t("Locked"), icon: "fa-lock" },
        ];
    }

    get periods() {
        return [30, 90, 180, 365].map((days) => ({ days, label: _t("%s days", days) }));
    }

    get levels() {
        return [...new Set(this.state.data.places.level)].sort((a, b) => a - b);
    }

    get legend() {
        const unit = this.state.colour === "distance" ? (value) => _t("%s m", this.count(value)) : this.count;
        return legend(this.state.colour, this.high, unit);
    }

    get legendTitle() {
        return {
            picks: _t("Picks in %s days", this.state.days),
            class: _t("Best class by picks of what lies there"),
            fill: _t("Share of the storage category's limits"),
            distance: _t("Way to the dock"),
            locked: _t("Closed by an incident"),
        }[this.state.colour];
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    kilometres(metres) {
        return metres >= 1000 ? _t("%s km", formatFloat(metres / 1000, { digits: [16, 1] })) : _t("%s m", this.count(metres));
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    valueText(i) {
        const value = this.state.data.places.value[i];
        switch (this.state.colour) {
            case "class":
                return value ? _t("class %s", "CBA"[value - 1]) : _t("no class");
            case "fill":
                return value === -1 ? _t("empty") : value === -2 ? _t("used, no limit set") : _t("%s %% full", Math.round(value * 100));
            case "distance":
                return value < 0 ? _t("no way") : _t("%s m to the dock", formatFloat(value, { digits: [16, 1] }));
            case "locked":
                return value ? _t("locked") : _t("open");
            default:
                return _t("%s picks", this.count(value));
        }
    }

    /** Places that cost most metres a day: often picked and far away. */
    get costly() {
        const { places } = this.state.data;
        return places.id
            .map((id, i) => ({ i, id, name: places.name[i], picks: places.picks[i], distance: places.distance[i], metres: places.distance[i] > 0 ? (2 * places.picks[i] * places.distance[i]) / this.state.days : 0 }))
            .filter((place) => place.metres > 0)
            .sort((a, b) => b.metres - a.metres)
            .slice(0, TOP);
    }

    // Links

    openPlaces() {
        return this.action.doAction("scm_warehouse.scm_place_action");
    }

    async openLost() {
        const action = await this.orm.call("stock.warehouse", "action_scm_places", [[this.state.data.warehouse_id]]);
        action.domain.push(["scm_has_way", "=", false]);
        return this.action.doAction(action);
    }

    openImport() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Import Places"),
            res_model: "scm.import",
            views: [[false, "form"]],
            context: { default_importer: "location" },
        });
    }

    openHall() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "stock.warehouse",
            res_id: this.state.data.warehouse_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("scm_warehouse_map", WarehouseMap);
