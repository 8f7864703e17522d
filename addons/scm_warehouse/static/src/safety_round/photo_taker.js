import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component } from "@odoo/owl";

import { readPhoto } from "@scm_base/photo/photo";

const MOST = 6;

/** Photos of the camera or the gallery, made small on the phone; changes the list that it is given. */
export class PhotoTaker extends Component {
    static template = "scm_warehouse.PhotoTaker";
    static props = { photos: Array, label: { type: String, optional: true }, isWanted: { type: Boolean, optional: true } };

    setup() {
        this.notification = useService("notification");
    }

    get isFull() {
        return this.props.photos.length >= MOST;
    }

    async add(ev) {
        const files = [...ev.target.files].slice(0, MOST - this.props.photos.length);
        ev.target.value = "";
        for (const file of files) {
            try {
                this.props.photos.push(await readPhoto(file));
            } catch {
                this.notification.add(_t("%s is no picture.", file.name), { type: "warning" });
            }
        }
    }

    drop(index) {
        this.props.photos.splice(index, 1);
    }
}
