"""Names of concepts, by the line they tell: the first that is there counts.

From the FRS 102 and older UK GAAP taxonomies of the FRC, the IFRS taxonomy, and US GAAP. A name
with a member in brackets is a fact with that one dimension.
"""

WITHIN, AFTER = "Creditors[WithinOneYear]", "Creditors[AfterOneYear]"
RETAINED = "Equity[RetainedEarningsAccumulatedLosses]"

LINES: dict[str, tuple[str, ...]] = {
    "cash": (
        "CashBankOnHand",
        "CashBankInHand",
        "CashCashEquivalents",
        "CashAndCashEquivalents",
        "CashAndCashEquivalentsAtCarryingValue",
    ),
    "receivables": (
        "TradeDebtorsTradeReceivables",
        "TradeDebtors",
        "Debtors",
        "TradeAndOtherCurrentReceivables",
        "CurrentTradeReceivables",
        "AccountsReceivableNetCurrent",
    ),
    "inventory": ("TotalInventories", "Stocks", "StocksInventory", "Inventories", "InventoryNet"),
    "current_assets": ("CurrentAssets", "AssetsCurrent"),
    "intangibles": (
        "IntangibleAssets",
        "IntangibleFixedAssets",
        "IntangibleAssetsAndGoodwill",
        "IntangibleAssetsNetIncludingGoodwill",
    ),
    "total_assets": ("TotalAssets", "Assets"),
    "payables": (
        "TradeCreditorsTradePayables",
        "TradeCreditors",
        "TradeAndOtherCurrentPayables",
        "AccountsPayableCurrent",
    ),
    "current_liabilities": (
        WITHIN,
        "CreditorsDueWithinOneYear",
        "CurrentLiabilities",
        "LiabilitiesCurrent",
    ),
    "total_liabilities": ("Liabilities", "TotalLiabilities"),
    "retained_earnings": (
        RETAINED,
        "ProfitLossAccountReserve",
        "RetainedEarnings",
        "RetainedEarningsAccumulatedDeficit",
    ),
    "equity": (
        "Equity",
        "NetAssetsLiabilities",
        "ShareholderFunds",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
        "StockholdersEquity",
    ),
    "sales": (
        "TurnoverRevenue",
        "TurnoverGrossOperatingRevenue",
        "Revenue",
        "Revenues",
        "RevenueFromContractWithCustomerExcludingAssessedTax",
    ),
    "cost_of_goods_sold": (
        "CostSales",
        "CostOfSales",
        "CostOfRevenue",
        "CostOfGoodsAndServicesSold",
    ),
    "ebit": (
        "OperatingProfitLoss",
        "ProfitLossFromOperatingActivities",
        "OperatingIncomeLoss",
    ),
    "interest": (
        "InterestPayableSimilarChargesFinanceCosts",
        "InterestPayableSimilarCharges",
        "FinanceCosts",
        "InterestExpense",
    ),
    "profit_before_tax": (
        "ProfitLossOnOrdinaryActivitiesBeforeTax",
        "ProfitLossBeforeTax",
        "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest",
    ),
    "net_income": ("ProfitLoss", "ProfitLossForPeriod", "NetIncomeLoss"),
    "operating_cash_flow": (
        "NetCashFlowsFromUsedInOperatingActivities",
        "CashFlowsFromUsedInOperatingActivities",
        "NetCashProvidedByUsedInOperatingActivities",
    ),
    "investing_cash_flow": (
        "NetCashFlowsFromUsedInInvestingActivities",
        "CashFlowsFromUsedInInvestingActivities",
        "NetCashProvidedByUsedInInvestingActivities",
    ),
    "financing_cash_flow": (
        "NetCashFlowsFromUsedInFinancingActivities",
        "CashFlowsFromUsedInFinancingActivities",
        "NetCashProvidedByUsedInFinancingActivities",
    ),
}
# Told by accounts, and needed to find lines that they do not tell.
BESIDE = (
    "FixedAssets",
    "NetCurrentAssetsLiabilities",
    "TotalAssetsLessCurrentLiabilities",
    AFTER,
)
NAMES = frozenset({name for names in LINES.values() for name in names} | set(BESIDE))
DIMENSIONS = {
    "MaturitiesOrExpirationPeriodsDimension": {"WithinOneYear", "AfterOneYear"},
    "EquityClassesDimension": {"RetainedEarningsAccumulatedLosses"},
}
