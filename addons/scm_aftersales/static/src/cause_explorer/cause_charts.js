import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const DONE = "#2f6f9f";
const COMING = "#2f6f9f55";
const GRID = "rgba(128, 128, 128, 0.18)";

export function percent(value, digits = 1) {
    return `${formatFloat(100 * (value || 0), { digits: [16, digits] })} %`;
}

export function monthName(text, style = { month: "short", year: "2-digit" }) {
    return luxon.DateTime.fromISO(text, { zone: "utc" }).toLocaleString(style);
}

function options(element, onClick) {
    const text = getComputedStyle(element).color;
    return {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        onClick: (_event, elements) => elements.length && onClick?.(elements[0].index),
        plugins: { legend: { position: "bottom", labels: { color: text, boxWidth: 14, usePointStyle: true } } },
        scales: {
            x: { stacked: true, grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkipPadding: 12 } },
            y: { beginAtZero: true, grid: { color: GRID }, ticks: { color: text, maxTicksLimit: 6, callback: (value, _index, ticks) => percent(value, ticks.some((tick) => Math.abs(Math.round(100 * tick.value) - 100 * tick.value) > 1e-6) ? 1 : 0) } },
        },
    };
}

/** Months of orders: what came back, what is still expected, and between which values the rate will end. */
export function cohortChart(element, cohorts, onMonth) {
    const base = options(element, (index) => onMonth(cohorts[index].month));
    base.plugins.tooltip = {
        callbacks: {
            label: (item) => {
                const one = cohorts[item.dataIndex];
                if (item.datasetIndex === 0) {
                    return _t("So far %(raw)s of %(units)s units", { raw: percent(one.raw, 2), units: formatFloat(one.delivered, { digits: [16, 0] }) });
                }
                if (item.datasetIndex === 1) {
                    return _t("In the end %(rate)s (%(share)s of the returns are known)", { rate: percent(one.rate, 2), share: percent(one.share, 0) });
                }
                return _t("95 %% between %(low)s and %(high)s", { low: percent(one.low, 2), high: percent(one.high, 2) });
            },
        },
    };
    return {
        type: "bar",
        data: {
            labels: cohorts.map((one) => monthName(one.month)),
            datasets: [
                { label: _t("Came back"), data: cohorts.map((one) => one.raw || 0), backgroundColor: DONE, stack: "rate", order: 2 },
                { label: _t("Still expected"), data: cohorts.map((one) => Math.max((one.rate || 0) - (one.raw || 0), 0)), backgroundColor: COMING, stack: "rate", order: 2 },
                {
                    label: _t("95 % interval"),
                    data: cohorts.map((one) => (one.low === false ? null : [one.low, Math.min(one.high, 1)])),
                    backgroundColor: "#555c",
                    barThickness: 3,
                    stack: "interval",
                    order: 1,
                    xAxisID: "x2",
                },
            ],
        },
        options: { ...base, scales: { ...base.scales, x2: { display: false, stacked: true, offset: true } } },
    };
}

/** How the rate of each month grew by days since delivery. */
export function growthChart(element, curves) {
    const base = options(element);
    const longest = Math.max(...curves.map((curve) => curve.rates.length));
    // where all curves are flat there is nothing to see
    const end = Math.min(longest, 91);
    base.scales.x = { ...base.scales.x, stacked: false, title: { display: true, text: _t("Days since delivery"), color: base.scales.x.ticks.color } };
    base.plugins.tooltip = { callbacks: { label: (item) => `${item.dataset.label}: ${percent(item.raw, 2)}` } };
    return {
        type: "line",
        data: {
            labels: Array.from({ length: end }, (_value, day) => day),
            datasets: curves.map((curve, index) => {
                const age = (index + 1) / curves.length;
                return {
                    label: monthName(curve.month),
                    data: curve.rates.slice(0, end),
                    borderColor: index === curves.length - 1 ? "#d9822b" : `rgba(47, 111, 159, ${0.2 + 0.65 * age})`,
                    backgroundColor: "transparent",
                    borderWidth: index === curves.length - 1 ? 3 : 1.75,
                    pointRadius: 0,
                    pointHitRadius: 6,
                };
            }),
        },
        options: base,
    };
}
