import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const WIDTH = 400;
const HEIGHT = 90;
const PAD = 4;

/** What was and what was to be expected, week by week; the weeks that the finding is about are shaded. */
export class FindingSeries extends Component {
    static template = "scm_analytics.FindingSeries";
    static props = { ...standardFieldProps };

    get series() {
        return this.props.record.data[this.props.name];
    }

    get isBars() {
        return this.series.kind === "bars";
    }

    get isLarge() {
        return this.env.config?.viewType === "form";
    }

    get scale() {
        const { values, expected } = this.series;
        const known = [...values, ...expected].filter((value) => value !== false);
        const high = Math.max(...known, 0) || 1;
        const low = Math.min(...known, 0);
        const count = Math.max(values.length, 2);
        return {
            x: (index) => PAD + (index / (count - 1)) * (WIDTH - 2 * PAD),
            y: (value) => HEIGHT - PAD - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * PAD),
            slot: WIDTH / values.length,
            high,
        };
    }

    line(values) {
        const { x, y } = this.scale;
        let path = "";
        let pen = false;
        values.forEach((value, index) => {
            if (value === false) {
                pen = false;
                return;
            }
            path += `${pen ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
            pen = true;
        });
        return path;
    }

    get bars() {
        const { slot, y } = this.scale;
        const { values, expected } = this.series;
        return values.map((value, index) => ({
            x: index * slot + slot * 0.15,
            width: slot * 0.7,
            y: y(value),
            height: Math.max(HEIGHT - PAD - y(value), 0),
            mark: y(expected[index]),
            from: index * slot,
            to: (index + 1) * slot,
        }));
    }

    /** The weeks that are looked at. */
    get looked() {
        const { values, recent } = this.series;
        const { x } = this.scale;
        const from = x(Math.max(values.length - recent, 0));
        return { from, width: Math.max(WIDTH - PAD - from, 0) };
    }

    get first() {
        return this.label(this.series.labels[0]);
    }

    get last() {
        return this.label(this.series.labels[this.series.labels.length - 1]);
    }

    label(text) {
        return /^\d{4}-\d\d-\d\d$/.test(text) ? formatDate(deserializeDate(text)) : text;
    }

    get text() {
        const { values, expected } = this.series;
        const last = values.length - 1;
        return _t("Last: %(value)s, expected %(expected)s", {
            value: formatFloat(values[last] || 0, { digits: [16, 2] }),
            expected: formatFloat(expected[last] || 0, { digits: [16, 2] }),
        });
    }
}

registry.category("fields").add("scm_finding_series", {
    component: FindingSeries,
    displayName: _t("Series of a Finding"),
    supportedTypes: ["json"],
});
