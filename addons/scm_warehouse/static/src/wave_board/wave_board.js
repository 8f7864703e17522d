import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { Component, onWillStart, useState } from "@odoo/owl";

/** Departures of a day: what is in each wave, what it can take, and what is in none. */
export class WaveBoard extends Component {
    static template = "scm_warehouse.WaveBoard";
    static components = { ControlPanel, WhyButton };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ board: null, busy: false });
        const { warehouse_id = false, date = false } = this.props.action.params || {};
        onWillStart(() => this.load(date, warehouse_id));
    }

    async load(date = this.state.board?.date || false, warehouse = this.state.board?.warehouse_id || false) {
        this.state.board = await this.orm.call("scm.wave.plan", "get_board", [], { date, warehouse_id: warehouse });
    }

    shift(days) {
        return this.load(luxon.DateTime.fromISO(this.state.board.date).plus({ days }).toISODate());
    }

    // What a person does

    async busy(work) {
        this.state.busy = true;
        try {
            await work();
        } finally {
            this.state.busy = false;
            await this.load();
        }
    }

    plan() {
        const { warehouse_id, date } = this.state.board;
        return this.busy(async () => {
            const made = await this.orm.call("scm.wave.plan", "plan_waves", [], { warehouse_id, date });
            const told = made.created + made.changed + made.removed
                ? _t("%s orders in %s tours.", made.orders, made.batches.length)
                : _t("Nothing to change.");
            this.notification.add(told, { type: "success" });
        });
    }

    release(ids) {
        return this.busy(() => this.orm.call("stock.picking.batch", "action_scm_release", [ids]));
    }

    look() {
        return this.busy(() => this.orm.call("scm.pick.face", "propose", [], { warehouse_id: this.state.board.warehouse_id }));
    }

    // Where it leads

    open(model, id) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }

    openOrders(name, ids) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "stock.picking",
            views: [[false, "list"], [false, "form"]],
            domain: [["id", "in", ids]],
        });
    }

    openRefills() {
        this.action.doAction("scm_warehouse.scm_pick_face_proposal_action");
    }

    openEmpty() {
        this.action.doAction("scm_warehouse.scm_pick_face_action", { additionalContext: { search_default_empty: 1 } });
    }

    openCutoffs() {
        this.action.doAction("scm_warehouse.scm_wave_cutoff_action");
    }

    // How it reads

    number(value, digits = 0) {
        return formatFloat(value, { digits: [16, digits] });
    }

    get dayText() {
        return luxon.DateTime.fromISO(this.state.board.date).toLocaleString({ weekday: "long", month: "short", day: "numeric" });
    }

    day(date) {
        return luxon.DateTime.fromISO(date).toLocaleString({ month: "short", day: "numeric" });
    }

    get saving() {
        const { metres, before } = this.state.board.sums;
        return before > metres ? Math.round((1 - metres / before) * 100) : 0;
    }

    drafts(wave) {
        return wave.tours.filter((tour) => tour.state === "draft" && tour.orders).map((tour) => tour.id);
    }

    /** Rows of a wave's load: what it has, what it can take, in words and as a share. */
    loads(wave) {
        return [
            ["orders", _t("Orders"), 0],
            ["lines", _t("Lines"), 0],
            ["kg", _t("kg"), 0],
        ].map(([key, label, digits]) => {
            const [has, limit] = [wave[key], wave.limits[key]];
            const share = limit ? has / limit : 0;
            return {
                key,
                label,
                limit,
                text: limit ? `${this.number(has, digits)} / ${this.number(limit, digits)}` : this.number(has, digits),
                width: Math.min(Math.round(share * 100), 100),
                tone: share > 1 ? "bg-danger" : share > 0.9 ? "bg-warning" : "bg-primary",
            };
        });
    }

    countdown(wave) {
        const minutes = Math.abs(wave.minutes);
        if (wave.state === "over") {
            return _t("picking is over");
        }
        if (minutes >= 24 * 60) {
            return _t("picked by %s", wave.over);
        }
        const time = minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min`;
        return _t("picked by %(over)s, in %(time)s", { over: wave.over, time });
    }

    status(tour) {
        return { draft: _t("Planned"), in_progress: _t("On the floor"), done: _t("Picked") }[tour.state];
    }

    share(tour) {
        return tour.lines ? Math.round((tour.picked / tour.lines) * 100) : 0;
    }
}

registry.category("actions").add("scm_wave_board", WaveBoard);
