import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const COLOURS = { breached: "danger", warned: "warning", running: "info", paused: "secondary", met: "success" };
const PARCEL_COLOURS = { delivered: "success", exception: "danger", attempt_failed: "warning", returned: "danger" };
const RETURN_COLOURS = { refused: "danger", cancelled: "secondary", settled: "success", closed: "success" };

/** 2 h 05: hours as a clock shows them. */
export function hoursWords(hours) {
    const minutes = Math.round(Math.abs(hours) * 60);
    if (minutes < 60) {
        return _t("%s min", minutes);
    }
    if (minutes >= 48 * 60) {
        return _t("%s h", Math.round(minutes / 60));
    }
    return _t("%(hours)s h %(minutes)s", {
        hours: Math.floor(minutes / 60),
        minutes: String(minutes % 60).padStart(2, "0"),
    });
}

/** Order, parcels, returns and customer of a ticket, and the clocks that run on it. */
export class TicketFacts extends Component {
    static template = "scm_aftersales_helpdesk.TicketFacts";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get facts() {
        return this.props.record.data[this.props.name] || {};
    }

    get clocks() {
        return (this.facts.clocks || []).map((clock) => ({
            ...clock,
            colour: COLOURS[clock.state],
            words: this.clockWords(clock),
            hint: clock.always ? _t("Counts around the clock") : _t("Counts in working hours"),
        }));
    }

    clockWords(clock) {
        if (clock.stopped) {
            return clock.state === "breached" ? _t("%s too late", hoursWords(clock.left)) : _t("in time");
        }
        if (clock.left < 0) {
            return _t("late by %s", hoursWords(clock.left));
        }
        if (clock.state === "paused") {
            return _t("waits, %s left", hoursWords(clock.left));
        }
        return clock.deadline
            ? _t("%(left)s left, until %(moment)s", { left: hoursWords(clock.left), moment: this.moment(clock.deadline) })
            : _t("%s left", hoursWords(clock.left));
    }

    day(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    dayOf(value) {
        return value ? formatDate(deserializeDateTime(value)) : "";
    }

    moment(value) {
        return value ? deserializeDateTime(value).toLocaleString(luxon.DateTime.DATETIME_SHORT) : "";
    }

    parcelColour(parcel) {
        return parcel.days_late > 0 && parcel.status !== "delivered"
            ? "danger"
            : PARCEL_COLOURS[parcel.status] || "info";
    }

    returnColour(request) {
        return RETURN_COLOURS[request.state] || "info";
    }

    open(model, id) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }

    async link(order) {
        await this.orm.call("helpdesk.ticket", "action_scm_link_order", [[this.props.record.resId], order.id]);
        await this.props.record.load();
    }
}

registry.category("fields").add("scm_ticket_facts", {
    component: TicketFacts,
    displayName: _t("Facts of a Ticket"),
    supportedTypes: ["json"],
});
