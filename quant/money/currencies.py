"""Which currencies exist and how many decimal places each has."""

from types import MappingProxyType

_ISO_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF
CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
TWD TZS UAH UGX USD UYI UYU UYW UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_WITH_FOUR = "CLF UYW"
_ISO_EXPONENTS = {
    code: exponent
    for codes, exponent in ((_WITHOUT_DECIMALS, 0), (_WITH_THREE, 3), (_WITH_FOUR, 4))
    for code in codes.split()
}
_ASSET_EXPONENTS = {"BTC": 8, "ETH": 18, "SOL": 9, "USDC": 6, "USDT": 6}

EXPONENTS = MappingProxyType(
    {code: _ISO_EXPONENTS.get(code, 2) for code in _ISO_CODES.split()} | _ASSET_EXPONENTS,
)
"""Decimal places by currency code: ISO 4217's active currencies and a few crypto assets."""


class UnknownCurrency(ValueError):
    """A code that is neither an active ISO 4217 currency nor one of the known assets."""

    def __init__(self, code: object) -> None:
        super().__init__(f"unknown currency {code!r}")
        self.code = code


def currency_exponent(code: str) -> int:
    """Say how many decimal places amounts of a currency have.

    Args:
        code: an upper-case ISO 4217 code, or the ticker of a known crypto asset.

    Raises:
        UnknownCurrency: if the code is not in the table; there is no default.
    """
    try:
        return EXPONENTS[code]
    except (KeyError, TypeError):
        raise UnknownCurrency(code) from None
