package kr.kisgateway.gateway.interruption;

import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Symbol;

/**
 * What KIS says of one stock when something about it changes. It is pushed when a volatility interruption begins or ends (the
 * portal's words about H0STMKO0); halts and what the whole market does are columns of the same record.
 *
 * @param halted trading is suspended (거래정지)
 * @param interrupted a volatility interruption is on (VI), in the session or in the auctions after it
 * @param designation what the exchange says of the issue
 * @param operation KIS's code of what begins or ends (장운영구분코드), as it came; empty when nothing does
 */
public record StockStatus(
        Symbol symbol, boolean halted, boolean interrupted, Designation designation, String operation) {}
