import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const VERDICTS = {
    approve: { text: _t("Approved"), tone: "success", icon: "fa-check-circle" },
    review: { text: _t("A person decides"), tone: "warning", icon: "fa-user-circle" },
    refuse: { text: _t("Refused"), tone: "danger", icon: "fa-times-circle" },
};

/** A case, typed or from an order, against every row of a version of a return policy. */
export class PolicyBench extends Component {
    static template = "scm_aftersales.PolicyBench";
    static components = { ControlPanel, MultiRecordSelector, RecordSelector };
    static props = { ...standardActionServiceProps };
    static path = "return-policy-bench";
    static displayName = _t("Policy Test Bench");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.last = new KeepLast();
        this.state = useState({
            start: null,
            versionId: false,
            mode: "facts",
            order: { id: false, sale_line_id: false, quantity: 1, reason: "", condition: "" },
            facts: { days_delivery: 5, value_line: 50, reason_id: false, condition: "", final_sale: false, tag_ids: [] },
            answer: null,
        });
        onWillStart(async () => {
            const start = await this.orm.call("scm.return.policy.version", "bench_start", []);
            this.state.start = start;
            this.state.versionId = this.props.action.context.version_id || start.version_id;
            await this.ask();
        });
    }

    get verdict() {
        return VERDICTS[this.state.answer.decision];
    }

    get matched() {
        return this.state.answer.rows.find((row) => row.status === "match");
    }

    get skipped() {
        return this.state.answer.rows.filter((row) => row.status === "skipped");
    }

    async ask() {
        if (!this.state.versionId) {
            return;
        }
        const { mode, order, facts, versionId } = this.state;
        if (mode === "order" && !order.id) {
            this.state.answer = null;
            return;
        }
        const call =
            mode === "order"
                ? this.orm.call("scm.return.policy.version", "bench_order", [[versionId], order.id, this.asked])
                : this.orm.call("scm.return.policy.version", "bench_facts", [[versionId], this.typed]);
        const answer = await this.last.add(call);
        this.state.answer = answer;
        if (answer.facts) {
            this.state.order.sale_line_id = answer.sale_line_id;
        }
    }

    get asked() {
        const { sale_line_id, quantity, reason, condition } = this.state.order;
        return { sale_line_id, quantity, reason, condition };
    }

    get typed() {
        const facts = { ...this.state.facts };
        facts.tag_ids = [...facts.tag_ids];
        return facts;
    }

    setMode(mode) {
        if (mode === "facts" && this.state.answer?.facts) {
            // go on from the facts of the order, changing one after the other
            Object.assign(this.state.facts, this.state.answer.facts);
        }
        this.state.mode = mode;
        return this.ask();
    }

    setOrder(id) {
        Object.assign(this.state.order, { id, sale_line_id: false });
        return this.ask();
    }

    setAsked(name, value) {
        this.state.order[name] = value;
        return this.ask();
    }

    setFact(name, value) {
        this.state.facts[name] = value;
        return this.ask();
    }

    number(ev) {
        const text = ev.target.value.trim();
        return text === "" ? false : Math.max(0, parseFloat(text) || 0);
    }

    id(ev) {
        return parseInt(ev.target.value) || false;
    }

    setVersion(ev) {
        this.state.versionId = this.id(ev);
        return this.ask();
    }

    failing(row) {
        return row.cells.filter((cell) => !cell.holds);
    }

    openVersion() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "scm.return.policy.version",
            res_id: this.state.versionId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("scm_return_policy_bench", PolicyBench);
