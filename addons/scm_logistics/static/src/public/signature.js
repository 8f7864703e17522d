import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** A place to sign with a finger; what is drawn goes into the form's hidden field. */
export class Signature extends Interaction {
    static selector = ".o_scm_driver_form";
    dynamicContent = {
        canvas: {
            "t-on-pointerdown.prevent": (event) => this.begin(event),
            "t-on-pointermove.prevent": (event) => this.draw(event),
            "t-on-pointerup": () => this.end(),
            "t-on-pointerleave": () => this.end(),
        },
    };

    setup() {
        this.canvas = this.el.querySelector("canvas");
        this.pen = this.canvas.getContext("2d");
        Object.assign(this.pen, { lineWidth: 3, lineCap: "round", strokeStyle: "#111" });
        this.isDown = false;
    }

    at(event) {
        const frame = this.canvas.getBoundingClientRect();
        const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
        return [(x * this.canvas.width) / frame.width, (y * this.canvas.height) / frame.height];
    }

    begin(event) {
        this.isDown = true;
        this.pen.beginPath();
        this.pen.moveTo(...this.at(event));
    }

    draw(event) {
        if (this.isDown) {
            this.pen.lineTo(...this.at(event));
            this.pen.stroke();
        }
    }

    end() {
        if (this.isDown) {
            this.isDown = false;
            this.el.querySelector("input[name=signature]").value = this.canvas.toDataURL("image/png");
        }
    }
}

registry.category("public.interactions").add("scm_logistics.signature", Signature);
