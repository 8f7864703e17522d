import { Component, onMounted, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Layout } from "@web/search/layout";
import { HistoryPanel } from "../history/history_panel";
import { buildConfig, formatDay, formatQuantity, parseDay } from "./forecast_chart_config";

const RANGES = [
    { weeks: 26, label: _t("26 weeks") },
    { weeks: 52, label: _t("1 year") },
    { weeks: 104, label: _t("2 years") },
    { weeks: 0, label: _t("All") },
];

/** Forecast of one product: chart, errors, and the periods, which the planner can override with a reason. */
export class ForecastChart extends Component {
    static template = "scm_planning.ForecastChart";
    static components = { Layout, HistoryPanel };
    static props = { ...standardActionServiceProps };
    // by its path the web client knows that this page has no list behind it, and shows no nameless step before it
    static path = "scm-product-forecast";
    static displayName = _t("Product Forecast");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.canvas = useRef("canvas");
        this.display = { controlPanel: {} };
        this.ranges = RANGES;
        const { context = {} } = this.props.action;
        this.productId = this.props.resId || context.scm_product_id || false;
        this.state = useState({
            data: null,
            error: "",
            range: 52,
            warehouseId: context.scm_warehouse_id || false,
            freq: "W",
            side: "raw",
            edits: {},
            reason: "",
            saving: false,
        });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        onMounted(() => {
            // so that the address names the product, and a reload or a shared link finds it again
            this.props.updateActionState?.({ resId: this.productId || false });
            if (this.state.data) {
                this.env.config.setDisplayName(_t("Forecast of %s", this.state.data.product.name));
            }
        });
        useEffect(
            () => this.draw(),
            () => [this.state.data, this.state.range, this.state.side]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load() {
        try {
            this.state.data = await this.orm.silent.call("scm.forecast.chart", "get_forecast_chart", [
                this.productId,
                this.state.warehouseId,
                this.state.freq,
            ]);
            this.productId = this.state.data.product.id;
            this.state.warehouseId = this.state.data.warehouse.id;
            this.state.edits = {};
            this.state.reason = "";
        } catch (error) {
            this.state.error = error.data?.message || _t("The forecast could not be read.");
        }
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        const config = this.canvas.el && this.state.data && buildConfig(this.canvas.el, this.state.data, this.state.range, this.state.side);
        if (config) {
            this.chart = new Chart(this.canvas.el, config);
        }
    }

    // What the template shows

    get figures() {
        return this.state.data.figures;
    }

    get choices() {
        const seen = new Map(this.state.data.choices.map((choice) => [choice.warehouse_id, choice.name]));
        return [...seen].map(([id, name]) => ({ id, name }));
    }

    get freqs() {
        const present = new Set(
            this.state.data.choices.filter((choice) => choice.warehouse_id === this.state.warehouseId).map((choice) => choice.freq)
        );
        return [
            { code: "W", label: _t("Weeks") },
            { code: "D", label: _t("Days") },
        ].filter(({ code }) => present.has(code));
    }

    get errors() {
        const { mae, mae_moving_average, mae_seasonal_naive } = this.figures;
        const rows = [
            { label: _t("This forecast"), value: mae, own: true },
            { label: _t("Mean of 13 periods"), value: mae_moving_average },
            { label: _t("Same period last year"), value: mae_seasonal_naive },
        ];
        return rows.map((row) => ({ ...row, share: mae && row.value ? row.value / mae - 1 : 0 }));
    }

    get legend() {
        const corrected = this.corrections.length ? [{ label: _t("Correction"), color: "#c0392b" }] : [];
        return [
            ...corrected,
            { label: _t("Demand"), color: "rgba(96, 125, 150, 0.75)" },
            { label: _t("Demand since"), color: "#2e9e6b" },
            { label: _t("Forecast"), color: "#d9822b" },
            { label: _t("5 to 95 %"), color: "rgba(217, 130, 43, 0.35)" },
            { label: _t("Override"), color: "#b5338a" },
            { label: _t("Out of stock"), color: "rgba(214, 69, 65, 0.35)" },
            { label: _t("Feast"), color: "rgba(66, 103, 178, 0.55)" },
            { label: _t("Festival"), color: "rgba(142, 68, 173, 0.55)" },
            { label: _t("Promotion"), color: "rgba(39, 146, 122, 0.60)" },
        ];
    }

    /** The periods to come, each with what was sold in it a year ago, what came since, and its events. */
    get rows() {
        const { data } = this.state;
        const step = data.period_days * 24 * 3600 * 1000;
        const sold = new Map(data.history.map(([day, quantity]) => [parseDay(day), quantity]));
        return data.forecast.map((line) => {
            const time = parseDay(line.date);
            const events = data.events.filter((mark) => parseDay(mark.from) < time + step && parseDay(mark.to) >= time);
            return {
                ...line,
                label: formatDay(time),
                actual: sold.get(time),
                lastYear: sold.get(time - 364 * 24 * 3600 * 1000),
                events: events.map((mark) => mark.name).join(", "),
            };
        });
    }

    get corrections() {
        return this.state.data.corrections || [];
    }

    get sides() {
        return [
            { code: "raw", label: _t("Raw"), hint: _t("What was sold") },
            { code: "cleaned", label: _t("Cleaned"), hint: _t("What the forecast reads") },
        ];
    }

    get hasEdits() {
        return Object.keys(this.state.edits).length > 0;
    }

    /** What stands in the field of a period: what was just typed, else what is kept. */
    shownOverride(row) {
        return (row.date in this.state.edits ? this.state.edits[row.date] : row.override) ?? "";
    }

    quantity(value) {
        return value === undefined || value === null ? "" : formatQuantity(value);
    }

    percent(value) {
        return `${(100 * (value || 0)).toFixed(0)} %`;
    }

    signedPercent(value) {
        return `${value > 0 ? "+" : ""}${(100 * value).toFixed(0)} %`;
    }

    factor(line) {
        const value = line.event_factor * line.season_factor;
        return Math.abs(value - 1) > 0.005 ? `× ${value.toFixed(2)}` : "";
    }

    // What the user does

    onRange(weeks) {
        this.state.range = weeks;
    }

    onSide(code) {
        this.state.side = code;
    }

    /** A decision on weeks of history: the chart shows it at once, the forecast with the next run. */
    async onDecide(method, ids) {
        await this.orm.call("scm.history.correction", method, [ids]);
        await this.load();
        this.notification.add(_t("The forecast reads it from the next run on."), { type: "success" });
    }

    async onSetValue(date, quantity, reason) {
        await this.orm.call("scm.history.correction", "set_cleaned", [this.productId, this.state.warehouseId, date, quantity, reason]);
        await this.load();
        this.notification.add(_t("The forecast reads it from the next run on."), { type: "success" });
    }

    async onWarehouse(ev) {
        this.state.warehouseId = parseInt(ev.target.value);
        if (!this.freqs.some(({ code }) => code === this.state.freq)) {
            this.state.freq = "W";
        }
        await this.load();
    }

    async onFreq(code) {
        this.state.freq = code;
        await this.load();
    }

    onEdit(line, ev) {
        const text = ev.target.value.trim();
        const before = line.override ?? null;
        const value = text === "" ? null : Number(text);
        if (value === before) {
            delete this.state.edits[line.date];
        } else {
            this.state.edits[line.date] = value;
        }
    }

    async save() {
        const taken = Object.values(this.state.edits).every((value) => value === null);
        if (!taken && !this.state.reason.trim()) {
            this.notification.add(_t("Give a reason for the override, so that others can follow it."), { type: "warning" });
            return;
        }
        this.state.saving = true;
        try {
            await this.orm.call("scm.forecast", "override", [
                this.productId,
                this.state.warehouseId,
                { ...this.state.edits },
                this.state.reason,
            ]);
            await this.load();
            this.notification.add(_t("The override is kept and counts from the next proposals on."), { type: "success" });
        } finally {
            this.state.saving = false;
        }
    }

    discard() {
        this.state.edits = {};
        this.state.reason = "";
    }

    async onMethod(ev) {
        await this.orm.call("scm.forecast", "action_fix_method", [[this.figures.forecast_id], ev.target.value || false]);
        await this.load();
        this.notification.add(_t("The method counts from the next run on."), { type: "success" });
    }

    openProduct() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "product.product",
            res_id: this.productId,
            views: [[false, "form"]],
        });
    }

    openRuns() {
        this.action.doAction("scm_planning.scm_forecast_run_action");
    }
}

registry.category("actions").add("scm_planning.forecast_chart", ForecastChart);
