import { Component, onMounted, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { WhyButton } from "@scm_base/why/why_button";
import { loadBundle } from "@web/core/assets";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { COLORS, formatDay, money, percent, quantity, replayChart, weekChart } from "./simulation_charts";

const POLL_MS = 4000;
/** Figures of a card: which is better, less or more, and how it reads. */
const FIGURES = [
    { name: "lost_value", label: _t("Lost sales"), less: true },
    { name: "stock_value", label: _t("Stock value"), less: true },
    { name: "order_count", label: _t("Orders"), less: true, count: true },
    { name: "total_cost", label: _t("Total cost"), less: true, strong: true },
];

/** The days of one product, one chart per scenario under the other. */
export class ReplayDialog extends Component {
    static template = "scm_planning.ReplayDialog";
    static components = { Dialog };
    static props = { simulationId: Number, productId: Number, warehouseId: Number, colors: Object, close: Function };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.charts = [];
        this.state = useState({ data: null, error: "" });
        onWillStart(async () => {
            try {
                this.state.data = await this.orm.call("scm.simulation", "get_replay", [
                    this.props.simulationId,
                    this.props.productId,
                    this.props.warehouseId,
                ]);
            } catch (error) {
                this.state.error = error.data?.message || _t("The days of this product could not be read.");
            }
        });
        onMounted(() => this.draw());
        onWillUnmount(() => this.charts.forEach((chart) => chart.destroy()));
    }

    get title() {
        const { data } = this.state;
        return data ? `${data.product} · ${data.warehouse}` : _t("Product");
    }

    get legend() {
        return [
            { label: _t("Stock"), color: COLORS[0] },
            { label: _t("Demand"), color: "rgba(96, 110, 125, 0.55)" },
            { label: _t("▲ Ordered"), color: "#7a6bbf" },
            { label: _t("● Received"), color: "#2e9e6b" },
            { label: _t("Sales lost"), color: "rgba(214, 69, 65, 0.35)" },
            { label: _t("Minimum and maximum"), color: "rgba(128, 128, 128, 0.7)" },
        ];
    }

    facts(row) {
        const total = (values) => values.reduce((sum, value) => sum + value, 0);
        const demand = total(row.demand);
        const missed = total(row.missed);
        return [
            _t("%s given at once", percent(demand ? 1 - missed / demand : 1)),
            _t("%(lost)s of %(demand)s %(unit)s lost", { lost: quantity(missed), demand: quantity(demand), unit: this.state.data.uom }),
            _t("%s orders", row.ordered.filter((value) => value > 1e-6).length),
            _t("stock %s on average", quantity(total(row.stock) / (row.stock.length || 1))),
        ].join(" · ");
    }

    draw() {
        const { data } = this.state;
        if (!data || !this.root.el) {
            return;
        }
        const top = Math.max(...data.scenarios.flatMap((row) => [...row.stock, ...row.received, ...row.maximum]), 1);
        this.root.el.querySelectorAll("canvas").forEach((canvas, index) => {
            const row = data.scenarios[index];
            this.charts.push(new Chart(canvas, replayChart(canvas, data.days, row, this.props.colors[row.id], top, data.uom)));
        });
    }
}

