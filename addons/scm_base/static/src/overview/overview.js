import { formatDate, deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatFloatTime, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";

const { DateTime } = luxon;

const ALERT_ACTION = "scm_base.scm_alert_action";
const ACTIVE = ["queued", "running"];
const POLL_MS = 5000;

/** First page of the supply chain: figures by area, alerts by money at stake, runs with their progress. */
export class ScmOverview extends Component {
    static template = "scm_base.Overview";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, loading: false, updated: "" });
        this.toneClass = { good: "success", warn: "warning", bad: "danger", plain: "secondary" };
        this.severityClass = { critical: "danger", warning: "warning", info: "info" };
        this.severityIcon = { critical: "fa-fire", warning: "fa-exclamation-triangle", info: "fa-info-circle" };
        this.runClass = { queued: "info", running: "primary", done: "success", failed: "danger", cancelled: "secondary" };
        onWillStart(() => this.load());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    async load(silent = false) {
        clearTimeout(this.timer);
        this.state.loading = true;
        try {
            const orm = silent ? this.orm.silent : this.orm;
            this.state.data = await orm.call("scm.overview", "get_overview", []);
            this.state.updated = DateTime.now().toLocaleString(DateTime.TIME_SIMPLE);
        } finally {
            this.state.loading = false;
        }
        if (this.state.data.runs.some((run) => ACTIVE.includes(run.state))) {
            this.timer = setTimeout(() => this.poll(), POLL_MS);
        }
    }

    async poll() {
        if (document.hidden) {
            this.timer = setTimeout(() => this.poll(), POLL_MS);
        } else {
            await this.load(true);
        }
    }

    // What there is

    get areas() {
        const { areas, cards } = this.state.data;
        return areas
            .map(([key, label]) => ({ key, label, cards: cards.filter((card) => card.area === key) }))
            .filter((area) => area.cards.length);
    }

    get openSteps() {
        return this.state.data.steps.filter((step) => !step.done);
    }

    get isEmpty() {
        const { cards, alerts, runs } = this.state.data;
        return !cards.length && !runs.length && !this.alertCount(alerts);
    }

    alertCount(alerts) {
        return alerts.severities.reduce((sum, { count }) => sum + count, 0);
    }

    // How it reads

    cardValue({ value, unit }) {
        if (typeof value !== "number") {
            return value || "–";
        }
        if (unit === "money") {
            return this.money(value, this.state.data.currency_id);
        }
        if (unit === "percent") {
            return `${formatFloat(value * 100, { digits: [16, 1], trailingZeros: false })} %`;
        }
        return formatFloat(value, { digits: [16, Number.isInteger(value) ? 0 : 1], trailingZeros: false });
    }

    cardUnit({ unit }) {
        return unit === "money" || unit === "percent" ? "" : unit || "";
    }

    money(value, currencyId) {
        return formatMonetary(value, { currencyId, digits: [16, 0] });
    }

    due({ date_due }) {
        return _t("due %(day)s", { day: formatDate(deserializeDate(date_due)) });
    }

    get updatedText() {
        return _t("Updated at %(time)s", { time: this.state.updated });
    }

    runCount({ done_count, total_count }) {
        return _t("%(done)s of %(total)s", { done: done_count, total: total_count });
    }

    runErrors({ error_count }) {
        return _t("%(count)s failed", { count: error_count });
    }

    runTime(run) {
        return deserializeDateTime(run.created).toRelative();
    }

    runDuration(run) {
        return formatFloatTime(run.duration / 60, { displaySeconds: true });
    }

    // Where it leads

    async open(xmlId, { domain, context, view_type } = {}) {
        const action = await this.action.loadAction(xmlId, context);
        await this.action.doAction(domain ? { ...action, domain } : action, {
            additionalContext: context || {},
            viewType: view_type,
        });
    }

    openCard(card) {
        if (card.action) {
            this.open(card.action, card);
        }
    }

    openSeverity(severity) {
        this.open(ALERT_ACTION, {
            context: { search_default_open: 1, [`search_default_${severity}`]: 1 },
        });
    }

    openAlerts() {
        this.open(ALERT_ACTION);
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("scm_base.overview", ScmOverview);
