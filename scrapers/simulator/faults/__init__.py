"""Everything that goes wrong with venues: `FAULTS` is the table of it by name, `FaultScript` says when."""

from . import answers, bodies, documents, figures, orders, streams  # noqa: F401 - their faults enter the table on import
from .script import FaultRule, FaultScript, UnknownFault, demo_script
from .table import FAULTS, Fault, Layer

__all__ = ["FAULTS", "Fault", "FaultRule", "FaultScript", "Layer", "UnknownFault", "demo_script"]
