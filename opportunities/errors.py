"""What the opportunities app refuses, each with a stable code."""

from common.errors import DomainError, InvalidInput, NotFound, TemporarilyUnavailable


class OpportunityError(DomainError):
    """Base of the expected refusals of this app."""

    default_code = "opportunity_refused"


class AnalysisBusy(OpportunityError, TemporarilyUnavailable):
    """Another analysis is running; two would overwrite each other's verdicts."""

    default_code = "analysis_running"


class AlertNotDelivered(OpportunityError, TemporarilyUnavailable):
    """A notification channel refused the alert or did not answer."""

    default_code = "alert_not_delivered"


class OpportunityNotFound(OpportunityError, NotFound):
    """There is no such opportunity."""

    default_code = "opportunity_not_found"


class OpportunityClosed(OpportunityError):
    """The opportunity is no longer active."""

    default_code = "opportunity_closed"


class NotSealed(OpportunityError, InvalidInput):
    """Only sealed products have contents to value."""

    default_code = "not_sealed"


class RecomputationImpossible(OpportunityError):
    """An input of a stored figure is gone or was changed, so the figure cannot be computed again."""

    default_code = "recomputation_impossible"


class ValueOptionRefused(OpportunityError, InvalidInput):
    """An assumption of a valuation is out of range or unknown."""

    default_code = "value_option_refused"


class BacktestRefused(OpportunityError, InvalidInput):
    """An assumption of a back-test is out of range or unknown."""

    default_code = "backtest_refused"


class BacktestNotFound(OpportunityError, NotFound):
    """There is no such back-test."""

    default_code = "backtest_not_found"


class ScenarioRefused(OpportunityError):
    """A scenario cannot be kept: its name is taken, or there are too many."""

    default_code = "scenario_refused"


class FindingNotFound(OpportunityError, NotFound):
    """There is no such doubt about contents."""

    default_code = "finding_not_found"


class FindingNotJudgeable(OpportunityError):
    """The doubt is resolved, or the judgement lacks its reason."""

    default_code = "finding_not_judgeable"
