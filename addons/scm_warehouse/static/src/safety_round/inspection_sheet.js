import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useBus, useService } from "@web/core/utils/hooks";
import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { PhotoTaker } from "./photo_taker";
import { SignaturePad } from "./signature_pad";

const MINUTE = 60_000;

/** The questions of a checklist, one under the other; what is not OK asks for a note, a photo and a place. */
export class InspectionSheet extends Component {
    static template = "scm_warehouse.InspectionSheet";
    static components = { PhotoTaker, SignaturePad };
    static props = { task: Object, onHandIn: Function, onBack: Function };

    setup() {
        this.notification = useService("notification");
        this.root = useRef("root");
        this.began = Date.now();
        this.damages = [
            { value: "none", label: _t("No damage"), tone: "success" },
            { value: "green", label: _t("Green"), tone: "success" },
            { value: "amber", label: _t("Amber"), tone: "warning" },
            { value: "red", label: _t("Red"), tone: "danger" },
        ];
        const kept = JSON.parse(browser.localStorage.getItem(this.draftKey) || "{}");
        const answers = Object.fromEntries(
            this.items.map((item) => [
                item.id,
                { value: "", note: "", place: "", ...(kept.answers?.[item.id] || {}), photos: [], help: false },
            ])
        );
        this.state = useState({ answers, note: kept.note || "", equipment: "", place: "", signature: "", busy: false, current: 0 });
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => this.scanned(ev.detail.barcode));
        useEffect(
            () => this.keepDraft(),
            () => [JSON.stringify(this.plainAnswers), this.state.note]
        );
    }

    // A half-made inspection is kept on the phone, without its photos

    get draftKey() {
        return `scm_safety_draft:${this.props.task.id || `t${this.props.task.template_id}`}`;
    }

    get plainAnswers() {
        return Object.fromEntries(
            Object.entries(this.state.answers).map(([id, { value, note, place }]) => [id, { value, note, place }])
        );
    }

    keepDraft() {
        if (Object.values(this.state.answers).some((answer) => answer.value !== "")) {
            const draft = { answers: this.plainAnswers, note: this.state.note };
            browser.localStorage.setItem(this.draftKey, JSON.stringify(draft));
        }
    }

    // Questions

    get template() {
        return this.props.task.template;
    }

    get items() {
        return this.template.items;
    }

    get sections() {
        const sections = [];
        for (const item of this.items) {
            if (!sections.length || sections.at(-1).name !== item.section) {
                sections.push({ name: item.section, items: [] });
            }
            sections.at(-1).items.push(item);
        }
        return sections;
    }

    answer(item) {
        return this.state.answers[item.id];
    }

    /** passed, failed, na or nothing: as the server will judge it. */
    verdict(item) {
        const { value, photos } = this.answer(item);
        if (value === "na") {
            return "na";
        }
        if (item.kind === "photo") {
            return photos.length ? "passed" : "";
        }
        if (value === "") {
            return "";
        }
        if (item.kind === "number") {
            const number = Number(value);
            if (!Number.isFinite(number)) {
                return "";
            }
            const isGood = (!item.has_low || number >= item.low) && (!item.has_high || number <= item.high);
            return isGood ? "passed" : "failed";
        }
        return ["nok", "amber", "red"].includes(value) ? "failed" : "passed";
    }

    isCritical(item) {
        return this.verdict(item) === "failed" && (item.is_critical || this.answer(item).value === "red");
    }

    set(item, value) {
        const answer = this.answer(item);
        answer.value = answer.value === value ? "" : value;
        this.state.current = item.id;
    }

    /** A comma is a decimal point to many. */
    type(item, ev) {
        this.answer(item).value = ev.target.value.trim().replace(",", ".");
    }

    scanned(code) {
        const item = this.items.find((one) => one.id === this.state.current && this.verdict(one) === "failed");
        if (item) {
            this.answer(item).place = code;
        } else if (!this.props.task.id) {
            this.state.place = code;
        }
    }

    // What is open

    isOpen(item) {
        const verdict = this.verdict(item);
        return !verdict || (verdict === "failed" && item.needs_photo && !this.answer(item).photos.length);
    }

    get done() {
        return this.items.filter((item) => !this.isOpen(item)).length;
    }

    get failed() {
        return this.items.filter((item) => this.verdict(item) === "failed").length;
    }

    get missing() {
        const open = this.items.find((item) => this.isOpen(item));
        if (open) {
            return `q${open.id}`;
        }
        return this.template.is_signed && !this.state.signature ? "signature" : "";
    }

    showMissing() {
        const part = this.root.el.querySelector(`[data-part="${this.missing}"]`);
        part.scrollIntoView({ behavior: "smooth", block: "center" });
        part.classList.add("o_scm_safety_flash");
        setTimeout(() => part.classList.remove("o_scm_safety_flash"), 1500);
    }

    async handIn() {
        if (this.missing) {
            return this.showMissing();
        }
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            if (await this.props.onHandIn(this.values, this.label)) {
                browser.localStorage.removeItem(this.draftKey);
            }
        } finally {
            this.state.busy = false;
        }
    }

    get label() {
        return [this.props.task.name, this.props.task.where || this.state.equipment || this.state.place].filter(Boolean).join(" · ");
    }

    get values() {
        const { task } = this.props;
        const planned = task.id
            ? { inspection_id: task.id }
            : { template_id: task.template_id, equipment: this.state.equipment, place: this.state.place };
        return {
            ...planned,
            answers: this.items.map((item) => this.row(item)),
            note: this.state.note,
            signature: this.state.signature,
            moment: new Date().toISOString(),
            minutes: Math.round((Date.now() - this.began) / MINUTE * 10) / 10,
        };
    }

    row(item) {
        const { value, note, place, photos } = this.answer(item);
        const isNumber = item.kind === "number" && value !== "na";
        return {
            item_id: item.id,
            question: item.question,
            value: isNumber ? Number(value) : value,
            note,
            place,
            photos: photos.map(({ name, data }) => ({ name, data })),
        };
    }
}
