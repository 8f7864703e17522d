import { newKey } from "../outbox/outbox_service";

const { DateTime } = luxon;

/** What tells two things in a place apart: product, lot, package, owner. */
export function itemKey(item) {
    return [item.product_id, item.lot_id || item.lot || "", item.package_id || "", item.owner_id || ""].join("/");
}

/** Whether a code is that of a place of the round: its barcode, or its name as painted on the rack. */
export function isPlace(task, code) {
    const typed = code.trim().toLowerCase();
    return [task.barcode, task.place, task.path].some((name) => name && name.toLowerCase() === typed);
}

/** Items of a list that a code stands for, each with the units in what was scanned. */
export function matches(items, code) {
    const byLot = items.filter((item) => item.lot && item.lot === code);
    if (byLot.length) {
        return byLot.map((item) => ({ item, factor: 1, unit: item.unit }));
    }
    const byCode = items.filter((item) => item.codes[code]);
    if (byCode.length) {
        return byCode.map((item) => ({ item, factor: item.codes[code][0], unit: item.codes[code][1] }));
    }
    return items
        .filter((item) => item.code === code || item.package === code)
        .map((item) => ({ item, factor: 1, unit: item.unit }));
}

/** What one counter has found in one place so far. Lives in the page; each entry is on its way to the server too. */
export class PlaceWork {
    constructor(task) {
        this.task = task;
        this.items = [...task.items];
        this.counts = {};
        this.isHere = false;
        this.photo = null;
        this.note = "";
        this.end = "";
        this.message = "";
        for (const entry of task.entries) {
            this.add(entry);
            this.counts[itemKey(entry)] = { quantity: entry.quantity, entry: null };
            this.isHere = true;
        }
    }

    /** Put something into the list that was not on it. */
    add(item) {
        const known = this.items.find((one) => itemKey(one) === itemKey(item));
        if (!known) {
            this.items.push({ ...item, isExtra: true });
        }
        return known || this.items.at(-1);
    }

    quantity(item) {
        return this.counts[itemKey(item)]?.quantity;
    }

    get missing() {
        return this.items.filter((item) => this.quantity(item) === undefined);
    }

    get countedItems() {
        return this.items.filter((item) => this.quantity(item) !== undefined);
    }

    get hasGoods() {
        return Object.values(this.counts).some((count) => count.quantity > 0);
    }

    /** The entry of a count, as the server wants it; kept so that the end of the place can send it once more. */
    count(item, quantity, offset, barcode = "") {
        const entry = {
            uuid: newKey(),
            task_id: this.task.id,
            product_id: item.product_id,
            lot_id: item.lot_id || false,
            lot_name: item.lot_id ? false : item.lot || false,
            package_id: item.package_id || false,
            owner_id: item.owner_id || false,
            quantity,
            barcode,
            ...stamp(offset),
        };
        this.counts[itemKey(item)] = { quantity, entry };
        return entry;
    }

    /** What ends the place. */
    finish(offset, isEmpty) {
        const entries = Object.values(this.counts).flatMap((count) => (count.entry ? [count.entry] : []));
        return {
            uuid: newKey(),
            task_id: this.task.id,
            entries,
            is_empty: isEmpty,
            note: this.note.trim(),
            photo: this.photo ? this.photo.data : false,
            ...stamp(offset),
        };
    }

    /** Take back what waits on this phone since before the page was loaded. */
    restore(entries) {
        for (const entry of entries) {
            const item = this.items.find((one) => itemKey(one) === itemKey({ ...entry, lot: entry.lot_name }));
            if (item) {
                this.counts[itemKey(item)] = { quantity: entry.quantity, entry };
                this.isHere = true;
            }
        }
    }
}

/** Moment on the phone, and the seconds by which its clock is wrong. */
export function stamp(offset) {
    return { moment: DateTime.utc().toFormat("yyyy-MM-dd HH:mm:ss"), clock_offset: offset };
}

/** Seconds to add to the phone's clock to have the server's. */
export function clockOffset(serverNow) {
    return DateTime.fromSQL(serverNow, { zone: "utc" }).diff(DateTime.utc()).as("seconds");
}
