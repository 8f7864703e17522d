import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

import { newKey } from "../outbox/outbox_service";
import { OutboxStatus } from "../outbox/outbox_status";
import { IncidentReport } from "./incident_report";
import { InspectionSheet } from "./inspection_sheet";
import { SafetySteps } from "./safety_steps";

export const SUBJECT_ICONS = {
    fire: "fa-fire-extinguisher",
    rack: "fa-th",
    forklift: "fa-truck",
    electric: "fa-bolt",
    theft: "fa-user-secret",
    cold: "fa-snowflake-o",
    housekeeping: "fa-trash-o",
    other: "fa-check-square-o",
};

/** Safety for people on the floor: what to inspect today, and the report of an incident. Works without connection. */
export class SafetyRound extends Component {
    static template = "scm_warehouse.SafetyRound";
    static components = { IncidentReport, InspectionSheet, OutboxStatus, SafetySteps };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.outbox = useService("scm_outbox");
        this.notification = useService("notification");
        this.queue = useState(this.outbox.state);
        this.state = useState({ data: null, isOld: false, page: "home", task: null, incident: null, end: null, others: false });
        useBus(this.outbox.bus, "sent", () => this.state.page === "home" && this.load());
        onWillStart(async () => {
            const { warehouse_id, inspection_id } = this.props.action.params || {};
            await this.load(warehouse_id);
            const row = this.state.data?.inspections.find((one) => one.id === inspection_id);
            if (row) {
                this.openInspection(row);
            }
        });
    }

    // Loading; what was loaded last is kept for when there is no connection

    get storeKey() {
        return `scm_safety_round:${session.db}:${user.userId}`;
    }

    async load(warehouseId = this.state.data?.warehouse_id || Number(browser.localStorage.getItem(`${this.storeKey}:place`))) {
        try {
            this.state.data = await this.orm.silent.call("scm.safety.inspection", "get_round", [warehouseId || false]);
            this.state.isOld = false;
            browser.localStorage.setItem(this.storeKey, JSON.stringify(this.state.data));
            browser.localStorage.setItem(`${this.storeKey}:place`, String(this.state.data.warehouse_id || ""));
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.data ||= JSON.parse(browser.localStorage.getItem(this.storeKey) || "null");
            this.state.isOld = true;
        }
    }

    // What the home page shows

    icon(subject) {
        return SUBJECT_ICONS[subject] || SUBJECT_ICONS.other;
    }

    /** Inspections without those that are handed in and wait on this phone. */
    get inspections() {
        const handedIn = new Set(this.queue.rows.map((row) => row.method === "submit_inspection" && row.args[0].inspection_id));
        return this.state.data.inspections.filter((one) => !handedIn.has(one.id));
    }

    get otherTemplates() {
        return Object.values(this.state.data.templates).filter((template) => template.items.length);
    }

    dueWords(row) {
        if (row.late) {
            return row.late === 1 ? _t("since yesterday") : _t("%s days late", row.late);
        }
        if (row.ahead) {
            return row.ahead === 1 ? _t("tomorrow") : _t("in %s days", row.ahead);
        }
        return _t("today");
    }

    dueTone(row) {
        return row.late ? "text-bg-danger" : row.ahead ? "text-bg-light border" : "text-bg-warning";
    }

    stepsDone(incident) {
        return incident.steps.filter((step) => step.done).length;
    }

    // Going to and fro

    home() {
        Object.assign(this.state, { page: "home", task: null, incident: null, end: null, others: false });
        return this.load();
    }

    openInspection(row) {
        const template = this.state.data.templates[row.template_id];
        Object.assign(this.state, { page: "inspection", task: { ...row, template } });
    }

    openOther(template) {
        const task = { id: 0, template_id: template.id, name: template.name, subject: template.subject, where: "", template };
        Object.assign(this.state, { page: "inspection", task });
    }

    report() {
        this.state.page = "report";
    }

    openIncident(incident) {
        Object.assign(this.state, { page: "incident", incident });
    }

    // Sending

    /** @returns {Promise<boolean>} whether it is sent or kept; otherwise the user has read why not */
    async deliver(method, model, values, label, kind) {
        const key = newKey();
        const end = await this.outbox.send({ key, model, method, args: [{ ...values, uuid: key }], label });
        if (end.status === "refused") {
            // the form still shows all of it: it is mended there, not in the outbox
            await this.outbox.discard(key);
            this.notification.add(end.message, { type: "danger", sticky: true });
            return false;
        }
        Object.assign(this.state, { page: "end", end: { kind, waiting: end.status === "waiting", label, ...(end.result || {}) } });
        return true;
    }

    handIn(values, label) {
        const more = { warehouse_id: this.state.data.warehouse_id };
        return this.deliver("submit_inspection", "scm.safety.inspection", { ...more, ...values }, label, "inspection");
    }

    sendIncident(values, label) {
        const more = { warehouse_id: this.state.data.warehouse_id };
        return this.deliver("report_incident", "scm.safety.incident", { ...more, ...values }, label, "incident");
    }

    async tick(incident, step) {
        step.done = !step.done;
        const label = `${incident.name}: ${step.name}`;
        const args = [[incident.id], step.id, step.done];
        const end = await this.outbox.send({ key: newKey(), model: "scm.safety.incident", method: "set_step", args, label });
        if (end.status === "sent") {
            incident.steps = end.result;
        }
    }
}

registry.category("actions").add("scm_warehouse.safety_round", SafetyRound);
