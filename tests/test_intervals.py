"""Do the intervals say no more than the counts allow?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from ablacode.evaluate.intervals import Metric, percentiles, rate, resample, resampled, wilson

# Wilson's interval with z 1.96, worked out by hand: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
WILSON = {
    "nothing-known": (0, 0, 0.0, 1.0),
    "one-right": (1, 1, 0.206543, 1.0),
    "one-wrong": (0, 1, 0.0, 0.793457),
    "half-of-ten": (5, 10, 0.236590, 0.763410),
    "nine-of-ten": (9, 10, 0.595844, 0.982124),
    "all-of-a-hundred": (100, 100, 0.963005, 1.0),
    "none-of-twelve-hundred": (0, 1201, 0.0, 0.003189),
}


@pytest.mark.parametrize("name", WILSON)
def test_wilson_by_hand(name: str) -> None:
    k, n, low, high = WILSON[name]
    assert wilson(k, n) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_wilson_refuses_what_is_no_share(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(k, n)


SHARES = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES)
def test_wilson_agrees_with_scipy(share: tuple[int, int]) -> None:
    k, n = share
    other = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n, float(norm.ppf(0.975))) == pytest.approx((other.low, other.high), abs=1e-9)


@given(SHARES)
def test_wilson_holds_the_share_and_mirrors(share: tuple[int, int]) -> None:
    k, n = share
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert high - low > 0
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(SHARES)
def test_more_notes_of_the_same_kind_tell_more(share: tuple[int, int]) -> None:
    k, n = share
    low, high = wilson(k, n)
    tighter_low, tighter_high = wilson(2 * k, 2 * n)
    assert tighter_high - tighter_low < high - low


def test_a_rate_of_nothing_has_no_value() -> None:
    assert rate(0, 0) == Metric(None, 0, None, None)


def test_the_json_form_is_rounded_and_keeps_null() -> None:
    assert Metric(1 / 3, 3, 0.061492, 0.792345).to_dict() == {"value": 0.3333, "n": 3, "low": 0.0615, "high": 0.7923}
    assert rate(0, 0).to_dict() == {"value": None, "n": 0, "low": None, "high": None}


# --- resampling --------------------------------------------------------------------------------------------------

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12).map(
    lambda rows: np.array(rows, dtype=np.float64)
)


@given(COUNTS)
def test_the_same_notes_give_the_same_draws(counts: np.ndarray) -> None:
    assert np.array_equal(resample(counts, resamples=20), resample(counts.copy(), resamples=20))


def test_another_seed_gives_other_draws() -> None:
    counts = np.arange(20, dtype=np.float64).reshape(10, 2)
    assert not np.array_equal(resample(counts, seed=1), resample(counts, seed=2))


@given(COUNTS)
def test_notes_are_drawn_whole_and_as_many_as_there_are(counts: np.ndarray) -> None:
    # The third column sums the first two, the fourth counts notes: both hold only if notes stay whole.
    wide = np.column_stack([counts, counts.sum(axis=1), np.ones(len(counts))])
    drawn = resample(wide, resamples=50)
    assert drawn.shape == (50, 4)
    assert np.array_equal(drawn[:, 2], drawn[:, 0] + drawn[:, 1])
    assert np.all(drawn[:, 3] == len(counts))


def test_draws_scatter_as_they_should() -> None:
    counts = np.array([[0.0]] * 60 + [[1.0]] * 40)
    drawn = resample(counts, resamples=4000)[:, 0]
    assert float(drawn.mean()) == pytest.approx(40, abs=0.4)
    assert float(drawn.std()) == pytest.approx(math.sqrt(100 * 0.4 * 0.6), abs=0.25)


def test_no_notes_no_totals() -> None:
    assert np.array_equal(resample(np.zeros((0, 2)), resamples=3), np.zeros((3, 2)))


PERCENTILES = {
    "plain": (list(range(101)), (2.5, 97.5)),
    "draws-without-the-thing": ([math.nan, *range(101), math.nan], (2.5, 97.5)),
    "nothing-but-nan": ([math.nan, math.nan], None),
    "no-spread": ([0.7, 0.7, 0.7], None),
}


@pytest.mark.parametrize("name", PERCENTILES)
def test_percentiles(name: str) -> None:
    values, expected = PERCENTILES[name]
    found = percentiles(np.array(values, dtype=np.float64))
    assert found == (None if expected is None else pytest.approx(expected))


def test_all_right_in_ten_notes_is_not_certain() -> None:
    # Resampling ten perfect notes gives 1 every time; that is no proof of perfection.
    assert resampled(1.0, 300, np.ones(50), 10) == Metric(1.0, 300, *wilson(10, 10))


def test_clustered_mistakes_widen_the_interval() -> None:
    """Ten notes of ten mentions: one note all wrong tells less than one mention wrong in every note."""
    clustered = np.array([[10.0, 10.0]] * 9 + [[0.0, 10.0]])
    even = np.array([[9.0, 10.0]] * 10)
    scattered = np.array([[10.0, 10.0]] * 5 + [[8.0, 10.0]] * 5)
    assert clustered[:, 0].sum() == even[:, 0].sum() == scattered[:, 0].sum() == 90
    widths = []
    for counts in (clustered, scattered):
        drawn = resample(counts)
        metric = resampled(0.9, 100, drawn[:, 0] / drawn[:, 1], 10)
        assert metric.low is not None and metric.high is not None
        widths.append(metric.high - metric.low)
    assert widths[0] > 2 * widths[1]
