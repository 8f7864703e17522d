import { getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const TONES = { worked: "success", did_not: "danger", not_enough_data: "secondary" };

/** The change of a measure with its interval, on a line with zero and the change that matters. */
export class EffectField extends Component {
    static template = "scm_base.EffectField";
    static props = { ...standardFieldProps };

    get effect() {
        return this.props.record.data[this.props.name];
    }

    get tone() {
        return TONES[this.effect.verdict];
    }

    get verdict() {
        return { worked: _t("Worked"), did_not: _t("No effect"), not_enough_data: _t("Not enough data") }[this.effect.verdict];
    }

    number(value, sign = false) {
        const digits = ["money", "kg"].includes(this.effect.unit) ? 2 : 1;
        const text = formatFloat(value, { digits: [16, digits] });
        return sign && value > 0 ? `+${text}` : text;
    }

    get unit() {
        const units = { percent: _t("points"), hours: _t("hours"), kg: _t("kg"), money: this.currency };
        return units[this.effect.unit] || _t("days");
    }

    get currency() {
        return getCurrency(this.effect.currency_id)?.symbol || "";
    }

    get samples() {
        const [before, after] = this.effect.samples;
        const words = {
            days: _t("%(before)s days before, %(after)s after", { before, after }),
            weeks: _t("%(before)s weeks before, %(after)s after", { before, after }),
        };
        return words[this.effect.cluster] || _t("%(before)s orders before, %(after)s after", { before, after });
    }

    level(value) {
        return this.effect.unit === "percent" ? `${this.number(value)} %` : `${this.number(value)} ${this.unit}`;
    }

    /** Positions in percent of the width. */
    get scale() {
        const { low, high, effect, smallest, known } = this.effect;
        const values = [0, effect, smallest, ...(known ? [low, high] : [])];
        const pad = (Math.max(...values) - Math.min(...values) || 1) * 0.12;
        const from = Math.min(...values) - pad;
        const at = (value) => (100 * (value - from)) / (Math.max(...values) + pad - from);
        return { zero: at(0), effect: at(effect), smallest: at(smallest), low: at(low), width: at(high) - at(low) };
    }
}

registry.category("fields").add("scm_effect", {
    component: EffectField,
    displayName: _t("Effect"),
    supportedTypes: ["json"],
});