/** Result of a simulation: a card per scenario, stock and lost sales by week, products that differ most. */
export class SimulationResult extends Component {
    static template = "scm_planning.SimulationResult";
    static components = { ControlPanel, WhyButton };
    static props = { ...standardActionServiceProps };
    static path = "simulation-result";
    static displayName = _t("Simulation Result");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.stockCanvas = useRef("stock");
        this.lostCanvas = useRef("lost");
        this.charts = [];
        this.figures = FIGURES;
        this.simulationId = this.props.resId || this.props.action.context?.scm_simulation_id || false;
        this.state = useState({ data: null, error: "", hidden: {} });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        onMounted(() => this.nameThePage());
        useEffect(
            () => this.draw(),
            () => [this.state.data, ...Object.values(this.state.hidden)]
        );
        onWillUnmount(() => {
            clearTimeout(this.timer);
            this.charts.forEach((chart) => chart.destroy());
        });
    }

    async load() {
        clearTimeout(this.timer);
        try {
            this.state.data = await this.orm.call("scm.simulation", "get_result", [this.simulationId]);
            this.simulationId = this.state.data.id;
        } catch (error) {
            this.state.error = error.data?.message || _t("The simulation could not be read.");
        }
        if (["queued", "running"].includes(this.state.data?.state)) {
            this.timer = setTimeout(() => this.load(), POLL_MS);
        }
    }

    nameThePage() {
        // so that the address names the simulation, and a reload or a shared link finds it again
        this.props.updateActionState?.({ resId: this.simulationId || false });
        if (this.state.data?.name) {
            this.env.config.setDisplayName(this.state.data.name);
        }
    }

    draw() {
        this.charts.forEach((chart) => chart.destroy());
        const { data } = this.state;
        this.charts = [
            [this.stockCanvas.el, "stock"],
            [this.lostCanvas.el, "lost"],
        ]
            .filter(([canvas]) => canvas)
            .map(([canvas, name]) => {
                const config = weekChart(canvas, data, name, data.currency_id);
                config.data.datasets.forEach((set, index) => {
                    set.hidden = Boolean(this.state.hidden[data.scenarios[index].id]);
                });
                return new Chart(canvas, config);
            });
    }

    // What the template shows

    get scenarios() {
        return this.state.data.scenarios;
    }

    color(index) {
        return COLORS[index % COLORS.length];
    }

    get colors() {
        return Object.fromEntries(this.scenarios.map((scenario, index) => [scenario.id, this.color(index)]));
    }

    get period() {
        return `${formatDay(this.state.data.date_from)} – ${formatDay(this.state.data.date_to)}`;
    }

    money(value) {
        return money(value, this.state.data.currency_id);
    }

    percent(value, digits = 1) {
        return percent(value, digits);
    }

    quantity(value) {
        return quantity(value);
    }

    figureText(scenario, figure) {
        return figure.count ? quantity(scenario[figure.name]) : this.money(scenario[figure.name]);
    }

    isBest(scenario, name, less = true) {
        const values = this.scenarios.map((one) => one[name]);
        const best = less ? Math.min(...values) : Math.max(...values);
        return this.scenarios.length > 1 && scenario[name] === best && values.some((value) => value !== best);
    }

    /** Difference to the first scenario, with whether it is good. */
    difference(scenario, figure) {
        const first = this.scenarios[0];
        if (scenario === first || !first[figure.name]) {
            return null;
        }
        const change = scenario[figure.name] / first[figure.name] - 1;
        if (Math.abs(change) < 0.0005) {
            return { text: "=", tone: "text-muted" };
        }
        const good = change < 0 === figure.less;
        return { text: `${change > 0 ? "+" : "−"}${percent(Math.abs(change), 0)}`, tone: good ? "text-success" : "text-danger" };
    }

    points(scenario) {
        const first = this.scenarios[0];
        if (scenario === first) {
            return null;
        }
        const change = 100 * (scenario.fill_rate - first.fill_rate);
        const tone = Math.abs(change) < 0.05 ? "text-muted" : change > 0 ? "text-success" : "text-danger";
        return { text: _t("%s points", `${change >= 0 ? "+" : "−"}${Math.abs(change).toFixed(1)}`), tone };
    }

    cell(product, scenario) {
        return product.figures[scenario.id] || { fill: 0, lost_value: 0, stock_value: 0, total_cost: 0 };
    }

    isCheapest(product, scenario) {
        const costs = this.scenarios.map((one) => this.cell(product, one).total_cost);
        return this.cell(product, scenario).total_cost === Math.min(...costs);
    }

    // What the user does

    toggle(scenario) {
        this.state.hidden[scenario.id] = !this.state.hidden[scenario.id];
    }

    async choose(ev) {
        this.simulationId = parseInt(ev.target.value);
        this.state.hidden = {};
        await this.load();
        this.nameThePage();
    }

    openProduct(product) {
        this.dialog.add(ReplayDialog, {
            simulationId: this.state.data.id,
            productId: product.product_id,
            warehouseId: product.warehouse_id,
            colors: this.colors,
        });
    }

    openForm() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "scm.simulation",
            res_id: this.state.data.id,
            views: [[false, "form"]],
        });
    }

    openAll() {
        this.action.doAction("scm_planning.scm_simulation_action");
    }

    openProducts() {
        this.action.doActionButton({
            type: "object",
            resModel: "scm.simulation",
            name: "action_open_products",
            resId: this.state.data.id,
            resIds: [this.state.data.id],
        });
    }

    async usePolicy(scenario) {
        this.action.doAction(await this.orm.call("scm.simulation.scenario", "action_use_policy", [[scenario.id]]));
    }
}

registry.category("actions").add("scm_planning.simulation", SimulationResult);
