import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatDay, percent, quantity } from "../simulation/simulation_charts";

/** Sets, adds or changes by percent the forecast of a group or product; shows what that does before it is kept. */
export class OverrideDialog extends Component {
    static template = "scm_planning.OverrideDialog";
    static components = { Dialog };
    static props = { row: Object, weeks: Array, onSaved: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.previews = new KeepLast();
        this.modes = [
            ["percent", _t("Change by %")],
            ["add", _t("Add per week")],
            ["total", _t("Set per week to")],
        ];
        const { weeks } = this.props;
        this.state = useState({
            mode: "percent", value: "", date_from: weeks[0], date_to: weeks[Math.min(3, weeks.length - 1)],
            reason: "", note: "", date_expire: "", preview: null, error: "", busy: false,
        });
        onWillStart(async () => {
            this.reasons = await this.orm.searchRead("scm.override.reason", [], ["code", "name"]);
        });
    }

    get title() {
        return _t("Override %(name)s", { name: this.props.row.name });
    }

    get number() {
        const value = Number(String(this.state.value).replace(",", "."));
        return String(this.state.value).trim() && Number.isFinite(value) ? value : null;
    }

    get values() {
        const { mode, date_from, date_to, reason, note, date_expire } = this.state;
        // the reason matters only when it is kept; a preview takes the first
        return {
            level: this.props.row.level, ...this.props.row.scope, mode, value: this.number, date_from, date_to,
            reason: reason || this.reasons[0].code, note, date_expire,
        };
    }

    set(name, event) {
        this.state[name] = event.target.value;
        return this.preview();
    }

    async preview() {
        this.state.error = "";
        if (this.number === null) {
            this.state.preview = null;
            return;
        }
        try {
            this.state.preview = await this.previews.add(this.orm.silent.call("scm.forecast.override", "preview_override", [this.values]));
        } catch (error) {
            this.state.preview = null;
            this.state.error = error.data?.message || _t("This cannot be computed.");
        }
    }

    async save() {
        this.state.busy = true;
        try {
            await this.orm.silent.call("scm.forecast.override", "create_override", [this.values]);
        } catch (error) {
            this.state.error = error.data?.message || _t("The override was not kept.");
            this.state.busy = false;
            return;
        }
        this.notification.add(_t("The override holds from now on, also in the next runs."), { type: "success" });
        this.props.close();
        await this.props.onSaved();
    }

    get canSave() {
        return this.number !== null && this.state.reason && this.state.preview?.items && !this.state.busy;
    }

    get change() {
        const { before, after } = this.state.preview;
        return before > 0 ? `${after < before ? "−" : "+"}${percent(Math.abs(after / before - 1), 1)}` : "";
    }

    week(day) {
        return formatDay(day, { day: "numeric", month: "short", year: "2-digit" });
    }

    quantity(value) {
        return quantity(value);
    }
}
