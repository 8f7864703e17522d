import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WhyButton } from "@scm_base/why/why_button";
import { COLORS, hoursConfig } from "./flow_chart";

/** facts that are older than this many minutes are read anew when the board is opened */
const STALE_MINUTES = 5;

/** Where orders wait in a warehouse: backlog, measures, hours of a day by stage, load to come. */
export class FlowBoard extends Component {
    static template = "scm_warehouse.FlowBoard";
    static components = { ControlPanel, WhyButton };
    static props = { ...standardActionServiceProps };
    static path = "scm-flow";
    static displayName = _t("Control Board");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.colors = COLORS;
        this.canvas = useRef("hours");
        this.chart = null;
        this.state = useState({ board: null, error: "", loading: false, warehouseId: false, day: false, stage: "" });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
            const { board } = this.state;
            if (board?.warehouse && (board.as_of.minutes === false || board.as_of.minutes >= STALE_MINUTES)) {
                this.refresh();
            }
        });
        useEffect(
            () => this.draw(),
            () => [this.state.board, this.state.stage]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load() {
        this.state.loading = true;
        try {
            const board = await this.orm.silent.call("scm.flow.board", "get_board", [this.state.warehouseId, this.state.day]);
            this.state.board = board;
            this.state.error = "";
            if (board.warehouse && !board.stages.some((stage) => stage.code === this.state.stage)) {
                this.state.stage = board.main_stage;
            }
        } catch (error) {
            this.state.error = error.data?.message || _t("The board could not be read. Try again.");
        }
        this.state.loading = false;
    }

    async refresh() {
        this.state.loading = true;
        try {
            await this.orm.silent.call("scm.flow.fact", "refresh_flow", []);
        } catch (error) {
            this.state.error = error.data?.message || _t("The transfers could not be read. Try again.");
            this.state.loading = false;
            return;
        }
        await this.load();
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        const stage = this.chosenStage;
        if (this.canvas.el && stage) {
            this.chart = new Chart(
                this.canvas.el,
                hoursConfig(this.canvas.el, this.state.board, stage, stage.code === this.state.board.main_stage)
            );
        }
    }

    // What a person does

    onWarehouse(event) {
        this.state.warehouseId = parseInt(event.target.value);
        this.state.stage = "";
        this.load();
    }

    onDay(event) {
        this.state.day = event.target.value || false;
        this.load();
    }

    moveDay(days) {
        const day = luxon.DateTime.fromISO(this.state.board.day).plus({ days }).toISODate();
        if (day <= this.state.board.today) {
            this.state.day = day;
            this.load();
        }
    }

    showToday() {
        this.state.day = this.state.board.today;
        this.load();
    }

    async openBucket(bucket) {
        if (this.state.board.can_open) {
            this.action.doAction(
                await this.orm.call("scm.flow.board", "action_open_backlog", [this.state.board.warehouse.id, bucket])
            );
        }
    }

    openPicking(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "stock.picking",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openPeople() {
        this.action.doAction("scm_warehouse.scm_flow_picker_day_action", {
            additionalContext: { search_default_warehouse_id: this.state.board.warehouse.id },
        });
    }

    openFacts(context) {
        this.action.doAction("scm_warehouse.scm_flow_fact_action", {
            additionalContext: { search_default_warehouse_id: this.state.board.warehouse.id, ...context },
        });
    }

    // Words and figures

    count(value, digits = 0) {
        return formatFloat(value, { digits: [16, digits] });
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.state.board.warehouse.currency_id, digits: [16, 0] });
    }

    hours(value) {
        if (value === false) {
            return "–";
        }
        if (value >= 48) {
            return _t("%s d", this.count(value / 24, 1));
        }
        return value < 1 ? _t("%s min", this.count(value * 60)) : _t("%s h", this.count(value, value < 10 ? 1 : 0));
    }

    percent(value, digits = 1) {
        return `${this.count(100 * value, digits)} %`;
    }

    when(text) {
        return text ? deserializeDateTime(`${text}:00`, { tz: "UTC" }).toFormat("ccc d LLL HH:mm") : _t("no promise");
    }

    day(text, format = "ccc d LLL") {
        return luxon.DateTime.fromISO(text).toFormat(format);
    }

    get dayWords() {
        const { day, today } = this.state.board;
        const full = formatDate(luxon.DateTime.fromISO(day));
        if (day === today) {
            return _t("Today, %s", full);
        }
        return this.state.day ? full : _t("%s: nothing has moved today as yet", full);
    }

    get chosenStage() {
        return this.state.board?.stages?.find((stage) => stage.code === this.state.stage);
    }

    get slowest() {
        const { stages, bottleneck } = this.state.board;
        return stages.find((stage) => stage.code === bottleneck);
    }

    get stateWords() {
        return { waiting: _t("Waits for goods"), ready: _t("Ready"), started: _t("In work"), done: _t("Done") };
    }

    get stateClass() {
        return {
            waiting: "bg-secondary-subtle text-secondary-emphasis",
            ready: "bg-info-subtle text-info-emphasis",
            started: "bg-warning-subtle text-warning-emphasis",
            done: "bg-success-subtle text-success-emphasis",
        };
    }

    get promiseWords() {
        return { late: _t("Late"), today: _t("Today"), tomorrow: _t("Tomorrow"), later: _t("Later"), none: _t("No promise") };
    }

    get ageWords() {
        return {
            "4h": _t("Under 4 hours"),
            "1d": _t("4 to 24 hours"),
            "2d": _t("1 to 2 days"),
            "7d": _t("2 to 7 days"),
            old: _t("Over 7 days"),
        };
    }

    get sourceWords() {
        return {
            usual: _t("as usual"),
            recent: _t("by the last two weeks"),
            forecast: _t("by the forecast"),
        };
    }

    share(part, of) {
        return of ? Math.max((100 * part) / of, part ? 2 : 0) : 0;
    }

    get tiles() {
        const { backlog, measures, picks, errors } = this.state.board;
        const late = backlog.promises.find((part) => part.code === "late");
        return [
            {
                key: "backlog",
                label: _t("Backlog"),
                value: this.count(backlog.total.count),
                hint: _t("%(ready)s ready, %(waiting)s wait for goods", {
                    ready: this.count(backlog.ready.count),
                    waiting: this.count(backlog.waiting.count),
                }),
                tone: "plain",
                open: () => this.openBucket(false),
            },
            {
                key: "late",
                label: _t("Past the promise"),
                value: this.count(late.count),
                hint: late.count ? _t("%s at cost", this.money(late.value)) : _t("All that is open is still in time"),
                tone: late.count ? "bad" : "good",
                open: () => this.openBucket("late"),
            },
            {
                key: "cycle",
                label: _t("Order to door"),
                value: this.hours(measures.cycle_median),
                hint: this.cycleHint,
                tone: "plain",
                open: () => this.openFacts({ search_default_deliveries: 1, search_default_done: 1 }),
            },
            {
                key: "dock",
                label: _t("Dock to stock"),
                value: measures.dock_sample > measures.dock_unknown ? this.hours(measures.dock_median) : "–",
                hint: this.dockHint,
                tone: backlog.receipts ? "warn" : "plain",
                open: () => (backlog.receipts ? this.openBucket("receipts") : this.openFacts({ search_default_receipts: 1 })),
            },
            {
                key: "picks",
                label: _t("Picks per hour"),
                value: picks.rate === false ? "–" : this.count(picks.rate, 1),
                hint:
                    picks.rate === false
                        ? _t("Not enough data: %s timed picks", this.count(picks.picks))
                        : _t("per person; %(picks)s picks of %(people)s people", {
                              picks: this.count(picks.picks),
                              people: picks.people,
                          }),
                tone: "plain",
                open: picks.persons.length ? () => this.openPeople() : null,
            },
            {
                key: "errors",
                label: _t("Wrong picks"),
                value: errors.rate === false ? "–" : this.percent(errors.rate, 2),
                hint: this.errorHint,
                tone: "plain",
                open: null,
            },
        ];
    }

    get cycleHint() {
        const { measures } = this.state.board;
        if (!measures.cycle_sample) {
            return _t("No delivery in %s days", measures.days);
        }
        return _t("nine of ten in %(p90)s; %(share)s in time", {
            p90: this.hours(measures.cycle_p90),
            share: this.percent(measures.on_time / measures.cycle_sample),
        });
    }

    get dockHint() {
        const { measures, backlog } = this.state.board;
        if (backlog.receipts) {
            return _t("%s receipts are here and not put away", backlog.receipts);
        }
        if (measures.dock_sample > measures.dock_unknown) {
            return _t("nine of ten in %(p90)s; %(sample)s receipts", {
                p90: this.hours(measures.dock_p90),
                sample: this.count(measures.dock_sample - measures.dock_unknown),
            });
        }
        return measures.dock_sample
            ? _t("Arrivals are not stamped: press “Goods Are Here” on receipts")
            : _t("No receipt in %s days", measures.days);
    }

    get errorHint() {
        const { errors } = this.state.board;
        if (errors.rate === false) {
            return _t("Not enough data: %s picks in 90 days", this.count(errors.picks));
        }
        return _t("%(errors)s of %(picks)s; %(low)s to %(high)s", {
            errors: this.count(errors.errors),
            picks: this.count(errors.picks),
            low: this.percent(errors.low, 2),
            high: this.percent(errors.high, 2),
        });
    }

    get stageWords() {
        const stage = this.slowest;
        if (!stage) {
            return _t("Nothing waits at any stage.");
        }
        return stage.capacity
            ? _t("%(stage)s holds up the rest: %(queue)s wait, %(hours)s of work at the capacity shown.", {
                  stage: stage.label,
                  queue: this.count(stage.end),
                  hours: this.hours(stage.clear_hours),
              })
            : _t("%(stage)s holds up the rest: %(queue)s wait. Its capacity is not known as yet.", {
                  stage: stage.label,
                  queue: this.count(stage.end),
              });
    }

    // Load of the next days

    get loadPeak() {
        return Math.max(1, ...this.state.board.load.days.flatMap((day) => day.hours));
    }

    loadStyle(value) {
        const strength = Math.round((100 * value) / this.loadPeak);
        return `--o-scm-load: ${Math.min(strength, 100)}%`;
    }

    isOver(value) {
        const { capacity } = this.state.board.load;
        return capacity && value > capacity;
    }

    loadTitle(day, hour, value) {
        return _t("%(day)s, %(hour)s: %(count)s expected", {
            day: this.day(day.date),
            hour: `${String(hour).padStart(2, "0")}:00`,
            count: this.count(value, 1),
        });
    }
}

registry.category("actions").add("scm_flow_board", FlowBoard);
