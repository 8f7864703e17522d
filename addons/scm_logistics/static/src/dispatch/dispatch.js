import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { Component, onWillStart, useState } from "@odoo/owl";

const COLOURS = ["#2c6fbb", "#c2571a", "#2e8540", "#8e44ad", "#b8860b", "#c0392b", "#16808a", "#5d6d7e"];
const [WIDTH, HEIGHT, MARGIN] = [640, 460, 24];

/** The day's routes: a map without tiles, and the stops of each vehicle to lock and move. */
export class Dispatch extends Component {
    static template = "scm_logistics.Dispatch";
    static components = { ControlPanel, WhyButton };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ data: null, busy: false, chosen: 0, dragged: 0 });
        onWillStart(() => this.load());
    }

    async load(date = this.state.data?.date || false, warehouse = this.state.data?.warehouse_id || false) {
        this.state.data = await this.orm.call("scm.route", "get_dispatch", [], { date, warehouse_id: warehouse });
    }

    async plan() {
        this.state.busy = true;
        const { date, warehouse_id } = this.state.data;
        try {
            const made = await this.orm.call("scm.route", "plan_day", [date, warehouse_id]);
            await this.load();
            for (const [names, text] of [
                [made.unserved, _t("No vehicle can take: %s")],
                [made.unplaced, _t("No position on the map: %s. Type latitude and longitude at the address.")],
            ]) {
                if (names.length) {
                    const shown = names.slice(0, 5).join(", ") + (names.length > 5 ? " …" : "");
                    this.notification.add(text.replace("%s", shown), { type: "warning", sticky: true });
                }
            }
        } finally {
            this.state.busy = false;
        }
    }

    shift(days) {
        const day = luxon.DateTime.fromISO(this.state.data.date).plus({ days });
        return this.load(day.toISODate());
    }

    // Stops

    async lock(stop) {
        await this.orm.call("scm.route.stop", "action_lock", [[stop.id]]);
        await this.load();
    }

    async drop(route, position) {
        const id = this.state.dragged;
        this.state.dragged = 0;
        if (id) {
            await this.orm.call("scm.route.stop", "move_to", [[id], route.id, position]);
            await this.load();
        }
    }

    /** Place of a stop among those still to do, for dropping before it. */
    place(route, stop) {
        return route.stops.filter((other) => other.state === "todo").findIndex((other) => other.id === stop.id) + 1;
    }

    async start(route) {
        await this.orm.call("scm.route", "action_start", [[route.id]]);
        await this.load();
    }

    open(route) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "scm.route", res_id: route.id, views: [[false, "form"]] });
    }

    // How it reads

    colour(route) {
        return COLOURS[this.state.data.routes.findIndex((other) => other.id === route.id) % COLOURS.length];
    }

    number(value, digits = 0) {
        return formatFloat(value, { digits: [16, digits] });
    }

    get dayText() {
        return luxon.DateTime.fromISO(this.state.data.date).toLocaleString({ weekday: "long", month: "short", day: "numeric" });
    }

    get saving() {
        const { distance, before } = this.state.data.sums;
        return before > distance && distance ? Math.round((1 - distance / before) * 100) : 0;
    }

    status(route) {
        return { planned: _t("Planned"), running: _t("On the road"), done: _t("Done") }[route.state];
    }

    // The map

    get view() {
        const points = this.state.data.routes.flatMap((route) => route.stops.map((stop) => [stop.lat, stop.lon]));
        if (this.state.data.depot) {
            points.push(this.state.data.depot);
        }
        const [south, north] = [Math.min(...points.map((p) => p[0])), Math.max(...points.map((p) => p[0]))];
        const [west, east] = [Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[1]))];
        const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
        const scale = Math.min(
            (WIDTH - 2 * MARGIN) / Math.max((east - west) * squeeze, 0.002),
            (HEIGHT - 2 * MARGIN) / Math.max(north - south, 0.002)
        );
        const [padX, padY] = [(WIDTH - (east - west) * squeeze * scale) / 2, (HEIGHT - (north - south) * scale) / 2];
        return { at: (lat, lon) => ({ x: padX + (lon - west) * squeeze * scale, y: padY + (north - lat) * scale }) };
    }

    path(route, view) {
        const depot = this.state.data.depot;
        const points = route.stops.map((stop) => view.at(stop.lat, stop.lon));
        const whole = depot ? [view.at(...depot), ...points, view.at(...depot)] : points;
        return whole.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(" ");
    }
}

registry.category("actions").add("scm_dispatch", Dispatch);
