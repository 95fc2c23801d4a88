"""Whether the chance of profit that executions were made with came true."""

from typing import Final

from django.db import connection

from quant.calibration import Calibration, Forecast, calibrate

_FORECASTS: Final = """
SELECT probability_of_profit, count(*), count(*) FILTER (WHERE realised_profit > 0)
  FROM executions
 WHERE state = 'settled' AND probability_of_profit IS NOT NULL AND realised_profit IS NOT NULL
 GROUP BY 1 ORDER BY 1
"""


def execution_calibration() -> Calibration:
    """Return how often settled executions brought a profit, by the chance that was stated of one product.

    One statement; its rows are bounded by the four places of a probability.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORECASTS)
        return calibrate(Forecast(*row) for row in cursor.fetchall())
