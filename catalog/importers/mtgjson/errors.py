"""Why an MTGJSON import is refused as a whole. Single bad rows are counted in the report instead."""

from common.errors import InvalidInput


class MtgjsonFileError(InvalidInput):
    """The source cannot be read, is truncated or corrupt, or is not an MTGJSON file. Nothing was written."""

    default_code = "mtgjson_file_unreadable"


class UnknownSets(InvalidInput):
    """Sets were asked for that the source does not hold: a mistake of the caller. Nothing was written."""

    default_code = "unknown_sets"
