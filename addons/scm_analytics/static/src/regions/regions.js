import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const PERIODS = [7, 28, 91, 364];

/** Where customers are: countries, then states, as ranked bars with growth that is told from chance. */
export class Regions extends Component {
    static template = "scm_analytics.Regions";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            data: null,
            loading: false,
            days: 28,
            compare: "previous",
            warehouse: 0,
            category: 0,
            measure: "revenue",
            country: null,
        });
        this.periods = PERIODS;
        onWillStart(() => this.load());
    }

    async load(change = {}) {
        Object.assign(this.state, change);
        this.state.loading = true;
        const { days, compare, warehouse, category } = this.state;
        try {
            this.state.data = await this.orm.call("scm.regions", "get_regions", [
                days,
                compare,
                warehouse || false,
                category || false,
            ]);
        } finally {
            this.state.loading = false;
        }
        const { countries } = this.state.data;
        if (!this.measures.some(({ code }) => code === this.state.measure)) {
            this.state.measure = this.measures[0]?.code;
        }
        // one country needs no step of its own
        const open = countries.find(({ id }) => id === this.state.country);
        this.state.country = open ? open.id : countries.length === 1 && countries[0].regions.length ? countries[0].id : null;
    }

    onDays(ev) {
        return this.load({ days: Number(ev.target.value) });
    }

    onCompare(ev) {
        return this.load({ compare: ev.target.value });
    }

    onWarehouse(ev) {
        return this.load({ warehouse: Number(ev.target.value) });
    }

    onCategory(ev) {
        return this.load({ category: Number(ev.target.value) });
    }

    get workbookUrl() {
        const { days, compare, warehouse, category } = this.state;
        return `/scm_analytics/regions.xlsx?days=${days}&compare=${compare}&warehouse_id=${warehouse}&category_id=${category}`;
    }

    // What is shown

    get measures() {
        return this.state.data.measures.filter(({ is_known: isKnown }) => isKnown);
    }

    get hidden() {
        return this.state.data.measures.filter(({ is_known: isKnown }) => !isKnown);
    }

    get measure() {
        return this.measures.find(({ code }) => code === this.state.measure);
    }

    get country() {
        return this.state.data.countries.find(({ id }) => id === this.state.country);
    }

    get parent() {
        return this.country || this.state.data.total;
    }

    /** Rows in the order of the chosen measure, what is worst last. */
    get rows() {
        const rows = this.country ? this.country.regions : this.state.data.countries;
        const size = (row) => this.of(row, this.measure)?.value || 0;
        return [...rows].sort((a, b) => size(b) - size(a));
    }

    of(row, measure) {
        return (measure && row.measures[measure.code]) || null;
    }

    get longest() {
        return Math.max(...this.rows.map((row) => Math.abs(this.of(row, this.measure)?.value || 0)), 0) || 1;
    }

    width(row, key = "value") {
        const cell = this.of(row, this.measure);
        return cell && cell[key] ? Math.min(100, (100 * Math.abs(cell[key])) / this.longest) : 0;
    }

    get periodText() {
        const day = (text) => formatDate(deserializeDate(text));
        const { date_from: from, date_to: to, compare_from: before, compare_to: beforeTo } = this.state.data;
        return _t("%(from)s to %(to)s, compared with %(before)s to %(beforeTo)s", {
            from: day(from),
            to: day(to),
            before: day(before),
            beforeTo: day(beforeTo),
        });
    }

    periodLabel(days) {
        return { 7: _t("7 days"), 28: _t("4 weeks"), 91: _t("13 weeks"), 364: _t("52 weeks") }[days];
    }

    // How it reads

    number(value, measure) {
        if (value === false || value === undefined || value === null) {
            return "–";
        }
        const digits = (places) => ({ digits: [16, places] });
        switch (measure.unit) {
            case "money":
                return formatMonetary(value, {
                    currencyId: this.state.data.currency_id,
                    digits: [16, measure.is_sum ? 0 : 2],
                });
            case "percent":
                return `${formatFloat(value * 100, digits(1))} %`;
            default:
                return formatFloat(value, digits(0));
        }
    }

    signed(value, measure) {
        if (value === false) {
            return "–";
        }
        const sign = value > 0 ? "+" : "";
        if (measure.is_sum) {
            return `${sign}${formatFloat(value * 100, { digits: [16, 0] })} %`;
        }
        if (measure.unit === "percent") {
            return _t("%(points)s points", { points: `${sign}${formatFloat(value * 100, { digits: [16, 1] })}` });
        }
        return `${sign}${this.number(value, measure)}`;
    }

    changeText(row, measure = this.measure) {
        const cell = this.of(row, measure);
        return cell ? this.signed(cell.change, measure) : "–";
    }

    /** The interval, or why there is none. */
    sureText(row) {
        const cell = this.of(row, this.measure);
        if (!cell || cell.verdict === "not_enough_data") {
            return _t("not enough data");
        }
        return _t("%(low)s to %(high)s", {
            low: this.signed(cell.low, this.measure),
            high: this.signed(cell.high, this.measure),
        });
    }

    tone(row, measure = this.measure) {
        const cell = this.of(row, measure);
        if (!cell || !["grows", "falls"].includes(cell.verdict)) {
            return "text-muted";
        }
        const better = measure.direction === "down" ? "falls" : "grows";
        return cell.verdict === better ? "text-success" : "text-danger";
    }

    icon(row) {
        return { grows: "fa-arrow-up", falls: "fa-arrow-down", steady: "fa-minus" }[this.of(row, this.measure)?.verdict];
    }

    verdictText(row) {
        const words = {
            grows: _t("Grows, beyond chance"),
            falls: _t("Falls, beyond chance"),
            steady: _t("Chance alone could explain the change"),
        };
        return words[this.of(row, this.measure)?.verdict] || _t("Not enough data to say");
    }

    shareText(row) {
        const cell = this.of(row, this.measure);
        return cell && cell.share !== false ? `${formatFloat(cell.share * 100, { digits: [16, 1] })} %` : "";
    }

    // Where it leads

    open(row) {
        if (!this.country && row.regions && row.regions.length) {
            this.state.country = row.id;
            return;
        }
        return this.openRecords(row);
    }

    async openRecords(row) {
        const { date_from: from, date_to: to } = this.state.data;
        const args = [row.id, from, to, this.state.warehouse || false, this.state.category || false];
        if (this.country && row.id < 0) {
            args.push(true);
        }
        this.action.doAction(await this.orm.call("scm.regions", "open_region", args));
    }

    leave() {
        this.state.country = null;
    }
}

registry.category("actions").add("scm_analytics.regions", Regions);
