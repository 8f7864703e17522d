import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { Component, onWillStart, useState } from "@odoo/owl";

/** What improvements that worked are worth in a year, beside the target; by area and owner. */
export class ImprovementStrip extends Component {
    static template = "scm_analytics.ImprovementStrip";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        onWillStart(() => this.load());
    }

    async load(year = false) {
        this.state.data = await this.orm.call("scm.improvement", "get_board", [year]);
    }

    onYear(ev) {
        return this.load(Number(ev.target.value));
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    percent(share) {
        return `${formatFloat(share * 100, { digits: [16, 0] })} %`;
    }

    get ofTarget() {
        const { realised, target } = this.state.data;
        return target ? realised / target : 0;
    }

    get targetText() {
        const { target } = this.state.data;
        return target
            ? _t("%(share)s of the target of %(target)s", { share: this.percent(this.ofTarget), target: this.money(target) })
            : _t("no target for this year");
    }

    get barWidth() {
        return Math.min(100, 100 * this.ofTarget);
    }

    width(amount) {
        const longest = Math.max(...this.state.data.areas.map((area) => Math.abs(area.amount)), 1);
        return (100 * Math.abs(amount)) / longest;
    }

    get workedText() {
        const { worked, judged } = this.state.data;
        return _t("%(worked)s of %(judged)s judged", { worked, judged });
    }

    get overdueText() {
        return _t("%(count)s overdue", { count: this.state.data.overdue });
    }

    get splitText() {
        const { measured, stated } = this.state.data;
        return _t("measured %(measured)s, stated %(stated)s", {
            measured: this.money(measured),
            stated: this.money(stated),
        });
    }

    openValues() {
        this.action.doAction("scm_analytics.scm_improvement_value_action");
    }

    openTargets() {
        this.action.doAction("scm_analytics.scm_improvement_target_action");
    }
}

export class ImprovementKanbanRenderer extends KanbanRenderer {
    static template = "scm_analytics.ImprovementKanban";
    static components = { ...KanbanRenderer.components, ImprovementStrip };
}

registry.category("views").add("scm_improvement_board", { ...kanbanView, Renderer: ImprovementKanbanRenderer });
