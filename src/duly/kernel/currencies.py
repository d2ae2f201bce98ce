"""The currencies that money can be in, and how many decimals each has.

Source: ISO 4217 list one (SIX, the maintenance agency), edition of 2026-01-01. Every active code
with a number of decimals is here. Left out are those for which the list says "N.A.": metals (XAU,
XAG, XPD, XPT), bond market units (XBA to XBD), XDR, XSU, XUA, XTS (tests) and XXX (none): nobody
owes an invoice in them, and without decimals no amount can be exact. A test holds this table
against the maintained package `iso4217`.
"""

from types import MappingProxyType

from duly.kernel.errors import UnknownCurrency
from duly.kernel.quoting import quoted, safe_text

_TABLE = """
AED 2 UAE Dirham
AFN 2 Afghani
ALL 2 Lek
AMD 2 Armenian Dram
AOA 2 Kwanza
ARS 2 Argentine Peso
AUD 2 Australian Dollar
AWG 2 Aruban Florin
AZN 2 Azerbaijan Manat
BAM 2 Convertible Mark
BBD 2 Barbados Dollar
BDT 2 Taka
BHD 3 Bahraini Dinar
BIF 0 Burundi Franc
BMD 2 Bermudian Dollar
BND 2 Brunei Dollar
BOB 2 Boliviano
BOV 2 Mvdol
BRL 2 Brazilian Real
BSD 2 Bahamian Dollar
BTN 2 Ngultrum
BWP 2 Pula
BYN 2 Belarusian Ruble
BZD 2 Belize Dollar
CAD 2 Canadian Dollar
CDF 2 Congolese Franc
CHE 2 WIR Euro
CHF 2 Swiss Franc
CHW 2 WIR Franc
CLF 4 Unidad de Fomento
CLP 0 Chilean Peso
CNY 2 Yuan Renminbi
COP 2 Colombian Peso
COU 2 Unidad de Valor Real
CRC 2 Costa Rican Colon
CUP 2 Cuban Peso
CVE 2 Cabo Verde Escudo
CZK 2 Czech Koruna
DJF 0 Djibouti Franc
DKK 2 Danish Krone
DOP 2 Dominican Peso
DZD 2 Algerian Dinar
EGP 2 Egyptian Pound
ERN 2 Nakfa
ETB 2 Ethiopian Birr
EUR 2 Euro
FJD 2 Fiji Dollar
FKP 2 Falkland Islands Pound
GBP 2 Pound Sterling
GEL 2 Lari
GHS 2 Ghana Cedi
GIP 2 Gibraltar Pound
GMD 2 Dalasi
GNF 0 Guinean Franc
GTQ 2 Quetzal
GYD 2 Guyana Dollar
HKD 2 Hong Kong Dollar
HNL 2 Lempira
HTG 2 Gourde
HUF 2 Forint
IDR 2 Rupiah
ILS 2 New Israeli Sheqel
INR 2 Indian Rupee
IQD 3 Iraqi Dinar
IRR 2 Iranian Rial
ISK 0 Iceland Krona
JMD 2 Jamaican Dollar
JOD 3 Jordanian Dinar
JPY 0 Yen
KES 2 Kenyan Shilling
KGS 2 Som
KHR 2 Riel
KMF 0 Comorian Franc
KPW 2 North Korean Won
KRW 0 Won
KWD 3 Kuwaiti Dinar
KYD 2 Cayman Islands Dollar
KZT 2 Tenge
LAK 2 Lao Kip
LBP 2 Lebanese Pound
LKR 2 Sri Lanka Rupee
LRD 2 Liberian Dollar
LSL 2 Loti
LYD 3 Libyan Dinar
MAD 2 Moroccan Dirham
MDL 2 Moldovan Leu
MGA 2 Malagasy Ariary
MKD 2 Denar
MMK 2 Kyat
MNT 2 Tugrik
MOP 2 Pataca
MRU 2 Ouguiya
MUR 2 Mauritius Rupee
MVR 2 Rufiyaa
MWK 2 Malawi Kwacha
MXN 2 Mexican Peso
MXV 2 Mexican Unidad de Inversion (UDI)
MYR 2 Malaysian Ringgit
MZN 2 Mozambique Metical
NAD 2 Namibia Dollar
NGN 2 Naira
NIO 2 Cordoba Oro
NOK 2 Norwegian Krone
NPR 2 Nepalese Rupee
NZD 2 New Zealand Dollar
OMR 3 Rial Omani
PAB 2 Balboa
PEN 2 Sol
PGK 2 Kina
PHP 2 Philippine Peso
PKR 2 Pakistan Rupee
PLN 2 Zloty
PYG 0 Guarani
QAR 2 Qatari Rial
RON 2 Romanian Leu
RSD 2 Serbian Dinar
RUB 2 Russian Ruble
RWF 0 Rwanda Franc
SAR 2 Saudi Riyal
SBD 2 Solomon Islands Dollar
SCR 2 Seychelles Rupee
SDG 2 Sudanese Pound
SEK 2 Swedish Krona
SGD 2 Singapore Dollar
SHP 2 Saint Helena Pound
SLE 2 Leone
SOS 2 Somali Shilling
SRD 2 Surinam Dollar
SSP 2 South Sudanese Pound
STN 2 Dobra
SVC 2 El Salvador Colon
SYP 2 Syrian Pound
SZL 2 Lilangeni
THB 2 Baht
TJS 2 Somoni
TMT 2 Turkmenistan New Manat
TND 3 Tunisian Dinar
TOP 2 Pa’anga
TRY 2 Turkish Lira
TTD 2 Trinidad and Tobago Dollar
TWD 2 New Taiwan Dollar
TZS 2 Tanzanian Shilling
UAH 2 Hryvnia
UGX 0 Uganda Shilling
USD 2 US Dollar
USN 2 US Dollar (Next day)
UYI 0 Uruguay Peso en Unidades Indexadas (UI)
UYU 2 Peso Uruguayo
UYW 4 Unidad Previsional
UZS 2 Uzbekistan Sum
VED 2 Bolívar Soberano
VES 2 Bolívar Soberano
VND 0 Dong
VUV 0 Vatu
WST 2 Tala
XAD 2 Arab Accounting Dinar
XAF 0 CFA Franc BEAC
XCD 2 East Caribbean Dollar
XCG 2 Caribbean Guilder
XOF 0 CFA Franc BCEAO
XPF 0 CFP Franc
YER 2 Yemeni Rial
ZAR 2 Rand
ZMW 2 Zambian Kwacha
ZWG 2 Zimbabwe Gold
"""

