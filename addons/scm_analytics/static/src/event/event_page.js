import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { EventChart } from "./event_chart";

/** Steps of the replay, and how long each is shown. */
const STEPS = 44;
const STEP_MS = 900;
/** A running event is read again so often. */
const REFRESH_MS = 60_000;

/** An event beside what was expected of it: live while it runs, replayed hour by hour when it is over. */
export class EventPage extends Component {
    static template = "scm_analytics.EventPage";
    static components = { ControlPanel, EventChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({
            data: null,
            loading: false,
            playing: false,
            slider: 0,
            measure: "revenue",
            mode: "sum",
            isManager: false,
        });
        onWillStart(async () => {
            const given = this.props.action?.context?.occurrence_id;
            this.state.isManager = await user.hasGroup("scm_base.scm_group_manager");
            await this.load(given || false, false);
        });
        this.timer = setInterval(() => this.refresh(), REFRESH_MS);
        onWillUnmount(() => {
            clearInterval(this.timer);
            this.pause();
        });
    }

    async load(occurrenceId, hour) {
        this.state.loading = true;
        const ticket = (this.ticket = (this.ticket || 0) + 1);
        try {
            const data = await this.orm.call("scm.event.page", "get_page", [occurrenceId, hour]);
            // a later question was asked meanwhile
            if (ticket === this.ticket) {
                this.state.data = data;
                this.state.slider = data.occurrence ? Math.floor(data.occurrence.hour) : 0;
            }
        } finally {
            this.state.loading = false;
        }
    }

    refresh() {
        if (this.event?.live && !this.state.loading) {
            this.load(this.event.id, false);
        }
    }

    // Which event, and which hour of it

    get event() {
        return this.state.data?.occurrence;
    }

    get groups() {
        const rows = this.state.data.occurrences;
        return [
            { key: "running", label: _t("Runs now"), rows: rows.filter(({ running }) => running) },
            { key: "past", label: _t("Replay"), rows: rows.filter(({ running }) => !running) },
        ].filter((group) => group.rows.length);
    }

    days({ date_start: first, date_end: last }) {
        const from = formatDate(deserializeDate(first));
        return first === last ? from : `${from} – ${formatDate(deserializeDate(last))}`;
    }

    onOccurrence(ev) {
        this.pause();
        return this.load(Number(ev.target.value), false);
    }

    /** Hours that may be shown: of a running event those that have begun. */
    get lastHour() {
        return this.event.running ? Math.floor(this.hoursPassed) : this.event.hours;
    }

    get hoursPassed() {
        return Math.max(this.event.hour, this.furthest || 0);
    }

    onSlide(ev) {
        this.pause();
        this.state.slider = Number(ev.target.value);
    }

    onSlid(ev) {
        this.show(Number(ev.target.value));
    }

    show(hour) {
        this.furthest = this.hoursPassed;
        return this.load(this.event.id, hour);
    }

    async play() {
        if (this.state.playing) {
            this.pause();
            return;
        }
        const last = this.lastHour;
        let hour = this.event.hour >= last ? 0 : Math.floor(this.event.hour);
        const step = Math.max(1, Math.round(last / STEPS));
        const turn = (this.turn = (this.turn || 0) + 1);
        this.state.playing = true;
        while (this.state.playing && turn === this.turn) {
            await Promise.all([this.show(hour), new Promise((done) => setTimeout(done, STEP_MS))]);
            if (hour >= last) {
                break;
            }
            hour = Math.min(hour + step, last);
        }
        if (turn === this.turn) {
            this.state.playing = false;
        }
    }

    pause() {
        this.turn = (this.turn || 0) + 1;
        this.state.playing = false;
    }

    goLive() {
        this.pause();
        this.furthest = 0;
        return this.load(this.event.id, false);
    }

    get moment() {
        const at = deserializeDateTime(this.event.start, { tz: "utc" }).setZone("utc").plus({ hours: this.state.slider });
        return at.toFormat("ccc dd LLL HH:mm");
    }

    get sinceText() {
        const hour = Math.min(this.state.slider, this.event.hours);
        return _t("Hour %(hour)s of %(hours)s", { hour, hours: this.event.hours });
    }

    onMeasure(measure) {
        this.state.measure = measure;
    }

    onMode(mode) {
        this.state.mode = mode;
    }

    // How it reads

    get playText() {
        return this.state.playing ? _t("Pause") : _t("Play");
    }

    get todoTitle() {
        return this.event.live ? _t("To do now") : _t("To do at that hour");
    }

