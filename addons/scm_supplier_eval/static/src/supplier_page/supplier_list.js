import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useDebounced } from "@web/core/utils/timing";
import { formatMonetary } from "@web/views/fields/formatters";
import { Component, onWillStart, useState } from "@odoo/owl";

const LIMIT = 40;
const SEARCH_MS = 250;

/** Suppliers with something open, the most money at risk first. */
export class SupplierList extends Component {
    static template = "scm_supplier_eval.SupplierList";
    static props = { choose: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null, search: "", only: "", sort: "risk_value", offset: 0 });
        this.searchSoon = useDebounced(() => this.load(0), SEARCH_MS);
        onWillStart(() => this.load(0));
    }

    async load(offset) {
        const { search, only, sort } = this.state;
        const data = await this.orm.call("scm.supplier.page", "get_suppliers", [], {
            search,
            only,
            sort,
            offset,
            limit: LIMIT,
        });
        Object.assign(this.state, { data, offset });
    }

    onSearch(ev) {
        this.state.search = ev.target.value;
        this.searchSoon();
    }

    filter(only) {
        this.state.only = this.state.only === only ? "" : only;
        return this.load(0);
    }

    sortBy(sort) {
        this.state.sort = sort;
        return this.load(0);
    }

    get tiles() {
        const { sums } = this.state.data;
        return [
            { key: "risk", label: _t("Lines at risk"), value: this.count(sums.risk), hint: this.money(sums.risk_value), tone: sums.risk ? "bad" : "good" },
            { key: "unconfirmed", label: _t("To confirm"), value: this.count(sums.unconfirmed), hint: _t("of %s open lines", this.count(sums.lines)), tone: sums.unconfirmed ? "warn" : "good" },
            { key: "actions", label: _t("Corrective actions"), value: this.count(sums.actions), hint: _t("not closed"), tone: "plain" },
            { key: "documents", label: _t("Documents"), value: this.count(sums.documents), hint: _t("to check or to renew"), tone: sums.documents ? "warn" : "plain" },
        ];
    }

    get columns() {
        return [
            { key: "score", label: _t("Score") },
            { key: "lines", label: _t("Open lines") },
            { key: "risk", label: _t("At risk") },
            { key: "risk_value", label: _t("Value at risk") },
            { key: "unconfirmed", label: _t("To confirm") },
            { key: "actions", label: _t("Actions") },
            { key: "documents", label: _t("Documents") },
        ];
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    subtitle({ group, country }) {
        return [group, country].filter(Boolean).join(" · ");
    }

    score(value) {
        return formatFloat(value, { digits: [16, 1] });
    }

    get pagerText() {
        const { offset, data } = this.state;
        return _t("%(from)s-%(to)s of %(total)s", {
            from: data.total ? offset + 1 : 0,
            to: Math.min(offset + LIMIT, data.total),
            total: data.total,
        });
    }

    get hasNext() {
        return this.state.offset + LIMIT < this.state.data.total;
    }

    next() {
        return this.load(this.state.offset + LIMIT);
    }

    previous() {
        return this.load(Math.max(0, this.state.offset - LIMIT));
    }
}
