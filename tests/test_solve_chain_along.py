"""Many times at once are those times one by one."""

import numpy as np
import pytest

from standoff.solve.chain import Curve, along


@pytest.mark.parametrize("rate", [0.0, 0.01, 1.0, 7.5])
def test_along_is_at_for_each_time(rate: float) -> None:
    jumps = 1 - 0.9 ** np.arange(400)
    curve = Curve(rate, jumps if rate else jumps[5:6])
    days = np.linspace(0, 40, 23)
    expected = [curve.at(float(day)) for day in days]
    np.testing.assert_allclose(along(curve, days), expected, atol=1e-13)
