import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { useBus, useService } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";

import { PhotoTaker } from "./photo_taker";
import { SafetySteps } from "./safety_steps";

/** The report of an incident or a near miss; what to do at once comes before any question. */
export class IncidentReport extends Component {
    static template = "scm_warehouse.IncidentReport";
    static components = { PhotoTaker, SafetySteps };
    static props = { types: Array, warehouseId: Number, onSend: Function, onBack: Function };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.severities = [
            { value: "minor", label: _t("Minor"), tone: "info" },
            { value: "serious", label: _t("Serious"), tone: "warning" },
            { value: "severe", label: _t("Severe"), tone: "danger" },
        ];
        this.state = useState({
            type: null,
            nearMiss: false,
            severity: "",
            place: "",
            found: null,
            lock: false,
            description: "",
            people: 0,
            peopleNote: "",
            goodsNote: "",
            photos: [],
            busy: false,
        });
        this.moment = new Date().toISOString();
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => {
            this.state.place = ev.detail.barcode;
            this.findPlace();
        });
    }

    choose(type) {
        this.state.type = type;
        this.state.severity = this.state.nearMiss ? "minor" : type.severity;
        this.state.lock = type.is_locking && !this.state.nearMiss;
    }

    setNearMiss(nearMiss) {
        this.state.nearMiss = nearMiss;
        if (this.state.type) {
            this.choose(this.state.type);
        }
    }

    step(by) {
        this.state.people = Math.max(this.state.people + by, 0);
    }

    /** Name the place that was scanned; without a connection the code is sent as it is. */
    async findPlace() {
        this.state.found = null;
        const code = this.state.place.trim();
        if (!code) {
            return;
        }
        try {
            this.state.found = await this.orm.silent.call("stock.location", "scm_find_place", [this.props.warehouseId, code]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    get canSend() {
        return this.state.type && this.state.description.trim() && !this.state.busy;
    }

    async send() {
        const { type, nearMiss, severity, place, found, lock, description, people, peopleNote, goodsNote, photos } = this.state;
        this.state.busy = true;
        try {
            await this.props.onSend(
                {
                    type: type.code,
                    near_miss: nearMiss,
                    severity,
                    place: found?.id || place.trim(),
                    lock: lock && Boolean(place.trim()),
                    description,
                    people_count: people,
                    people_note: peopleNote,
                    goods_note: goodsNote,
                    photos: photos.map(({ name, data }) => ({ name, data })),
                    moment: this.moment,
                },
                `${type.name}: ${description.slice(0, 60)}`
            );
        } finally {
            this.state.busy = false;
        }
    }
}
