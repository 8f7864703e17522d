import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** Share of the usual time from which a clock is yellow; the same as on the server. */
const SOON = 0.75;

/** 40 min, 5 h, 2.5 days: a duration as people say it. */
export function durationWords(hours) {
    if (hours < 1) {
        return _t("%s min", Math.round(hours * 60));
    }
    return hours < 48 ? _t("%s h", Math.round(hours)) : _t("%s days", Math.round(hours / 24));
}

/** ok, soon or over; nothing where nobody is awaited. */
export function clockTone(hours, norm) {
    if (!norm) {
        return "";
    }
    return hours > norm ? "over" : hours > SOON * norm ? "soon" : "ok";
}

/** How long a return is in its state, against the usual time. */
export class ReturnClock extends Component {
    static template = "scm_aftersales.ReturnClock";
    static props = { ...standardFieldProps };

    get step() {
        const steps = this.props.record.data[this.props.name] || [];
        return steps.find((step) => step.is_now) || null;
    }

    get tone() {
        return clockTone(this.step.hours, this.step.norm);
    }

    get words() {
        return durationWords(this.step.hours);
    }

    get title() {
        return this.step.norm
            ? _t("%(state)s for %(hours)s, usual are %(norm)s", {
                  state: this.step.label,
                  hours: this.words,
                  norm: durationWords(this.step.norm),
              })
            : _t("%(state)s for %(hours)s", { state: this.step.label, hours: this.words });
    }

    get share() {
        return this.step.norm ? Math.min(Math.round((100 * this.step.hours) / this.step.norm), 100) : 0;
    }
}

/** The way of a return: each state with its time. */
export class ReturnTimeline extends Component {
    static template = "scm_aftersales.ReturnTimeline";
    static props = { ...standardFieldProps };

    get steps() {
        return (this.props.record.data[this.props.name] || []).map((step) => ({
            ...step,
            tone: clockTone(step.hours, step.norm),
            when: toLocaleDateTimeString(deserializeDateTime(step.date), { showSeconds: false }),
            duration: step.is_timed || !step.is_now ? durationWords(step.hours) : "",
            usual: step.norm ? _t("usually %s", durationWords(step.norm)) : "",
        }));
    }
}

registry.category("fields").add("scm_return_clock", {
    component: ReturnClock,
    displayName: _t("Clock of a return"),
    supportedTypes: ["json"],
});
registry.category("fields").add("scm_return_timeline", {
    component: ReturnTimeline,
    displayName: _t("Way of a return"),
    supportedTypes: ["json"],
});
