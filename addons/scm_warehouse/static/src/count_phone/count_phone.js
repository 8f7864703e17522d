import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";
import { CountPlace } from "./count_place";
import { PlaceWork, clockOffset, isPlace } from "./count_work";
import { OutboxStatus } from "../outbox/outbox_status";

/** A round of places in walking order, on a phone: all of it is loaded at once, so that it works without a connection. */
export class CountPhone extends Component {
    static template = "scm_warehouse.CountPhone";
    static components = { CountPlace, OutboxStatus };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.outbox = useService("scm_outbox");
        this.notification = useService("notification");
        this.state = useState({ round: null, works: [], current: 0, code: "", isBusy: false, warehouse: false });
        this.onEnd = this.onEnd.bind(this);
        this.onLeave = this.onLeave.bind(this);
        this.scan = this.scan.bind(this);
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => !this.state.current && this.scan(ev.detail.barcode));
        useBus(this.outbox.bus, "sent", (ev) => this.onSent(ev.detail));
        useBus(this.outbox.bus, "refused", (ev) => this.onRefused(ev.detail));
        onWillStart(() => this.load());
    }

    // The round

    /** @param {number|false} here id of the place in which the counter stands */
    async load(here = false) {
        this.state.isBusy = true;
        try {
            // what waits on this phone goes first: the server should know what is counted already
            await this.outbox.ready;
            await this.outbox.flush();
            const round = await this.orm.call("scm.count.task", "next_tasks", [this.state.warehouse, here]);
            this.offset = clockOffset(round.now);
            const ended = new Set(this.waiting("finish").concat(this.waiting("skip")).map((row) => row.task_id));
            this.state.works = round.tasks.filter((task) => !ended.has(task.id)).map((task) => this.newWork(task));
            Object.assign(this.state, { round, warehouse: round.warehouse_id, current: 0 });
        } finally {
            this.state.isBusy = false;
        }
    }

    newWork(task) {
        const work = new PlaceWork(task);
        work.restore(this.waiting("record_count").flat().filter((entry) => entry.task_id === task.id));
        return work;
    }

    /** First arguments of the calls that wait on this phone. */
    waiting(method) {
        return this.outbox.state.rows
            .filter((row) => row.model === "scm.count.task" && row.method === method && !row.isRefused)
            .map((row) => row.args[0]);
    }

    async choose(ev) {
        await this.release();
        this.state.warehouse = parseInt(ev.target.value);
        await this.load();
    }

    async release() {
        const open = this.open.map((work) => work.task.id);
        if (open.length) {
            await this.orm.call("scm.count.task", "release", [open]);
        }
    }

    async giveBack() {
        await this.release();
        this.notification.add(_t("Given back: others may count these places."), { type: "info" });
        this.state.works = this.state.works.filter((work) => work.end);
    }

    get open() {
        return this.state.works.filter((work) => !work.end);
    }

    get ended() {
        return this.state.works.filter((work) => work.end);
    }

    get next() {
        return this.open[0];
    }

    get work() {
        return this.state.works.find((one) => one.task.id === this.state.current);
    }

    get share() {
        return Math.round((100 * this.ended.length) / (this.state.works.length || 1));
    }

    // Places

    go(work) {
        this.state.current = work.task.id;
    }

    onLeave() {
        this.state.current = 0;
    }

    onEnd(task) {
        const after = this.state.works.findIndex((work) => work.task.id === task.id);
        const next = this.state.works.find((work, at) => at > after && !work.end) || this.next;
        this.state.current = next ? next.task.id : 0;
    }

    submitCode() {
        const code = this.state.code.trim();
        this.state.code = "";
        return code && this.scan(code);
    }

    /** A place was scanned: of the round, or another one that waits to be counted, or only where the counter stands. */
    async scan(code) {
        const known = this.state.works.find((work) => isPlace(work.task, code));
        if (known) {
            known.isHere = true;
            return known.end ? this.notification.add(_t("%s is counted already.", known.task.place), { type: "info" }) : this.go(known);
        }
        let found;
        try {
            found = await this.orm.silent.call("scm.count.task", "find_place", [code, this.state.warehouse]);
        } catch (error) {
            const words = error.data?.message || _t("No connection: “%s” is not in this round.", code);
            this.notification.add(words, { type: "warning" });
            return;
        }
        if (found.task) {
            const work = new PlaceWork(found.task);
            work.isHere = true;
            this.state.works.unshift(work);
            this.go(work);
        } else if (found.location_id && this.open.every((one) => !one.countedItems.length)) {
            this.notification.add(_t("Nothing to count at %s. The round starts from there.", found.name), { type: "info" });
            await this.load(found.location_id);
        } else {
            this.notification.add(_t("Nothing to count at “%s”.", found.name || code), { type: "warning" });
        }
    }

    // What the server says, sooner or later

    workOf(detail) {
        const id = detail.model === "scm.count.task" && detail.method !== "record_count" && detail.result?.id;
        return this.state.works.find((work) => work.task.id === id);
    }

    onSent(detail) {
        const work = this.workOf(detail);
        if (work) {
            work.message = detail.result.message;
            work.task.state = detail.result.state;
        }
    }

    onRefused({ model, message }) {
        if (model === "scm.count.task") {
            this.notification.add(message, { type: "danger", sticky: true });
        }
    }

    icon(work) {
        if (work.end === "skipped") {
            return "fa-share text-muted";
        }
        if (!work.end) {
            return "fa-circle-o text-muted";
        }
        return { recount: "fa-repeat text-warning", approval: "fa-user-o text-info" }[work.task.state] || "fa-check-circle text-success";
    }
}

registry.category("actions").add("scm_warehouse.count", CountPhone);
