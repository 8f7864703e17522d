import { _t } from "@web/core/l10n/translation";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { loadBundle } from "@web/core/assets";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillStart, onWillUpdateProps, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";

import { WhyButton } from "@scm_base/why/why_button";

/** The ladder of an item drawn as steps going down, its age, and stock against forecast. */
export class ExcessLadder extends Component {
    static template = "scm_planning.ExcessLadder";
    static components = { WhyButton };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.canvas = useRef("curve");
        this.state = useState({ data: null });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load(this.props.record.resId)]);
        });
        onWillUpdateProps((next) => this.load(next.record.resId));
        useEffect(
            () => this.draw(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load(id) {
        this.state.data = id ? await this.orm.call("scm.excess", "get_excess_item", [[id]]) : null;
    }

    // How it reads

    money(value) {
        return formatMonetary(value || 0, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    units(value) {
        return formatFloat(value || 0, { digits: [16, Number.isInteger(value) ? 0 : 2] });
    }

    get steps() {
        return this.state.data.steps.filter((step) => step.counts);
    }

    get past() {
        return this.state.data.steps.filter((step) => !step.counts);
    }

    /** From where to where a step takes units off the excess, in percent. */
    span(step) {
        const total = this.state.data.excess || 1;
        const left = (100 * step.left) / total;
        return `margin-left: ${left}%; width: ${Math.max((100 * step.quantity) / total, 1)}%`;
    }

    get ages() {
        const total = this.state.data.age.reduce((sum, age) => sum + age.quantity, 0) || 1;
        return this.state.data.age.map((age) => ({ ...age, share: age.quantity / total }));
    }

    get nothingDone() {
        const { days_to_sell, holding_month } = this.state.data;
        const cost = this.money(holding_month);
        if (days_to_sell >= 9999) {
            return _t("If nothing is done, it never sells and costs %(cost)s a month.", { cost });
        }
        return _t("If nothing is done, ordinary demand needs %(days)s days to use it up, at %(cost)s a month.", {
            days: this.units(days_to_sell),
            cost,
        });
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el || !this.state.data) {
            return;
        }
        const { labels, stock, forecast, level } = this.state.data.curve;
        const color = getComputedStyle(this.canvas.el).color;
        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: labels.map((day) => formatDate(deserializeDate(day))),
                datasets: [
                    { type: "line", label: _t("Stock"), data: stock, borderColor: "#607d96", backgroundColor: "rgba(96,125,150,.18)", fill: true, pointRadius: 0, borderWidth: 2, tension: 0.2 },
                    { type: "line", label: _t("Enough"), data: labels.map(() => level), borderColor: "#d64541", borderDash: [5, 4], pointRadius: 0, borderWidth: 1.5 },
                    { type: "bar", label: _t("Forecast per week"), data: forecast, backgroundColor: "rgba(217,130,43,.75)" },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: { legend: { position: "bottom", labels: { color, boxWidth: 14 } } },
                scales: {
                    x: { grid: { display: false }, ticks: { color, maxRotation: 0, autoSkipPadding: 24 } },
                    y: { beginAtZero: true, ticks: { color, maxTicksLimit: 6 }, grid: { color: "rgba(128,128,128,.18)" } },
                },
            },
        });
    }

    // What the user does

    async accept(step) {
        const words = {
            cancel: _t("A quotation is cut at once; for a confirmed order the buyer gets an activity with the words for the vendor."),
            postpone: _t("The promised day of the order line moves, as we asked for it; the buyer gets an activity with the words for the vendor."),
            transfer: _t("A draft transfer is made. Confirm it in Inventory."),
            bundle: _t("A dated price goes into the clearance price list, and the product is offered beside the other one."),
            markdown: _t("A dated price goes into the clearance price list, and a promotion is proposed, archived until you use it."),
            vendor_return: _t("A draft return to the vendor is made. Confirm it in Inventory."),
            write_off: _t("A draft scrap is made. The stock stays until somebody validates it."),
        };
        this.dialog.add(ConfirmationDialog, {
            title: `${step.label}: ${this.units(step.quantity)} ${this.state.data.unit}`,
            body: words[step.kind],
            confirmLabel: _t("Accept"),
            confirm: () => this.run("accept", step),
            cancel: () => {},
        });
    }

    async run(method, step) {
        await this.orm.call("scm.excess.action", method, [[step.id]]);
        await this.props.record.load();
        await this.load(this.props.record.resId);
    }

    async openDocument(step) {
        this.action.doAction(await this.orm.call("scm.excess.action", "action_open_document", [[step.id]]));
    }

    async write(step) {
        this.action.doAction(await this.orm.call("scm.excess.action", "action_write_vendor", [[step.id]]));
    }
}

registry.category("view_widgets").add("scm_excess_ladder", { component: ExcessLadder });
