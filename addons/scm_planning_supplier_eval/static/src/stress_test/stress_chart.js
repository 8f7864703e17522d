import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";

const ALONE = "#d64541";
const BACKED = "#d9822b";

export function money(value, currencyId) {
    return formatCurrency(value || 0, currencyId, { digits: [16, 0] });
}

export function formatDay(text, format = luxon.DateTime.DATE_MED) {
    return text ? luxon.DateTime.fromISO(text, { zone: "utc" }).toLocaleString(format) : "";
}

/** Margin lost so far, week by week: if nothing is done, and with backups; the stop itself is a band behind them. */
export function stressChart(element, data) {
    const style = getComputedStyle(element);
    const text = style.getPropertyValue("--body-color").trim() || style.color;
    const grid = "rgba(128, 128, 128, 0.18)";
    const short = (value) => formatCurrency(value || 0, data.currency_id, { humanReadable: true, digits: [16, 1] });
    let sum = 0;
    const running = (values) => ((sum = 0), values.map((value) => (sum += value)));
    const labels = data.series.weeks.map((week) => formatDay(week, { day: "numeric", month: "short", year: "2-digit" }));
    const line = (label, values, color, fill) => ({
        label,
        data: running(values),
        borderColor: color,
        backgroundColor: `${color}22`,
        fill,
        borderWidth: 2.25,
        pointRadius: 0,
        pointHitRadius: 8,
        tension: 0.2,
    });
    return {
        type: "line",
        data: {
            labels,
            datasets: [
                { ...line(_t("With backups"), data.series.backed, BACKED, "origin"), borderDash: [6, 3] },
                line(_t("If nothing is done"), data.series.alone, ALONE, "-1"),
            ],
        },
        plugins: [stopBand(data)],
        options: {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: { position: "top", align: "end", reverse: true, labels: { color: text, boxWidth: 18, boxHeight: 2 } },
                tooltip: {
                    callbacks: {
                        title: ([item]) => _t("Until the week of %s", formatDay(data.series.weeks[item.dataIndex])),
                        label: (item) => `${item.dataset.label}: ${money(item.raw, data.currency_id)}`,
                    },
                },
            },
            scales: {
                x: { grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkip: true, autoSkipPadding: 24 } },
                y: { beginAtZero: true, grid: { color: grid }, ticks: { color: text, maxTicksLimit: 6, callback: short } },
            },
        },
    };
}

function stopBand(data) {
    const day = (text) => luxon.DateTime.fromISO(text, { zone: "utc" });
    return {
        id: "scmStopBand",
        beforeDatasetsDraw(chart) {
            const { ctx, chartArea, scales } = chart;
            if (!data.series.weeks.length) {
                return;
            }
            const first = day(data.series.weeks[0]);
            const place = (date) => date.diff(first, "days").days / 7;
            const step = scales.x.getPixelForValue(1) - scales.x.getPixelForValue(0);
            const at = (weeks) => Math.min(scales.x.getPixelForValue(0) + weeks * step, chartArea.right);
            const start = day(data.date_from);
            ctx.save();
            ctx.fillStyle = "rgba(128, 128, 128, 0.14)";
            const left = Math.max(at(place(start)), chartArea.left);
            ctx.fillRect(left, chartArea.top, at(place(start.plus({ days: data.days }))) - left, chartArea.bottom - chartArea.top);
            ctx.restore();
        },
    };
}
