import { _t } from "@web/core/l10n/translation";
import { money, percent, shortMoney } from "../simulation/simulation_charts";

export const NOW = "#2f6f9f";
export const TRY = "#d9822b";

/** Values of a curve at any level, between its points. */
export function atLevel(points, level) {
    const after = points.findIndex((point) => point.level >= level - 1e-9);
    if (after <= 0) {
        return after === 0 ? points[0] : points[points.length - 1];
    }
    const [low, high] = [points[after - 1], points[after]];
    const part = (level - low.level) / (high.level - low.level);
    const mix = (name) => low[name] + part * (high[name] - low[name]);
    return { level, stock: mix("stock"), lost: mix("lost"), fill: mix("fill"), limited: mix("limited") };
}

/** A small curve as SVG paths: stock to the right, share of demand given up. */
export function miniature(row) {
    const [width, height, pad] = [200, 64, 6];
    const stocks = row.points.map((point) => point.stock);
    const fills = [...row.points.map((point) => point.fill), row.now.fill];
    const [left, right] = [Math.min(...stocks, row.now.stock), Math.max(...stocks, row.now.stock)];
    const [low, high] = [Math.min(...fills), Math.max(...fills)];
    const x = (value) => pad + ((value - left) / (right - left || 1)) * (width - 2 * pad);
    const y = (value) => height - pad - ((value - low) / (high - low || 1)) * (height - 2 * pad);
    const line = row.points.map((point) => `${x(point.stock).toFixed(1)},${y(point.fill).toFixed(1)}`).join(" ");
    return {
        width,
        height,
        line,
        area: `${x(row.points[0].stock)},${height} ${line} ${x(stocks[stocks.length - 1])},${height}`,
        // a line of no length with a round end is a round dot, however the picture is stretched
        dot: `M ${x(row.now.stock)} ${y(row.now.fill)} h 0.01`,
    };
}

function theme(element) {
    const style = getComputedStyle(element);
    return { text: style.getPropertyValue("--body-color").trim() || style.color, grid: "rgba(128, 128, 128, 0.18)" };
}

function axis(title, colors, callback) {
    return {
        type: "linear",
        grace: "3%",
        title: { display: true, text: title, color: colors.text },
        grid: { color: colors.grid },
        ticks: { color: colors.text, maxTicksLimit: 7, callback },
    };
}

const COMMON = { animation: false, responsive: true, maintainAspectRatio: false };

/** The curve of one class, where it is now, and the level that is being tried. */
export function curveChart(element, row, tried, currencyId) {
    const colors = theme(element);
    const spot = (point, label, color, style) => ({
        label,
        data: [{ x: point.stock, y: point.fill, ...point }],
        backgroundColor: color,
        borderColor: "#ffffff",
        borderWidth: 2,
        pointStyle: style,
        pointRadius: 9,
        pointHoverRadius: 10,
        order: 0,
    });
    const curve = {
        label: _t("Curve"),
        data: row.points.map((point) => ({ x: point.stock, y: point.fill, ...point })),
        showLine: true,
        borderColor: NOW,
        borderWidth: 2.5,
        pointRadius: 3,
        pointHoverRadius: 6,
        pointBackgroundColor: row.points.map((point) => (point.limited > 0.5 ? "#ffffff" : NOW)),
        pointBorderColor: NOW,
        cubicInterpolationMode: "monotone",
        order: 2,
    };
    const spots = [spot(row.now, _t("You are here"), NOW, "circle")];
    if (tried && Math.abs(tried.level - row.now.level) > 1e-6) {
        spots.push(spot(tried, _t("Tried"), TRY, "rectRot"));
    }
    return {
        type: "scatter",
        data: { datasets: [...spots, curve] },
        options: {
            ...COMMON,
            layout: { padding: { right: 12, top: 8 } },
            interaction: { mode: "nearest", intersect: false },
            plugins: {
                legend: { display: false },
                tooltip: {
                    displayColors: false,
                    callbacks: {
                        title: ([item]) => _t("Service level %s", percent(item.raw.level)),
                        label: (item) => [
                            ...(item.dataset.label === _t("Curve") ? [] : [item.dataset.label]),
                            _t("Stock value: %s", money(item.raw.stock, currencyId)),
                            _t("Given at once: %s", percent(item.raw.fill)),
                            _t("Lost sales a year: %s", money(item.raw.lost, currencyId)),
                        ],
                    },
                },
            },
            scales: {
                x: axis(_t("Average stock value"), colors, (value) => shortMoney(value, currencyId)),
                y: axis(_t("Share of demand given at once"), colors, (value) => percent(value, 0)),
            },
        },
    };
}

/** All best mixes of levels, and where the company is. */
export function exchangeChart(element, data, currencyId) {
    const colors = theme(element);
    const { mixes, same_service, same_stock } = data.exchange;
    const dot = (point, label, color, style) => ({
        label,
        data: [{ x: point.stock, y: point.lost }],
        backgroundColor: color,
        borderColor: "#ffffff",
        borderWidth: 2,
        pointStyle: style,
        pointRadius: 8,
        order: 0,
    });
    const spots = [dot(data.total, _t("You are here"), NOW, "circle")];
    if (same_service) {
        spots.push(dot(same_service, _t("As little lost, less stock"), "#2e9e6b", "rectRot"));
    }
    if (same_stock) {
        spots.push(dot(same_stock, _t("As much stock, less lost"), TRY, "triangle"));
    }
    return {
        type: "scatter",
        data: {
            datasets: [
                ...spots,
                {
                    label: _t("Best mix of levels"),
                    data: mixes.map((mix) => ({ x: mix.stock, y: mix.lost })),
                    showLine: true,
                    borderColor: "rgba(96, 125, 150, 0.9)",
                    borderWidth: 2,
                    pointRadius: 0,
                    pointHitRadius: 6,
                    order: 2,
                },
            ],
        },
        options: {
            ...COMMON,
            interaction: { mode: "nearest", intersect: false },
            plugins: {
                legend: { display: false },
                tooltip: {
                    displayColors: false,
                    callbacks: {
                        title: ([item]) => item.dataset.label,
                        label: (item) => [
                            _t("Stock value: %s", money(item.raw.x, currencyId)),
                            _t("Lost sales a year: %s", money(item.raw.y, currencyId)),
                        ],
                    },
                },
            },
            scales: {
                x: axis(_t("Average stock value"), colors, (value) => shortMoney(value, currencyId)),
                y: axis(_t("Lost sales a year"), colors, (value) => shortMoney(value, currencyId)),
            },
        },
    };
}
