"""Speed and memory of the forecast engine beside what a user can pick today, one core, one run.

    python benchmarks/speed.py [--quick]

Simulated weekly items, 156 weeks, half of them born within the history; each engine in its own process, so that peak
memory is its own.  Ours includes quantiles per period, back-test and quantiles over the lead time.
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
for variable in THREADS:
    os.environ[variable] = "1"

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import kernels

kernels.install()

WEEKS = 156
HORIZON = 13
SEED = 20261123
START = date(2023, 1, 2)
GROWTH = (1_000, 3_000, 10_000, 30_000, 100_000)
SAMPLES = {
    "ours": 20_000,
    "SES": 3_000,
    "TSB": 3_000,
    "IMAPA": 3_000,
    "AutoETS": 150,
    "frepple": 400,
    "statsmodels": 30,
}
MODELS = {"SES": "SimpleExponentialSmoothing"}
LABELS = {
    "ours": "**ours, all quantiles and back-test**",
    "SES": "statsforecast SES",
    "TSB": "statsforecast TSB",
    "IMAPA": "statsforecast IMAPA",
    "AutoETS": "statsforecast AutoETS",
    "frepple": "frePPLe's rule set (Python)",
    "statsmodels": "statsmodels ETS, best of two",
}


def items(count):
    """Demand of ``count`` items, float32 (n, 156): gamma-Poisson with very different volumes."""
    random = np.random.default_rng(SEED)
    quantity = np.empty((count, WEEKS), np.float32)
    for first in range(0, count, 5000):
        part = quantity[first : first + 5000]
        mean = random.lognormal(0.5, 1.5, (len(part), 1))
        part[:] = random.poisson(mean * random.gamma(2.0, 0.5, part.shape))
        born = np.where(random.random(len(part)) < 0.5, 0, random.integers(0, 100, len(part)))
        part[np.arange(WEEKS)[None] < born[:, None]] = np.nan
    return quantity


def run_ours(quantity):
    from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
    from scm_kernels.planning.forecast import forecast
    from scm_kernels.planning.intervals import lead_time_demand

    panel = DemandPanel(quantity, START, group=np.arange(len(quantity)) % 40)
    result = forecast(panel, ForecastOptions(horizon=HORIZON))
    lead_time_demand(result, 3.4, 0.95)


def run_statsforecast(name):
    def run(quantity):
        from statsforecast import models

        options = {"SES": {"alpha": 0.1}, "TSB": {"alpha_d": 0.1, "alpha_p": 0.1}, "AutoETS": {"season_length": 1}}
        for values in quantity:
            model = getattr(models, MODELS.get(name, name))(**options.get(name, {}))
            model.forecast(y=values[np.isfinite(values)].astype(np.float64), h=HORIZON)

    return run


def run_frepple(quantity):
    import frepple_rules

    frepple_rules.forecast(quantity.astype(np.float64), HORIZON)


def run_statsmodels(quantity):
    from scm_kernels.planning import reference

    reference.ets(quantity.astype(np.float64), HORIZON)


RUNS = {
    "ours": run_ours,
    "SES": run_statsforecast("SES"),
    "TSB": run_statsforecast("TSB"),
    "IMAPA": run_statsforecast("IMAPA"),
    "AutoETS": run_statsforecast("AutoETS"),
    "frepple": run_frepple,
    "statsmodels": run_statsmodels,
}


def measure(name, count):
    """Run one engine in this process; wall and processor seconds, peak memory above the input in MB."""
    quantity = items(count)
    RUNS[name](quantity[:20])
    before = _memory_now()
    wall, processor = time.perf_counter(), time.process_time()
    RUNS[name](quantity)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": wall, "processor": processor, "peak": peak, "extra": peak - before}


def _memory_now():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def in_own_process(name, count):
    command = [sys.executable, __file__, "--one", name, str(count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="smaller samples, growth to 10,000 only")
    parser.add_argument("--one", nargs=2, metavar=("ENGINE", "SERIES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one[0], int(arguments.one[1]))))
        return
    share = 5 if arguments.quick else 1
    print("## Forecast speed\n\nOne core, 156 weeks, 13 ahead; processor seconds, so that other load does not count.\n")
    print("| engine | series | processor s | series per second |\n|---|---|---|---|", flush=True)
    for name, count in SAMPLES.items():
        count = max(10, count // share)
        found = in_own_process(name, count)
        rate = count / found["processor"]
        print(f"| {LABELS[name]} | {count:,} | {found['processor']:.2f} | {rate:,.0f} |", flush=True)
    print("\n### Growth of our engine\n")
    print("| series | wall s | processor s | series per second | peak MB | of which beyond the input and program |")
    print("|---|---|---|---|---|---|", flush=True)
    for count in GROWTH[: 3 if arguments.quick else None]:
        found = in_own_process("ours", count)
        rate = count / found["processor"]
        print(
            f"| {count:,} | {found['wall']:.2f} | {found['processor']:.2f} | {rate:,.0f} | {found['peak']:.0f} "
            f"| {found['extra']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
