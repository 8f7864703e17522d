import { readPhoto } from "@scm_base/photo/photo";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { useBus, useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { Component, useState } from "@odoo/owl";
import { isPlace, itemKey, matches, stamp } from "./count_work";
import { newKey } from "../outbox/outbox_service";

/** One place: be there, count what lies there, finish. Nothing here waits for the server. */
export class CountPlace extends Component {
    static template = "scm_warehouse.CountPlace";
    static props = { work: Object, offset: Number, onLeave: Function, onEnd: Function, onOtherPlace: Function };

    setup() {
        this.orm = useService("orm");
        this.outbox = useService("scm_outbox");
        this.notification = useService("notification");
        this.work = useState(this.props.work);
        this.state = useState({ code: "", chosen: null, digits: "", barcode: "", sheet: "", reason: "", choice: [] });
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => this.scan(ev.detail.barcode));
    }

    get task() {
        return this.work.task;
    }

    get reasons() {
        return [_t("Goods stand in the way"), _t("Cannot be reached"), _t("A picker works here"), _t("Label is missing")];
    }

    number(value) {
        return formatFloat(value, { digits: [16, 3], trailingZeros: false });
    }

    /** Shown as it is typed, with the separator of the user's language. */
    get typed() {
        return this.state.digits.replace(".", localization.decimalPoint) || "0";
    }

    // Codes

    submitCode() {
        const code = this.state.code.trim();
        this.state.code = "";
        return code && this.scan(code);
    }

    async scan(code) {
        if (isPlace(this.task, code)) {
            this.work.isHere = true;
            return;
        }
        if (!this.work.isHere) {
            return this.props.onOtherPlace(code);
        }
        const found = matches(this.work.items, code);
        if (found.length) {
            return this.pick(found, code);
        }
        await this.ask(code);
    }

    /** What nobody expected here: the server knows it, where there is a connection. */
    async ask(code) {
        let items;
        try {
            items = await this.orm.silent.call("scm.count.task", "find_code", [code, this.task.id]);
        } catch {
            this.notification.add(_t("No connection: “%s” is not in this round. Put it aside, and scan it later.", code), { type: "warning" });
            return;
        }
        if (items.length) {
            this.pick(items.map((item) => ({ item, factor: item.factor, unit: item.scanned || item.unit })), code);
        } else {
            this.notification.add(_t("Nothing is known by “%s”.", code), { type: "warning" });
        }
    }

    pick(found, code) {
        if (found.length > 1) {
            this.state.choice = found.map((one) => ({ ...one, code, id: itemKey(one.item) }));
            this.state.sheet = "choice";
            return;
        }
        const [{ item, factor, unit }] = found;
        this.take(this.work.add(item), factor, unit, code);
    }

    /** First scan: show it; each further scan of the same: as many units more. */
    take(item, factor, unit, code) {
        const isSame = this.state.sheet === "number" && itemKey(this.state.chosen) === itemKey(item);
        if (item.tracking === "serial") {
            this.keep(item, 1, code);
        } else if (isSame || factor !== 1) {
            const before = isSame ? Number(this.state.digits || 0) : this.work.quantity(item) || 0;
            this.open(item, code);
            this.state.digits = String(Math.round((before + factor) * 1000) / 1000);
        } else {
            this.open(item, code);
        }
    }

    // Numbers

    open(item, code = "") {
        const before = this.work.quantity(item);
        Object.assign(this.state, {
            chosen: item, sheet: "number", barcode: code, choice: [], isFresh: true, digits: before === undefined ? "" : String(before),
        });
    }

    tap(item) {
        if (item.tracking === "serial" && item.lot) {
            this.keep(item, this.work.quantity(item) ? 0 : 1);
        } else {
            this.open(item);
        }
    }

    digit(sign) {
        const before = this.state.isFresh ? "" : this.state.digits;
        this.state.isFresh = false;
        if (sign === "⌫") {
            this.state.digits = before.slice(0, -1);
        } else if (sign === ".") {
            this.state.digits = before.includes(".") ? before : (before || "0") + ".";
        } else if (before.replace(".", "").length < 7) {
            this.state.digits = before === "0" ? sign : before + sign;
        }
    }

    step(by) {
        this.state.digits = String(Math.max(Math.round((Number(this.state.digits || 0) + by) * 1000) / 1000, 0));
        this.state.isFresh = false;
    }

    save() {
        if (this.state.digits !== "") {
            this.keep(this.state.chosen, Number(this.state.digits), this.state.barcode);
        }
    }

    keep(item, quantity, code = "") {
        const entry = this.work.count(item, quantity, this.props.offset, code);
        this.send("record_count", entry.uuid, [entry], `${this.task.place}: ${item.name} ${this.number(quantity)}`);
        this.state.sheet = "";
    }

    // The end of the place

    askEnd() {
        if (!this.work.countedItems.length) {
            this.state.sheet = "empty";
        } else if (this.work.missing.length) {
            this.state.sheet = "missing";
        } else {
            this.end();
        }
    }

    end() {
        const isEmpty = !this.work.hasGoods && !this.work.countedItems.length;
        const payload = this.work.finish(this.props.offset, isEmpty);
        this.send("finish", payload.uuid, payload, _t("%s: finished", this.task.place));
        this.work.end = "finished";
        this.props.onEnd(this.task);
    }

    skip() {
        const payload = { uuid: newKey(), task_id: this.task.id, reason: this.state.reason.trim(), ...stamp(this.props.offset) };
        this.send("skip", payload.uuid, payload, _t("%s: skipped", this.task.place));
        this.work.end = "skipped";
        this.props.onEnd(this.task);
    }

    send(method, key, argument, label) {
        // not awaited: it is kept on the phone, and the next thing can be counted
        this.outbox.send({ key, model: "scm.count.task", method, args: [argument], label });
    }

    async addPhoto(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        try {
            this.work.photo = file ? await readPhoto(file) : this.work.photo;
        } catch {
            this.notification.add(_t("This file is no picture."), { type: "warning" });
        }
    }
}
