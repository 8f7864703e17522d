import { _t } from "@web/core/l10n/translation";

export const COLORS = {
    in: "#5b8db8",
    out: "#2e9e6b",
    queue: "#c0504d",
    expected: "#d9822b",
    range: "rgba(217, 130, 43, 0.14)",
    capacity: "#7a1f5c",
};

export function readTheme(element) {
    const style = getComputedStyle(element);
    return { text: style.color, grid: "rgba(128, 128, 128, 0.18)" };
}

/** In and out of a stage per hour as columns, its queue, its capacity, and what was to be expected. */
export function hoursConfig(element, board, stage, isMain) {
    const theme = readTheme(element);
    const count = board.hours.length;
    const line = (label, data, color, more = {}) => ({
        type: "line",
        label,
        data,
        borderColor: color,
        backgroundColor: color,
        borderWidth: 2,
        pointRadius: 0,
        pointHoverRadius: 4,
        tension: 0.3,
        ...more,
    });
    const datasets = [
        { type: "bar", label: _t("In"), data: stage.in, backgroundColor: COLORS.in, borderRadius: 2, order: 4 },
        { type: "bar", label: _t("Out"), data: stage.out, backgroundColor: COLORS.out, borderRadius: 2, order: 4 },
        line(_t("Waiting at the end of the hour"), stage.queue, COLORS.queue, { order: 2 }),
    ];
    if (isMain && board.expected.mean.length) {
        datasets.push(
            line(_t("Expected in"), board.expected.mean, COLORS.expected, { borderDash: [5, 4], order: 3 }),
            line(_t("Low"), board.expected.low, "transparent", { order: 6, isRange: true, borderWidth: 0 }),
            line(_t("High"), board.expected.high, "transparent", {
                order: 6,
                isRange: true,
                borderWidth: 0,
                backgroundColor: COLORS.range,
                fill: "-1",
            })
        );
    }
    if (stage.capacity) {
        datasets.push(
            line(_t("Capacity"), new Array(count).fill(stage.capacity), COLORS.capacity, {
                borderWidth: 1.5,
                borderDash: [2, 3],
                tension: 0,
                order: 1,
            })
        );
    }
    return {
        data: { labels: board.hours, datasets },
        options: {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: { display: false },
                tooltip: {
                    filter: (item) => !item.dataset.isRange,
                    callbacks: {
                        label: (item) => `${item.dataset.label}: ${Math.round(item.raw * 10) / 10}`,
                        afterBody: ([item]) =>
                            isMain && board.expected.mean.length
                                ? _t("Expected between %(low)s and %(high)s", {
                                      low: board.expected.low[item.dataIndex],
                                      high: board.expected.high[item.dataIndex],
                                  })
                                : "",
                    },
                },
            },
            scales: {
                x: { grid: { display: false }, ticks: { color: theme.text, maxRotation: 0, autoSkip: true, autoSkipPadding: 12 } },
                y: { beginAtZero: true, grid: { color: theme.grid }, ticks: { color: theme.text, maxTicksLimit: 6, precision: 0 } },
            },
        },
    };
}
