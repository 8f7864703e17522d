import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Many2OneField, many2OneField } from "@web/views/fields/many2one/many2one_field";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

const RUN = "scm.slotting.run";

/** What a better place for each product saves, per warehouse, and the buttons for all of it. */
export class SlottingSummary extends Component {
    static template = "scm_warehouse.SlottingSummary";
    static props = { list: { type: Object } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.state = useState({ data: null, open: {} });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call(RUN, "get_summary", []);
    }

    // How it reads

    number(value, digits = 0) {
        return formatFloat(value || 0, { digits: [16, digits] });
    }

    money(value, currencyId) {
        return formatCurrency(value || 0, currencyId, { digits: [16, Math.abs(value) < 100 ? 2 : 0] });
    }

    /** Kilometres once there are some. */
    way(metres) {
        return Math.abs(metres) >= 10000
            ? _t("%s km", formatFloat(metres / 1000, { digits: [16, 1] }))
            : _t("%s m", this.number(metres));
    }

    hours(minutes) {
        return minutes >= 90
            ? _t("%s h", formatFloat(minutes / 60, { digits: [16, 1] }))
            : _t("%s min", this.number(minutes));
    }

    /** Width of a bar against the walk of today, in percent. */
    width(metres, warehouse) {
        return warehouse.metres_before ? `width: ${Math.min((100 * metres) / warehouse.metres_before, 100)}%` : "width: 0";
    }

    saved(warehouse) {
        const { metres_before, metres_after } = warehouse;
        return metres_before ? Math.round((100 * (metres_before - metres_after)) / metres_before) : 0;
    }

    // What it does

    async reload() {
        await this.props.list.model.load();
        await this.load();
    }

    async propose(warehouse, basis) {
        this.ui.block({ message: _t("All places are weighed against each other…") });
        try {
            await this.orm.call(RUN, "propose", [warehouse.id, true, basis]);
        } finally {
            this.ui.unblock();
        }
        await this.reload();
    }

    ask(warehouse, title, body, method) {
        this.dialog.add(ConfirmationDialog, {
            title,
            body,
            confirmLabel: title,
            confirm: () => this.run(warehouse, method),
            cancel: () => {},
        });
    }

    applyAll(warehouse) {
        this.ask(
            warehouse,
            _t("Apply all"),
            _t("%(moves)s moves of %(warehouse)s become internal transfers, one per group, and put-away rules send what comes in later to the new places. You can undo it.", {
                moves: warehouse.moves,
                warehouse: warehouse.name,
            }),
            "apply_all"
        );
    }

    undoAll(warehouse) {
        this.ask(
            warehouse,
            _t("Undo all"),
            _t("Open transfers are cancelled, what was carried gets a transfer back, and the put-away rules of before hold again."),
            "undo_all"
        );
    }

    async run(warehouse, method) {
        const done = await this.orm.call(RUN, method, [warehouse.id]);
        const words =
            method === "apply_all"
                ? _t("%(moves)s moves in %(transfers)s transfers", { moves: done.applied, transfers: done.transfers.length })
                : _t("%s moves undone", done.undone);
        this.notification.add(words, { type: "success" });
        for (const reason of (done.skipped || []).slice(0, 4)) {
            this.notification.add(reason, { type: "warning" });
        }
        await this.reload();
    }

    openRun(warehouse) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: RUN,
            res_id: warehouse.run_id,
            views: [[false, "form"]],
        });
    }
}

export class SlottingListRenderer extends ListRenderer {
    static template = "scm_warehouse.SlottingListRenderer";
    static components = { ...ListRenderer.components, SlottingSummary };
}

registry.category("views").add("scm_slotting_list", { ...listView, Renderer: SlottingListRenderer });

/** A place by the last part of its name: within one warehouse the rest is always the same. */
export class PlaceField extends Component {
    static template = "scm_warehouse.PlaceField";
    static props = { ...Many2OneField.props };

    get full() {
        return this.props.record.data[this.props.name]?.display_name || "";
    }

    get short() {
        return this.full.split("/").pop();
    }
}

registry.category("fields").add("scm_place", { ...many2OneField, component: PlaceField });
