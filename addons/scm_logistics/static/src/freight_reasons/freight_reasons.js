import { formatMonetary } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** The differences of an invoice by reason, as bars to both sides of zero. */
export class FreightReasons extends Component {
    static template = "scm_logistics.FreightReasons";
    static props = { ...standardFieldProps };

    get view() {
        return this.props.record.data[this.props.name];
    }

    get most() {
        return Math.max(...this.view.rows.map((row) => Math.abs(row.difference)), 0.01);
    }

    width(row) {
        return Math.max((100 * Math.abs(row.difference)) / this.most, 0.5).toFixed(1);
    }

    money(value) {
        return `${value > 0 ? "+" : ""}${formatMonetary(value, { currencyId: this.view.currency_id })}`;
    }

    count(row) {
        return row.count === 1 ? _t("1 line") : _t("%s lines", row.count);
    }
}

registry.category("fields").add("scm_freight_reasons", {
    component: FreightReasons,
    displayName: _t("Differences by reason"),
    supportedTypes: ["json"],
});
