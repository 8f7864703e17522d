import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What was, beside what the suggested carriers would have made of it. */
export class ReplayResult extends Component {
    static template = "scm_logistics.ReplayResult";
    static props = { ...standardWidgetProps };

    get data() {
        return this.props.record.data;
    }

    get carriers() {
        return this.data.result?.carriers || [];
    }

    get saved() {
        return this.data.cost_was - this.data.cost_would;
    }

    get share() {
        return this.data.cost_was ? this.saved / this.data.cost_was : 0;
    }

    width(row, name) {
        const most = Math.max(...this.carriers.flatMap((one) => [one.parcels_was, one.parcels_would]), 1);
        return `width: ${(100 * row[name]) / most}%`;
    }

    rate(late, parcels) {
        return parcels ? `${((100 * late) / parcels).toFixed(1)} %` : "–";
    }

    money(value) {
        return formatMonetary(value || 0, { currencyId: this.data.currency_id?.id, digits: [16, 0] });
    }

    number(value) {
        return formatFloat(value || 0, { digits: [16, 0] });
    }
}

registry.category("view_widgets").add("scm_replay_result", {
    component: ReplayResult,
    fieldDependencies: [{ name: "result", type: "json" }],
});
