import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { WhyPopover } from "@scm_base/why/why_button";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDate, deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { Pager } from "@web/core/pager/pager";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const LIMIT = 40;
const MODEL = "scm.order.plan";

/** Terms of an opened row, in the order in which they add up. */
const TERMS = [
    { name: "receipts", sign: 1, label: _t("Open receipts") },
    { name: "draft", sign: 1, label: _t("Quotations") },
    { name: "planned", sign: 1, label: _t("Planned orders") },
    { name: "transfer_in", sign: 1, label: _t("Transfers in") },
    { name: "orders", sign: -1, label: _t("Sales orders") },
    { name: "forecast", sign: -1, label: _t("Forecast, net") },
    { name: "other_out", sign: -1, label: _t("Overdue and under way") },
    { name: "dependent", sign: -1, label: _t("For other warehouses") },
    { name: "transfer_out", sign: -1, label: _t("Transfers out") },
];
const STATUSES = [
    { code: "", label: _t("All products") },
    { code: "exception", label: _t("Only exceptions") },
    { code: "late", label: _t("Cannot be saved") },
    { code: "stock_out", label: _t("Out of stock") },
    { code: "below_safety", label: _t("Below safety stock") },
    { code: "to_order", label: _t("To order this week") },
    { code: "moq_above_max", label: _t("Least lot too large") },
    { code: "problem", label: _t("Cannot be planned") },
];
const TOTALS = [
    { name: "receipts", label: _t("Open receipts") },
    { name: "planned", label: _t("Planned orders") },
    { name: "stock", label: _t("Stock value") },
];

