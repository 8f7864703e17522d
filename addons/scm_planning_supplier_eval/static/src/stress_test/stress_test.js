import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { WhyButton } from "@scm_base/why/why_button";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatDay, money, stressChart } from "./stress_chart";

const MODEL = "scm.stress.test";

/** A supplier stops for some days: what runs out when, what it costs, and what backups save. */
export class StressTest extends Component {
    static template = "scm_planning_supplier_eval.StressTest";
    static components = { ControlPanel, RecordSelector, WhyButton };
    static props = { ...standardActionServiceProps };
    static path = "stress-test";
    static displayName = _t("Stress Test");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("chart");
        this.state = useState({ data: null, error: "", busy: false, partnerId: false, dateFrom: "", days: 30 });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get supplierDomain() {
        return [["supplier_rank", ">", 0], ["parent_id", "=", false]];
    }

    async load() {
        const context = this.props.action.context || {};
        const testId = this.props.resId || context.scm_stress_test_id || false;
        try {
            this.show(await this.orm.call(MODEL, "get_test", [testId]));
        } catch (error) {
            this.state.error = error.data?.message || _t("The stress test could not be read.");
        }
        if (context.scm_partner_id) {
            this.state.partnerId = context.scm_partner_id;
            await this.run();
        }
    }

    show(data) {
        Object.assign(this.state, { data, error: "" });
        this.state.partnerId = data.partner_id || this.state.partnerId;
        this.state.dateFrom = data.date_from || this.state.dateFrom || data.today;
        this.state.days = data.days || this.state.days;
        if (data.id) {
            // so that the address names the test, and a reload or a shared link finds it again
            this.props.updateActionState?.({ resId: data.id });
        }
    }

    pick(partnerId) {
        this.state.partnerId = partnerId;
    }

    async run() {
        if (!this.state.partnerId) {
            this.state.error = _t("Choose a supplier first.");
            return;
        }
        this.state.busy = true;
        try {
            const { partnerId, dateFrom, days } = this.state;
            this.show(await this.orm.call(MODEL, "run", [partnerId, dateFrom || this.state.data?.today, Number(days)]));
        } catch (error) {
            this.state.error = error.data?.message || _t("The stress test could not be run.");
        }
        this.state.busy = false;
    }

    draw() {
        this.chart?.destroy();
        this.chart = this.canvas.el ? new Chart(this.canvas.el, stressChart(this.canvas.el, this.state.data)) : null;
    }

    money(value) {
        return money(value, this.state.data.currency_id);
    }

    day(text) {
        return formatDay(text);
    }

    quantity(value) {
        return formatFloat(value || 0, { digits: [16, Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1] });
    }

    get savedShare() {
        const { lost_margin: lost, covered_margin: covered } = this.state.data;
        return lost ? Math.round((100 * covered) / lost) : 0;
    }

    openProduct(line) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "product.product", res_id: line.product_id, views: [[false, "form"]] });
    }

    openLines() {
        this.action.doAction("scm_planning_supplier_eval.scm_stress_test_line_action", {
            additionalContext: { search_default_test_id: this.state.data.id },
        });
    }

    openAll() {
        this.action.doAction("scm_planning_supplier_eval.scm_stress_test_action");
    }
}

registry.category("actions").add("scm_stress_test", StressTest);
