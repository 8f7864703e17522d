import { Component, useState } from "@odoo/owl";
import { formatDay, formatQuantity, parseDay } from "../forecast_chart/forecast_chart_config";

const FEW = 4;
const TONES = { event: "info", promotion: "info", customer: "warning", price: "warning", stockout: "secondary", unexplained: "danger", typed: "primary" };
const STATES = { proposed: "text-warning-emphasis fw-bold", applied: "text-success", kept: "text-muted", undone: "text-muted" };

/** The weeks of a product's history that do not belong, why, and what the planner may do about them. */
export class HistoryPanel extends Component {
    static template = "scm_planning.HistoryPanel";
    static props = { corrections: Array, canCorrect: Boolean, onDecide: Function, onSetValue: Function };

    setup() {
        this.state = useState({ all: false, busy: false, edited: false, quantity: "", reason: "" });
    }

    /** Those that wait for a decision first, then the latest. */
    get rows() {
        const waiting = (row) => (row.state === "proposed" ? 0 : 1);
        const sorted = [...this.props.corrections].sort((a, b) => waiting(a) - waiting(b) || b.date.localeCompare(a.date));
        return this.state.all ? sorted : sorted.slice(0, FEW);
    }

    get more() {
        return this.props.corrections.length - FEW;
    }

    tone(row) {
        return TONES[row.reason] || "secondary";
    }

    stateClass(row) {
        return STATES[row.state] || "";
    }

    day(row) {
        return formatDay(parseDay(row.date));
    }

    quantity(value) {
        return formatQuantity(value);
    }

    changed(row) {
        return Math.abs(row.raw - row.used) > 1e-6;
    }

    edit(row) {
        Object.assign(this.state, { edited: row.id, quantity: String(row.used), reason: row.note });
    }

    get canSave() {
        const quantity = Number(this.state.quantity);
        return this.state.quantity !== "" && quantity >= 0 && this.state.reason.trim() !== "" && !this.state.busy;
    }

    async save(row) {
        this.state.busy = true;
        try {
            await this.props.onSetValue(row.date, Number(this.state.quantity), this.state.reason);
            this.state.edited = false;
        } finally {
            this.state.busy = false;
        }
    }

    async decide(method, row) {
        this.state.busy = true;
        try {
            await this.props.onDecide(method, [row.id]);
        } finally {
            this.state.busy = false;
        }
    }
}