/** The order plan of a company by week: reads pages, edits what is planned to come, and says why. */
export class OrderPlan extends Component {
    static template = "scm_planning.OrderPlan";
    static components = { Layout, Pager };
    static props = { ...standardActionServiceProps };
    static path = "supply-chain-order-plan";
    static displayName = _t("Order Plan");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        this.statuses = STATUSES;
        this.totals = TOTALS;
        this.input = useRef("input");
        this.scroll = useRef("scroll");
        this.popover = usePopover(WhyPopover, {
            position: "bottom",
            popoverClass: "o_scm_why_popover",
            class: "o_scm_why_sheet",
            useBottomSheet: this.env.isSmall,
        });
        this.state = useState({
            plan: null,
            weeks: [],
            rows: [],
            total: 0,
            offset: 0,
            money: { receipts: [], planned: [], stock: [] },
            choices: { warehouses: [], vendors: [], categories: [] },
            filters: { search: "", warehouse_id: 0, vendor_id: 0, categ_id: 0, abc: "", status: "" },
            open: {},
            edit: null,
            busy: false,
        });
        this.onSearch = useDebounced((text) => this.setFilter("search", text), 300);
        const context = this.props.action.context || {};
        if (context.scm_status) {
            this.state.filters.status = context.scm_status;
        }
        onWillStart(async () => {
            const [choices] = await Promise.all([this.orm.call(MODEL, "get_filters", []), this.load()]);
            this.state.choices = choices;
        });
        useEffect(
            (edit) => {
                if (edit && this.input.el) {
                    this.input.el.focus();
                    this.input.el.select();
                }
            },
            () => [this.state.edit && `${this.state.edit.id}:${this.state.edit.week}`]
        );
    }

    // ---------------------------------------------------------------- reading

    get filters() {
        return Object.fromEntries(Object.entries(this.state.filters).filter(([, value]) => value));
    }

    get filtered() {
        return Object.keys(this.filters).length > 0;
    }

    async load() {
        const ticket = (this.ticket = (this.ticket || 0) + 1);
        const [grid] = await Promise.all([
            this.orm.call(MODEL, "get_grid", [this.filters, this.state.offset, LIMIT]),
            this.loadTotals(ticket),
        ]);
        // an answer that a later question has overtaken is of no use
        if (ticket === this.ticket) {
            Object.assign(this.state, { plan: grid.plan, weeks: grid.weeks, rows: grid.rows, total: grid.total });
        }
    }

    async loadTotals(ticket) {
        const money = await this.orm.silent.call(MODEL, "get_totals", [this.filters]);
        if (ticket === this.ticket) {
            this.state.money = money;
        }
    }

    setFilter(name, value) {
        this.state.filters[name] = value;
        this.state.offset = 0;
        this.state.edit = null;
        return this.load();
    }

    onSelect(name, ev) {
        const value = ev.target.value;
        return this.setFilter(name, /^\d+$/.test(value) ? Number(value) : value);
    }

    clearFilters() {
        for (const name in this.state.filters) {
            this.state.filters[name] = "";
        }
        this.state.offset = 0;
        return this.load();
    }

    async onPage({ offset }) {
        this.state.offset = offset;
        this.state.edit = null;
        await this.load();
        if (this.scroll.el) {
            this.scroll.el.scrollTop = 0;
        }
    }

    get limit() {
        return LIMIT;
    }

    // --------------------------------------------------------------- display

    get computed() {
        return formatDateTime(deserializeDateTime(this.state.plan.date_computed), { showSeconds: false });
    }

    weekLabel(week) {
        return deserializeDate(week.date).toFormat("d LLL");
    }

    quantity(value) {
        const rounded = Math.round(value * 100) / 100;
        return formatFloat(rounded, { digits: [16, Math.abs(rounded) >= 100 || Number.isInteger(rounded) ? 0 : 1] });
    }

    money(value) {
        if (!value) {
            return "–";
        }
        return formatFloat(value, { humanReadable: true, decimals: value >= 1e6 ? 2 : 0, digits: [16, 0] });
    }

    amount(value) {
        return formatMonetary(value, { currencyId: this.state.plan.currency_id });
    }

    planned(row, week) {
        return row.terms.planned[week] + row.terms.transfer_in[week];
    }

    ordersOf(row, week) {
        return row.orders.filter((order) => order.week === week && order.state !== "cancelled");
    }

    termsOf(row) {
        return TERMS.filter((term) => row.terms[term.name].some((value) => value));
    }

    cellClass(row, week) {
        const closing = row.closing[week];
        const tone = closing < -0.5 ? "out" : closing < row.safety - 0.5 ? "low" : "fine";
        const orders = this.ordersOf(row, week);
        return {
            [`o_scm_plan_${tone}`]: true,
            o_scm_plan_firm: orders.some((order) => order.state === "firm" || order.state === "released"),
            o_scm_plan_due: orders.some((order) => order.overdue),
        };
    }

    cellTitle(row, week) {
        return this.ordersOf(row, week)
            .map((order) =>
                _t("%(quantity)s from %(partner)s: order by %(order)s, comes %(receipt)s", {
                    quantity: this.quantity(order.quantity),
                    partner: order.partner || _t("production"),
                    order: order.date_order,
                    receipt: order.date_receipt,
                })
            )
            .join("\n");
    }

    toggle(row) {
        this.state.open[row.id] = !this.state.open[row.id];
    }

    // --------------------------------------------------------------- editing

    startEdit(row, week) {
        if (this.state.plan.can_edit && !this.state.busy) {
            this.state.edit = { id: row.id, week, value: this.quantity(this.planned(row, week)) };
        }
    }

    isEdited(row, week) {
        return this.state.edit && this.state.edit.id === row.id && this.state.edit.week === week;
    }

    async onKey(ev, row, week) {
        if (ev.key === "Escape") {
            this.state.edit = null;
        } else if (ev.key === "Enter" || ev.key === "Tab") {
            ev.preventDefault();
            const next = week + (ev.shiftKey ? -1 : 1);
            const saved = await this.save(row, week);
            const current = this.state.rows.find((other) => other.id === row.id);
            if (saved && ev.key === "Tab" && current && next >= 0 && next < this.state.weeks.length) {
                this.startEdit(current, next);
            }
        }
    }

    async save(row, week) {
        const edit = this.state.edit;
        if (!edit || edit.id !== row.id || edit.week !== week) {
            return false;
        }
        let quantity;
        try {
            quantity = edit.value.trim() ? parseFloat(edit.value) : 0;
        } catch {
            this.notification.add(_t("“%s” is no number.", edit.value), { type: "warning" });
            return false;
        }
        this.state.edit = null;
        if (edit.value === this.quantity(this.planned(row, week))) {
            return true;
        }
        this.state.busy = true;
        try {
            this.replace(await this.orm.call(MODEL, "set_planned", [row.id, week, quantity]));
            this.loadTotals(this.ticket);
        } finally {
            this.state.busy = false;
        }
        return true;
    }

    replace(rows) {
        const fresh = Object.fromEntries(rows.map((row) => [row.id, row]));
        this.state.rows = this.state.rows.map((row) => fresh[row.id] || row);
    }

    async why(ev, row, week) {
        const target = ev.currentTarget;
        const { why, orders } = await this.orm.call(MODEL, "get_cell", [row.id, week]);
        const number = this.state.weeks[week].number;
        const title = _t("%(product)s, week %(number)s", { product: row.name, number });
        const order = orders.find((entry) => entry.why && entry.state !== "cancelled");
        this.popover.open(target, { why: ev.shiftKey || !target.dataset.order ? why : order?.why || why, title });
    }

    rowWhy(ev, row) {
        this.popover.open(ev.currentTarget, { why: row.why, title: row.name });
    }

    planAgain() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Plan again"),
            body: _t("All products are planned again with the stock and orders of now. Firm orders stay as they are."),
            confirmLabel: _t("Plan again"),
            confirm: async () => {
                this.state.busy = true;
                try {
                    await this.orm.call(MODEL, "plan_again", []);
                    await this.load();
                } finally {
                    this.state.busy = false;
                }
            },
            cancel: () => {},
        });
    }

    openForecast(row) {
        this.action.doAction("scm_planning.scm_forecast_chart_action", {
            additionalContext: { scm_product_id: row.product_id, scm_warehouse_id: row.warehouse_id },
        });
    }

    openOrders(row) {
        this.action.doAction("scm_planning.scm_planned_order_action", {
            additionalContext: {
                search_default_product_id: row.product_id,
                search_default_warehouse_id: row.warehouse_id,
                search_default_open: 0,
            },
        });
    }

    openRuns() {
        this.action.doAction("scm_planning.scm_forecast_run_action");
    }
}

registry.category("actions").add("scm_planning.order_plan", OrderPlan);
