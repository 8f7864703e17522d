import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatMonetary } from "@web/views/fields/formatters";
import { formatDay, parseDay } from "../forecast_chart/forecast_chart_config";
import { COLORS, buildLanes, buildMonthMarks, demandConfig, monthsConfig, shortDay, stockConfig } from "./season_config";

const HORIZONS = [
    { weeks: 26, label: _t("6 months") },
    { weeks: 39, label: _t("9 months") },
    { weeks: 52, label: _t("1 year") },
];
const SHOWN_VENDORS = 12;

/** The coming season on one page: events of both sides, demand, purchases against budget, last order days. */
export class SeasonBoard extends Component {
    static template = "scm_planning.SeasonBoard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "scm-season";
    static displayName = _t("Season");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.horizons = HORIZONS;
        this.colors = COLORS;
        this.demand = useRef("demand");
        this.months = useRef("months");
        this.stock = useRef("stock");
        this.detail = useRef("detail");
        this.charts = [];
        this.state = useState({
            board: null,
            error: "",
            weeks: 26,
            categoryId: false,
            money: false,
            left: 92,
            right: 8,
            chosen: null,
            detail: null,
            allVendors: false,
            loading: false,
        });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => [this.state.board, this.state.money]
        );
        useEffect(
            () => this.showDetail(),
            () => [this.state.detail]
        );
        onWillUnmount(() => this.destroyCharts());
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.board = await this.orm.silent.call("scm.season.board", "get_board", [
                false,
                this.state.categoryId,
                this.state.weeks,
            ]);
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || _t("The season could not be read.");
        }
        this.state.loading = false;
    }

    destroyCharts() {
        this.charts.forEach((chart) => chart.destroy());
        this.charts = [];
    }

    draw() {
        this.destroyCharts();
        const { board, money } = this.state;
        if (!board) {
            return;
        }
        if (this.demand.el) {
            // the timeline above stands on the same days as the columns
            const onArea = ({ left, right }, width) => {
                if (Math.abs(this.state.left - left) > 1 || Math.abs(this.state.right - (width - right)) > 1) {
                    this.state.left = left;
                    this.state.right = width - right;
                }
            };
            this.charts.push(new Chart(this.demand.el, demandConfig(this.demand.el, board, money, onArea)));
        }
        if (this.months.el) {
            this.charts.push(new Chart(this.months.el, monthsConfig(this.months.el, board, (month) => this.openMonth(month))));
        }
        if (this.stock.el) {
            this.charts.push(new Chart(this.stock.el, stockConfig(this.stock.el, board)));
        }
    }

    // What the template shows

    get lanes() {
        return buildLanes(this.state.board);
    }

    get monthMarks() {
        return buildMonthMarks(this.state.board);
    }

    get todayLeft() {
        const { today, date_from, date_to } = this.state.board;
        return (100 * (parseDay(today) - parseDay(date_from))) / (parseDay(date_to) - parseDay(date_from));
    }

    get hasForecast() {
        return this.state.board.weeks.some((week) => week.expected !== false);
    }

    get hasDemand() {
        return this.state.board.weeks.some((week) => week.expected !== false || week.last_year !== false);
    }

    get forecastEndsEarly() {
        const { forecast, date_to } = this.state.board;
        return forecast.run_id && forecast.date_to <= date_to;
    }

    get hasPurchases() {
        return this.state.board.months.some((month) => month.planned || month.ordered || month.budget !== false);
    }

    get hasBudget() {
        return this.state.board.months.some((month) => month.budget !== false);
    }

    get vendors() {
        const rows = this.state.board.orders_by;
        return this.state.allVendors ? rows : rows.slice(0, SHOWN_VENDORS);
    }

    get tiles() {
        const { board } = this.state;
        const next = board.events.find((event) => event.kind !== "shutdown" && event.to >= board.today);
        const first = board.orders_by.find((row) => !row.late);
        const purchases = board.months.slice(0, 3);
        const sum = (name) => purchases.reduce((total, month) => total + (month[name] || 0), 0);
        const budgeted = purchases.some((month) => month.budget !== false);
        const tiles = [
            {
                key: "next",
                label: _t("Next event"),
                value: next ? next.name : _t("None"),
                hint: next ? this.period(next) : "",
                open: next ? () => this.choose(next) : null,
            },
            {
                key: "order_by",
                label: _t("First last-order day"),
                value: first ? formatDay(parseDay(first.order_by)) : _t("None"),
                hint: first ? first.vendor : _t("No vendor closes in this time"),
                open: first ? () => this.openVendor(first) : null,
            },
            {
                key: "purchases",
                label: _t("To order in 3 months"),
                value: this.money(sum("planned")),
                hint: budgeted ? _t("Budget left before it: %s", this.money(sum("budget") - sum("ordered"))) : _t("No budget is set"),
                open: () => this.openOrders(),
            },
            {
                key: "promotions",
                label: _t("Promotions to confirm"),
                value: String(board.promotions),
                hint: _t("Found in price lists and programs"),
                open: () => this.action.doAction("scm_planning.scm_event_proposal_action"),
            },
        ];
        return tiles;
    }

    get detailFacts() {
        const { detail } = this.state;
        const learned = detail.learned[0];
        const past = detail.past[0];
        return [
            { label: _t("Learned"), value: learned ? this.percent(learned.peak) : "–", hint: learned ? learned.category : _t("Not seen yet") },
            {
                label: _t("Expected by you"),
                value: detail.expected ? this.percent(detail.expected) : "–",
                hint: detail.expected && detail.uplift_use === "on_top" ? _t("on top of what was learned") : "",
            },
            { label: _t("Last time it came"), value: past && past.peak !== false ? this.percent(past.peak) : "–", hint: past ? this.period(past) : "" },
        ];
    }

    period(mark) {
        return mark.from === mark.to ? shortDay(mark.from) : `${shortDay(mark.from)} – ${shortDay(mark.to)}`;
    }

    day(text) {
        return formatDay(parseDay(text));
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.state.board.company.currency_id, digits: [16, 0] });
    }

    percent(value) {
        return value === false || value === null ? "–" : `${value > 0 ? "+" : ""}${(100 * value).toFixed(0)} %`;
    }

    bandTitle(band) {
        const parts = [band.name, this.period(band)];
        if (band.learned !== false) {
            parts.push(_t("learned %s", this.percent(band.learned)));
        }
        if (band.expected !== false) {
            parts.push(_t("expected %s", this.percent(band.expected)));
        }
        return parts.concat([band.where, band.vendors].filter(Boolean)).join(" · ");
    }

    // What the user does

    async onWeeks(weeks) {
        this.state.weeks = weeks;
        await this.load();
    }

    async onCategory(ev) {
        this.state.categoryId = parseInt(ev.target.value) || false;
        await this.load();
    }

    onMoney(money) {
        this.state.money = money;
    }

    async choose(band) {
        this.state.chosen = band.occurrence_id;
        this.state.detail = null;
        const detail = await this.orm.call("scm.season.event", "get_event", [band.occurrence_id]);
        if (this.state.chosen === band.occurrence_id) {
            this.state.detail = detail;
        }
    }

    showDetail() {
        this.detail.el?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }

    closeDetail() {
        this.state.chosen = null;
        this.state.detail = null;
    }

    openEvent() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "scm.event",
            res_id: this.state.detail.event_id,
            views: [[false, "form"]],
        });
    }

    async openMonth(month) {
        this.action.doAction(
            await this.orm.call("scm.season.board", "action_month", [month.date, false, this.state.categoryId])
        );
    }

    openOrders(domain = []) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Planned Orders"),
            res_model: "scm.planned.order",
            views: [[false, "list"], [false, "form"]],
            domain: [["company_id", "=", this.state.board.company.id], ["kind", "=", "buy"], ["state", "in", ["proposed", "firm"]], ...domain],
        });
    }

    openVendor(row) {
        const last = row.late ? this.state.board.today : row.order_by;
        this.openOrders([["vendor_id", "=", row.vendor_id], ["date_order", "<=", last]]);
    }

    openCalendar() {
        this.action.doAction("scm_planning.scm_event_occurrence_action");
    }

    openRuns() {
        this.action.doAction("scm_planning.scm_forecast_run_action");
    }
}

registry.category("actions").add("scm_planning.season_board", SeasonBoard);
