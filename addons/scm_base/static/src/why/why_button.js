import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart } from "@odoo/owl";

import { readWhy } from "./why_format";

export class WhyPopover extends Component {
    static template = "scm_base.WhyPopover";
    static props = {
        why: Object,
        title: { type: String, optional: true },
        close: { type: Function, optional: true },
    };

    setup() {
        const service = useService("scm_why_labels");
        onWillStart(async () => {
            this.words = readWhy(this.props.why, await service.load());
        });
    }
}

/** The (i) next to a number. Any component may use it; in views the field widget `scm_why` does. */
export class WhyButton extends Component {
    static template = "scm_base.WhyButton";
    static props = {
        why: { optional: true },
        title: { type: String, optional: true },
        className: { type: String, optional: true },
    };

    setup() {
        this.popover = usePopover(WhyPopover, {
            position: "bottom",
            popoverClass: "o_scm_why_popover",
            class: "o_scm_why_sheet",
            useBottomSheet: this.env.isSmall,
        });
    }

    onClick(ev) {
        if (this.popover.isOpen) {
            this.popover.close();
        } else {
            this.popover.open(ev.currentTarget, { why: this.props.why, title: this.props.title });
        }
    }
}
