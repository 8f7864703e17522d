const [NAME, VERSION, CALLS] = ["scm_outbox", 1, "calls"];

function asPromise(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/** Calls kept in the browser (IndexedDB), or in memory where the browser keeps nothing (private windows). */
export class OutboxStore {
    /** @returns {Promise<OutboxStore>} */
    static async open() {
        const store = new OutboxStore();
        store.memory = new Map();
        try {
            const request = window.indexedDB.open(NAME, VERSION);
            request.onupgradeneeded = () => request.result.createObjectStore(CALLS, { keyPath: "key" });
            store.database = await asPromise(request);
        } catch {
            store.database = null;
        }
        return store;
    }

    get isLasting() {
        return Boolean(this.database);
    }

    async put(row) {
        if (!this.database) {
            this.memory.set(row.key, row);
            return;
        }
        await this._change((calls) => calls.put(row));
    }

    async drop(key) {
        this.memory.delete(key);
        if (this.database) {
            await this._change((calls) => calls.delete(key));
        }
    }

    /** All calls, oldest first. */
    async all() {
        const rows = this.database
            ? await asPromise(this.database.transaction(CALLS).objectStore(CALLS).getAll())
            : [...this.memory.values()];
        return rows.sort((one, other) => one.number - other.number);
    }

    /** Resolves when it is on the disk, not before: what the user sees as kept has to be kept. */
    _change(work) {
        return new Promise((resolve, reject) => {
            const transaction = this.database.transaction(CALLS, "readwrite");
            work(transaction.objectStore(CALLS));
            transaction.oncomplete = () => resolve();
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
        });
    }
}
