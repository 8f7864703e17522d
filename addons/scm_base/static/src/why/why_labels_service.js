import { registry } from "@web/core/registry";

/** Words for the codes in why records, read once per page load. */
export const whyLabelsService = {
    dependencies: ["orm"],
    start(env, { orm }) {
        let promise = null;
        return {
            load() {
                promise ??= orm.silent.call("scm.why", "labels", []).catch((error) => {
                    // the next click tries again
                    promise = null;
                    throw error;
                });
                return promise;
            },
        };
    },
};

registry.category("services").add("scm_why_labels", whyLabelsService);
