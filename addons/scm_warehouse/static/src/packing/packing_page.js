import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

import { PackingPanel } from "./packing_panel";

const REASONS = [
    { code: "out", label: _t("Box was not at hand") },
    { code: "no_fit", label: _t("Goods did not fit") },
    { code: "protect", label: _t("Goods needed more protection") },
    { code: "together", label: _t("Packed with another order") },
    { code: "other", label: _t("Other") },
];

/** The packing table, on a phone or tablet: scan a delivery, see its box and how to pack it, take it. */
export class PackingPage extends Component {
    static template = "scm_warehouse.PackingPage";
    static components = { PackingPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.hasCamera = isBarcodeScannerSupported();
        this.reasons = REASONS;
        this.state = useState({ queue: null, data: null, code: "", busy: false, other: null });
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => this.scan(ev.detail.barcode));
        onWillStart(async () => {
            const id = this.props.action.params?.picking_id;
            await (id ? this.open(id) : this.home());
        });
    }

    call(method, args) {
        return this.orm.call("scm.box.choice", method, args);
    }

    async home() {
        this.state.queue = await this.call("packing_queue", []);
        this.state.data = null;
        this.state.other = null;
    }

    async open(id) {
        this.state.other = null;
        const data = await this.call("get_packing", [id]);
        this.state.data = data.state === "packed" || data.taken ? data : (await this.call("choose_box", [[id]]))[0];
    }

    async scanTyped() {
        const code = this.state.code.trim();
        this.state.code = "";
        await this.scan(code);
    }

    async scanCamera() {
        await this.scan(await scanBarcode(this.env, "environment"));
    }

    async scan(code) {
        if (!code) {
            return;
        }
        const id = await this.call("packing_scan", [code]);
        if (id) {
            await this.open(id);
        } else {
            this.notification.add(_t("No open delivery for “%s”.", code), { type: "warning" });
        }
    }

    get canPack() {
        return !this.state.data.taken && this.state.data.state !== "packed";
    }

    async take() {
        await this.run(() => this.call("take", [this.state.data.picking_id]));
    }

    async askOther() {
        const boxes = await this.call("packing_boxes", [this.state.data.picking_id]);
        this.state.other = { boxes, box: 0, reason: "", note: "" };
    }

    async takeOther() {
        const { box, reason, note } = this.state.other;
        await this.run(() => this.call("take", [this.state.data.picking_id, +box, reason, note]));
    }

    async run(work) {
        this.state.busy = true;
        try {
            this.state.data = await work();
            this.state.other = null;
            this.notification.add(_t("%(name)s is packed in %(box)s.", { name: this.state.data.name, box: this.state.data.taken }), {
                type: "success",
            });
        } finally {
            this.state.busy = false;
        }
    }

    edges(box) {
        return box.edges.map((edge) => Math.round(10 * edge) / 10).join(" × ");
    }
}

registry.category("actions").add("scm_warehouse.packing", PackingPage);
