import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { money, percent, quantity, shortMoney } from "../simulation/simulation_charts";
import { atLevel, curveChart, exchangeChart, miniature } from "./policy_curve_charts";

const LETTERS = { abc: ["A", "B", "C"], xyz: ["X", "Y", "Z"] };
/** Share of a class's stock that the most cover holds down, above which the page says so. */
const HELD = 0.5;

/** What service costs: a curve per class, "you are here", one more point, and a level to try. */
export class PolicyCurve extends Component {
    static template = "scm_planning.PolicyCurve";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };
    static path = "policy-curve";
    static displayName = _t("Policy Curve");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.curveCanvas = useRef("curve");
        this.exchangeCanvas = useRef("exchange");
        this.letters = LETTERS;
        this.state = useState({ data: null, error: "", chosen: false, level: 0, busy: false });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        useEffect(
            () => this.drawCurve(),
            () => [this.state.data, this.state.chosen, this.state.level]
        );
        useEffect(
            () => this.drawExchange(),
            () => [this.state.data]
        );
        onWillUnmount(() => {
            this.curve?.destroy();
            this.exchange?.destroy();
        });
    }

    async load() {
        try {
            this.state.data = await this.orm.call("scm.policy.curve", "get_curves", []);
        } catch (error) {
            this.state.error = error.data?.message || _t("The curves could not be read.");
            return;
        }
        const rows = this.state.data.classes;
        const largest = rows.reduce((best, row) => (!best || row.now.stock > best.now.stock ? row : best), null);
        this.choose(rows.find((row) => row.policy_id === this.state.chosen) || largest);
    }

    drawCurve() {
        this.curve?.destroy();
        this.curve = null;
        if (this.curveCanvas.el && this.row) {
            this.curve = new Chart(this.curveCanvas.el, curveChart(this.curveCanvas.el, this.row, this.tried, this.currency));
        }
    }

    drawExchange() {
        this.exchange?.destroy();
        this.exchange = null;
        if (this.exchangeCanvas.el) {
            this.exchange = new Chart(this.exchangeCanvas.el, exchangeChart(this.exchangeCanvas.el, this.state.data, this.currency));
        }
    }

    // What the template shows

    get currency() {
        return this.state.data.currency_id;
    }

    get row() {
        return this.state.data?.classes.find((row) => row.policy_id === this.state.chosen);
    }

    get others() {
        return this.state.data.classes.filter((row) => row.kind !== "class");
    }

    get tried() {
        return atLevel(this.row.points, this.state.level);
    }

    get computed() {
        return this.state.data.date ? formatDateTime(deserializeDateTime(this.state.data.date)) : "";
    }

    get fillNow() {
        const { lost, demand } = this.state.data.total;
        return demand ? 1 - lost / demand : 1;
    }

    classOf(abc, xyz) {
        return this.state.data.classes.find((row) => row.kind === "class" && row.abc === abc && row.xyz === xyz);
    }

    miniature(row) {
        return miniature(row);
    }

    money(value) {
        return money(value, this.currency);
    }

    shortMoney(value) {
        return shortMoney(value, this.currency);
    }

    signed(value) {
        return `${value < 0 ? "−" : "+"}${this.money(Math.abs(value))}`;
    }

    percent(value, digits = 1) {
        return percent(value, digits);
    }

    quantity(value) {
        return quantity(value);
    }

    get targetText() {
        return this.row.target === "fill" ? _t("units delivered from stock") : _t("cycles without stock-out");
    }

    get onePoint() {
        const { now, point } = this.row;
        return _t("One more point (%(now)s → %(next)s) costs %(stock)s of stock and saves %(lost)s of sales a year.", {
            now: percent(now.level),
            next: percent(point.level),
            stock: this.money(point.stock),
            lost: this.money(point.lost),
        });
    }

    get change() {
        const { now } = this.row;
        return { stock: this.tried.stock - now.stock, lost: this.tried.lost - now.lost };
    }

    get isTrying() {
        return Math.abs(this.state.level - this.row.now.level) > 1e-6;
    }

    get heldText() {
        const share = this.tried.limited;
        return share > HELD
            ? _t("The most cover of this policy holds %s of this stock down: a higher level alone gives little, a longer cover would.", percent(share, 0))
            : "";
    }

    mixText(mix, kind) {
        const { stock, lost } = this.state.data.total;
        return kind === "service"
            ? _t("As little lost as now with %(less)s less stock (%(share)s).", { less: this.money(stock - mix.stock), share: percent((stock - mix.stock) / stock) })
            : _t("With no more stock than now, %(less)s less lost sales a year (%(share)s).", { less: this.money(lost - mix.lost), share: percent((lost - mix.lost) / lost) });
    }

    mixLevels(mix) {
        return this.state.data.classes
            .filter((row) => Math.abs(mix.levels[row.policy_id] - row.now.level) > 1e-6)
            .map((row) => ({ id: row.policy_id, name: row.name, text: `${percent(row.now.level)} → ${percent(mix.levels[row.policy_id])}`, up: mix.levels[row.policy_id] > row.now.level }));
    }

    // What the user does

    choose(row) {
        this.state.chosen = row ? row.policy_id : false;
        this.state.level = row ? row.now.level : 0;
    }

    onSlide(ev) {
        this.state.level = Number(ev.target.value) / 1000;
    }

    onePointMore() {
        this.state.level = this.row.point.level;
    }

    async propose(levels) {
        const action = await this.orm.call("scm.policy.curve", "propose_levels", [levels]);
        this.action.doAction(action, { onClose: () => this.load() });
    }

    proposeTried() {
        return this.propose({ [this.row.policy_id]: this.state.level });
    }

    async refresh() {
        this.state.busy = true;
        try {
            await this.orm.call("scm.policy.curve", "refresh_curves", []);
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    openPolicies() {
        this.action.doAction("scm_planning.scm_inventory_policy_action");
    }

    openChanges() {
        this.action.doAction("scm_planning.scm_inventory_policy_change_action");
    }
}

registry.category("actions").add("scm_planning.policy_curve", PolicyCurve);
