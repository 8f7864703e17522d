import { _t } from "@web/core/l10n/translation";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";

const WATCH = "scm_planning.scm_forecast_watch_action";
/** A ratio this near to 1 says that both are as good. */
const EVEN = 0.02;

/** How good the forecasts were, said plainly: also where a plain method does as well. */
export class AccuracyPage extends Component {
    static template = "scm_planning.AccuracyPage";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.canvas = useRef("trend");
        this.state = useState({ data: null, weeks: 13, dimension: "category", measure: "ratio_mean13", busy: false });
        this.dimensions = [
            ["category", _t("Category")],
            ["warehouse", _t("Warehouse")],
            ["pattern", _t("Demand pattern")],
            ["planner", _t("Planner")],
        ];
        this.measures = [
            ["ratio_mean13", _t("Against the mean of 13 weeks")],
            ["ratio_naive", _t("Against last year")],
            ["wape", _t("Error")],
            ["bias", _t("Bias")],
            ["coverage", _t("Coverage")],
        ];
        this.abc = ["A", "B", "C"];
        this.xyz = ["X", "Y", "Z"];
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load() {
        this.state.data = await this.orm.call("scm.forecast.accuracy", "get_accuracy", [false, this.state.weeks]);
    }

    async onWeeks(weeks) {
        this.state.weeks = weeks;
        await this.load();
    }

    get total() {
        return this.state.data.total;
    }

    get isEmpty() {
        return !this.state.data.trend.length;
    }

    // How it reads

    percent(value, digits = 0) {
        return value === false || value === undefined ? "–" : `${formatFloat(100 * value, { digits: [16, digits] })} %`;
    }

    signed(value) {
        return value === false || value === undefined ? "–" : `${value > 0 ? "+" : ""}${this.percent(value, 1)}`;
    }

