"""Write the dashboards: ``python -m dashboards`` in this folder's parent."""

import json
from pathlib import Path

from .boards import BOARDS
from .sheet import build

TARGET = Path(__file__).resolve().parents[2] / "addons/scm_analytics/data/files"


def text(dashboard):
    return json.dumps(build(dashboard), indent=1, ensure_ascii=False) + "\n"


def path(dashboard):
    return TARGET / f"scm_{dashboard.code}_dashboard.json"


if __name__ == "__main__":
    for board in BOARDS:
        path(board).write_text(text(board))
