import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ScoreSpark } from "../scorecard/score_shapes";

const PAGE = 40;
const STATE_TONES = { normal: "success", watch: "warning", probation: "warning", blocked: "danger", eliminated: "danger" };
/** Columns that are best first when they fall. */
const DESCENDING = new Set(["total", "trend", "sample"]);

/** All suppliers of a period beside each other. */
export class LeaguePage extends Component {
    static template = "scm_supplier_eval.LeaguePage";
    static components = { ControlPanel, ScoreSpark };
    static props = { ...standardActionServiceProps };
    static path = "supplier-league";
    static displayName = _t("League Table");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const kept = this.props.state?.scmFilters || {};
        this.filters = useState({ period: "", group_id: false, grade_id: false, state: "", trend: "", search: "", order: "rank", descending: false, ...kept });
        this.state = useState({ data: null, offset: 0, busy: false });
        this.search = useDebounced((text) => this.filter({ search: text }), 300);
        onWillStart(() => this.load());
    }

    async load() {
        this.state.busy = true;
        try {
            this.state.data = await this.orm.silent.call("scm.scorecard", "get_league", [{ ...this.filters }, this.state.offset, PAGE]);
        } finally {
            this.state.busy = false;
        }
    }

    filter(values) {
        Object.assign(this.filters, values);
        this.state.offset = 0;
        return this.load();
    }

    toggle(name, value) {
        return this.filter({ [name]: this.filters[name] === value ? (name === "grade_id" ? false : "") : value });
    }

    sort(order) {
        const same = this.filters.order === order;
        const falls = DESCENDING.has(order) || this.data.areas.some((area) => area.key === order);
        return this.filter({ order, descending: same ? !this.filters.descending : falls });
    }

    sortIcon(order) {
        return this.filters.order === order ? (this.filters.descending ? "fa-caret-down" : "fa-caret-up") : "";
    }

    turn(pages) {
        this.state.offset = Math.max(0, this.state.offset + pages * PAGE);
        return this.load();
    }

    clear() {
        return this.filter({ group_id: false, grade_id: false, state: "", trend: "", search: "" });
    }

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return !this.data.period;
    }

    get filtered() {
        const { group_id, grade_id, state, trend, search } = this.filters;
        return Boolean(group_id || grade_id || state || trend || search);
    }

    get range() {
        return { from: this.state.offset + 1, to: this.state.offset + this.data.rows.length, more: this.state.offset + PAGE < this.data.count };
    }

    // How it reads

    points(value, digits = 1) {
        return value === false ? "–" : formatFloat(value, { digits: [16, digits] });
    }

    signed(value) {
        return value === false ? "–" : `${value > 0 ? "+" : ""}${formatFloat(value, { digits: [16, 1] })}`;
    }

    trendClass(value) {
        return value === false || Math.abs(value) < 1 ? "text-muted" : value > 0 ? "text-success" : "text-danger";
    }

    trendIcon(value) {
        return Math.abs(value) < 1 ? "fa-caret-right" : value > 0 ? "fa-caret-up" : "fa-caret-down";
    }

    stateTone(state) {
        return STATE_TONES[state] || "secondary";
    }

    /** From red over amber to green, stronger the farther from the middle. */
    heat(score) {
        if (score === false) {
            return "";
        }
        const color = score >= 70 ? "46, 158, 107" : score >= 50 ? "224, 160, 48" : "214, 69, 65";
        const strength = score >= 70 ? (score - 70) / 30 : score >= 50 ? (70 - score) / 40 + 0.2 : (50 - score) / 60 + 0.25;
        return `background-color: rgba(${color}, ${(0.1 + 0.4 * Math.min(strength, 1)).toFixed(2)})`;
    }

    gradeShare(grade) {
        return (100 * grade.count) / (this.data.summary.count || 1);
    }

    // Where it leads

    async publish() {
        await this.orm.call("scm.scorecard", "publish_period", [this.data.period.date_from, this.data.period.date_to]);
        await this.load();
    }

    open(row) {
        this.action.doAction("scm_supplier_eval.scm_supplier_scorecard_action", { additionalContext: { scm_scorecard_id: row.card_id } });
    }

    openActions(row) {
        this.action.doAction("scm_supplier_eval.scm_improvement_action", { additionalContext: { search_default_partner_id: row ? row.partner_id : false } });
    }
}

registry.category("actions").add("scm_supplier_league", LeaguePage);
