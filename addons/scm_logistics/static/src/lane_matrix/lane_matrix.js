import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { Component, onWillStart, useState } from "@odoo/owl";

/** Carriers by zones: how late, how long, how dear. A cell leads to its parcels. */
export class LaneMatrix extends Component {
    static template = "scm_logistics.LaneMatrix";
    static components = { ControlPanel, WhyButton };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ data: null, measure: "late", busy: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("scm.lane", "get_matrix", []);
    }

    async rebuild() {
        this.state.busy = true;
        try {
            const count = await this.orm.call("scm.lane", "rebuild_now", []);
            await this.load();
            this.notification.add(_t("%s lanes measured.", count), { type: "success" });
        } finally {
            this.state.busy = false;
        }
    }

    get measures() {
        return [
            { key: "late", label: _t("Late") },
            { key: "median", label: _t("Median days") },
            { key: "p90", label: _t("90 % within") },
            { key: "lost", label: _t("Lost") },
            { key: "damaged", label: _t("Damaged") },
            { key: "cost", label: _t("Cost per parcel") },
        ];
    }

    cell(carrier, zone) {
        return this.state.data.cells[`${carrier.id}-${zone.id}`];
    }

    text(cell, measure = this.state.measure) {
        const value = cell[measure];
        if (measure === "cost") {
            return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
        }
        if (["median", "p90"].includes(measure)) {
            return _t("%s d", formatFloat(value, { digits: [16, 0] }));
        }
        return `${formatFloat(value * 100, { digits: [16, measure === "late" ? 1 : 2] })} %`;
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    /** 0 (best) to 1 (worst) among all cells shown, for the colour. */
    heat(cell) {
        const values = Object.values(this.state.data.cells)
            .filter((other) => other.sample >= 20)
            .map((other) => other[this.state.measure]);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        return high > low ? Math.min(Math.max((cell[this.state.measure] - low) / (high - low), 0), 1) : 0;
    }

    style(cell) {
        const heat = this.heat(cell);
        return `--o-scm-lane-good: ${Math.round((1 - heat) * 100)}%; --o-scm-lane-strength: ${Math.round(12 + Math.abs(heat - 0.35) * 40)}%`;
    }

    title(carrier, zone, cell) {
        return _t("%(carrier)s to %(zone)s: %(late)s late, half within %(median)s, %(sample)s parcels", {
            carrier: carrier.name,
            zone: zone.name,
            late: this.text(cell, "late"),
            median: this.text(cell, "median"),
            sample: this.count(cell.sample),
        });
    }

    get period() {
        const { from, to } = this.state.data;
        return from ? _t("%(from)s to %(to)s", { from: formatDate(deserializeDate(from)), to: formatDate(deserializeDate(to)) }) : "";
    }

    async open(cell) {
        this.action.doAction(await this.orm.call("scm.lane", "action_open_parcels", [[cell.lane_id]]));
    }
}

registry.category("actions").add("scm_lane_matrix", LaneMatrix);
