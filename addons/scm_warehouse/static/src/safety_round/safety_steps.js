import { Component } from "@odoo/owl";

/** Emergency steps: who does what, a number to call, and a tick. */
export class SafetySteps extends Component {
    static template = "scm_warehouse.SafetySteps";
    static props = { steps: Array, onTick: { type: Function, optional: true } };

    who(step) {
        return [step.role, step.person].filter(Boolean).join(" · ");
    }
}