    get measures() {
        return [
            ["orders", _t("Orders")],
            ["units", _t("Units")],
            ["revenue", _t("Revenue")],
        ].map(([key, label]) => ({ key, label, ...this.state.data.measures[key] }));
    }

    get modes() {
        return [
            ["sum", _t("Added up")],
            ["hour", _t("By the hour")],
        ];
    }

    number(value, unit) {
        if (value === false || value === undefined) {
            return "–";
        }
        if (unit === "revenue") {
            return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
        }
        return formatFloat(value, { digits: [16, 0] });
    }

    percent(value) {
        return `${formatFloat(100 * value, { digits: [16, 0] })} %`;
    }

    /** Sold beside what should be sold by now, as a signed share. */
    delta(actual, expected) {
        if (!(expected > 0)) {
            return { text: "–", tone: "text-muted" };
        }
        const share = actual / expected - 1;
        return {
            text: `${share > 0 ? "+" : ""}${this.percent(share)}`,
            tone: Math.abs(share) < 0.05 ? "text-muted" : share > 0 ? "text-success" : "text-danger",
        };
    }

    get isOver() {
        return this.event.hour >= this.event.hours;
    }

    endText(measure) {
        const number = (value) => this.number(value, measure.key);
        return _t("%(low)s to %(high)s, expected %(total)s", {
            low: number(measure.low),
            high: number(measure.high),
            total: number(measure.total),
        });
    }

    overText(measure) {
        return _t("Expected %(total)s", { total: this.number(measure.total, measure.key) });
    }

    expectedText(measure) {
        return _t("expected by now %(value)s", { value: this.number(measure.expected, measure.key) });
    }

    hoursText(hours) {
        if (hours <= 0) {
            return _t("sold out");
        }
        return hours < 48
            ? _t("%(hours)s h", { hours: formatFloat(hours, { digits: [16, 0] }) })
            : _t("%(days)s d", { days: formatFloat(hours / 24, { digits: [16, 1] }) });
    }

    hoursTone(hours) {
        return hours < 12 ? "text-bg-danger" : hours < 48 ? "text-bg-warning" : "text-bg-secondary";
    }

    width(value, rows, names) {
        const most = Math.max(...rows.flatMap((row) => names.map((name) => row[name])), 1e-9);
        return `width: ${((100 * Math.max(value, 0)) / most).toFixed(1)}%`;
    }

    get basisText() {
        const past = this.event.past_count;
        const learned = past
            ? _t("hours learned from %(count)s past occurrences", { count: past })
            : _t("hours as usual on these weekdays");
        return `${this.event.basis_label}; ${learned}.`;
    }

    get remedyLabels() {
        return { transfer: _t("Transfer"), expedite: _t("Expedite"), hold: _t("Hold offer") };
    }

    todoText({ code, count }) {
        return {
            transfer: _t("Transfer %(count)s products from a warehouse that has enough", { count }),
            expedite: _t("Pull the receipts of %(count)s products forward", { count }),
            hold: _t("Hold the offer of %(count)s products: nothing comes before the end", { count }),
            parcels: _t("Hand over %(count)s deliveries that are behind", { count }),
        }[code];
    }

    get todoIcons() {
        return { transfer: "fa-exchange", expedite: "fa-truck", hold: "fa-hand-paper-o", parcels: "fa-dropbox" };
    }

    // What lies behind

    get args() {
        return [this.event.id, this.event.live ? false : Math.floor(this.event.hour)];
    }

    async open(method, ...args) {
        this.pause();
        this.action.doAction(await this.orm.call("scm.event.page", method, args));
    }

    openOrders(regionId = false, productId = false) {
        return this.open("open_orders", ...this.args, regionId, productId);
    }

    openBehind({ warehouse_id: warehouse, carrier_id: carrier }) {
        return this.open("open_behind", ...this.args, warehouse, carrier || 0);
    }

    openRemedy(remedy, productId = false) {
        return this.open("open_remedy", this.event.id, remedy, productId);
    }

    openTodo({ code }) {
        return code === "parcels" ? this.open("open_behind", ...this.args) : this.openRemedy(code);
    }

    openProduct(id) {
        this.pause();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "product.product",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async rework() {
        this.state.loading = true;
        try {
            await this.orm.call("scm.event.page", "rework_forecast", [this.event.id]);
        } finally {
            this.state.loading = false;
        }
        this.notification.add(_t("The page now shows what the forecast would have said before the event."), {
            type: "success",
        });
        await this.load(...this.args);
    }
}

registry.category("actions").add("scm_analytics.event_page", EventPage);
