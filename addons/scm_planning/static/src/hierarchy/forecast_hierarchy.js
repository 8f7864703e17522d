import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatDay, percent, quantity } from "../simulation/simulation_charts";
import { nodeChart, sparkline } from "./hierarchy_chart";
import { OverrideDialog } from "./override_dialog";

const PAGE = 40;

/** Forecasts of company, warehouses, categories, regions and products that add up; each can be looked into and overridden. */
export class ForecastHierarchy extends Component {
    static template = "scm_planning.ForecastHierarchy";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };
    static path = "forecast-hierarchy";
    static displayName = _t("Forecast Hierarchy");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.canvas = useRef("chart");
        this.lists = new KeepLast();
        this.charts = new KeepLast();
        this.levels = [
            ["company", _t("Company")],
            ["warehouse", _t("Warehouses")],
            ["category", _t("Categories")],
            ["region", _t("Regions")],
            ["product", _t("Products")],
        ];
        this.state = useState({ level: "category", path: [], offset: 0, search: "", list: null, row: null, chart: null, error: "" });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => [this.state.chart]
        );
        onWillUnmount(() => this.drawn?.destroy());
    }

    get scope() {
        return this.state.path.length ? this.state.path.at(-1).scope : {};
    }

    async load() {
        const { level, offset, search } = this.state;
        try {
            this.state.list = await this.lists.add(
                this.orm.call("scm.forecast.hierarchy", "get_nodes", [level], { scope: this.scope, offset, limit: PAGE, search })
            );
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || _t("The forecasts could not be read.");
            return;
        }
        const [row] = this.state.list.rows;
        if (!this.state.path.length && !search && this.state.list.total === 1 && level === "category" && row.children === level) {
            // one category above all others says no more than the company
            return this.enter(row);
        }
        await this.choose(row);
    }

    async choose(row) {
        this.state.row = row || null;
        if (!row || !row.known) {
            this.state.chart = null;
            return;
        }
        this.state.chart = await this.charts.add(this.orm.call("scm.forecast.hierarchy", "get_chart", [row.level], { scope: row.scope }));
    }

    draw() {
        this.drawn?.destroy();
        this.drawn = null;
        if (this.canvas.el && this.state.chart) {
            this.drawn = new Chart(this.canvas.el, nodeChart(this.canvas.el, this.state.chart));
        }
    }

    // Moving about

    setLevel(level) {
        Object.assign(this.state, { level, path: [], offset: 0, search: "" });
        return this.load();
    }

    enter(row) {
        const path = [...this.state.path, { name: row.name, scope: row.scope, level: this.state.level }];
        Object.assign(this.state, { path, level: row.children, offset: 0, search: "" });
        return this.load();
    }

    back(index) {
        const { level } = this.state.path[index];
        Object.assign(this.state, { level, path: this.state.path.slice(0, index), offset: 0, search: "" });
        return this.load();
    }

    search(event) {
        Object.assign(this.state, { search: event.target.value, offset: 0 });
        return this.load();
    }

    turn(pages) {
        this.state.offset = Math.max(0, this.state.offset + pages * PAGE);
        return this.load();
    }

    get pageText() {
        const { offset, list } = this.state;
        return `${list.total ? offset + 1 : 0}-${Math.min(offset + PAGE, list.total)} / ${list.total}`;
    }

    get isLastPage() {
        return this.state.offset + PAGE >= this.state.list.total;
    }

    // Overrides

    get mayOverride() {
        const { list, row } = this.state;
        return row && row.known && (row.level === "product" ? list.can_override : list.can_override_groups);
    }

    override() {
        this.dialog.add(OverrideDialog, {
            row: this.state.row,
            weeks: this.state.chart.forecast.map((week) => week.date),
            onSaved: () => this.load(),
        });
    }

    async withdraw(one) {
        await this.orm.call("scm.forecast.override", "action_withdraw", [[one.id]]);
        this.notification.add(_t("The override was taken back."), { type: "success" });
        await this.load();
    }

    openOverrides() {
        return this.action.doAction("scm_planning.scm_forecast_override_action");
    }

    openProduct() {
        const { scope } = this.state.row;
        return this.action.doAction("scm_planning.scm_forecast_action", {
            additionalContext: { search_default_product_id: scope.product_id },
        });
    }

    // What the template shows

    spark(row) {
        return sparkline(row);
    }

    quantity(value) {
        return quantity(value);
    }

    percent(value, digits = 0) {
        return percent(value, digits);
    }

    signed(value) {
        if (Math.abs(value) < 0.005) {
            return percent(0, 0);
        }
        return `${value < 0 ? "−" : "+"}${percent(Math.abs(value), 0)}`;
    }

    day(text) {
        return formatDay(text, { day: "numeric", month: "short" });
    }
}

registry.category("actions").add("scm_planning.forecast_hierarchy", ForecastHierarchy);
