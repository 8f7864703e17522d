import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { formatMonetary } from "@web/views/fields/formatters";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { MonthChart } from "./month_chart";

const TRENDS = {
    up: { icon: "fa-arrow-up", tone: "text-bg-success" },
    down: { icon: "fa-arrow-down", tone: "text-bg-danger" },
    flat: { icon: "fa-arrows-h", tone: "text-bg-light border" },
};
const BARS = new Set(["damaged_rate", "lost_rate", "claims_paid"]);

/** All carriers beside each other, month by month, on scales that they share. */
export class CarrierScorecard extends Component {
    static template = "scm_logistics.CarrierScorecard";
    static components = { ControlPanel, MonthChart, WhyButton };
    static props = { ...standardActionServiceProps };
    static path = "carrier-scorecard";
    static displayName = _t("Carrier Scorecard");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.filters = useState({ month: false, months: 12, ...(this.props.state?.scmFilters || {}) });
        this.state = useState({ data: null, busy: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.busy = true;
        try {
            this.state.data = await this.orm.silent.call("scm.carrier.month", "get_scorecard", [], { ...this.filters });
        } finally {
            this.state.busy = false;
        }
    }

    filter(values) {
        Object.assign(this.filters, values);
        return this.load();
    }

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return !this.data.carriers.length;
    }

    get monthLabel() {
        return this.data.months.at(-1).label;
    }

    // How it reads

    text(value, unit) {
        if (value === false) {
            return "–";
        }
        if (unit === "percent") {
            return `${formatFloat(100 * value, { digits: [16, value && value < 0.1 ? 2 : 1] })} %`;
        }
        if (unit === "hours") {
            return _t("%s h", formatFloat(value, { digits: [16, 1] }));
        }
        return this.money(value);
    }

    money(value) {
        return value === false ? "–" : formatMonetary(value, { currencyId: this.data.currency_id });
    }

    signed(value) {
        return `${value > 0 ? "+" : ""}${this.money(value)}`;
    }

    count(value) {
        return formatInteger(value);
    }

    get range() {
        const { on_time_low: low, on_time_high: high } = this.data.total;
        return low === false ? "" : _t("%(low)s to %(high)s", { low: this.text(low, "percent"), high: this.text(high, "percent") });
    }

    trend(carrier) {
        return TRENDS[carrier.now.trend];
    }

    now(carrier, measure) {
        return carrier.series[measure.key].at(-1);
    }

    /** The best and the worst of the month are named where several carriers can be compared. */
    tone(carrier, measure) {
        const values = this.data.carriers.map((each) => this.now(each, measure)).filter((value) => value !== false);
        const value = this.now(carrier, measure);
        if (!measure.better || value === false || values.length < 2 || Math.max(...values) === Math.min(...values)) {
            return "";
        }
        const best = measure.better > 0 ? Math.max(...values) : Math.min(...values);
        const worst = measure.better > 0 ? Math.min(...values) : Math.max(...values);
        return value === best ? "text-success" : value === worst ? "text-danger" : "";
    }

    // How it is drawn

    isBars(measure) {
        return BARS.has(measure.key);
    }

    floor(measure) {
        if (measure.key !== "on_time_rate") {
            return 0;
        }
        const lows = this.data.carriers.flatMap((carrier) => carrier.low.filter((value) => value !== false));
        return Math.max(0, Math.floor(10 * Math.min(...lows, 0.95)) / 10);
    }

    texts(carrier, measure) {
        return this.data.months.map((month, index) => {
            const value = this.text(carrier.series[measure.key][index], measure.unit);
            const count = measure.key === "on_time_rate" && carrier.counts[index] ? ` (${_t("%s due", carrier.counts[index])})` : "";
            return `${month.label}: ${value}${count}`;
        });
    }

    // Where it leads

    async open(carrier, measure, index) {
        const month = this.data.months[index ?? this.data.months.length - 1].key;
        const action = await this.orm.call("scm.carrier.month", "open_parcels", [carrier.id, month], { measure: measure ? measure.key : false });
        const name = measure ? `${carrier.name}: ${measure.label}` : carrier.name;
        return this.action.doAction({ ...action, name, display_name: name });
    }

    openMonth(carrier) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: "scm.carrier.month", res_id: carrier.now.row_id, views: [[false, "form"]] });
    }

    openClaims() {
        return this.action.doAction("scm_logistics.scm_freight_claim_action");
    }

    openCosts() {
        return this.action.doAction("scm_logistics.scm_freight_cost_action");
    }

    async measureNow() {
        await this.orm.call("scm.freight.run", "run_now", []);
        this.notification.add(_t("Carriers are being measured. The figures come within a few minutes."), { type: "info" });
    }
}

registry.category("actions").add("scm_carrier_scorecard", CarrierScorecard);
