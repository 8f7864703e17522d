import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { ScoreHistory, ScoreRadar, ScoreRing, scoreColor } from "./score_shapes";

const STATE_TONES = { normal: "success", watch: "warning", probation: "warning", blocked: "danger", eliminated: "danger", unrated: "secondary" };
const CONSEQUENCES = {
    preferred: () => _t("Preferred for new orders"),
    normal: () => _t("Orders as usual"),
    warn: () => _t("Orders show a warning"),
    block: () => _t("No orders"),
};

/** One supplier in one period: how good, where the points come from, what follows. */
export class ScorecardPage extends Component {
    static template = "scm_supplier_eval.ScorecardPage";
    static components = { ControlPanel, ScoreRing, ScoreRadar, ScoreHistory, WhyButton };
    static props = { ...standardActionServiceProps };
    static path = "supplier-scorecard";
    static displayName = _t("Scorecard");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { context = {} } = this.props.action;
        this.state = useState({ card: null, error: "", area: "", cardId: context.scm_scorecard_id || context.active_id || this.props.resId || false });
        onWillStart(() => this.load());
        onMounted(() => this.announce());
    }

    async load() {
        if (!this.state.cardId) {
            this.state.error = _t("Choose a supplier in the league table first.");
            return;
        }
        try {
            this.state.card = await this.orm.silent.call("scm.scorecard", "get_card", [this.state.cardId]);
        } catch (error) {
            this.state.error = error.data?.message || _t("The scorecard could not be read.");
        }
    }

    announce() {
        this.props.updateActionState?.({ resId: this.state.cardId || false });
        if (this.state.card) {
            this.env.config.setDisplayName(_t("Scorecard of %s", this.state.card.partner.name));
        }
    }

    async show(cardId) {
        this.state.cardId = cardId;
        await this.load();
        this.announce();
    }

    get card() {
        return this.state.card;
    }

    // How it reads

    get color() {
        return this.card.grade ? this.card.grade.color : "#6c757d";
    }

    scoreColor(score) {
        return scoreColor(score, this.card.bands);
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    points(value) {
        return value === false ? "–" : formatFloat(value, { digits: [16, 1] });
    }

    signed(value) {
        return `${value > 0 ? "+" : ""}${formatFloat(value, { digits: [16, 1] })}`;
    }

    percent(value) {
        return `${formatFloat(100 * value, { digits: [16, 0] })} %`;
    }

    value(line, value) {
        if (value === false) {
            return "–";
        }
        if (line.unit === "percent") {
            return `${formatFloat(100 * value, { digits: [16, 1] })} %`;
        }
        const digits = line.unit === "ppm" ? 0 : 1;
        const number = formatFloat(value, { digits: [16, digits] });
        return line.unit && line.unit !== "points" ? number + " " + this.unit(line.unit) : number;
    }

    unit(unit) {
        return { days: _t("days"), hours: _t("hours"), ppm: _t("ppm") }[unit] || unit;
    }

    /** Better, worse or the same as before, by the direction of the measure. */
    change(line) {
        if (line.previous === false || line.missing) {
            return "";
        }
        const gain = (line.value - line.previous) * (line.direction === "lower" ? -1 : 1);
        const size = Math.abs(line.previous) || 1;
        return Math.abs(gain) / size < 0.01 ? "same" : gain > 0 ? "better" : "worse";
    }

    get trendTone() {
        const { trend } = this.card;
        return trend === false || Math.abs(trend) < 1 ? "muted" : trend > 0 ? "success" : "danger";
    }

    get confidenceWord() {
        const { confidence } = this.card;
        return confidence >= 0.8 ? _t("solid") : confidence >= 0.5 ? _t("fair") : _t("thin");
    }

    get stateTone() {
        return STATE_TONES[this.card.standing?.state] || "secondary";
    }

    get consequence() {
        return CONSEQUENCES[this.card.standing.consequence]?.() || "";
    }

    get areas() {
        return this.state.area ? this.card.areas.filter((area) => area.key === this.state.area) : this.card.areas;
    }

    toggleArea(key) {
        this.state.area = this.state.area === key ? "" : key;
    }

    // Where it leads

    async openFacts(line) {
        const action = await this.orm.call("scm.scorecard.line", "action_open_facts", [[line.id]]);
        if (action) {
            this.action.doAction(action);
        }
    }

    async publish() {
        await this.orm.call("scm.scorecard", "action_publish", [[this.card.id]]);
        await this.load();
    }

    openRecord() {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "scm.scorecard", res_id: this.card.id, views: [[false, "form"]] });
    }

    async decide() {
        const action = await this.orm.call("scm.supplier.standing", "action_ask_decision", [[this.card.standing.id]]);
        this.action.doAction(action, { onClose: () => this.load() });
    }

    openStanding() {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "scm.supplier.standing", res_id: this.card.standing.id, views: [[false, "form"]] });
    }

    openImprovement(id) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "scm.improvement", res_id: id, views: [[false, "form"]] });
    }

    newImprovement() {
        this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "scm.improvement",
                views: [[false, "form"]],
                target: "new",
                name: _t("Corrective Action"),
                context: { default_area: "supplier", default_partner_id: this.card.partner.id, default_metric: "otif_rate" },
            },
            { onClose: () => this.load() }
        );
    }

    openPartner() {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "res.partner", res_id: this.card.partner.id, views: [[false, "form"]] });
    }

    openLeague() {
        this.action.doAction("scm_supplier_eval.scm_supplier_league_action", { clearBreadcrumbs: true });
    }
}

registry.category("actions").add("scm_supplier_scorecard", ScorecardPage);
