import { loadBundle } from "@web/core/assets";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";

/** Return rate before and after an improvement, beside that of similar goods. */
export class ReturnChart extends Component {
    static template = "scm_aftersales.ReturnChart";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        this.state = useState({ chart: { points: [] } });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load(this.props)]));
        onWillUpdateProps((next) => this.load(next));
        useEffect(
            () => {
                if (!this.canvas.el || !this.state.chart.points.length) {
                    return;
                }
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.canvas.el, this.state.chart]
        );
    }

    async load({ record }) {
        const asked = record.resId && record.data.metric;
        this.state.chart = asked ? await this.orm.call("scm.improvement", "return_chart", [[record.resId]]) : { points: [] };
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    get hasOthers() {
        return this.state.chart.points.some((point) => point.others !== false);
    }

    /** Stripes behind the lines: before, after, and the day on which work began. */
    get stripes() {
        const { points, before, after, opened } = this.state.chart;
        const inside = (span) => points.map((point) => span[0] && point.to >= span[0] && (!span[1] || point.from <= span[1]));
        return { before: inside(before), after: inside(after), start: points.findIndex((point) => point.to >= opened) };
    }

    get config() {
        const { points } = this.state.chart;
        const style = getComputedStyle(document.documentElement);
        const color = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
        const danger = color("--danger", "#d44c59");
        const muted = color("--gray-500", "#adb5bd");
        const line = (label, values, tone, young) => ({
            label,
            data: values.map((value) => (value === false ? null : value)),
            borderColor: tone,
            backgroundColor: tone,
            borderWidth: 2,
            pointRadius: 2,
            tension: 0.25,
            spanGaps: true,
            segment: young ? { borderDash: (ctx) => (points[ctx.p1DataIndex].young ? [5, 4] : undefined) } : undefined,
        });
        const sets = [line(_t("These goods"), points.map((point) => point.own), danger, true)];
        if (this.hasOthers) {
            sets.push(line(_t("Similar goods"), points.map((point) => point.others), muted, true));
        }
        return {
            type: "line",
            data: { labels: points.map((point) => this.day(point.from)), datasets: sets },
            plugins: [this.background(this.stripes)],
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                scales: {
                    y: { beginAtZero: true, ticks: { callback: (value) => `${value} %` }, grid: { color: "rgba(128,128,128,0.15)" } },
                    x: { grid: { display: false }, ticks: { maxTicksLimit: 8, maxRotation: 0 } },
                },
                plugins: {
                    legend: { position: "bottom", labels: { usePointStyle: true, boxHeight: 6 } },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => `${this.day(points[item.dataIndex].from)} – ${this.day(points[item.dataIndex].to)}`,
                            label: (item) => `${item.dataset.label}: ${formatFloat(item.raw, { digits: [16, 1] })} %`,
                            footer: ([item]) =>
                                [
                                    _t("%s deliveries", points[item.dataIndex].own_deliveries),
                                    points[item.dataIndex].young ? _t("young, completed by the usual delay") : "",
                                ].filter(Boolean),
                        },
                    },
                },
            },
        };
    }

    background(stripes) {
        return {
            id: "scmStripes",
            beforeDatasetsDraw({ ctx, chartArea, scales }) {
                const half = scales.x.width / Math.max(stripes.before.length - 1, 1) / 2;
                const paint = (flags, tone) => {
                    ctx.fillStyle = tone;
                    flags.forEach((flag, index) => {
                        const left = Math.max(scales.x.getPixelForValue(index) - half, chartArea.left);
                        const right = Math.min(scales.x.getPixelForValue(index) + half, chartArea.right);
                        flag && ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
                    });
                };
                ctx.save();
                paint(stripes.before, "rgba(212, 76, 89, 0.07)");
                paint(stripes.after, "rgba(40, 167, 69, 0.09)");
                if (stripes.start >= 0) {
                    const x = scales.x.getPixelForValue(stripes.start);
                    ctx.strokeStyle = "rgba(128, 128, 128, 0.8)";
                    ctx.setLineDash([4, 3]);
                    ctx.beginPath();
                    ctx.moveTo(x, chartArea.top);
                    ctx.lineTo(x, chartArea.bottom);
                    ctx.stroke();
                }
                ctx.restore();
            },
        };
    }
}

registry.category("view_widgets").add("scm_return_chart", {
    component: ReturnChart,
    fieldDependencies: [
        { name: "metric", type: "selection" },
        { name: "verdict", type: "selection" },
    ],
});
