"""Runs inside Odoo's shell: the main job once, with progress, and the summary that make demo prints."""
import os
import sys

sys.path.insert(0, os.getcwd())
try:
    from tools.main_job import run, summary
    from tools.progress import Progress

    progress = Progress()
    run(env, progress)  # noqa: F821
    progress.end()
    with open(os.environ['SCM_SUMMARY'], 'w') as out:
        out.write(summary(env))  # noqa: F821
    env.cr.commit()  # noqa: F821
except BaseException:
    import traceback
    traceback.print_exc()
    os._exit(1)
