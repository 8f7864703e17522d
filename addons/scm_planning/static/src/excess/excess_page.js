import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const LIST = "scm_planning.scm_excess_action";
const STEPS = "scm_planning.scm_excess_step_action";
export const AGES = ["age_90", "age_180", "age_365", "age_older"];

/** Top page of excess stock: what is tied up, what can be recovered and how, and where it lies. */
export class ExcessPage extends Component {
    static template = "scm_planning.ExcessPage";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        this.ageLabels = {
            age_90: _t("Up to 90 days"),
            age_180: _t("91 to 180"),
            age_365: _t("181 to 365"),
            age_older: _t("Over a year"),
        };
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("scm.excess", "get_excess_summary", []);
    }

    get totals() {
        return this.state.data.totals;
    }

    get ages() {
        const total = AGES.reduce((sum, key) => sum + this.totals[key], 0);
        return AGES.map((key) => ({ key, label: this.ageLabels[key], value: this.totals[key], share: total ? this.totals[key] / total : 0 }));
    }

    money(value) {
        return formatMonetary(value || 0, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    ownMoney(value, currencyId) {
        return formatMonetary(value || 0, { currencyId, digits: [16, 0] });
    }

    percent(value) {
        return `${formatFloat(100 * (value || 0), { digits: [16, 0] })} %`;
    }

    number(value) {
        return formatFloat(value || 0, { digits: [16, 0] });
    }

    width(value, rows, name = "value") {
        const most = Math.max(...rows.map((row) => row[name]), 1);
        return `width: ${Math.max((100 * value) / most, value > 0 ? 1.5 : 0)}%`;
    }

    get sentence() {
        const { excess_value, cash_recovered, items, holding_month } = this.totals;
        return _t("%(items)s products have more stock than demand and policy need. %(cash)s of %(value)s can be recovered; keeping it all costs %(holding)s a month.", {
            items: this.number(items),
            cash: this.money(Math.min(cash_recovered, 1e18)),
            value: this.money(excess_value),
            holding: this.money(holding_month),
        });
    }

    async open(xmlId, domain, context = {}) {
        const action = await this.action.loadAction(xmlId);
        this.action.doAction({ ...action, domain: domain || action.domain, context });
    }

    openList(domain = [], context = { search_default_open: 1 }) {
        return this.open(LIST, domain, context);
    }

    openSteps(kind) {
        return this.open(STEPS, [["kind", "=", kind], ["state", "in", ["proposed", "accepted"]]], {});
    }

    openItem(id) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "scm.excess", res_id: id, views: [[false, "form"]] });
    }
}

registry.category("actions").add("scm_planning.excess", ExcessPage);
