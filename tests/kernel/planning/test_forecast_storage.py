"""A forecast kept as bytes comes back the same, and rows for binary COPY are laid out as its manual says."""

import struct
from datetime import date

import numpy as np
import pytest

from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast
from scm_kernels.planning.intervals import lead_time_demand
from scm_kernels.planning.pgcopy import binary_rows
from scm_kernels.planning.spool import pack, unpack


@pytest.fixture(scope="module")
def made():
    draw = np.random.default_rng(3)
    quantity = draw.poisson(draw.uniform(0.2, 9, (12, 1)), (12, 80)).astype(float)
    quantity[3] = np.nan
    options = ForecastOptions(horizon=6, levels=(0.05, 0.5, 0.95), methods=(*[None] * 11, "mean13"))
    return forecast(DemandPanel(quantity, date(2025, 1, 6), group=np.arange(12) % 3), options)


def test_round_trip(made):
    keys = [(number, 7) for number in range(12)]
    back_keys, back, extra = unpack(pack(keys, made, {"recent": np.arange(12.0)}))
    assert back_keys == keys
    for name in ("mean", "quantile", "sigma", "weights", "season_factor", "event_factor", "bias_factor", "expected"):
        np.testing.assert_array_equal(getattr(back, name), getattr(made, name))
    assert (back.levels, back.methods, back.fixed) == (made.levels, made.methods, made.fixed)
    assert back.pattern.tolist() == list(made.pattern)
    assert back.backtest.total("ours") == made.backtest.total("ours")
    assert {name: flags.tolist() for name, flags in back.flags.items()} == {
        name: np.asarray(flags).tolist() for name, flags in made.flags.items()
    }
    np.testing.assert_array_equal(extra["recent"], np.arange(12.0))


def test_lead_time_demand_of_a_kept_forecast_is_the_same(made):
    _keys, back, _extra = unpack(pack([(number, 1) for number in range(12)], made))
    for kept, fresh in zip(lead_time_demand(back, 2.5, 0.95), lead_time_demand(made, 2.5, 0.95), strict=True):
        np.testing.assert_array_equal(kept, fresh)


def test_bytes_are_the_same_each_time(made):
    keys = [(number, 1) for number in range(12)]
    assert unpack(pack(keys, made))[1].mean.tobytes() == unpack(pack(keys, made))[1].mean.tobytes()


def test_layout_of_binary_rows():
    raw = binary_rows([("int4", [5]), ("date", [np.datetime64("2000-01-03")]), ("float8", [1.5])])
    header, row, end = raw[:19], raw[19:-2], raw[-2:]
    assert header.startswith(b"PGCOPY\n\xff\r\n\x00")
    assert struct.unpack(">hiiiiid", row) == (3, 4, 5, 4, 2, 8, 1.5)
    assert struct.unpack(">h", end) == (-1,)


def test_binary_rows_refuse_what_cannot_be_written():
    with pytest.raises(ValueError, match="finite"):
        binary_rows([("float8", [float("nan")])])
    with pytest.raises(ValueError, match="equally long"):
        binary_rows([("int4", [1]), ("int4", [1, 2])])
    with pytest.raises(ValueError, match="kind"):
        binary_rows([("text", ["a"])])
