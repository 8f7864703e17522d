import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const SPANS = [
    { days: 365, label: _t("Year") },
    { days: 182, label: _t("Half a year") },
    { days: 91, label: _t("Quarter") },
];

/** Which region would gain from stock nearby, over a year. */
export class RegionPage extends Component {
    static template = "scm_logistics.RegionPage";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };
    static path = "stock-nearby";
    static displayName = _t("Stock Nearby");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.spans = SPANS;
        this.state = useState({ data: null, days: 365 });
        onWillStart(() => this.load(365));
    }

    async load(days) {
        this.state.days = days;
        this.state.data = await this.orm.call("scm.ship.from", "get_regions", [days]);
    }

    get gaining() {
        return this.state.data.regions.filter((row) => row.gain > 0);
    }

    get total() {
        return this.gaining.reduce((sum, row) => sum + row.gain, 0);
    }

    width(row, name) {
        if (row.gain <= 0) {
            return "width: 0";
        }
        // what is lost on one side is taken off the other: together they are the gain
        const value = Math.min(Math.max(row[name], 0), row.gain);
        return `width: ${(100 * value) / this.gaining[0].gain}%`;
    }

    money(value, digits = 0) {
        return formatMonetary(value || 0, { currencyId: this.state.data.currency_id, digits: [16, digits] });
    }

    number(value, digits = 0) {
        return formatFloat(value || 0, { digits: [16, digits] });
    }

    percent(value) {
        return `${(100 * value).toFixed(1)} %`;
    }

    openParcels(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: row.name,
            res_model: "scm.parcel",
            domain: [["zone_id", "=", row.zone]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("scm_region_page", RegionPage);
