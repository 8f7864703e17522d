"""Runs inside Odoo's shell, where `env` is given: the demo company."""
import os
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

sys.path.insert(0, os.getcwd())
try:
    from tools import demo_data
    from tools.progress import Progress

    progress = Progress()
    # the company's own day: in the evening of Europe it is already tomorrow in Taipei, and yesterday has to have orders
    now = datetime.now(ZoneInfo('Asia/Taipei'))
    today = date.fromisoformat(os.environ.get('SCM_TODAY') or now.date().isoformat())
    demo_data.load(env, today=today, seed=19, progress=progress)  # noqa: F821
    progress.end()
    env.cr.commit()  # noqa: F821
except BaseException:
    import traceback
    traceback.print_exc()
    os._exit(1)
