import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { formatFloat } from "@web/core/utils/numbers";

/** One colour per scenario, in their order; told apart also by colour-blind people. */
export const COLORS = ["#2f6f9f", "#d9822b", "#2e9e6b", "#b5338a", "#7a6bbf", "#8a7a1f", "#4c9aa8", "#c0504d", "#5b7f3a", "#a0663a", "#6b6b6b", "#37474f"];
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

export function money(value, currencyId) {
    return formatCurrency(value || 0, currencyId, { digits: [16, 0] });
}

export function shortMoney(value, currencyId) {
    return formatCurrency(value || 0, currencyId, { humanReadable: true, digits: [16, 1] });
}

export function percent(value, digits = 1) {
    return `${formatFloat(100 * (value || 0), { digits: [16, digits] })} %`;
}

export function quantity(value) {
    const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 1;
    return formatFloat(value || 0, { digits: [16, digits] });
}

export function formatDay(text, format = luxon.DateTime.DATE_MED) {
    return luxon.DateTime.fromISO(text, { zone: "utc" }).toLocaleString(format);
}

function theme(element) {
    const style = getComputedStyle(element);
    return { text: style.getPropertyValue("--body-color").trim() || style.color, grid: "rgba(128, 128, 128, 0.18)" };
}

function axes(element, format, labels) {
    const { text, grid } = theme(element);
    return {
        x: {
            grid: { display: false },
            ticks: { color: text, maxRotation: 0, autoSkip: true, autoSkipPadding: 24, callback: (value) => labels[value] },
        },
        y: { beginAtZero: true, grid: { color: grid }, ticks: { color: text, maxTicksLimit: 6, callback: format } },
    };
}

/** Lines of all scenarios by week: stock value, or lost sales. */
export function weekChart(element, data, name, currencyId) {
    const labels = data.weeks.map((week) => formatDay(week, { day: "numeric", month: "short" }));
    return {
        type: "line",
        data: {
            labels,
            datasets: data.scenarios.map((scenario, index) => ({
                label: scenario.name,
                data: scenario[name],
                borderColor: COLORS[index],
                backgroundColor: name === "lost" ? `${COLORS[index]}22` : COLORS[index],
                fill: name === "lost",
                borderWidth: 2.25,
                borderDash: DASHES[index % DASHES.length],
                pointRadius: 0,
                pointHitRadius: 8,
                tension: 0.25,
            })),
        },
        options: {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: { display: false },
                tooltip: {
                    callbacks: {
                        title: ([item]) => _t("Week of %s", formatDay(data.weeks[item.dataIndex])),
                        label: (item) => `${item.dataset.label}: ${money(item.raw, currencyId)}`,
                    },
                },
            },
            scales: axes(element, (value) => shortMoney(value, currencyId), labels),
        },
    };
}

/** Red bands on the days on which demand was lost. */
function shortDays(row) {
    return {
        id: "scmShortDays",
        beforeDatasetsDraw(chart) {
            const { ctx, chartArea, scales } = chart;
            const step = scales.x.getPixelForValue(1) - scales.x.getPixelForValue(0);
            ctx.save();
            ctx.fillStyle = "rgba(214, 69, 65, 0.22)";
            row.missed.forEach((missed, day) => {
                if (missed > 1e-6) {
                    const left = scales.x.getPixelForValue(day) - step / 2;
                    ctx.fillRect(left, chartArea.top, Math.max(step, 1.5), chartArea.bottom - chartArea.top);
                }
            });
            ctx.restore();
        },
    };
}

/** Day by day of one product in one scenario. */
export function replayChart(element, days, row, color, top, unit) {
    const { text } = theme(element);
    const labels = days.map((day) => formatDay(day, { day: "numeric", month: "short" }));
    const mark = (values) => values.map((value) => (value > 1e-6 ? value : null));
    const dots = { type: "line", showLine: false, pointRadius: 4.5, pointHoverRadius: 6, order: 0 };
    const level = { type: "line", stepped: true, borderWidth: 1, pointRadius: 0, borderDash: [4, 4], order: 3, fill: false };
    const scales = axes(element, (value) => quantity(value), labels);
    scales.y.suggestedMax = top;
    return {
        data: {
            labels,
            datasets: [
                { ...dots, label: _t("Ordered"), data: mark(row.ordered), pointStyle: "triangle", borderColor: "#7a6bbf", backgroundColor: "#7a6bbf" },
                { ...dots, label: _t("Received"), data: mark(row.received), pointStyle: "circle", pointRadius: 3.5, borderColor: "#2e9e6b", backgroundColor: "#2e9e6b" },
                { type: "line", label: _t("Stock"), data: row.stock, stepped: true, borderColor: color, backgroundColor: `${color}26`, fill: true, borderWidth: 1.75, pointRadius: 0, order: 2 },
                { type: "bar", label: _t("Demand"), data: row.demand, backgroundColor: "rgba(96, 110, 125, 0.55)", order: 1, categoryPercentage: 1, barPercentage: 1 },
                { ...level, label: _t("Minimum"), data: row.minimum, borderColor: text },
                { ...level, label: _t("Maximum"), data: row.maximum, borderColor: "rgba(128, 128, 128, 0.6)" },
            ],
        },
        options: {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: { display: false },
                tooltip: {
                    filter: (item) => item.raw !== null && (item.dataset.label !== _t("Demand") || item.raw > 0),
                    callbacks: {
                        title: ([item]) => (item ? formatDay(days[item.dataIndex]) : ""),
                        label: (item) => `${item.dataset.label}: ${quantity(item.raw)} ${unit}`,
                        afterBody: ([item]) => (item && row.missed[item.dataIndex] > 1e-6 ? [_t("Lost: %s", quantity(row.missed[item.dataIndex]))] : []),
                    },
                },
            },
            scales,
        },
        plugins: [shortDays(row)],
    };
}
