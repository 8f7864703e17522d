import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// live chats are there only where im_livechat is installed; the command waits for them
registry.category("discuss.channel_commands").add("ticket", {
    channel_types: ["livechat", "chat", "group"],
    help: _t("Make a ticket of this conversation"),
    methodName: "execute_command_scm_ticket",
});
