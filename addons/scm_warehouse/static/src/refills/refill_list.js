import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** Refills of pick faces, with a button that looks at all faces now. */
export class RefillListController extends ListController {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.notification = useService("notification");
    }

    async look() {
        const made = await this.orm.call("scm.pick.face", "propose_all", []);
        this.notification.add(_t("%(now)s to fill before the orders are picked, %(soon)s soon, %(empty)s without bulk.", made), {
            type: made.now || made.empty ? "warning" : "success",
        });
        await this.model.load();
    }
}

registry.category("views").add("scm_refill_list", {
    ...listView,
    Controller: RefillListController,
    buttonTemplate: "scm_warehouse.RefillButtons",
});
