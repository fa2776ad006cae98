package kr.kisgateway.mcp;

import static kr.kisgateway.mcp.Toolset.ACCOUNT;
import static kr.kisgateway.mcp.Toolset.KIS;
import static kr.kisgateway.mcp.Toolset.MARKET;
import static kr.kisgateway.mcp.Toolset.OPERATIONS;

import java.util.List;

/** The calls that are tools, in the order in which agents see them: agents cache the list, so the order never depends on anything. */
final class ReadCalls {
    static final List<ReadCall> ALL = List.of(
            new ReadCall(
                    MARKET,
                    "search_instruments",
                    "Search instruments",
                    "/v1/instruments",
                    "Finds stocks by code, Korean or English name, initial consonants (초성) or US ticker. Call it first when you have a"
                            + " name and need a symbol."),
            new ReadCall(
                    MARKET,
                    "get_instrument",
                    "Instrument",
                    "/v1/instruments/{symbol}",
                    "Name, market, tick size, price limits of the day, halts and warnings of one stock."),
            new ReadCall(
                    MARKET,
                    "get_quote",
                    "Quote",
                    "/v1/quotes/{symbol}",
                    "The last price of one stock, its change and volume, and how old the figure is (freshness_sec, state)."),
            new ReadCall(
                    MARKET,
                    "get_quotes",
                    "Quotes",
                    "/v1/quotes",
                    "Last prices of several stocks at once; fewer calls than get_quote for each."),
            new ReadCall(
                    MARKET,
                    "get_order_book",
                    "Order book",
                    "/v1/orderbooks/{symbol}",
                    "Ten levels of bids and asks with quantities, and the expected match in auctions."),
            new ReadCall(
                    MARKET,
                    "get_bars",
                    "Bars",
                    "/v1/bars/{symbol}",
                    "Open, high, low, close and volume by minute, day, week, month or year, newest first; the last one may still change."),
            new ReadCall(
                    MARKET,
                    "get_ranking",
                    "Ranking",
                    "/v1/rankings/{kind}",
                    "Stocks of Korea ranked by volume, turnover, change and the like."),
            new ReadCall(
                    MARKET, "get_indices", "Indices", "/v1/indices", "KOSPI, KOSDAQ and others, with their breadth."),
            new ReadCall(MARKET, "get_index", "Index", "/v1/indices/{code}", "One index of Korea by its code."),
            new ReadCall(
                    MARKET,
                    "get_investors",
                    "Investors",
                    "/v1/investors/{symbol}",
                    "Net purchases of persons, foreigners and institutions by day."),
            new ReadCall(
                    MARKET,
                    "get_etf_nav",
                    "Net asset value",
                    "/v1/etf/{symbol}/nav",
                    "Net asset value of a fund and its gap to the price."),
            new ReadCall(
                    MARKET,
                    "get_market_status",
                    "Market status",
                    "/v1/market/status",
                    "Which markets are open now, their session, and when it changes."),
            new ReadCall(
                    ACCOUNT,
                    "list_accounts",
                    "Accounts",
                    "/v1/accounts",
                    "The accounts that this key may use, by alias."),
            new ReadCall(
                    ACCOUNT,
                    "get_balances",
                    "Balances",
                    "/v1/balances",
                    "Cash by currency and settlement day, and the account's value; state says whether the figures are current."),
            new ReadCall(
                    ACCOUNT,
                    "get_positions",
                    "Positions",
                    "/v1/positions",
                    "Shares held, their cost, value and profit."),
            new ReadCall(
                    ACCOUNT,
                    "get_buying_power",
                    "Buying power",
                    "/v1/buying-power",
                    "How many shares an account can buy at a price."),
            new ReadCall(
                    ACCOUNT,
                    "get_executions",
                    "Executions",
                    "/v1/executions",
                    "Fills with price, quantity, commission and tax."),
            new ReadCall(
                    ACCOUNT,
                    "get_profit_and_loss",
                    "Profit and loss",
                    "/v1/pnl",
                    "Realised profit by day, symbol or strategy."),
            new ReadCall(ACCOUNT, "get_dividends", "Dividends", "/v1/dividends", "Dividends of an account."),
            new ReadCall(
                    ACCOUNT,
                    "list_orders",
                    "Orders",
                    "/v1/orders",
                    "Orders, newest first. UNKNOWN means that it is not known whether KIS has the order: never repeat such an order."),
            new ReadCall(ACCOUNT, "get_order", "Order", "/v1/orders/{id}", "One order as it is now."),
            new ReadCall(
                    ACCOUNT,
                    "get_order_timeline",
                    "Timeline of an order",
                    "/v1/orders/{id}/events",
                    "What happened to one order, from its journal: accepted, sent, answered, filled, decisions in doubt."),
            new ReadCall(
                    ACCOUNT,
                    "list_parent_orders",
                    "Parent orders",
                    "/v1/parents",
                    "Brackets and other parent orders with their legs."),
            new ReadCall(
                    ACCOUNT,
                    "get_limits",
                    "Limits",
                    "/v1/risk/limits",
                    "Limits of orders: quantity, amount, orders a day, allowed symbols, and what is used."),
            new ReadCall(
                    ACCOUNT,
                    "get_kill_switch",
                    "Kill switch",
                    "/v1/risk/kill-switch",
                    "Whether the kill switch stops all orders."),
            new ReadCall(
                    OPERATIONS,
                    "get_session",
                    "Session",
                    "/v1/session/status",
                    "The gateway's session with KIS, socket and call budget."),
            new ReadCall(
                    OPERATIONS,
                    "get_live_readiness",
                    "Readiness",
                    "/v1/session/live-readiness",
                    "Whether the gateway can trade now, and what prevents it."),
            new ReadCall(
                    OPERATIONS,
                    "explain_registrations",
                    "Registrations",
                    "/v1/session/pool",
                    "Which of the 41 realtime registrations are used by whom, and why a symbol is polled."),
            new ReadCall(
                    OPERATIONS,
                    "list_alerts",
                    "Alerts",
                    "/v1/alerts",
                    "Alerts of the gateway with what to do about each."),
            new ReadCall(
                    OPERATIONS,
                    "get_checklist",
                    "Checklist",
                    "/v1/ops/checklist",
                    "The daily checklist with figures, limits and verdicts."),
            new ReadCall(
                    OPERATIONS, "search_audit", "Audit", "/v1/audit", "Who called what, when, and with which result."),
            new ReadCall(
                    KIS,
                    "search_kis_apis",
                    "Find APIs of KIS",
                    "/v1/kis/apis",
                    "Finds APIs of Korea Investment & Securities by words of their Korean title, name or TR id: financial statements, short"
                            + " sales, programme trading, futures, bonds, overseas markets and more. Use it for what no other tool has."),
            new ReadCall(
                    KIS,
                    "get_kis_api",
                    "Parameters of an API of KIS",
                    "/v1/kis/apis/{name}",
                    "The parameters of an API of KIS and the columns of its answer. Call it before call_kis_api."),
            new ReadCall(
                    KIS,
                    "call_kis_api",
                    "Call an API of KIS",
                    Operation.post("/v1/kis/apis/{name}"),
                    "Calls an API of KIS that reads. rt_cd other than 0 in the body is a refusal by KIS, with its reason in msg1."));

    private ReadCalls() {}
}
