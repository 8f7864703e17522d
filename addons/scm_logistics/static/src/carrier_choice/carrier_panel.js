import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { WhyButton } from "@scm_base/why/why_button";
import { ReasonDialog } from "./reason_dialog";

const PARTS = [
    { name: "price", label: _t("Price") },
    { name: "late_cost", label: _t("Lateness") },
    { name: "risk_cost", label: _t("Loss and damage") },
];
const OPEN = ["proposed", "agreed"];

/** Carriers of a delivery or an order side by side: what each costs, how likely it is late, and the one to take. */
export class CarrierPanel extends Component {
    static template = "scm_logistics.CarrierPanel";
    static components = { WhyButton };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.parts = PARTS;
        this.state = useState({ data: null, busy: false });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    async load(record) {
        this.state.data = record.resId
            ? await this.orm.call("scm.carrier.choice", "get_panel", [record.resModel, record.resId])
            : null;
    }

    // How it reads

    get choice() {
        return this.state.data.choice;
    }

    get shipFrom() {
        return this.state.data.ship_from;
    }

    get isOpen() {
        return this.state.data.can_decide && OPEN.includes(this.choice.state);
    }

    get sentence() {
        const { state, suggested, saving, options, carrier_id } = this.choice;
        const present = options.find((one) => one.carrier_id === carrier_id)?.carrier;
        if (state === "agreed") {
            return _t("%(carrier)s is the best one for this delivery.", { carrier: suggested });
        }
        if (present && saving > 0) {
            return _t("%(carrier)s is expected to cost %(saving)s less than %(present)s.", {
                carrier: suggested,
                saving: this.money(saving),
                present,
            });
        }
        return _t("%(carrier)s is the one to take.", { carrier: suggested });
    }

    get shipSentence() {
        const { state, suggested, saving } = this.shipFrom;
        if (state === "agreed") {
            return _t("%(warehouse)s is the best place to ship from.", { warehouse: suggested });
        }
        return saving > 0
            ? _t("From %(warehouse)s it is expected to cost %(saving)s less.", {
                  warehouse: suggested,
                  saving: this.money(saving),
              })
            : _t("%(warehouse)s can deliver it, the present warehouse cannot.", { warehouse: suggested });
    }

    /** Bars are drawn to the dearest candidate. */
    width(option, part) {
        const most = Math.max(...this.choice.options.map((one) => one.score), 0.01);
        return `width: ${(100 * option[part]) / most}%`;
    }

    shipWidth(option) {
        const most = Math.max(...this.shipFrom.options.map((one) => one.score), 0.01);
        return `width: ${(100 * option.score) / most}%`;
    }

    money(value) {
        return formatMonetary(value || 0, { currencyId: this.state.data.currency_id });
    }

    percent(value) {
        return `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
    }

    day(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    lateClass(option) {
        return option.p_late >= 0.25 ? "text-danger" : option.p_late >= 0.1 ? "text-warning-emphasis" : "text-success";
    }

    partTitle(option, part) {
        return `${part.label}: ${this.money(option[part.name])}`;
    }

    splitText(option) {
        return option.parcels > 1
            ? _t("%(count)s parcels: %(names)s", { count: option.parcels, names: option.from_names.join(" + ") })
            : _t("one parcel");
    }

    // What the user does

    async compare() {
        await this.run(() =>
            this.orm.call(this.props.record.resModel, "action_scm_choose_carrier", [[this.props.record.resId]])
        );
    }

    async apply() {
        await this.run(() => this.orm.call("scm.carrier.choice", "apply", [[this.choice.id]]));
    }

    take(option) {
        this.dialog.add(ReasonDialog, {
            title: _t("Go with %s", option.carrier),
            text: _t("The reason is kept, and later set against what the delivery really cost."),
            confirm: (reason) =>
                this.run(() =>
                    this.orm.call("scm.carrier.choice", "override", [[this.choice.id], option.carrier_id, reason])
                ),
        });
    }

    async applyShip() {
        await this.run(() => this.orm.call("scm.ship.from", "apply", [[this.shipFrom.id]]));
    }

    rejectShip() {
        this.dialog.add(ReasonDialog, {
            title: _t("Ship from where it is"),
            text: _t("The proposal is closed, and your reason is kept."),
            confirm: (reason) => this.run(() => this.orm.call("scm.ship.from", "reject", [[this.shipFrom.id], reason])),
        });
    }

    async run(work) {
        this.state.busy = true;
        try {
            if (await this.props.record.isDirty()) {
                await this.props.record.save();
            }
            await work();
            await this.props.record.load();
            await this.load(this.props.record);
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("scm_carrier_panel", { component: CarrierPanel });
