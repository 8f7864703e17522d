import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Asks for the reason of a decision. */
export class ReasonDialog extends Component {
    static template = "scm_logistics.ReasonDialog";
    static components = { Dialog };
    static props = { title: String, text: String, confirm: Function, close: Function };

    setup() {
        useAutofocus({ refName: "reason" });
        this.state = useState({ reason: "" });
    }

    async confirm() {
        await this.props.confirm(this.state.reason);
        this.props.close();
    }
}
