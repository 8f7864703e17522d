import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { imageUrl } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const STAGE_WORDS = {
    "1_ready": _t("Picked and packed"),
    "2_handed": _t("Waited at the dock"),
    "3_scan": _t("Until the first scan"),
    "4_delivered": _t("On the road"),
};
const ICONS = {
    info_received: "fa-tag",
    in_transit: "fa-truck",
    out_for_delivery: "fa-bicycle",
    attempt_failed: "fa-undo",
    available_for_pickup: "fa-map-marker",
    delivered: "fa-check",
    exception: "fa-exclamation",
    returned: "fa-reply",
    expired: "fa-clock-o",
};
const COLOURS = {
    delivered: "success",
    out_for_delivery: "info",
    available_for_pickup: "info",
    attempt_failed: "warning",
    exception: "danger",
    returned: "danger",
    expired: "danger",
};

/** 5 h, 2.5 days: a duration as people say it. */
export function durationWords(hours) {
    if (hours < 1) {
        return _t("%s min", Math.round(hours * 60));
    }
    return hours < 48 ? _t("%s h", hours.toFixed(hours < 10 ? 1 : 0)) : _t("%s days", (hours / 24).toFixed(1));
}

/** The way of one parcel: stages against their norms, and its events as a line of time. */
export class JourneyField extends Component {
    static template = "scm_logistics.JourneyField";
    static props = { ...standardFieldProps };

    get journey() {
        return this.props.record.data[this.props.name] || { stages: [], events: [] };
    }

    get stages() {
        const all = this.journey.stages;
        const total = all.reduce((sum, stage) => sum + stage.hours, 0) || 1;
        return all.map((stage) => ({
            ...stage,
            words: STAGE_WORDS[stage.code],
            duration: durationWords(stage.hours),
            usual: stage.norm === null ? "" : _t("usually %s", durationWords(stage.norm)),
            over: stage.norm !== null && stage.excess > 0,
            // a share of the whole, but wide enough to be read
            grow: Math.max(Math.round((100 * stage.hours) / total), 12),
            side: stage.who === "warehouse" ? _t("Our warehouse") : _t("Carrier"),
        }));
    }

    get events() {
        return this.journey.events.map((event) => ({
            ...event,
            when: formatDateTime(deserializeDateTime(event.time), { showSeconds: false }),
            icon: ICONS[event.status] || "fa-question",
            colour: COLOURS[event.status] || (event.status ? "primary" : "warning"),
            pictures: ["photo", "signature"]
                .filter((name) => event[name])
                .map((name) => imageUrl("scm.parcel.event", event.id, name)),
        }));
    }
}

export const journeyField = { component: JourneyField, displayName: _t("Journey"), supportedTypes: ["json"] };

registry.category("fields").add("scm_parcel_journey", journeyField);
