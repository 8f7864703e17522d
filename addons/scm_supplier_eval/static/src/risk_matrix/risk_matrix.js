import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { Component, onWillStart, useState } from "@odoo/owl";

const CLASSES = [1, 2, 3, 4, 5];
const LIMIT = 20;

/** Suppliers by how likely they fail and by what that would cost; a cell shows its suppliers beside it. */
export class RiskMatrix extends Component {
    static template = "scm_supplier_eval.RiskMatrix";
    static components = { ControlPanel, WhyButton };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ data: null, rows: [], total: 0, likelihood: 0, impact: 0, busy: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("scm.supplier.risk", "get_matrix", []);
        await this.choose(0, 0);
    }

    async choose(likelihood, impact) {
        Object.assign(this.state, { likelihood, impact });
        const { rows, total } = await this.read(0);
        Object.assign(this.state, { rows, total });
    }

    /** A second click on a cell shows all suppliers again. */
    toggle(cell) {
        const again = cell.likelihood === this.state.likelihood && cell.impact === this.state.impact;
        return again || !cell.count ? this.choose(0, 0) : this.choose(cell.likelihood, cell.impact);
    }

    async more() {
        const { rows, total } = await this.read(this.state.rows.length);
        Object.assign(this.state, { rows: [...this.state.rows, ...rows], total });
    }

    read(offset) {
        const { likelihood, impact } = this.state;
        return this.orm.call("scm.supplier.risk", "get_suppliers", [], { likelihood, impact, offset, limit: LIMIT });
    }

    async refresh() {
        this.state.busy = true;
        try {
            await this.orm.call("scm.supplier.risk", "action_refresh", [[]]);
            await this.load();
            this.notification.add(_t("Risks, sourcing and backups are up to date."), { type: "success" });
        } finally {
            this.state.busy = false;
        }
    }

    // What there is

    /** Rows of cells, the largest impact on top. */
    get grid() {
        const found = new Map(this.state.data.cells.map((cell) => [`${cell.likelihood}-${cell.impact}`, cell]));
        return [...CLASSES].reverse().map((impact) => ({
            impact,
            cells: CLASSES.map(
                (likelihood) =>
                    found.get(`${likelihood}-${impact}`) || { likelihood, impact, count: 0, money: 0, suppliers: [] }
            ),
        }));
    }

    get tiles() {
        const { sums } = this.state.data;
        return [
            { key: "high", label: _t("High risk"), value: sums.high, hint: _t("of %s suppliers", this.count(sums.suppliers)), tone: sums.high ? "bad" : "good", open: () => this.openRisks() },
            { key: "impact", label: _t("Largest margin at stake"), value: this.money(sums.impact), hint: _t("if that supplier stops"), tone: "plain", open: () => this.openRisks() },
            { key: "single", label: _t("Single source A products"), value: this.count(sums.single), hint: _t("nobody else may deliver"), tone: sums.single ? "warn" : "good", open: () => this.openSourcing() },
            { key: "backups", label: _t("Backups to decide"), value: this.count(sums.backups), hint: _t("proposed candidates"), tone: sums.backups ? "warn" : "plain", open: () => this.openBackups() },
        ];
    }

    get likelihoodHeads() {
        return this.ranges(this.state.data.likelihood_limits, (value) => this.percent(value));
    }

    get impactHeads() {
        return this.ranges(this.state.data.impact_limits, (value) => this.shortMoney(value));
    }

    /** {class: text of its range} of the lower limits of the classes 2 to 5 */
    ranges(limits, format) {
        const texts = { 1: `< ${format(limits[0])}` };
        for (const kind of [2, 3, 4]) {
            texts[kind] = `${format(limits[kind - 2])} – ${format(limits[kind - 1])}`;
        }
        return { ...texts, 5: `≥ ${format(limits[3])}` };
    }

    levelName(kind) {
        return [_t("Very low"), _t("Low"), _t("Medium"), _t("High"), _t("Very high")][kind - 1];
    }

    tone({ likelihood, impact }) {
        const sum = likelihood + impact;
        return sum >= 8 ? "high" : sum >= 6 ? "medium" : sum >= 4 ? "low" : "none";
    }

    isChosen(cell) {
        return cell.likelihood === this.state.likelihood && cell.impact === this.state.impact;
    }

    cellTitle(cell) {
        return _t("Likelihood %(likelihood)s, impact %(impact)s: %(count)s suppliers", {
            likelihood: this.levelName(cell.likelihood),
            impact: this.levelName(cell.impact),
            count: cell.count,
        });
    }

    get listTitle() {
        const { likelihood, impact } = this.state;
        return likelihood
            ? _t("Likelihood %(likelihood)s, impact %(impact)s", {
                  likelihood: this.levelName(likelihood).toLowerCase(),
                  impact: this.levelName(impact).toLowerCase(),
              })
            : _t("Largest expected loss");
    }

    /** What a buyer should know of a supplier, worst first. */
    signs(row) {
        const signs = [];
        if (row.expired) {
            signs.push({ key: "expired", tone: "text-bg-danger", text: _t("documents ended: %s", row.expired) });
        }
        if (row.expiring) {
            signs.push({ key: "expiring", tone: "text-bg-warning", text: _t("documents end soon: %s", row.expiring) });
        }
        if (row.single) {
            signs.push({ key: "single", tone: "text-bg-light border", text: _t("single source: %s", row.single) });
        }
        if (row.actions) {
            signs.push({ key: "actions", tone: "text-bg-light border", text: _t("open actions: %s", row.actions) });
        }
        return signs;
    }

    // How it reads

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    percent(value) {
        return `${formatFloat(value * 100, { digits: [16, 0] })} %`;
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    shortMoney(value) {
        return formatFloat(value, { humanReadable: true, decimals: value >= 1e6 ? 1 : 0 });
    }

    points(value) {
        return `${value > 0 ? "+" : ""}${formatFloat(value, { digits: [16, 1] })}`;
    }

    get asOf() {
        return formatDate(deserializeDate(this.state.data.date));
    }

    // Where it leads

    openSupplier(row) {
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "scm_supplier_page",
            name: row.name,
            params: { partner_id: row.partner_id },
        });
    }

    openRisks() {
        return this.action.doAction("scm_supplier_eval.scm_supplier_risk_action");
    }

    openSourcing() {
        return this.action.doAction("scm_supplier_eval.scm_product_sourcing_action", {
            additionalContext: { search_default_class_a: 1, search_default_single: 1 },
        });
    }

    openBackups() {
        return this.action.doAction("scm_supplier_eval.scm_backup_proposal_action");
    }
}

registry.category("actions").add("scm_risk_matrix", RiskMatrix);
