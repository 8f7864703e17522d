import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const WIDTH = 120;
const HEIGHT = 32;
const SPLITS = ["warehouse", "category", "region", "carrier", "partner"];

/** The morning page: each figure with target, weekday before, trend and cause; alerts by money; the work of today. */
export class ControlTower extends Component {
    static template = "scm_analytics.ControlTower";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, loading: false, open: null, split: [], dimension: "warehouse", note: "" });
        this.toneClass = { good: "success", warn: "warning", bad: "danger", plain: "secondary" };
        this.severityClass = { critical: "danger", warning: "warning", info: "info" };
        this.splits = SPLITS;
        onWillStart(() => this.load());
    }

    get splitLabels() {
        return {
            warehouse: _t("Warehouse"),
            category: _t("Category"),
            region: _t("Region"),
            carrier: _t("Carrier"),
            partner: _t("Supplier"),
        };
    }

    async load(date = this.state.data?.date, warehouseId = this.state.data?.warehouse_id) {
        this.state.loading = true;
        try {
            this.state.data = await this.orm.call("scm.control.tower", "get_tower", [date || false, warehouseId || false]);
        } finally {
            this.state.loading = false;
        }
        if (this.state.open) {
            await this.openTile(this.state.data.tiles.find(({ code }) => code === this.state.open.code));
        }
    }

    // Which day, and of what

    get day() {
        return formatDate(deserializeDate(this.state.data.date));
    }

    get weekday() {
        return deserializeDate(this.state.data.date).toFormat("cccc");
    }

    get isLastDay() {
        return this.state.data.date >= this.yesterday;
    }

    get yesterday() {
        return serializeDate(deserializeDate(this.state.data.today).minus({ days: 1 }));
    }

    step(days) {
        return this.load(serializeDate(deserializeDate(this.state.data.date).plus({ days })));
    }

    onWarehouse(ev) {
        return this.load(this.state.data.date, Number(ev.target.value));
    }

    get workbookUrl() {
        const { date, warehouse_id: warehouse } = this.state.data;
        return `/scm_analytics/control_tower.xlsx?date=${date}&warehouse_id=${warehouse || 0}`;
    }

    get areas() {
        const { areas, tiles, work } = this.state.data;
        return areas
            .map(([key, label]) => ({
                key,
                label,
                tiles: tiles.filter(({ area }) => area === key),
                work: work.find(({ area }) => area === key),
            }))
            .filter(({ tiles: own }) => own.length);
    }

    // How it reads

    number(value, unit) {
        if (value === false || value === null || value === undefined) {
            return "–";
        }
        const digits = (places) => ({ digits: [16, places] });
        switch (unit) {
            case "money":
                return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
            case "percent":
                return `${formatFloat(value * 100, digits(1))} %`;
            case "days":
                return _t("%(days)s d", { days: formatFloat(value, digits(1)) });
            case "hours":
                return _t("%(hours)s h", { hours: formatFloat(value, digits(1)) });
            case "kg":
                return _t("%(weight)s kg", { weight: formatFloat(value, digits(3)) });
            case "ratio":
                return formatFloat(value, digits(2));
            default:
                return formatFloat(value, digits(0));
        }
    }

    change({ value, weekday, direction }) {
        if (value === false || weekday === false || !weekday) {
            return null;
        }
        const share = value / weekday - 1;
        const better = direction === "none" ? 0 : direction === "up" ? Math.sign(share) : -Math.sign(share);
        return {
            text: `${share > 0 ? "+" : ""}${formatFloat(share * 100, { digits: [16, 0] })} %`,
            tone: Math.abs(share) < 0.005 || !better ? "text-muted" : better > 0 ? "text-success" : "text-danger",
        };
    }

    /** Line of the days; a day that nobody froze interrupts it. */
    line(trend) {
        const known = trend.filter((value) => value !== false);
        if (!known.length) {
            return "";
        }
        const low = Math.min(...known);
        const span = Math.max(...known) - low || 1;
        let path = "";
        let pen = false;
        trend.forEach((value, index) => {
            if (value === false) {
                pen = false;
                return;
            }
            const x = (index / (trend.length - 1)) * WIDTH;
            const y = HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4);
            // a day between two gaps is a dot
            path += pen ? `L${x.toFixed(1)} ${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}h0.01`;
            pen = true;
        });
        return path;
    }

    targetText(tile) {
        return _t("Target %(value)s", { value: this.number(tile.target, tile.unit) });
    }

    weekdayText(tile) {
        return _t("%(value)s a week before", { value: this.number(tile.weekday, tile.unit) });
    }

    todayText(tile) {
        return _t("today so far %(value)s", { value: this.number(tile.today, tile.unit) });
    }

    // What lies behind

    async openTile(tile) {
        this.state.open = tile;
        this.state.note = tile.note ? tile.note.text : "";
        await this.loadSplit(this.state.dimension);
    }

    async loadSplit(dimension) {
        this.state.dimension = dimension;
        this.state.split = await this.orm.call("scm.control.tower", "get_split", [
            this.state.open.code,
            this.state.open.date,
            dimension,
        ]);
    }

    close() {
        this.state.open = null;
    }

    async saveNote() {
        if (!this.state.note.trim()) {
            return;
        }
        await this.orm.call("scm.metric.note", "write_note", [this.state.open.code, this.state.data.date, this.state.note]);
        await this.load();
    }

    async openRecords(subjectId) {
        const args = [this.state.open.code, this.state.open.date];
        if (subjectId !== undefined) {
            args.push(this.state.dimension, subjectId);
        }
        this.action.doAction(await this.orm.call("scm.metric", "open_records", args));
    }

    openDays() {
        this.action.doAction("scm_analytics.scm_metric_snapshot_action", {
            additionalContext: { search_default_metric_id: this.state.open.id, search_default_total: 1 },
        });
    }

    openMetric() {
        this.openRecord("scm.metric", this.state.open.id);
    }

    openRecord(model, id) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }

    openAlerts(area) {
        this.action.doAction("scm_base.scm_alert_action", {
            additionalContext: area ? { search_default_open: 1, [`search_default_${area}`]: 1 } : { search_default_open: 1 },
        });
    }

    openFindings() {
        this.action.doAction("scm_analytics.scm_finding_action");
    }

    findingsText() {
        return _t("See all %(count)s", { count: this.state.data.finding_count });
    }

    workText({ alerts, improvements }) {
        const parts = [];
        if (alerts) {
            parts.push(_t("Alerts due: %(count)s", { count: alerts }));
        }
        if (improvements) {
            parts.push(_t("Improvements due: %(count)s", { count: improvements }));
        }
        return parts.join(" · ");
    }
}

registry.category("actions").add("scm_analytics.control_tower", ControlTower);
