"""What Python packages do with the data of `cargo xtask bench --peers`.

peers.py AutoETS|AutoTheta|granger FOLDER: reads the data in FOLDER, writes what was found beside them and prints the seconds
of processor that it took, after a warm-up that is not counted (numba compiles in it).
"""

import contextlib
import io
import os
import sys
import time
import warnings
from pathlib import Path

# One thread, said before numpy is there.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np

warnings.filterwarnings("ignore")

MONTHS, HELD_OUT, CYCLE, LAGS_MAX, WARM_UP = 60, 12, 12, 6, 8


def forecasts(kind, folder):
    """Means alone, of the model without a frame around it, which is the fastest way of the package."""
    from statsforecast import models

    series = np.fromfile(folder / "series.f64", "<f8").reshape(-1, MONTHS + HELD_OUT)[:, :MONTHS]
    model = getattr(models, kind)(season_length=CYCLE)

    def work(series):
        return np.array([model.forecast(y=values, h=HELD_OUT)["mean"] for values in series])

    return work, series


def granger(_, folder):
    """Of each pair the F of each number of lags; the function works out three more tests of each."""
    from statsmodels.tsa.stattools import grangercausalitytests

    pairs = np.fromfile(folder / "pairs.f64", "<f8").reshape(-1, 2, MONTHS)

    def work(pairs):
        tests = (grangercausalitytests(np.column_stack([outcome, driver]), maxlag=LAGS_MAX) for driver, outcome in pairs)
        return np.array([[test[lags][0]["ssr_ftest"][0] for lags in range(1, LAGS_MAX + 1)] for test in tests])

    return work, pairs


def main(kind, folder):
    work, data = (granger if kind == "granger" else forecasts)(kind, Path(folder))
    with contextlib.redirect_stdout(io.StringIO()):
        work(data[:WARM_UP])
        start = time.process_time()
        found = work(data)
        seconds = time.process_time() - start
    print(f"{seconds:.6f}")
    found.astype("<f8").tofile(Path(folder) / f"found-{kind}.f64")


main(*sys.argv[1:])
