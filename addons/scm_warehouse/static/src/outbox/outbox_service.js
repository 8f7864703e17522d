import { ConnectionAbortedError, ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { session } from "@web/session";
import { EventBus, reactive } from "@odoo/owl";
import { OutboxStore } from "./outbox_store";

const [FIRST_WAIT, LONGEST_WAIT, PATIENCE, LATE, TRIES] = [2_000, 60_000, 30_000, 3_000, 6];
/** What a person has to look at: sending it again would be refused again. */
const FINAL = /\.(UserError|ValidationError|AccessError|MissingError|RedirectWarning|AccessDenied)$/;

/** A key for a call; `crypto.randomUUID` is missing where the page is served without TLS. */
export function newKey() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Calls to the server that may wait: they are kept in the browser first, then sent in their order, again and again
 * until the server has answered. A page that is loaded anew goes on with what is left. The server must keep the key
 * of each call, since one whose answer was lost is sent twice.
 *
 * Calls belong to the user and database that made them: whoever logs in next on the same phone sends none of them.
 */
export class Outbox {
    constructor() {
        this.bus = new EventBus();
        this.state = reactive({ pending: 0, failed: 0, isOnline: navigator.onLine, isSending: false, isLate: false, isLasting: true, rows: [] });
        this.wait = FIRST_WAIT;
        this.ready = this._start();
    }

    /**
     * Keep a call and try to send it.
     *
     * @param {{key: string, model: string, method: string, args?: Array, kwargs?: Object, label?: string}} call
     *     `key`: from `newKey()`; `args`: as for `orm.call`; `label`: what the user reads of it while it waits
     * @returns {Promise<{status: "sent"|"waiting"|"refused", result?: any, message?: string}>} when it is kept and
     *     was tried once. Later ends of a waiting call come over `bus`: events `sent` and `refused` with
     *     `{key, model, method, result | message}` as detail
     */
    async send({ key, model, method, args = [], kwargs = {}, label = "" }) {
        await this.ready;
        const owner = { userId: user.userId, database: session.db };
        const row = {
            key, model, method, args, kwargs, label, ...owner, number: this._number(), context: { ...user.context },
            tries: 0, message: "", isRefused: false,
        };
        await this.store.put(JSON.parse(JSON.stringify(row)));
        await this._refresh();
        let end = { status: "waiting" };
        const note = ({ type, detail }) => detail.key === key && (end = { status: type, ...detail });
        for (const type of ["sent", "refused"]) {
            this.bus.addEventListener(type, note);
        }
        await this.flush();
        for (const type of ["sent", "refused"]) {
            this.bus.removeEventListener(type, note);
        }
        return end;
    }

    /** Send what waits, in its order; stops where the connection is lost. */
    flush() {
        this.again = Boolean(this.running);
        this.running ||= this._exclusively(() => this._sendAll()).finally(async () => {
            this.running = null;
            if (this.again) {
                await this.flush();
            }
        });
        return this.running;
    }

    /** Try once more what was refused, for instance after a right was given. */
    async retry(key) {
        const row = this.state.rows.find((one) => one.key === key);
        if (row) {
            await this.store.put({ ...JSON.parse(JSON.stringify(row)), isRefused: false, tries: 0, message: "" });
            await this._refresh();
            await this.flush();
        }
    }

    /** Forget a call: only what the user has read and given up. */
    async discard(key) {
        await this.store.drop(key);
        await this._refresh();
    }

    // How it works

    async _start() {
        this.store = await OutboxStore.open();
        this.state.isLasting = this.store.isLasting;
        window.addEventListener("online", () => this._onConnection(true));
        window.addEventListener("offline", () => this._onConnection(false));
        document.addEventListener("visibilitychange", () => !document.hidden && this.state.pending && this.flush());
        await this._refresh();
        if (this.state.pending) {
            // not awaited: what is sent first must be able to wait for the start
            setTimeout(() => this.flush());
        }
    }

    _onConnection(isOnline) {
        this.state.isOnline = isOnline;
        this.wait = FIRST_WAIT;
        return isOnline ? this.flush() : undefined;
    }

    _number() {
        this.last = Math.max(Date.now(), (this.last || 0) + 1);
        return this.last;
    }

    /** One tab sends at a time, where the browser can see to it; the keys protect where it cannot. */
    _exclusively(work) {
        return navigator.locks ? navigator.locks.request("scm_outbox", work) : work();
    }

    async _own() {
        const rows = await this.store.all();
        return rows.filter((row) => row.userId === user.userId && row.database === session.db);
    }

    async _refresh() {
        const rows = await this._own();
        this.state.rows = rows;
        this.state.pending = rows.filter((row) => !row.isRefused).length;
        this.state.failed = rows.length - this.state.pending;
    }

    async _sendAll() {
        await this.ready;
        this.state.isSending = true;
        // a bar that comes and goes with each call would move what people are about to tap
        const late = setTimeout(() => (this.state.isLate = true), LATE);
        let isStuck = false;
        try {
            for (const row of await this._own()) {
                if (!row.isRefused && !(await this._sendOne(row))) {
                    isStuck = true;
                    this._later();
                    break;
                }
            }
        } finally {
            clearTimeout(late);
            this.state.isSending = false;
            await this._refresh();
            this.state.isLate = isStuck;
        }
    }

    /** Whether to go on with the next one. */
    async _sendOne(row) {
        const { key, model, method } = row;
        try {
            const result = await this._call(row);
            await this.store.drop(key);
            this._reached();
            this.bus.trigger("sent", { key, model, method, result });
            return true;
        } catch (error) {
            if (this._isConnection(error)) {
                this.state.isOnline = false;
                return false;
            }
            return this._refused(row, error);
        }
    }

    async _refused(row, error) {
        this._reached();
        const message = error.data?.message || error.message || String(error);
        // a fault of the server may be gone in a minute; a refusal will not
        const isRefused = FINAL.test(error.exceptionName || "") || row.tries + 1 >= TRIES;
        await this.store.put({ ...row, tries: row.tries + 1, message, isRefused });
        if (isRefused) {
            this.bus.trigger("refused", { key: row.key, model: row.model, method: row.method, message });
        }
        return isRefused;
    }

    _reached() {
        this.state.isOnline = true;
        this.wait = FIRST_WAIT;
    }

    _isConnection(error) {
        return (
            error instanceof ConnectionLostError ||
            error instanceof ConnectionAbortedError ||
            error.exceptionName === "odoo.http.SessionExpiredException"
        );
    }

    /** The call, given up after half a minute: on a bad line a request may hang for ever. */
    async _call(row) {
        const { model, method, args, kwargs, context } = row;
        const request = rpc(
            `/web/dataset/call_kw/${model}/${method}`,
            { model, method, args, kwargs: { ...kwargs, context: { ...context, ...kwargs.context } } },
            { silent: true }
        );
        const timer = setTimeout(() => request.abort(), PATIENCE);
        try {
            return await request;
        } finally {
            clearTimeout(timer);
        }
    }

    _later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.flush(), this.wait * (0.75 + Math.random() / 2));
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }
}

export const outboxService = {
    start() {
        return new Outbox();
    },
};

registry.category("services").add("scm_outbox", outboxService);
