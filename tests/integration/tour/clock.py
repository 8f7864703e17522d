"""Odoo with a clock that a test moves: ``python clock.py <file> <arguments of Odoo>``.

The file, empty at first, holds the moment (UTC, ISO text); each new moment is taken up at once and written to
``<file>.now``. From there the clock ticks on. PostgreSQL keeps its own time, which only ``create_date`` and
``write_date`` come from.
"""

import sys
import threading
import time
from pathlib import Path


def follow(asked: Path, taken: Path):
    """Move the clock whenever another moment is asked for. It is stopped late: libraries in C load under real time."""
    from freezegun import freeze_time

    factory, known = None, ""
    while True:
        moment = asked.read_text()
        if moment and moment != known:
            if factory:
                factory.move_to(moment)
            else:
                factory = freeze_time(moment, tick=True).start()
                _let_rpc_send_frozen_days()
            taken.write_text(moment)
            known = moment
        time.sleep(0.02)


def _let_rpc_send_frozen_days():
    """XML-RPC looks up the exact class of what it sends."""
    import datetime

    rpc = sys.modules.get("odoo.addons.rpc.controllers.xmlrpc")
    dispatch = rpc.OdooMarshaller.dispatch if rpc else {}
    for kind in (datetime.date, datetime.datetime):
        real = next((one for one in kind.__mro__[1:] if one in dispatch), None)
        if real:
            dispatch[kind] = dispatch[real]


def main():
    asked = Path(sys.argv.pop(1))
    from odoo.cli.command import main as odoo

    threading.Thread(target=follow, args=(asked, asked.with_suffix(".now")), daemon=True).start()
    odoo()


if __name__ == "__main__":
    main()
