import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const TONES = { better: "success", worse: "danger", no_difference: "secondary" };
const FIELDS = { user: "user_id", reason: "reason_id", level: "level", product: "product_id", category: "categ_id" };

/** Did people's overrides help? By person, reason, level, product or category, with the interval of the change. */
export class ForecastValueAdded extends Component {
    static template = "scm_planning.ForecastValueAdded";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ dimension: "user", data: null });
        this.dimensions = [
            ["user", _t("Person")],
            ["reason", _t("Reason")],
            ["level", _t("Level")],
            ["product", _t("Product")],
            ["category", _t("Category")],
        ];
        this.verdicts = {
            better: _t("Better"),
            worse: _t("Worse"),
            no_difference: _t("No proven difference"),
        };
        onWillStart(() => this.load());
    }

    async load() {
        const { dimension } = this.state;
        const data = await this.orm.call("scm.forecast.value.added", "get_summary", [], { dimension });
        if (dimension === this.state.dimension) {
            this.state.data = data;
        }
    }

    choose(dimension) {
        this.state.dimension = dimension;
        return this.load();
    }

    verdict(row) {
        return this.verdicts[row.verdict] || _t("Not enough data yet");
    }

    tone(row) {
        return TONES[row.verdict] || "secondary";
    }

    number(value) {
        return formatFloat(value || 0, { digits: [16, 0] });
    }

    /** A change of the error: below zero is a better forecast. */
    signed(value) {
        if (value === false) {
            return "–";
        }
        return `${value > 0 ? "+" : value < 0 ? "−" : ""}${formatFloat(Math.abs(100 * value), { digits: [16, 0] })} %`;
    }

    range(row) {
        return row.low === false || row.high === false ? "–" : `${this.signed(row.low)} … ${this.signed(row.high)}`;
    }

    /** Width of a bar in percent; the longest is the largest error of the page. */
    share(value) {
        const most = Math.max(...this.state.data.rows.map((row) => Math.max(row.error_before, row.error_after)), 1e-9);
        return (100 * value) / most;
    }

    async open(row) {
        const action = await this.action.loadAction("scm_planning.scm_forecast_value_added_action");
        return this.action.doAction({ ...action, domain: [[FIELDS[this.state.dimension], "=", row.id || false]] });
    }

    openAll() {
        return this.action.doAction("scm_planning.scm_forecast_value_added_action");
    }
}

registry.category("actions").add("scm_planning.forecast_value_added", ForecastValueAdded);
