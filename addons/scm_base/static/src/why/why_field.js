import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

import { WhyButton } from "./why_button";

export class WhyField extends Component {
    static template = "scm_base.WhyField";
    static components = { WhyButton };
    static props = { ...standardFieldProps };

    get why() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        return this.props.record.data.display_name || "";
    }
}

export const whyField = {
    component: WhyField,
    displayName: _t("Why"),
    supportedTypes: ["json"],
    listViewWidth: 48,
};

registry.category("fields").add("scm_why", whyField);