    money(value) {
        return formatMonetary(value || 0, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    number(value) {
        return formatFloat(value || 0, { digits: [16, 0] });
    }

    /** 0.87 is 13 % better than the other method. */
    against(ratio) {
        if (ratio === false || ratio === undefined) {
            return "–";
        }
        if (Math.abs(ratio - 1) < EVEN) {
            return _t("as good");
        }
        const share = this.percent(Math.abs(1 - ratio));
        return ratio < 1 ? _t("%s better", share) : _t("%s worse", share);
    }

    againstClass(ratio) {
        if (ratio === false || ratio === undefined || Math.abs(ratio - 1) < EVEN) {
            return "text-muted";
        }
        return ratio < 1 ? "text-success" : "text-danger";
    }

    get sentence() {
        const { ratio_mean13, better_mean13, better_naive, bias, coverage } = this.total;
        const parts = [];
        if (ratio_mean13 !== false && Math.abs(ratio_mean13 - 1) < EVEN) {
            parts.push(_t("Over these weeks the forecast was no better than a plain mean of 13 weeks."));
        } else if (ratio_mean13 > 1) {
            parts.push(_t("Over these weeks the forecast was worse than a plain mean of 13 weeks."));
        } else if (ratio_mean13 !== false) {
            parts.push(_t("The forecast missed by %(share)s less than a plain mean of 13 weeks.", { share: this.percent(1 - ratio_mean13) }));
        }
        if (better_mean13 !== false) {
            parts.push(
                _t("It beats that mean for %(first)s of the products and last year's figure for %(second)s; for the rest a plain method would do.", {
                    first: this.percent(better_mean13),
                    second: this.percent(better_naive),
                })
            );
        }
        const lean = Math.abs(bias) < 0.02 ? _t("It leans to neither side") : bias > 0 ? _t("It was too high by %s", this.percent(bias, 1)) : _t("It was too low by %s", this.percent(-bias, 1));
        parts.push(coverage === false ? `${lean}.` : _t("%(lean)s; the band of 90 percent held %(count)s of 100 weeks.", { lean, count: Math.round(100 * coverage) }));
        return parts.join(" ");
    }

    get plainClasses() {
        return this.state.data.classes.filter((row) => row.key !== "none" && row.ratio_mean13 >= 1 - EVEN).map((row) => row.name);
    }

    cell(abc, xyz) {
        return this.state.data.classes.find((row) => row.key === abc + xyz);
    }

    cellText(row) {
        const value = row[this.state.measure];
        if (this.state.measure.startsWith("ratio")) {
            return this.against(value);
        }
        return this.state.measure === "bias" ? this.signed(value) : this.percent(value);
    }

    /** Green is good, red is bad; how strong follows the distance. */
    cellStyle(row) {
        const value = row[this.state.measure];
        if (value === false) {
            return "";
        }
        const scales = {
            ratio_mean13: () => (1 - value) / 0.2,
            ratio_naive: () => (1 - value) / 0.5,
            wape: () => (0.6 - value) / 0.6,
            bias: () => (0.1 - Math.abs(value)) / 0.2,
            coverage: () => (0.05 - Math.abs(value - 0.9)) / 0.08,
        };
        const score = Math.max(-1, Math.min(1, scales[this.state.measure]()));
        const color = score >= 0 ? "46, 158, 107" : "214, 69, 65";
        return `background-color: rgba(${color}, ${0.08 + 0.5 * Math.abs(score)})`;
    }

    get groups() {
        return this.state.data.groups[this.state.dimension] || [];
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el) {
            return;
        }
        const rows = this.state.data.trend;
        const color = getComputedStyle(this.canvas.el).color;
        const line = (label, name, border, more = {}) => ({ label, data: rows.map((row) => (row[name] === false ? null : 100 * row[name])), borderColor: border, backgroundColor: border, pointRadius: 0, pointHitRadius: 8, borderWidth: 2, tension: 0.25, ...more });
        this.chart = new Chart(this.canvas.el, {
            type: "line",
            data: {
                labels: rows.map((row) => formatDate(deserializeDate(row.date))),
                datasets: [
                    line(_t("Forecast"), "wape", "#d9822b", { borderWidth: 3 }),
                    line(_t("Mean of 13 weeks"), "wape_mean13", "#607d96"),
                    line(_t("Same week last year"), "wape_naive", "#b0b7bf", { borderDash: [5, 4] }),
                    line(_t("Bias"), "bias", "#b5338a", { borderWidth: 1.5 }),
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { position: "bottom", labels: { color, boxWidth: 14 } },
                    tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${formatFloat(item.raw, { digits: [16, 1] })} %` } },
                },
                scales: {
                    x: { grid: { display: false }, ticks: { color, maxRotation: 0, autoSkipPadding: 24 } },
                    y: { ticks: { color, callback: (value) => `${value} %` }, grid: { color: "rgba(128,128,128,.18)" } },
                },
            },
        });
    }

    // Where it leads

    async openWatch(domain, context = {}) {
        const action = await this.action.loadAction(WATCH);
        this.action.doAction({ ...action, domain: [["company_id", "=", this.state.data.company_id], ...domain], context });
    }

    openClass(abc, xyz) {
        this.openWatch([["abc", "=", abc], ["xyz", "=", xyz]]);
    }

    openGroup(row) {
        const field = { category: "categ_id", warehouse: "warehouse_id", planner: "user_id", pattern: "pattern" }[this.state.dimension];
        const value = row.key === "none" ? false : this.state.dimension === "pattern" ? row.key : Number(row.key);
        this.openWatch([[field, "=", value]]);
    }

    openForecast(row) {
        this.action.doAction({
            type: "ir.actions.client",
            tag: "scm_planning.forecast_chart",
            name: row.name,
            context: { scm_product_id: row.product_id, scm_warehouse_id: row.warehouse_id },
        });
    }

    openMethods() {
        this.action.doAction("scm_planning.scm_forecast_champion_action");
    }

    async replay() {
        this.state.busy = true;
        try {
            const count = await this.orm.call("scm.accuracy.watch", "replay", [26]);
            this.notification.add(_t("%s weeks were measured.", count), { type: "success" });
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("scm_planning.accuracy", AccuracyPage);
