"""What the trading app refuses, each with a stable code."""

from common.errors import DomainError, InvalidInput, NotFound


class TradingRefused(DomainError):
    """Base of the expected refusals of this app."""

    default_code = "trading_refused"


class LiveNotAvailable(TradingRefused):
    """There is no broker for real money: only paper exists."""

    default_code = "live_not_available"


class DisclaimerNotAccepted(TradingRefused, InvalidInput):
    """Nobody acts without having accepted what the disclaimer says."""

    default_code = "disclaimer_not_accepted"


class FiguresMoved(TradingRefused):
    """The figures are no longer those the trader saw; `details` has both and the reasons."""

    default_code = "figures_moved"


class AlreadyExecuted(TradingRefused):
    """Somebody acted on this opportunity before."""

    default_code = "already_executed"


class NotEnoughOffered(TradingRefused):
    """Fewer products are offered than are wanted."""

    default_code = "not_enough_offered"


class NeedsReview(TradingRefused):
    """Too good to be true: a person must look at it first."""

    default_code = "needs_review"


class StalePrice(TradingRefused):
    """A price behind the figures is too old by the database's clock."""

    default_code = "stale_price"


class LimitExceeded(TradingRefused):
    """An exposure limit has no room; `details` names the limit, what is used and the ceiling."""

    default_code = "limit_exceeded"


class KillSwitchIsEngaged(TradingRefused):
    """A kill switch stops new executions; closing what is open stays possible."""

    default_code = "kill_switch_engaged"


class AlreadyEngaged(TradingRefused):
    """The same kill switch is engaged already."""

    default_code = "kill_switch_already_engaged"


class AlreadyReleased(TradingRefused):
    """The kill switch is released already."""

    default_code = "kill_switch_already_released"


class SecondPersonNeeded(TradingRefused):
    """Releasing a kill switch takes two different people."""

    default_code = "second_person_needed"


class UnknownSubject(TradingRefused, InvalidInput):
    """A kill switch names a user or source that does not exist."""

    default_code = "unknown_subject"


class ExecutionNotFound(TradingRefused, NotFound):
    """There is no such execution."""

    default_code = "execution_not_found"


class KillSwitchNotFound(TradingRefused, NotFound):
    """There is no such kill switch."""

    default_code = "kill_switch_not_found"


class LimitNotFound(TradingRefused, NotFound):
    """There is no such limit."""

    default_code = "limit_not_found"


class ExecutionClosed(TradingRefused):
    """The execution is settled, cancelled or failed: nothing can be done with it any more."""

    default_code = "execution_closed"


class AlreadySelling(TradingRefused):
    """Something of the execution was sold, so that it cannot be cancelled."""

    default_code = "already_selling"


class AlreadyOpened(TradingRefused):
    """Products of the execution were opened, so that it cannot be cancelled: the luck of a draw stays."""

    default_code = "already_opened"


class OpeningRefused(TradingRefused):
    """What was pulled cannot be entered; the code and `details` say why."""

    default_code = "opening_refused"


class SaleRefused(TradingRefused):
    """A sale of pulled cards cannot be entered; the code and `details` say why."""

    default_code = "sale_refused"


class LedgerEntryInvalid(TradingRefused, InvalidInput):
    """A figure of an opening or a sale can never be right."""

    default_code = "ledger_entry_invalid"


class SpreadGone(TradingRefused):
    """The gap between the two venues is closed, or does not pay any more."""

    default_code = "spread_gone"


class SpreadNotFound(TradingRefused, NotFound):
    """There is no such cross-venue opportunity."""

    default_code = "spread_not_found"


class StaleQuote(TradingRefused):
    """A venue shows no fresh price of a leg."""

    default_code = "stale_quote"


class RouteGated(TradingRefused):
    """Region, currency, venue or kind of signal may not be traded here."""

    default_code = "route_gated"


class QuantityInvalid(TradingRefused, InvalidInput):
    """A quantity that can never be traded."""

    default_code = "quantity_invalid"


class NotStuck(TradingRefused):
    """The execution does not wait for a person."""

    default_code = "not_stuck"
