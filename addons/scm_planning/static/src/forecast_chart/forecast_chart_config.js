import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const NAME_LENGTH = 18;
const NAME_GAP = 18;
const DAY = 24 * 3600 * 1000;

export function parseDay(text) {
    const [year, month, day] = text.split("-").map(Number);
    return Date.UTC(year, month - 1, day);
}

export function formatDay(time) {
    return luxon.DateTime.fromMillis(time, { zone: "utc" }).toLocaleString(luxon.DateTime.DATE_MED);
}

export function formatQuantity(value) {
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
    return formatFloat(value || 0, { digits: [16, digits] });
}

/** Colours of the page's theme, so that the chart reads on light and on dark. */
function readTheme(element) {
    const style = getComputedStyle(element);
    const pick = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
    return {
        text: pick("--body-color", style.color),
        grid: "rgba(128, 128, 128, 0.18)",
        history: "rgba(96, 125, 150, 0.75)",
        actual: "#2e9e6b",
        forecast: "#d9822b",
        band: "rgba(217, 130, 43, 0.20)",
        override: "#b5338a",
        correction: "#c0392b",
        cut: "rgba(192, 57, 43, 0.12)",
        stockout: "rgba(214, 69, 65, 0.16)",
        feast: "rgba(66, 103, 178, 0.55)",
        festival: "rgba(142, 68, 173, 0.55)",
        promotion: "rgba(39, 146, 122, 0.60)",
    };
}

/** Turns the server's answer into rows of one period each: what was sold, what is expected. */
export function buildPeriods(data, range, side) {
    const step = data.period_days * DAY;
    const sold = new Map(data.history.map(([day, quantity]) => [parseDay(day), quantity]));
    const corrections = new Map((data.corrections || []).map((mark) => [parseDay(mark.date), mark]));
    const lines = new Map(data.forecast.map((line) => [parseDay(line.date), line]));
    const times = [...sold.keys(), ...lines.keys()];
    if (!times.length) {
        return [];
    }
    const start = data.run.date_from ? parseDay(data.run.date_from) : Math.max(...times) + step;
    let first = Math.min(...times);
    if (range) {
        first = Math.max(first, start - (range * 7 * DAY) / 1);
    }
    // periods are counted from the first forecast period, so that both halves meet
    first = start - Math.ceil((start - first) / step) * step;
    const periods = [];
    for (let time = first; time <= Math.max(...times); time += step) {
        const line = lines.get(time);
        const correction = corrections.get(time);
        const raw = sold.get(time);
        const value = side === "cleaned" && correction ? correction.used : raw;
        periods.push({ time, end: time + step, line, past: time < start, sold: value, raw, correction });
    }
    return periods;
}

/** Events above, stock-outs behind: drawn on the canvas, because the bundled Chart.js has no annotations. */
function marksPlugin(data, periods, theme) {
    const span = (chart, from, to) => {
        const scale = chart.scales.x;
        const width = periods.length > 1 ? scale.getPixelForValue(1) - scale.getPixelForValue(0) : chart.chartArea.width;
        const origin = periods[0].time;
        const step = periods[0].end - periods[0].time;
        const at = (time) => scale.getPixelForValue(0) - width / 2 + ((time - origin) / step) * width;
        const { left, right } = chart.chartArea;
        return [Math.max(at(from), left), Math.min(at(to), right)];
    };
    const last = periods[periods.length - 1].end;
    return {
        id: "scmMarks",
        beforeDatasetsDraw(chart) {
            const { ctx, chartArea } = chart;
            ctx.save();
            ctx.fillStyle = theme.stockout;
            for (const out of data.stockouts) {
                const until = out.to ? parseDay(out.to) + DAY : parseDay(data.run.date_from || out.from) + DAY;
                const [left, right] = span(chart, parseDay(out.from), until);
                if (right > left) {
                    ctx.fillRect(left, chartArea.top, Math.max(right - left, 1.5), chartArea.bottom - chartArea.top);
                }
            }
            ctx.restore();
        },
        afterDatasetsDraw(chart) {
            const { ctx, chartArea } = chart;
            const rows = [];
            ctx.save();
            ctx.font = "11px system-ui, sans-serif";
            ctx.textBaseline = "middle";
            for (const mark of data.events) {
                const from = parseDay(mark.from);
                if (parseDay(mark.to) + DAY <= periods[0].time || from >= last) {
                    continue;
                }
                const [left, right] = span(chart, from, parseDay(mark.to) + DAY);
                ctx.fillStyle = theme[mark.kind];
                ctx.globalAlpha = 0.16;
                ctx.fillRect(left, chartArea.top, Math.max(right - left, 2), chartArea.bottom - chartArea.top);
                ctx.globalAlpha = 1;
                ctx.fillRect(left, chartArea.top - 4, Math.max(right - left, 2), 4);
                drawName(ctx, mark.name, left, chartArea, rows, theme);
            }
            ctx.restore();
        },
    };
}

/**
 * Names stand, without what they say in brackets, in two rows above the plot, not closer than a few letters; one that
 * finds no room is left out: its mark stays, and the tooltip has its whole name.
 */
