import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatDay, formatQuantity, parseDay } from "../forecast_chart/forecast_chart_config";

const LABELS = { category: _t("Category"), attributes: _t("Attributes"), name: _t("Name"), price: _t("Price") };

/** Like-items side by side: the terms of each one's likeness, and its history times the factor beside own sales. */
export class LikeItemField extends Component {
    static template = "scm_planning.LikeItem";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        this.state = useState({ chart: null, shown: this.chosen, manager: false });
        onWillStart(async () => {
            [this.state.manager] = await Promise.all([user.hasGroup("scm_base.scm_group_manager"), loadBundle("web.chartjs_lib"), this.load()]);
        });
        onWillUpdateProps(async (props) => {
            this.state.shown = props.record.data.like_product_id?.id || false;
            await this.load(props.record);
        });
        useEffect(
            () => this.draw(),
            () => [this.state.chart]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get chosen() {
        return this.props.record.data.like_product_id?.id || false;
    }

    get candidates() {
        return this.props.record.data.like_candidates || [];
    }

    get confirmed() {
        return this.props.record.data.like_state === "confirmed";
    }

    terms(row) {
        return Object.entries(row.terms).map(([name, value]) => ({ name, label: LABELS[name] || name, value }));
    }

    percent(value) {
        return `${Math.round(100 * value)} %`;
    }

    quantity(value) {
        return formatQuantity(value);
    }

    async load(record = this.props.record) {
        if (record.resId && this.state.shown) {
            this.state.chart = await this.orm.silent.call("scm.product.lifecycle", "get_like_chart", [record.resId, this.state.shown]);
        } else {
            this.state.chart = null;
        }
    }

    async show(row) {
        this.state.shown = row.product_id;
        await this.load();
    }

    async take(row) {
        await this.orm.call("scm.product.lifecycle", "action_take_candidate", [[this.props.record.resId], row.product_id]);
        await this.props.record.load();
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el || !this.state.chart) {
            return;
        }
        const { weeks, own, like, forecast, like_name: likeName, unit } = this.state.chart;
        const known = (values) => values.map((value) => (value < 0 ? null : value));
        const text = getComputedStyle(this.canvas.el).color;
        const label = (day) => luxon.DateTime.fromISO(day, { zone: "utc" }).toFormat("d LLL yy");
        const line = { type: "line", pointRadius: 0, pointHitRadius: 8, borderWidth: 2, tension: 0.25 };
        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: weeks.map(label),
                datasets: [
                    { type: "bar", label: _t("Own sales"), data: known(own), backgroundColor: "#2e9e6b", categoryPercentage: 1, barPercentage: 0.85, order: 2 },
                    { ...line, label: _t("%s × factor", likeName), data: known(like), borderColor: "rgba(96, 125, 150, 0.9)", backgroundColor: "rgba(96, 125, 150, 0.9)", order: 1 },
                    { ...line, label: _t("Forecast"), data: known(forecast), borderColor: "#d9822b", backgroundColor: "#d9822b", order: 0 },
                ],
            },
            options: {
                animation: false,
                responsive: true,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { labels: { color: text, boxWidth: 14 } },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => formatDay(parseDay(weeks[item.dataIndex])),
                            label: (item) => `${item.dataset.label}: ${formatQuantity(item.raw)} ${unit}`,
                        },
                    },
                },
                scales: {
                    x: { grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkip: true, autoSkipPadding: 18 } },
                    y: { beginAtZero: true, grid: { color: "rgba(128, 128, 128, 0.18)" }, ticks: { color: text, maxTicksLimit: 5 } },
                },
            },
        });
    }
}

registry.category("fields").add("scm_like_item", {
    component: LikeItemField,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "like_product_id", type: "many2one" },
        { name: "like_state", type: "selection" },
    ],
});