# Withdrawn codes that old files still hold, and what to use instead.
_REPLACED = MappingProxyType(
    {
        "ANG": "XCG",
        "ATS": "EUR",
        "BEF": "EUR",
        "BGN": "EUR",
        "BYR": "BYN",
        "CUC": "CUP",
        "CYP": "EUR",
        "DEM": "EUR",
        "EEK": "EUR",
        "ESP": "EUR",
        "FIM": "EUR",
        "FRF": "EUR",
        "GRD": "EUR",
        "HRK": "EUR",
        "IEP": "EUR",
        "ITL": "EUR",
        "LTL": "EUR",
        "LUF": "EUR",
        "LVL": "EUR",
        "MRO": "MRU",
        "MTL": "EUR",
        "NLG": "EUR",
        "PTE": "EUR",
        "SIT": "EUR",
        "SKK": "EUR",
        "SLL": "SLE",
        "STD": "STN",
        "VEF": "VES",
        "ZMK": "ZMW",
        "ZWL": "ZWG",
    }
)

_ROWS = tuple(line.split(" ", 2) for line in _TABLE.strip().splitlines())

EXPONENTS: dict[str, int] = {code: int(decimals) for code, decimals, _ in _ROWS}
NAMES: dict[str, str] = {code: name for code, _, name in _ROWS}


def exponent(code: str) -> int:
    """How many decimals a currency has, 0 to 4.

    Refuses: UnknownCurrency when the code is not an active ISO 4217 code in capitals.

    >>> exponent("USD"), exponent("JPY"), exponent("KWD"), exponent("CLF")
    (2, 0, 3, 4)
    """
    try:
        return EXPONENTS[code]
    except (KeyError, TypeError):
        raise _unknown(code) from None


def _unknown(code: object) -> UnknownCurrency:
    """The refusal of a code, with the likeliest thing that was meant."""
    facts = {"currency": safe_text(code)}
    remedy = "Enter an ISO 4217 code of three capital letters, such as EUR, USD or JPY."
    if not isinstance(code, str) or not code.strip():
        return UnknownCurrency("No currency is given.", facts=facts, remedy=remedy)
    meant = code.strip().upper()
    if meant in EXPONENTS:
        return UnknownCurrency(
            f"The currency {quoted(code)} is not written as a code.",
            facts=facts | {"meant": meant},
            remedy=f"Write {meant}, in capitals and without spaces.",
        )
    if meant in _REPLACED:
        new = _REPLACED[meant]
        return UnknownCurrency(
            f"{meant} is no longer a currency.",
            facts=facts | {"meant": new},
            remedy=f"Use {new}, which replaced it, and convert the amount.",
        )
    return UnknownCurrency(f"{quoted(code)} is not a currency.", facts=facts, remedy=remedy)
