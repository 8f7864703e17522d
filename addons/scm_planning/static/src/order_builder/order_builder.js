import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { ContainerFill } from "./container_fill";

const MODEL = "scm.vendor.order";

function day(text) {
    return text ? luxon.DateTime.fromISO(text).toLocaleString({ day: "numeric", month: "short" }) : "";
}

/** One vendor order: its lines on the left; container, value and budget on the right, as they follow each change. */
export class OrderBuilder extends Component {
    static template = "scm_planning.OrderBuilder";
    static components = { Layout, WhyButton, ContainerFill };
    static props = { ...standardActionServiceProps };
    static path = "order-builder";
    static displayName = _t("Order Builder");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        const { context = {} } = this.props.action;
        this.orderId = context.scm_vendor_order_id || this.props.resId || false;
        this.state = useState({ data: null, error: "", busy: "", released: false });
        onWillStart(() => this.load());
        onMounted(() => {
            this.props.updateActionState?.({ resId: this.orderId || false });
            if (this.data) {
                this.env.config.setDisplayName(_t("Order to %s", this.data.vendor.name));
            }
        });
    }

    async load() {
        if (!this.orderId) {
            this.state.error = _t("Choose a vendor order in the list first.");
            return;
        }
        try {
            this.state.data = await this.orm.silent.call(MODEL, "get_builder", [[this.orderId]]);
        } catch (error) {
            this.state.error = error.data?.message || _t("The vendor order could not be read.");
        }
    }

    get data() {
        return this.state.data;
    }

    /** Call a method that changes the order and answers with the whole builder. */
    async change(name, args = []) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = name;
        const before = this.data.totals.value;
        try {
            this.state.data = await this.orm.call(MODEL, name, [[this.orderId], ...args]);
            this.tell(name, this.data.totals.value - before);
        } finally {
            this.state.busy = "";
        }
    }

    tell(name, difference) {
        if (!["fill_container", "reach_minimum", "cut_to_budget"].includes(name)) {
            return;
        }
        const message = !difference
            ? { fill_container: _t("Nothing more fits, or stock would last too long."), reach_minimum: _t("The minimum is reached already."), cut_to_budget: _t("The budget suffices for all lines.") }[name]
            : difference > 0
              ? _t("%s more are ordered now.", this.money(difference))
              : _t("%s less are ordered now.", this.money(-difference));
        this.notification.add(message, { type: difference ? "success" : "info" });
    }

    step(line, direction) {
        const quantity = Math.max(line.quantity + direction * line.step, 0);
        return this.change("set_quantity", [line.id, quantity < line.moq && direction < 0 ? 0 : quantity]);
    }

    onQuantity(line, ev) {
        const quantity = parseFloat(ev.target.value);
        if (Number.isFinite(quantity) && quantity >= 0) {
            return this.change("set_quantity", [line.id, quantity]);
        }
        ev.target.value = line.quantity;
    }

    async createRfq() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = "create_rfqs";
        try {
            const action = await this.orm.call(MODEL, "action_create_rfqs", [[this.orderId]]);
            await this.load();
            await this.action.doAction(action);
        } finally {
            this.state.busy = "";
        }
    }

    openRfq() {
        return this.orm.call(MODEL, "action_open_purchase_orders", [[this.orderId]]).then((action) => this.action.doAction(action));
    }

    openProduct(line) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "product.product", res_id: line.product_id, views: [[false, "form"]] });
    }

    openList() {
        this.action.doAction("scm_planning.scm_vendor_order_action", { clearBreadcrumbs: true });
    }

    // What the template shows

    money(amount) {
        return formatMonetary(amount, { currencyId: this.data.currency_id, digits: [16, 0] });
    }

    number(value, digits = 0) {
        return formatFloat(value, { digits: [16, Number.isInteger(value) ? 0 : digits || 2] });
    }

    day(text) {
        return day(text);
    }

    get kept() {
        return this.data.lines.filter((line) => line.action === "keep");
    }

    get leftOut() {
        return this.data.lines.filter((line) => line.action !== "keep");
    }

    get dueText() {
        const days = Math.round(luxon.DateTime.fromISO(this.data.date_order).diff(luxon.DateTime.fromISO(this.data.today), "days").days);
        if (days < 0) {
            return _t("%s days ago", -days);
        }
        return days === 0 ? _t("today") : days === 1 ? _t("tomorrow") : _t("in %s days", days);
    }

    coverClass(line) {
        return line.cover_days < 14 ? "bg-danger" : line.cover_days < 30 ? "bg-warning" : "bg-success";
    }

    coverWidth(days) {
        return Math.min(Math.max(days, 0), 120) / 1.2;
    }

    /** Value against minimum and freight-free limit: one scale with marks. */
    get scale() {
        const { value, min_order_value: least, freight_free_value: free } = this.data.totals;
        const top = Math.max(value, least, free) * 1.08 || 1;
        const marks = [
            { label: _t("Minimum"), amount: least, reached: value >= least },
            { label: _t("Freight free"), amount: free, reached: value >= free },
        ].filter((mark) => mark.amount > 0);
        return { width: (100 * value) / top, marks: marks.map((mark) => ({ ...mark, left: (100 * mark.amount) / top })), ok: value >= least };
    }

    budgetParts(budget) {
        const others = Math.max(budget.planned - budget.this, 0);
        const top = Math.max(budget.amount, budget.committed + budget.quoted + budget.planned) || 1;
        return [
            { label: _t("Ordered"), amount: budget.committed, color: "o_scm_builder_plain" },
            { label: _t("In quotations"), amount: budget.quoted, color: "bg-info" },
            { label: _t("Other vendor orders"), amount: others, color: "o_scm_builder_other" },
            { label: _t("This order"), amount: budget.this, color: "bg-primary" },
        ]
            .filter((part) => part.amount > 0)
            .map((part) => ({ ...part, width: (100 * part.amount) / top }));
    }

    budgetTitle(budget) {
        const month = luxon.DateTime.fromISO(budget.month).toLocaleString({ month: "long", year: "numeric" });
        return budget.category ? `${month} · ${budget.category}` : month;
    }

    reason(line) {
        if (line.action === "postpone") {
            return _t("Waits for %s", luxon.DateTime.fromISO(line.budget_month).toLocaleString({ month: "long" }));
        }
        return line.budget ? _t("Budget %s", line.budget) : _t("By hand");
    }
}

registry.category("actions").add("scm_planning.order_builder", OrderBuilder);
