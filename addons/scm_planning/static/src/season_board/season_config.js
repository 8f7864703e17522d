import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { formatDay, formatQuantity, parseDay } from "../forecast_chart/forecast_chart_config";

const DAY = 24 * 3600 * 1000;
const LANE_NAME_WIDTH = 84;

export const COLORS = {
    feast: "#4267b2",
    festival: "#8e44ad",
    promotion: "#27927a",
    shutdown: "#c0504d",
    expected: "#d9822b",
    lastYear: "#607d96",
    planned: "#d9822b",
    ordered: "#5b8db8",
    budget: "#7a1f5c",
    over: "#e08a80",
    stock: "#2e9e6b",
    receipts: "rgba(91, 141, 184, 0.55)",
};

export function shortDay(text) {
    return luxon.DateTime.fromISO(text).toFormat("d LLL");
}

export function compact(value) {
    return new Intl.NumberFormat(luxon.Settings.defaultLocale || "en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** Bands and rows of the timeline: occurrences that meet get rows of their own within their lane. */
export function buildLanes(board) {
    const start = parseDay(board.date_from);
    const span = parseDay(board.date_to) + DAY - start;
    const at = (text, offset = 0) => Math.min(Math.max((parseDay(text) + offset - start) / span, 0), 1) * 100;
    const lanes = [
        { key: "feast", label: _t("Feasts") },
        { key: "festival", label: _t("Festivals") },
        { key: "promotion", label: _t("Promotions") },
        { key: "shutdown", label: _t("Shut-downs") },
    ];
    return lanes
        .map((lane) => {
            const rows = [];
            for (const mark of board.events.filter((event) => event.kind === lane.key)) {
                const band = {
                    ...mark,
                    left: at(mark.lead_from),
                    right: at(mark.after_to, DAY),
                    peakLeft: at(mark.from),
                    peakRight: at(mark.to, DAY),
                };
                // room for the name, which stands behind the band
                const end = Math.max(band.right, band.peakRight) + Math.min(mark.name.length, 22) * 0.62 + 1;
                let row = rows.findIndex((taken) => taken <= band.left);
                row = row === -1 ? rows.length : row;
                rows[row] = end;
                lane.bands = [...(lane.bands || []), { ...band, row, flip: band.right > 82 }];
            }
            return { ...lane, height: Math.max(rows.length, 1) * 22 + 6 };
        })
        .filter((lane) => lane.bands);
}

export function buildMonthMarks(board) {
    const start = parseDay(board.date_from);
    const span = parseDay(board.date_to) + DAY - start;
    const marks = [];
    for (let day = luxon.DateTime.fromISO(board.date_from).startOf("month").plus({ months: 1 }); ; day = day.plus({ months: 1 })) {
        const left = (parseDay(day.toISODate()) - start) / span;
        if (left >= 1) {
            return marks;
        }
        marks.push({ left: 100 * left, label: day.toFormat("LLL yy") });
    }
}

function baseOptions(theme, money, currencyId) {
    const shown = (value) => (money ? formatMonetary(value, { currencyId, digits: [16, 0] }) : formatQuantity(value));
    return {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        plugins: {
            legend: { display: false },
            tooltip: { callbacks: { label: (item) => (item.raw === null ? null : `${item.dataset.label}: ${shown(item.raw)}`) } },
        },
        scales: {
            x: { grid: { display: false }, ticks: { color: theme.text, maxRotation: 0, autoSkip: true, autoSkipPadding: 14 } },
            y: { beginAtZero: true, grid: { color: theme.grid }, ticks: { color: theme.text, maxTicksLimit: 6, callback: compact } },
        },
    };
}

export function readTheme(element) {
    const style = getComputedStyle(element);
    return { text: style.getPropertyValue("--body-color").trim() || style.color, grid: "rgba(128, 128, 128, 0.18)" };
}

export function demandConfig(element, board, money, onArea) {
    const theme = readTheme(element);
    const pick = (name) => board.weeks.map((week) => (week[name] === false ? null : week[name]));
    const options = baseOptions(theme, money, board.company.currency_id);
    // the names of the lanes above stand in the same margin
    options.scales.y.afterFit = (scale) => (scale.width = Math.max(scale.width, LANE_NAME_WIDTH));
    options.plugins.tooltip.callbacks.title = ([item]) => {
        const week = board.weeks[item.dataIndex];
        return `${formatDay(parseDay(week.date))} – ${formatDay(parseDay(week.date) + 6 * DAY)}`;
    };
    options.plugins.tooltip.callbacks.afterBody = ([item]) => {
        const from = parseDay(board.weeks[item.dataIndex].date);
        return board.events
            .filter((event) => parseDay(event.lead_from) < from + 7 * DAY && parseDay(event.after_to) >= from)
            .map((event) => `◆ ${event.name}`);
    };
    return {
        data: {
            labels: board.weeks.map((week) => shortDay(week.date)),
            datasets: [
                {
                    type: "bar",
                    label: _t("Expected"),
                    data: pick(money ? "expected_value" : "expected"),
                    backgroundColor: COLORS.expected,
                    borderRadius: 2,
                    categoryPercentage: 1,
                    barPercentage: 0.8,
                    order: 2,
                },
                {
                    type: "line",
                    label: _t("Same week last year"),
                    data: pick(money ? "last_year_value" : "last_year"),
                    borderColor: COLORS.lastYear,
                    backgroundColor: COLORS.lastYear,
                    borderWidth: 2,
                    borderDash: [5, 4],
                    pointRadius: 0,
                    tension: 0.25,
                    order: 1,
                },
            ],
        },
        options,
        plugins: [{ id: "scmArea", afterLayout: (chart) => onArea(chart.chartArea, chart.width) }],
    };
}

export function monthsConfig(element, board, onMonth) {
    const theme = readTheme(element);
    const options = baseOptions(theme, true, board.company.currency_id);
    const over = (month) => month.budget !== false && month.ordered + month.planned > month.budget + 0.5;
    options.scales.x.stacked = true;
    options.scales.y.stacked = true;
    options.onClick = (_ev, items) => items.length && onMonth(board.months[items[0].index]);
    options.onHover = (ev, items) => (ev.native.target.style.cursor = items.length ? "pointer" : "default");
    options.plugins.tooltip.callbacks.afterBody = ([item]) => {
        const month = board.months[item.dataIndex];
        return month.count ? _t("%s planned orders. Click to see them.", month.count) : [];
    };
    return {
        data: {
            labels: board.months.map((month) => luxon.DateTime.fromISO(month.date).toFormat("LLL yy")),
            datasets: [
                {
                    type: "line",
                    label: _t("Budget"),
                    data: board.months.map((month) => (month.budget === false ? null : month.budget)),
                    showLine: false,
                    pointStyle: "line",
                    pointRadius: 18,
                    pointHoverRadius: 18,
                    borderWidth: 3,
                    borderColor: COLORS.budget,
                    stack: "budget",
                    order: 0,
                },
                {
                    type: "bar",
                    label: _t("Ordered"),
                    data: board.months.map((month) => month.ordered),
                    backgroundColor: COLORS.ordered,
                    order: 1,
                    stack: "spend",
                    maxBarThickness: 46,
                },
                {
                    type: "bar",
                    label: _t("Planned"),
                    data: board.months.map((month) => month.planned),
                    backgroundColor: board.months.map((month) => (over(month) ? COLORS.over : COLORS.planned)),
                    order: 1,
                    stack: "spend",
                    maxBarThickness: 46,
                },
            ],
        },
        options,
    };
}

export function stockConfig(element, board) {
    const theme = readTheme(element);
    const options = baseOptions(theme, true, board.company.currency_id);
    const start = parseDay(board.plan.date_from);
    const label = (_value, index) => luxon.DateTime.fromMillis(start + index * 7 * DAY, { zone: "utc" }).toFormat("d LLL");
    return {
        data: {
            labels: board.plan.stock.map(label),
            datasets: [
                {
                    type: "line",
                    label: _t("Stock value"),
                    data: board.plan.stock,
                    borderColor: COLORS.stock,
                    backgroundColor: "rgba(46, 158, 107, 0.12)",
                    fill: true,
                    borderWidth: 2,
                    pointRadius: 0,
                    tension: 0.25,
                },
                { type: "bar", label: _t("Open receipts"), data: board.plan.receipts, backgroundColor: COLORS.receipts },
            ],
        },
        options,
    };
}
