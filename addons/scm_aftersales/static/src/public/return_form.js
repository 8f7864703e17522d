import { rpc } from "@web/core/network/rpc";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Says under each ticked item what would come of it, while the form is filled in. It works without, too. */
export class ReturnForm extends Interaction {
    static selector = ".o_scm_return_form";
    dynamicContent = {
        _root: {
            "t-on-change": this.debounced(this.ask, 250),
        },
    };

    start() {
        this.ask();
    }

    /** The form's values of the items that are ticked and have a reason. */
    values() {
        const values = {};
        for (const item of this.el.querySelectorAll(".o_scm_return_item")) {
            const key = item.dataset.key;
            const field = (name) => this.el.querySelector(`[name="${name}_${key}"]`);
            const more = field("reason").selectedOptions[0]?.dataset.more;
            item.querySelector(".o_scm_return_optional").hidden = Boolean(more);
            if (field(`pick`).checked && field("reason").value) {
                values[`pick_${key}`] = "1";
                for (const name of ["quantity", "reason"]) {
                    values[`${name}_${key}`] = field(name).value;
                }
                const condition = this.el.querySelector(`[name="condition_${key}"]:checked`);
                values[`condition_${key}`] = condition ? condition.value : "";
            }
        }
        return values;
    }

    async ask() {
        const values = this.values();
        const hidden = Object.fromEntries(
            [...this.el.querySelectorAll("input[type=hidden]")].map((input) => [input.name, input.value])
        );
        delete hidden.csrf_token;
        const answers = Object.keys(values).length
            ? await this.waitFor(rpc(this.el.dataset.explain, { ...hidden, values }, { silent: true }).catch(() => null))
            : { rows: {} };
        if (answers) {
            this.show(answers.rows);
        }
    }

    show(rows) {
        for (const item of this.el.querySelectorAll(".o_scm_return_item")) {
            const place = item.querySelector(".o_scm_return_answer");
            const row = rows[item.dataset.key];
            const outcomes = row ? row.outcomes.map((one) => [one.label, one.money].filter(Boolean).join(" ")) : [];
            const text = row ? [row.text, outcomes.join(" · ")].filter(Boolean).join("\n") : "";
            place.className = `o_scm_return_answer o_scm_returns_lines o_scm_returns_decision_${row?.decision}`;
            if (place.textContent !== text) {
                place.textContent = text;
            }
        }
    }
}

registry.category("public.interactions").add("scm_aftersales.return_form", ReturnForm);
