import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { WhyButton } from "@scm_base/why/why_button";

import { BoxDrawing } from "./box_drawing";

const SHARES = ["void_ratio", "weight_ratio", "recycled"];

/** What is known of the packing of one transfer: boxes, drawing, cost, rules. */
export class PackingPanel extends Component {
    static template = "scm_warehouse.PackingPanel";
    static components = { BoxDrawing, WhyButton };
    static props = { data: Object, compact: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.state = useState({ box: 0 });
        onWillUpdateProps((next) => {
            if (next.data.id !== this.props.data.id) {
                this.state.box = 0;
            }
        });
    }

    get box() {
        return this.props.data.boxes[this.state.box] || this.props.data.boxes[0];
    }

    money(value) {
        return formatMonetary(value || 0, { currencyId: this.props.data.currency_id });
    }

    percent(value) {
        return `${formatFloat(100 * value, { digits: [16, 0] })} %`;
    }

    grams(kg) {
        return _t("%s g", formatFloat(1000 * kg, { digits: [16, 0] }));
    }

    sum(name) {
        return this.props.data.boxes.reduce((total, box) => total + box[name], 0);
    }

    edges(box) {
        const [length, width, height] = box.edges.map((edge) =>
            formatFloat(edge, { digits: [16, 1], trailingZeros: false })
        );
        return _t("%(length)s × %(width)s × %(height)s cm inside", { length, width, height });
    }

    findingText(found) {
        const shown = (value) =>
            SHARES.includes(found.kind)
                ? this.percent(value)
                : formatFloat(value, { digits: [16, 2], trailingZeros: false });
        return ["substance", "certificate"].includes(found.kind)
            ? found.rule
            : _t("%(rule)s: %(value)s, limit %(limit)s", {
                  rule: found.rule,
                  value: shown(found.value),
                  limit: shown(found.limit),
              });
    }

    openProduct(product) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "product.product",
            res_id: product.id,
            views: [[false, "form"]],
        });
    }
}

/** The panel on a form of a transfer or of a choice of boxes. */
export class PackingWidget extends Component {
    static template = "scm_warehouse.PackingWidget";
    static components = { PackingPanel };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    async load(record) {
        const id = record.resModel === "stock.picking" ? record.resId : record.data.picking_id?.id;
        this.state.data = id ? await this.orm.call("scm.box.choice", "get_packing", [id]) : null;
    }
}

registry.category("view_widgets").add("scm_packing", {
    component: PackingWidget,
    fieldDependencies: [],
});
