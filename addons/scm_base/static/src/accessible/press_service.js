/** @odoo-module **/
import { registry } from "@web/core/registry";

/** Rows and marks that a click opens (`o_scm_press`, with a tabindex) open by Enter and space too. */
export const pressService = {
    start() {
        document.addEventListener("keydown", (ev) => {
            if ((ev.key === "Enter" || ev.key === " ") && ev.target.matches?.(".o_scm_press")) {
                ev.preventDefault();
                ev.target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
            }
        });
    },
};

registry.category("services").add("scm_press", pressService);
