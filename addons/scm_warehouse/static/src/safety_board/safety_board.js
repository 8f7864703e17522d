import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

import { SUBJECT_ICONS } from "../safety_round/safety_round";

const KINDS = ["incident", "near_miss", "finding"];
/** Worst first: a day takes the colour of the worst that it has. */
const DAY_TONES = ["critical", "overdue", "missed", "failed", "passed", "todo"];

/** Days without an incident, what is open, the calendar of inspections, and where it goes wrong. */
export class SafetyBoard extends Component {
    static template = "scm_warehouse.SafetyBoard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        this.kinds = [
            { kind: "incident", label: _t("Incidents") },
            { kind: "near_miss", label: _t("Near misses") },
            { kind: "finding", label: _t("Findings") },
        ];
        this.tones = [
            { tone: "passed", label: _t("passed") },
            { tone: "failed", label: _t("not OK") },
            { tone: "critical", label: _t("critical") },
            { tone: "missed", label: _t("missed") },
            { tone: "overdue", label: _t("overdue") },
            { tone: "todo", label: _t("planned") },
        ];
        onWillStart(() => this.load());
    }

    async load(warehouseId = this.state.data?.warehouse_id || false) {
        this.state.data = await this.orm.call("scm.safety.board", "get_board", [warehouseId]);
    }

    get data() {
        return this.state.data;
    }

    // Words

    day(iso) {
        return iso ? formatDate(deserializeDate(iso)) : "";
    }

    percent(rate, part = "value") {
        return rate ? _t("%s %", formatFloat(100 * rate[part], { digits: [16, 0] })) : "–";
    }

    number(value, digits = 1) {
        return formatFloat(value, { digits: [16, digits], trailingZeros: false });
    }

    icon(subject) {
        return SUBJECT_ICONS[subject] || SUBJECT_ICONS.other;
    }

    get doneShare() {
        const { done, missed, overdue } = this.data.tiles;
        const all = done + missed + overdue;
        return all ? { value: done / all } : false;
    }

    // Months

    get highest() {
        return Math.max(1, ...this.data.months.map((month) => KINDS.reduce((sum, kind) => sum + month[kind], 0)));
    }

    get hasMonths() {
        return this.data.months.some((month) => KINDS.some((kind) => month[kind]));
    }

    monthName(month) {
        return deserializeDate(month.month).toFormat("LLL");
    }

    monthTitle(month) {
        const parts = this.kinds.map(({ kind, label }) => `${label}: ${month[kind]}`);
        return [deserializeDate(month.month).toFormat("LLLL yyyy"), ...parts].join("\n");
    }

    // Calendar

    get weekdays() {
        return this.data.calendar.slice(0, 7).map((one) => deserializeDate(one.day).toFormat("ccc"));
    }

    dayNumber(one) {
        return deserializeDate(one.day).day;
    }

    dayTone(one) {
        return DAY_TONES.find((tone) => one.counts[tone]) || "none";
    }

    dayCount(one) {
        return Object.values(one.counts).reduce((sum, count) => sum + count, 0);
    }

    dayTitle(one) {
        const parts = this.tones.filter(({ tone }) => one.counts[tone]).map(({ tone, label }) => `${one.counts[tone]} ${label}`);
        return [this.day(one.day), ...parts].join("\n");
    }

    // Going elsewhere

    get scope() {
        return this.data.warehouse_id ? [["warehouse_id", "=", this.data.warehouse_id]] : [];
    }

    openInspections(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "scm.safety.inspection",
            views: [[false, "list"], [false, "calendar"], [false, "form"]],
            domain: [...domain, ...this.scope],
        });
    }

    openIncidents(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "scm.safety.incident",
            views: [[false, "list"], [false, "kanban"], [false, "form"]],
            domain: [...domain, ...this.scope],
        });
    }

    openOpenIncidents() {
        return this.openIncidents(_t("Open Incidents"), [["state", "in", ["open", "investigation"]]]);
    }

    openNearMisses() {
        return this.openIncidents(_t("Near Misses"), [["kind", "=", "near_miss"]]);
    }

    openOverdue() {
        return this.openInspections(_t("Overdue Inspections"), [["is_overdue", "=", true]]);
    }

    openMade() {
        return this.openInspections(_t("Inspections"), [["state", "in", ["done", "missed"]]]);
    }

    openDay(one) {
        return this.openInspections(this.day(one.day), [["date_due", "=", one.day], ["state", "!=", "cancelled"]]);
    }

    openSubject(row) {
        return this.openInspections(row.label, [["subject", "=", row.subject], ["state", "=", "done"]]);
    }

    openLocked() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Locked Places"),
            res_model: "stock.location",
            views: [[false, "list"], [false, "form"]],
            domain: [["scm_is_locked", "=", true], ...this.scope],
        });
    }

    openIncident(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "scm.safety.incident",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    openRound() {
        return this.action.doAction("scm_warehouse.scm_safety_round_action");
    }
}

registry.category("actions").add("scm_warehouse.safety_board", SafetyBoard);
