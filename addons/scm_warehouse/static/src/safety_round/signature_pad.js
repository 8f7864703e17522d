import { Component, onMounted, useRef, useState } from "@odoo/owl";

const [WIDTH, HEIGHT, LINE] = [700, 240, 3.5];

/** A field to sign in with finger, pen or mouse; gives a PNG in base64, or nothing while it is empty. */
export class SignaturePad extends Component {
    static template = "scm_warehouse.SignaturePad";
    static props = { onChange: Function };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ isEmpty: true });
        onMounted(() => this.clear());
    }

    get pen() {
        return this.canvas.el.getContext("2d");
    }

    clear() {
        const pen = this.pen;
        pen.fillStyle = "#fff";
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        Object.assign(pen, { strokeStyle: "#1f2937", lineWidth: LINE, lineCap: "round", lineJoin: "round" });
        this.state.isEmpty = true;
        this.props.onChange("");
    }

    at(ev) {
        const box = this.canvas.el.getBoundingClientRect();
        return [((ev.clientX - box.left) * WIDTH) / box.width, ((ev.clientY - box.top) * HEIGHT) / box.height];
    }

    down(ev) {
        ev.preventDefault();
        this.canvas.el.setPointerCapture(ev.pointerId);
        this.isDown = true;
        this.pen.beginPath();
        this.pen.moveTo(...this.at(ev));
    }

    move(ev) {
        if (!this.isDown) {
            return;
        }
        this.pen.lineTo(...this.at(ev));
        this.pen.stroke();
        this.state.isEmpty = false;
    }

    up() {
        if (this.isDown && !this.state.isEmpty) {
            this.props.onChange(this.canvas.el.toDataURL("image/png").split(",")[1]);
        }
        this.isDown = false;
    }
}
