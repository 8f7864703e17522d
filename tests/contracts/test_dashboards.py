"""The dashboards in the addon are those that tools/dashboards describes."""
import importlib
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'tools'))
boards = importlib.import_module('dashboards.boards')
main = importlib.import_module('dashboards.__main__')


@pytest.mark.parametrize('board', boards.BOARDS, ids=lambda board: board.code)
def test_written_as_described(board):
    assert main.path(board).read_text() == main.text(board), 'call `python -m dashboards` in tools/'
