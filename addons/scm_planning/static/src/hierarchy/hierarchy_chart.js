import { _t } from "@web/core/l10n/translation";
import { formatDay, quantity } from "../simulation/simulation_charts";

const SPARK = { width: 120, height: 28 };
const OURS = "#d9822b";
const PAST = "#5b7d99";

function points(values, first, step, highest) {
    return values
        .map((value, index) => `${((first + index) * step).toFixed(1)},${(SPARK.height - 2 - (value / highest) * (SPARK.height - 4)).toFixed(1)}`)
        .join(" ");
}

/** Past and forecast of one row as two polylines of a small drawing. */
export function sparkline(row) {
    const all = [...row.history, ...row.forecast];
    const highest = Math.max(...all, 1e-9);
    const step = SPARK.width / Math.max(all.length - 1, 1);
    const start = Math.max(row.history.length - 1, 0);
    return {
        ...SPARK,
        past: points(row.history, 0, step, highest),
        ahead: points([...row.history.slice(-1), ...row.forecast], start, step, highest),
    };
}

function line(label, data, color, more = {}) {
    return { label, data, borderColor: color, backgroundColor: color, borderWidth: 2, pointRadius: 0, pointHitRadius: 6, tension: 0.25, ...more };
}

/** History, band, last year and what overrides make of the forecast. */
export function nodeChart(element, chart) {
    const past = chart.history.map(([day]) => day);
    const days = [...past, ...chart.forecast.map((week) => week.date)];
    const empty = past.map(() => null);
    const ahead = (name) => [...empty, ...chart.forecast.map((week) => (week[name] === false ? null : week[name]))];
    const style = getComputedStyle(element);
    const text = style.getPropertyValue("--body-color").trim() || style.color;
    const changed = chart.forecast.some((week) => Math.abs(week.final - week.stat) > 0.005);
    const datasets = [
        line(_t("Demand"), [...chart.history.map(([, value]) => value), ...chart.forecast.map(() => null)], PAST),
        line(_t("Last year"), ahead("last_year"), "#9aa5ad", { borderDash: [3, 3], borderWidth: 1.5 }),
        line(_t("Forecast"), ahead("final"), OURS, { borderWidth: 2.5 }),
        line("low", ahead("low"), "transparent"),
        line(_t("9 of 10 weeks lie here"), ahead("high"), "transparent", { backgroundColor: `${OURS}26`, fill: "-1" }),
    ];
    if (changed) {
        datasets.push(line(_t("Without overrides"), ahead("stat"), OURS, { borderDash: [6, 3], borderWidth: 1.5 }));
    }
    return {
        type: "line",
        data: { labels: days, datasets },
        options: {
            animation: false,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: { position: "bottom", labels: { color: text, boxWidth: 14, filter: (item) => item.text !== "low" } },
                tooltip: {
                    filter: (item) => item.dataset.label !== "low" && item.parsed.y !== null,
                    callbacks: {
                        title: ([item]) => (item ? formatDay(item.label) : ""),
                        label: (item) => `${item.dataset.label}: ${quantity(item.parsed.y)}`,
                    },
                },
            },
            scales: {
                x: {
                    grid: { display: false },
                    ticks: {
                        color: text,
                        maxRotation: 0,
                        autoSkipPadding: 24,
                        // two years and more are shown, so a day without its year would be two days
                        callback: (index) => formatDay(days[index], { month: "short", year: "numeric" }),
                    },
                },
                y: { beginAtZero: true, grid: { color: "rgba(128, 128, 128, 0.18)" }, ticks: { color: text, maxTicksLimit: 6 } },
            },
        },
    };
}
