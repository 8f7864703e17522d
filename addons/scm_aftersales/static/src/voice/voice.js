import { deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const FEW_WORDS = 14;

/** What customers say: words that stand out per group, texts behind them, and how good suggestions are. */
export class Voice extends Component {
    static template = "scm_aftersales.Voice";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ data: null, dimension: "reason", word: null, examples: [], open: {}, busy: false });
        onWillStart(() => this.load("reason"));
    }

    async load(dimension) {
        this.state.data = await this.orm.call("scm.feedback", "get_voice", [dimension]);
        Object.assign(this.state, { dimension, word: null, examples: [], open: {} });
    }

    async run() {
        this.state.busy = true;
        try {
            await this.orm.call("scm.feedback.run", "run_now", []);
            this.notification.add(_t("Feedback is being taken in and compared; look again in a few minutes."), {
                type: "success",
            });
        } finally {
            this.state.busy = false;
        }
    }

    words(group) {
        return this.state.open[group.key] ? group.words : group.words.slice(0, FEW_WORDS);
    }

    hidden(group) {
        return group.words.length - this.words(group).length;
    }

    async show(group, word) {
        if (this.state.word?.id === word.id) {
            this.state.word = null;
            return;
        }
        const examples = await this.orm.call("scm.feedback.word", "get_examples", [[word.id]]);
        Object.assign(this.state, { word: { ...word, group: group.key }, examples });
    }

    async openTexts(word) {
        this.action.doAction(await this.orm.call("scm.feedback.word", "action_open_texts", [[word.id]]));
    }

    openText(example) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "scm.feedback",
            res_id: example.id,
            views: [[false, "form"]],
        });
    }

    openStream(context = {}) {
        this.action.doAction("scm_aftersales.scm_feedback_action", { additionalContext: context });
    }

    /** Bigger where clearer; the logarithm keeps one loud word from shouting down the rest. */
    size(word) {
        return `font-size: ${Math.min(0.85 + 0.22 * Math.log2(Math.max(word.z, 2) / 2), 1.5).toFixed(2)}rem`;
    }

    /** The text cut into parts, of which those that hold the word are marked. */
    parts(text) {
        const words = this.state.word.word.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        const found = new RegExp(`(${words.join("\\W+")})`, "i");
        return text.split(found).map((part) => ({ part, mark: found.test(part) }));
    }

    percent(value, digits = 0) {
        return `${formatFloat(100 * value, { digits: [16, digits] })} %`;
    }

    number(value, digits = 0) {
        return formatFloat(value, { digits: [16, digits] });
    }

    factor(word) {
        return word.factor >= 20 ? _t("over 20 times as often") : _t("%s times as often", this.number(word.factor, 1));
    }

    wordTitle(word) {
        return _t("%(texts)s texts here (%(share)s), elsewhere %(rest)s", {
            texts: this.number(word.texts),
            share: this.percent(word.share, 1),
            rest: this.percent(word.rest_share, 1),
        });
    }

    day(value) {
        return formatDate(deserializeDateTime(value));
    }

    get learntAt() {
        return formatDateTime(deserializeDateTime(this.state.data.model.date));
    }

    get accuracyNote() {
        const { model } = this.state.data;
        return model.is_own_test
            ? _t("Cross-validation on %s own texts", this.number(model.tested))
            : _t("Cross-validation on %s shipped examples", this.number(model.tested));
    }
}

registry.category("actions").add("scm_aftersales.voice", Voice);