function drawName(ctx, name, left, chartArea, rows, theme) {
    const short = name.replace(/\s*[(（].*$/, "") || name;
    const text = short.length > NAME_LENGTH ? `${short.slice(0, NAME_LENGTH - 1)}…` : short;
    const width = ctx.measureText(text).width;
    const start = Math.min(left, chartArea.right - width);
    const row = [0, 1].find((number) => !(rows[number] > start));
    if (row === undefined) {
        return;
    }
    rows[row] = start + width + NAME_GAP;
    ctx.fillStyle = theme.text;
    ctx.fillText(text, start, chartArea.top - 12 - row * 13);
}

function tooltipCallbacks(data, periods, unit) {
    return {
        title: ([item]) => {
            const period = periods[item.dataIndex];
            return data.period_days === 1 ? formatDay(period.time) : `${formatDay(period.time)} – ${formatDay(period.end - DAY)}`;
        },
        label: (item) => {
            if (item.raw === null || item.dataset.scmHidden) {
                return null;
            }
            return `${item.dataset.label}: ${formatQuantity(item.raw)} ${unit}`;
        },
        afterBody: ([item]) => {
            const { time, end, line, correction } = periods[item.dataIndex];
            const notes = [];
            if (correction) {
                notes.push(`${correction.reason_label} (${correction.state_label})`);
                notes.push(correction.explanation);
                notes.push(_t("Sold %s, the forecast reads %s", formatQuantity(correction.raw), formatQuantity(correction.used)));
            }
            if (line) {
                notes.push(_t("5 to 95 %%: %s – %s", formatQuantity(line.q05), formatQuantity(line.q95)));
                if (Math.abs(line.event_factor - 1) > 0.02) {
                    notes.push(_t("Events: × %s", line.event_factor.toFixed(2)));
                }
                if (Math.abs(line.season_factor - 1) > 0.02) {
                    notes.push(_t("Season: × %s", line.season_factor.toFixed(2)));
                }
                if (line.reason) {
                    notes.push(_t("Override: %s", line.reason));
                }
            }
            for (const mark of data.events) {
                if (parseDay(mark.from) < end && parseDay(mark.to) + DAY > time) {
                    notes.push(`◆ ${mark.name}`);
                }
            }
            for (const out of data.stockouts) {
                if (parseDay(out.from) < end && (!out.to || parseDay(out.to) + DAY > time) && periods[item.dataIndex].past) {
                    notes.push(_t("Out of stock"));
                    break;
                }
            }
            return notes;
        },
    };
}

function buildDatasets(data, periods, theme) {
    const pick = (read) => periods.map((period) => read(period) ?? null);
    const joined = pick(({ line }) => line && (line.override ?? line.quantity));
    const overridden = pick(({ line }) => line && line.override);
    const band = { type: "line", pointRadius: 0, borderWidth: 0, scmHidden: true, order: 3, tension: 0.25 };
    return [
        { ...band, label: "q05", data: pick(({ line }) => line && line.q05), fill: false },
        { ...band, label: _t("5 to 95 %"), data: pick(({ line }) => line && line.q95), fill: "-1", backgroundColor: theme.band },
        {
            type: "bar",
            label: _t("Demand"),
            data: pick(({ past, sold }) => (past ? sold || 0 : null)),
            backgroundColor: theme.history,
            order: 4,
            categoryPercentage: 1,
            barPercentage: 0.85,
            grouped: false,
        },
        {
            type: "bar",
            label: _t("Sold"),
            data: pick(({ past, correction, sold, raw }) => (past && correction && raw > sold ? raw : null)),
            backgroundColor: theme.cut,
            borderColor: theme.correction,
            borderWidth: 1,
            order: 5,
            categoryPercentage: 1,
            barPercentage: 0.85,
            grouped: false,
        },
        {
            type: "line",
            label: _t("Correction"),
            data: pick(({ past, correction, sold, raw }) => (past && correction ? Math.max(sold || 0, raw || 0) : null)),
            showLine: false,
            scmHidden: true,
            borderColor: theme.correction,
            backgroundColor: periods.map(({ correction }) => (correction?.state === "applied" ? theme.correction : "transparent")),
            pointStyle: "triangle",
            rotation: 180,
            pointRadius: 5,
            borderWidth: 1.5,
            order: 0,
        },
        {
            type: "bar",
            label: _t("Demand since"),
            data: pick(({ past, sold }) => (past ? null : sold)),
            backgroundColor: theme.actual,
            order: 4,
            categoryPercentage: 1,
            barPercentage: 0.85,
            grouped: false,
        },
        {
            type: "line",
            label: _t("Forecast"),
            data: joined,
            borderColor: theme.forecast,
            backgroundColor: theme.forecast,
            borderWidth: 2.5,
            pointRadius: 0,
            pointHitRadius: 8,
            tension: 0.25,
            order: 1,
        },
        {
            type: "line",
            label: _t("Override"),
            data: overridden,
            showLine: false,
            borderColor: theme.override,
            backgroundColor: theme.override,
            pointStyle: "rectRot",
            pointRadius: 6,
            order: 0,
        },
    ];
}

/** Configuration of the chart, or null when there is nothing to draw. */
export function buildConfig(element, data, range, side = "raw") {
    const periods = buildPeriods(data, range, side);
    if (!periods.length) {
        return null;
    }
    const theme = readTheme(element);
    const datasets = buildDatasets(data, periods, theme).filter(
        (set) => set.data.some((value) => value !== null) || set.label === "q05"
    );
    const label = (period) =>
        luxon.DateTime.fromMillis(period.time, { zone: "utc" }).toFormat(data.period_days === 1 ? "d LLL" : "d LLL yy");
    return {
        data: { labels: periods.map(label), datasets },
        options: {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            layout: { padding: { top: 32, right: 8 } },
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: { display: false },
                tooltip: { callbacks: tooltipCallbacks(data, periods, data.product.uom), filter: (item) => !item.dataset.scmHidden },
            },
            scales: {
                x: {
                    grid: { display: false },
                    ticks: { color: theme.text, maxRotation: 0, autoSkip: true, autoSkipPadding: 18 },
                },
                y: { beginAtZero: true, grid: { color: theme.grid }, ticks: { color: theme.text, maxTicksLimit: 7 } },
            },
        },
        plugins: [marksPlugin(data, periods, theme)],
    };
}
