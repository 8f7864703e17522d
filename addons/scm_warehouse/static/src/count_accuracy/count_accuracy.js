import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const PLANNED = ["origin", "in", ["plan", "manual"]];
/** the scale of the bars starts here, since nobody's books are worse */
const FLOOR = 0.5;
/** fewer records say nothing for sure */
const FEW = 20;

/** How good the books of the stock are, where they are not and why. A row leads to its records. */
export class CountAccuracy extends Component {
    static template = "scm_warehouse.CountAccuracy";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, warehouse: false, days: 90 });
        onWillStart(() => this.load());
    }

    async load(values = {}) {
        Object.assign(this.state, values);
        this.state.data = await this.orm.call("scm.count.accuracy", "get_summary", [
            this.state.warehouse,
            this.state.days,
        ]);
    }

    choose(ev) {
        return this.load({ warehouse: Number(ev.target.value) || false });
    }

    get periods() {
        return [
            { days: 30, label: _t("30 days") },
            { days: 90, label: _t("90 days") },
            { days: 365, label: _t("A year") },
        ];
    }

    get period() {
        const { from, to } = this.state.data;
        return _t("%(from)s to %(to)s", { from: this.day(from), to: this.day(to) });
    }

    get cards() {
        return [
            { key: "zone_id", title: _t("By zone"), rows: this.state.data.zones, none: _t("No zone") },
            { key: "letter", title: _t("By class"), rows: this.state.data.letters, none: _t("No class") },
        ];
    }

    get verdict() {
        const { total } = this.state.data;
        return {
            met: { text: _t("Target met"), tone: "success" },
            missed: { text: _t("Target missed"), tone: "danger" },
            unsure: { text: _t("Chance could still decide"), tone: "secondary" },
            none: { text: _t("No planned count yet"), tone: "secondary" },
        }[total.verdict];
    }

    get largestGross() {
        return Math.max(...this.state.data.causes.map((cause) => cause.gross), 1e-9);
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    month(value) {
        return deserializeDate(value).toFormat("LLL yyyy");
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    percent(value) {
        return `${formatFloat(value * 100, { digits: [16, 1] })} %`;
    }

    money(value, sign = false) {
        const text = this.state.data.one_currency
            ? formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] })
            : formatFloat(value, { digits: [16, 0] });
        return sign && value > 0 ? `+${text}` : text;
    }

    share(value, whole) {
        return whole ? this.percent(value / whole) : "–";
    }

    position(value) {
        return `${Math.max(0, Math.min(1, (value - FLOOR) / (1 - FLOOR))) * 100}%`;
    }

    spanStyle(group) {
        return `left: ${this.position(group.low)}; right: calc(100% - ${this.position(group.high)})`;
    }

    /** Good, bad or unsure against the target, as surely as the sample allows. */
    tone(group) {
        const { target } = this.state.data;
        if (group.records < FEW) {
            return "secondary";
        }
        return group.low >= target ? "success" : group.high < target ? "danger" : "warning";
    }

    barTitle(group) {
        return _t("%(accuracy)s of %(records)s records; surely between %(low)s and %(high)s (95 %%), target %(target)s", {
            accuracy: this.percent(group.accuracy),
            records: this.count(group.records),
            low: this.percent(group.low),
            high: this.percent(group.high),
            target: this.percent(this.state.data.target),
        }).replace("%%", "%");
    }

    domain(extra) {
        const { from, to, warehouse_id } = this.state.data;
        const domain = [["date", ">=", from], ["date", "<=", to], ...extra];
        return warehouse_id ? [["warehouse_id", "=", warehouse_id], ...domain] : domain;
    }

    openRecords(name, extra) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "scm.count.accuracy",
            views: [
                [false, "list"],
                [false, "pivot"],
                [false, "graph"],
            ],
            domain: this.domain(extra),
        });
    }

    openGroup(field, group) {
        const value = field === "letter" ? group.id : Number(group.id);
        this.openRecords(group.name || _t("Counted records"), [[field, "=", value || false], PLANNED]);
    }

    openCause(cause) {
        this.openRecords(cause.name || _t("No cause"), [
            ["cause_id", "=", Number(cause.id) || false],
            ["difference", "!=", 0],
        ]);
    }

    openWork(extra) {
        this.action.doAction("scm_warehouse.scm_count_plan_action", {
            additionalContext: { search_default_open: 1, ...extra },
        });
    }

    async improve(zone) {
        const action = await this.orm.call("scm.count.accuracy", "open_improvement", [Number(zone.id)]);
        this.action.doAction(action);
    }
}

registry.category("actions").add("scm_count_accuracy", CountAccuracy);
