import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

const ICONS = {
    problem: "fa-exclamation-triangle",
    returned: "fa-undo",
    customs: "fa-institution",
    attempt_failed: "fa-times-circle-o",
    no_scan: "fa-barcode",
    silent: "fa-volume-off",
    disruption: "fa-cloud",
    promise_passed: "fa-calendar-times-o",
    predicted_late: "fa-line-chart",
};
const URGENT = new Set(["problem", "promise_passed"]);

export class MorningSummary extends Component {
    static template = "scm_logistics.MorningSummary";
    static props = { list: { type: Object, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        const load = async () => {
            this.state.data = await this.orm.call("scm.parcel", "morning_summary", []);
        };
        onWillStart(load);
        onWillUpdateProps(load);
    }

    icon(cause) {
        return ICONS[cause] || "fa-circle-o";
    }

    tone(cause) {
        return URGENT.has(cause) ? "text-danger" : "text-warning";
    }

    money(amount) {
        return amount
            ? formatCurrency(amount, this.state.data.currency_id, { digits: [16, 0] })
            : "";
    }

    isOn(cause) {
        return this.items(cause).some((item) => item.isActive);
    }

    items(cause) {
        return this.env.searchModel.getSearchItems((item) => item.name === `cause_${cause}`);
    }

    /** One cause at a time; a second click shows all of them again. */
    toggle(cause) {
        const isOn = this.isOn(cause);
        for (const item of this.env.searchModel.getSearchItems(
            (item) => item.isActive && (item.name || "").startsWith("cause_")
        )) {
            this.env.searchModel.toggleSearchItem(item.id);
        }
        if (!isOn) {
            for (const item of this.items(cause)) {
                this.env.searchModel.toggleSearchItem(item.id);
            }
        }
    }

    openDrafts() {
        this.action.doAction("scm_logistics.scm_parcel_message_action", {
            additionalContext: { search_default_draft: 1 },
        });
    }

    openDisruptions() {
        this.action.doAction("scm_logistics.scm_disruption_action");
    }
}

export class MorningListRenderer extends ListRenderer {
    static template = "scm_logistics.MorningListRenderer";
    static components = { ...ListRenderer.components, MorningSummary };
}

registry.category("views").add("scm_morning_list", { ...listView, Renderer: MorningListRenderer });
