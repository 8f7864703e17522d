import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";

/** A bar that says what waits on this phone, and what the server refused; nothing when all is sent. */
export class OutboxStatus extends Component {
    static template = "scm_warehouse.OutboxStatus";
    static props = {};

    setup() {
        this.outbox = useService("scm_outbox");
        this.state = useState(this.outbox.state);
        this.view = useState({ isOpen: false });
    }

    get refused() {
        return this.state.rows.filter((row) => row.isRefused);
    }

    get text() {
        const { pending, isOnline } = this.state;
        if (!isOnline) {
            return pending
                ? _t("No connection. %s kept on this phone, sent as soon as it is back.", pending)
                : _t("No connection. Go on: what you enter is kept on this phone.");
        }
        return _t("%s waiting to be sent", pending);
    }
}
