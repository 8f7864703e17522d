import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const EPS = 1e-6;

/** The form that answers about one order line: more days on request, and what the days add up to. */
export class PromiseAnswer extends Interaction {
    static selector = ".scm_portal_answer";
    dynamicContent = {
        ".scm_portal_add": { "t-on-click": this.addPart },
        "input[name=quantity]": { "t-on-input": this.updateRest },
    };

    start() {
        this.updateRest();
    }

    addPart() {
        const hidden = this.el.querySelector(".scm_portal_part.d-none");
        if (!hidden) {
            return;
        }
        hidden.classList.remove("d-none");
        const rest = this.rest;
        if (rest > EPS) {
            hidden.querySelector("input[name=quantity]").value = Number(rest.toFixed(3));
        }
        hidden.querySelector("input[name=date]").focus();
        this.el.querySelector(".scm_portal_add").classList.toggle("d-none", !this.el.querySelector(".scm_portal_part.d-none"));
        this.updateRest();
    }

    get rest() {
        const sum = [...this.el.querySelectorAll("input[name=quantity]")].reduce(
            (total, input) => total + (parseFloat(input.value) || 0),
            0
        );
        return parseFloat(this.el.dataset.open) - sum;
    }

    updateRest() {
        const label = this.el.querySelector(".scm_portal_rest");
        const { rest } = this;
        const { short, over, fits } = label.dataset;
        const amount = Number(Math.abs(rest).toFixed(3));
        label.textContent = Math.abs(rest) < EPS ? fits : `${amount} ${rest > 0 ? short : over}`;
        label.className = `small ms-auto scm_portal_rest ${
            Math.abs(rest) < EPS ? "text-success" : rest > 0 ? "text-warning-emphasis" : "text-danger"
        }`;
    }
}

registry.category("public.interactions").add("scm_supplier_eval.promise_answer", PromiseAnswer);
