import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { cohortChart, growthChart, monthName, percent } from "./cause_charts";

/** Fewer deliveries than this behind a cell say nothing; it stays pale. */
const FEW = 5;
const PERIODS = [
    { days: 91, label: _t("3 months") },
    { days: 182, label: _t("6 months") },
    { days: 365, label: _t("12 months") },
    { days: 730, label: _t("2 years") },
];

/** Where the money of returns goes, which rows stand out, how months compare, and what customers say against what is found. */
export class CauseExplorer extends Component {
    static template = "scm_aftersales.CauseExplorer";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };
    static path = "scm-cause-explorer";
    static displayName = _t("Cause Explorer");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.cohortCanvas = useRef("cohorts");
        this.growthCanvas = useRef("growth");
        this.percent = percent;
        this.periods = PERIODS;
        this.state = useState({ data: null, busy: false, days: 365 });
        this.filters = { ...(this.props.action.params?.filters || {}) };
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.charts?.forEach((chart) => chart.destroy()));
    }

    async load(change = {}) {
        Object.assign(this.filters, change);
        this.state.busy = true;
        try {
            this.state.data = await this.orm.call("scm.cause.explorer", "get_page", [this.filters]);
        } finally {
            this.state.busy = false;
        }
    }

    draw() {
        this.charts?.forEach((chart) => chart.destroy());
        const { cohorts, curves } = this.state.data;
        this.charts = [
            [this.cohortCanvas.el, cohorts.length, (el) => cohortChart(el, cohorts, (month) => this.open({ month }))],
            [this.growthCanvas.el, curves.length, (el) => growthChart(el, curves)],
        ]
            .filter(([el, count]) => el && count)
            .map(([el, _count, config]) => new Chart(el, config(el)));
    }

    // Filters

    period(days) {
        this.state.days = days;
        const last = luxon.DateTime.now();
        this.load({ from: last.minus({ days }).toISODate(), to: last.toISODate() });
    }

    /** Narrow the page to one row, or to nothing more. */
    focus(row) {
        const { dimension, focus } = this.state.data.filters;
        const others = focus.filter((one) => one.dimension !== dimension);
        this.load({ focus: [...others, { dimension, key: [row.key] }], dimension: dimension === "category" ? "product" : dimension });
    }

    unfocus(dropped) {
        this.load({ focus: this.state.data.filters.focus.filter((one) => one.dimension !== dropped.dimension) });
    }

    async refresh() {
        this.state.busy = true;
        const count = await this.orm.call("scm.return.fact", "refresh", []).finally(() => (this.state.busy = false));
        this.notification.add(_t("%s deliveries were read.", formatFloat(count, { digits: [16, 0] })), { type: "success" });
        await this.load();
    }

    // Words and numbers

    get isEmpty() {
        return !this.state.data.total.delivered && !this.state.data.filters.focus.length;
    }

    get measures() {
        return [
            { key: "cost", label: _t("Cost") },
            { key: "refund", label: _t("Refunds") },
            { key: "units", label: _t("Units") },
        ];
    }

    get bys() {
        return [
            { key: "cause", label: _t("Cause") },
            { key: "reason", label: _t("Reason") },
            { key: "owner", label: _t("Owner") },
        ];
    }

    get span() {
        const { from, to } = this.state.data.filters;
        return _t("Orders of %(from)s to %(to)s", { from: formatDate(deserializeDate(from)), to: formatDate(deserializeDate(to)) });
    }

    get refreshed() {
        const moment = this.state.data.refreshed;
        return moment ? _t("Read %s", formatDateTime(deserializeDateTime(moment))) : _t("Not read yet");
    }

    number(value) {
        return formatFloat(value || 0, { digits: [16, 0] });
    }

    money(value) {
        return formatCurrency(value || 0, this.state.data.currency_id, { digits: [16, 0] });
    }

    amount(value) {
        return this.state.data.filters.measure === "units" ? this.number(value) : this.money(value);
    }

    width(bar) {
        const most = this.state.data.pareto.most;
        return `width: ${most ? Math.max((100 * bar.value) / most, 0.5) : 0}%`;
    }

    /** One of the few that together make four fifths. */
    isVital(index) {
        return !index || this.state.data.pareto.bars[index - 1].upto < 0.8;
    }

    cell(row, column) {
        return this.state.data.heat.cells[`${row.key}-${column.key}`];
    }

    /** Red above what is usual for the cause, blue below; as strong as the factor on a log scale. */
    heatStyle(cell) {
        if (cell.lines < FEW) {
            return "";
        }
        const heat = Math.max(Math.min(Math.log2(cell.factor || 0.25) / 2, 1), -1);
        return `background-color: rgba(${heat > 0 ? "220, 76, 60" : "47, 111, 159"}, ${(Math.abs(heat) * 0.7).toFixed(2)})`;
    }

    heatTitle(row, column, cell) {
        return _t("%(row)s, %(cause)s: %(units)s units from %(lines)s deliveries, %(rate)s of what was delivered, %(factor)s times what is usual", {
            row: row.name,
            cause: column.name,
            units: this.number(cell.units),
            lines: this.number(cell.lines),
            rate: percent(cell.rate, 2),
            factor: formatFloat(cell.factor, { digits: [16, 1] }),
        });
    }

    confusionStyle(row, units) {
        return units ? `background-color: rgba(46, 158, 107, ${(0.08 + (0.72 * units) / row.units).toFixed(2)})` : "";
    }

    confusionTitle(row, column, units) {
        return _t("Customer: %(reason)s. Found: %(cause)s. %(units)s units, %(share)s of this reason", {
            reason: row.name,
            cause: column.name,
            units: this.number(units),
            share: percent(units / row.units, 0),
        });
    }

    get agreement() {
        const { agreed, owner_agreed } = this.state.data.confusion;
        return _t("Inspection found the usual cause of the reason in %(cause)s of the units, and a cause of the usual owner in %(owner)s.", {
            cause: percent(agreed, 0),
            owner: percent(owner_agreed, 0),
        });
    }

    get young() {
        return this.state.data.cohorts
            .filter((one) => !one.is_complete)
            .map((one) => monthName(one.month, { month: "long", year: "numeric" }))
            .join(", ");
    }

    // Behind the figures

    async open(cell) {
        this.action.doAction(await this.orm.call("scm.cause.explorer", "open_returns", [this.filters, cell]));
    }

    openBar(bar) {
        const name = { cause: "cause_id", reason: "reason_id", owner: "owner" }[this.state.data.filters.by];
        this.open({ [name]: bar.key });
    }

    openCell(row, column) {
        this.open({ dimension: this.state.data.filters.dimension, key: [row.key], ...(column ? { cause_id: column.key } : {}) });
    }
}

registry.category("actions").add("scm_aftersales.cause_explorer", CauseExplorer);
