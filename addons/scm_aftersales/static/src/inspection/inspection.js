import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

import { durationWords } from "../return_clock/return_clock";
import { readPhoto } from "@scm_base/photo/photo";

const GRADE_ICONS = {
    A: "fa-check",
    B: "fa-wrench",
    C: "fa-trash-o",
    missing: "fa-question",
    wrong: "fa-exchange",
};
/** Causes that are shown at once; the rest is one tap away. */
const FEW_CAUSES = 8;
const MAX_PHOTOS = 6;

/** Goods that came back, on a phone or tablet: scan, grade, cause, photo, next. */
export class Inspection extends Component {
    static template = "scm_aftersales.Inspection";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.hasCamera = isBarcodeScannerSupported();
        this.state = useState({
            queue: null,
            found: null,
            data: null,
            code: "",
            busy: false,
            line: 0,
            entry: this.emptyEntry(),
            receipt: {},
            extras: [],
            final: false,
            allCauses: false,
        });
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => this.scan(ev.detail.barcode));
        onWillStart(async () => {
            const { params, context } = this.props.action;
            const id = params?.return_id || context?.scm_return_id;
            await (id ? this.open(id) : this.home());
        });
    }

    emptyEntry() {
        return { grade: "", quantity: 1, cause: "", note: "", lot: "", found: "", photos: [] };
    }

    // Words

    number(value) {
        return formatFloat(value, { digits: [16, 3], trailingZeros: false });
    }

    since(row) {
        return durationWords(row.hours);
    }

    icon(grade) {
        return GRADE_ICONS[grade];
    }

    // Finding a return

    async home() {
        this.state.data = null;
        this.state.found = null;
        this.state.queue = await this.orm.call("scm.return", "inspection_queue", []);
    }

    async open(id) {
        this.state.found = null;
        this.show(await this.orm.call("scm.return", "inspection_data", [[id]]));
    }

    /** Show a return as the server tells it, at the first item that has something left. */
    show(data, keep = 0) {
        this.state.data = data;
        this.state.final = false;
        this.state.extras = [];
        this.state.receipt = Object.fromEntries(
            data.lines.map((line) => [line.id, Math.max(line.asked - line.received, 0)])
        );
        const next =
            data.lines.find((line) => line.id === keep && line.left > 0) || data.lines.find((line) => line.left > 0);
        this.choose(next || null);
    }

    choose(line) {
        this.state.line = line ? line.id : 0;
        this.state.allCauses = false;
        this.state.entry = this.emptyEntry();
        if (line) {
            this.state.entry.quantity = line.left || line.not_come || 1;
            this.state.entry.lot = line.lots.length === 1 ? line.lots[0] : "";
        }
    }

    async scanTyped() {
        const code = this.state.code.trim();
        this.state.code = "";
        if (code) {
            await this.scan(code);
        }
    }

    async scanCamera() {
        const code = await scanBarcode(this.env, "environment");
        if (code) {
            await this.scan(code);
        }
    }

    async scan(code) {
        const data = this.state.data;
        if (data && this.scanItem(code)) {
            return;
        }
        const answer = await this.orm.call("scm.return", "inspection_scan", [code]);
        if (answer.returns.length === 1) {
            await this.open(answer.returns[0].id);
            this.scanItem(code);
        } else if (answer.returns.length) {
            this.state.data = null;
            this.state.found = { code, rows: answer.returns };
        } else {
            this.notification.add(_t("Nothing found for “%s”.", code), { type: "warning" });
        }
    }

    /** Whether the code is that of an item of the return on the screen, which is chosen then. */
    scanItem(code) {
        if (this.entry.grade === "wrong" && !this.entry.found) {
            this.entry.found = code;
            return true;
        }
        const lines = this.state.data.lines;
        const line =
            lines.find((one) => one.lots.includes(code) || one.lot === code) ||
            lines.find((one) => one.barcodes.includes(code) && one.left > 0) ||
            lines.find((one) => one.barcodes.includes(code));
        if (!line) {
            return false;
        }
        this.choose(line);
        if (line.lots.includes(code)) {
            this.entry.lot = code;
            this.entry.quantity = line.tracking === "serial" ? 1 : this.entry.quantity;
        }
        return true;
    }

    // Receipt

    get isReceipt() {
        const data = this.state.data;
        return data.can_receive && (data.state !== "received" || data.is_open);
    }

    get receiptLines() {
        return this.state.data.lines.filter((line) => line.asked > line.received && !line.is_unexpected);
    }

    step(line, by) {
        this.state.receipt[line.id] = Math.max((this.state.receipt[line.id] || 0) + by, 0);
    }

    addExtra() {
        this.state.extras.push({ product: "", quantity: 1 });
    }

    get receiptRows() {
        return [
            ...this.receiptLines.map((line) => ({ line_id: line.id, quantity: Number(this.state.receipt[line.id]) })),
            ...this.state.extras.filter((extra) => extra.product.trim()),
        ];
    }

    async bookReceipt() {
        await this.call("receive", [this.receiptRows, this.state.final]);
    }

    async bookEmpty() {
        await this.call("receive", [this.receiptLines.map((line) => ({ line_id: line.id, quantity: 0 })), true]);
    }

    // Inspection

    get entry() {
        return this.state.entry;
    }

    /** The item that is being inspected; named unlike the loops' own names, which a getter would hide. */
    get current() {
        return this.state.data.lines.find((line) => line.id === this.state.line);
    }

    /** Something can be graded: units that came, or units that did not. */
    get isGrading() {
        return this.state.data.can_inspect && this.current && this.current.left + this.current.not_come > 0;
    }

    get isDone() {
        return this.state.data.can_inspect && !this.isReceipt && this.state.data.lines.every((line) => line.left <= 0);
    }

    /** Grades of this item; nothing but missing for what is not here. */
    get grades() {
        return this.state.data.grades.filter((one) => this.current.left > 0 || one.grade === "missing");
    }

    grade(grade) {
        this.entry.grade = this.entry.grade === grade ? "" : grade;
        const most = this.current.left + (grade === "missing" ? this.current.not_come : 0);
        this.entry.quantity = Math.min(this.entry.quantity, most) || most;
    }

    stepQuantity(by) {
        const most = this.current.left + (this.entry.grade === "missing" ? this.current.not_come : 0);
        this.entry.quantity = Math.min(Math.max(this.entry.quantity + by, 1), most);
    }

    /** The usual causes of what the customer says first, then all others. */
    get causes() {
        const rank = new Map(this.current.causes.map((code, place) => [code, place]));
        const place = (cause) => rank.get(cause.code) ?? rank.size;
        const all = [...this.state.data.causes].sort((one, other) => place(one) - place(other));
        return this.state.allCauses ? all : all.slice(0, FEW_CAUSES);
    }

    cause(code) {
        this.entry.cause = this.entry.cause === code ? "" : code;
    }

    async addPhotos(ev) {
        const files = [...ev.target.files].slice(0, MAX_PHOTOS - this.entry.photos.length);
        ev.target.value = "";
        try {
            this.entry.photos.push(...(await Promise.all(files.map(readPhoto))));
        } catch {
            this.notification.add(_t("This file is no picture."), { type: "warning" });
        }
    }

    async save() {
        const { grade, quantity, cause, note, lot, found, photos } = this.entry;
        const row = { line_id: this.current.id, grade, quantity: Number(quantity), note };
        Object.assign(row, cause && { cause }, lot && { lot }, found && { found: found.trim() });
        row.photos = photos.map(({ name, data }) => ({ name, data }));
        await this.call("inspect", [[row]], this.current.id);
    }

    async undo(inspection) {
        if (await this.guard(() => this.orm.call("scm.return.inspection", "action_undo", [[inspection.id]]))) {
            await this.open(this.state.data.id);
        }
    }

    async call(method, args, keep = 0) {
        const data = await this.guard(() => this.orm.call("scm.return", method, [[this.state.data.id], ...args]));
        if (data) {
            this.show(data, keep);
        }
    }

    /** One call at a time: a second tap while one is under way does nothing. */
    async guard(work) {
        if (this.state.busy) {
            return false;
        }
        this.state.busy = true;
        try {
            return await work();
        } finally {
            this.state.busy = false;
        }
    }

    openForm() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "scm.return",
            res_id: this.state.data.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("scm_aftersales.inspection", Inspection);
