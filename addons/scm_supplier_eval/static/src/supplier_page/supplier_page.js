import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";
import { SupplierList } from "./supplier_list";

const ROWS_AT_FIRST = 8;
const TREND = { width: 240, height: 56, pad: 6 };

/** One page per supplier with everything open; without a supplier, the list of them. */
export class SupplierPage extends Component {
    static template = "scm_supplier_eval.SupplierPage";
    static components = { ControlPanel, SupplierList };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        const { params, context } = this.props.action;
        const partnerId = params?.partner_id || context?.partner_id || this.props.resId;
        this.state = useState({ partnerId: Number(partnerId) || false, data: null, loading: false, all: {} });
        onWillStart(() => this.state.partnerId && this.load());
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.data = await this.orm.call("scm.supplier.page", "get_page", [this.state.partnerId]);
            this.props.updateActionState?.({ resId: this.state.partnerId || false });
        } finally {
            this.state.loading = false;
        }
    }

    async choose(partnerId) {
        Object.assign(this.state, { partnerId, data: null, all: {} });
        await this.load();
    }

    back() {
        Object.assign(this.state, { partnerId: false, data: null });
        this.props.updateActionState?.({ resId: false });
    }

    // What there is

    get risky() {
        return this.state.data.lines.filter((line) => line.risks.length);
    }

    get unconfirmed() {
        return this.state.data.lines.filter((line) => !line.confirmed && !line.risks.length);
    }

    get confirmed() {
        return this.state.data.lines.filter((line) => line.confirmed && !line.risks.length);
    }

    get lineSections() {
        return [
            { key: "risk", title: _t("Orders at risk"), icon: "fa-exclamation-triangle text-danger", lines: this.risky },
            { key: "confirm", title: _t("To confirm"), icon: "fa-question-circle text-primary", lines: this.unconfirmed },
            { key: "fine", title: _t("Confirmed and on its way"), icon: "fa-truck text-success", lines: this.confirmed },
        ].filter((section) => section.lines.length);
    }

    shown(section) {
        return this.state.all[section.key] ? section.lines : section.lines.slice(0, ROWS_AT_FIRST);
    }

    hiddenCount(section) {
        return section.lines.length - this.shown(section).length;
    }

    get trend() {
        const cards = [...this.state.data.cards].reverse();
        if (cards.length < 2) {
            return null;
        }
        const { width, height, pad } = TREND;
        const step = (width - 2 * pad) / (cards.length - 1);
        const points = cards.map((card, index) => ({
            x: pad + index * step,
            y: height - pad - (card.total / 100) * (height - 2 * pad),
            card,
        }));
        return { width, height, points, line: points.map(({ x, y }) => `${x},${y}`).join(" ") };
    }

    // How it reads

    money(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    quantity(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    score(value) {
        return formatFloat(value, { digits: [16, 1] });
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    daysLeft({ days_left: days }) {
        if (days === false) {
            return "";
        }
        if (days < 0) {
            return _t("%s days overdue", -days);
        }
        return days === 0 ? _t("today") : _t("in %s days", days);
    }

    riskLabel(code) {
        return {
            overdue: _t("overdue"),
            moved: _t("later than promised"),
            short: _t("not all of it"),
            unconfirmed: _t("not confirmed"),
        }[code];
    }

    riskClass(code) {
        return code === "overdue" ? "text-bg-danger" : code === "unconfirmed" ? "text-bg-info" : "text-bg-warning";
    }

    get subtitle() {
        const { group, city, country } = this.state.data.partner;
        return [group, city, country].filter(Boolean).join(" · ");
    }

    get discStyle() {
        const { color } = this.state.data.standing;
        return color ? `--o-scm-grade: ${color}` : "";
    }

    get standingLabel() {
        return {
            unrated: _t("Not rated yet"),
            normal: _t("Normal"),
            watch: _t("Under watch"),
            probation: _t("On probation"),
            blocked: _t("Blocked"),
            eliminated: _t("Eliminated"),
        }[this.state.data.standing.state || "unrated"];
    }

    documentLabel(document) {
        return {
            to_check: _t("to check"),
            refused: _t("refused"),
            expired: _t("expired"),
            valid: this.daysLeft(document),
        }[document.state];
    }

    qualificationLabel(state) {
        return {
            qualified: _t("Qualified"),
            conditional: _t("Conditional"),
            rejected: _t("Rejected"),
            expired: _t("Expired"),
            suspended: _t("Suspended"),
        }[state];
    }

    qualificationClass(state) {
        return { qualified: "text-bg-success", conditional: "text-bg-warning" }[state] || "text-bg-danger";
    }

    // Where it leads

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openCard(card) {
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "scm_supplier_scorecard",
            name: card.name,
            params: { card_id: card.id },
        });
    }

    openList(model, name, domain, context = {}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain,
            context,
        });
    }

    openFacts() {
        return this.action.doAction("scm_base.scm_receipt_fact_action", {
            additionalContext: { search_default_partner_id: this.state.partnerId },
        });
    }

    newAction() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "scm.improvement",
            views: [[false, "form"]],
            context: { default_area: "supplier", default_partner_id: this.state.partnerId },
        });
    }

    async confirmLine(line) {
        await this.orm.call("purchase.order.line", "scm_confirm_promise", [[line.id]]);
        await this.load();
    }

    async openMail() {
        const id = await this.orm.call("scm.supplier.digest", "prepare_mail", [this.state.partnerId]);
        if (!id) {
            this.notification.add(_t("Nothing is open with this supplier: there is no mail to write."), { type: "info" });
            return;
        }
        await this.open("scm.supplier.digest", id);
    }
}

registry.category("actions").add("scm_supplier_page", SupplierPage);
