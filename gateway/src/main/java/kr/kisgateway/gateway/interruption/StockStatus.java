package kr.kisgateway.gateway.interruption;

import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Symbol;

/**
 * KIS's status of one stock at a change. It is pushed when a volatility interruption starts or ends (according to the
 * portal's text about H0STMKO0); halts and the operation of the whole market are columns of the same record.
 *
 * @param halted trading is suspended (거래정지)
 * @param interrupted a volatility interruption is on (VI), in the session or in the auctions after it
 * @param designation the exchange's designation of the issue
 * @param operation KIS's code of what starts or ends (장운영구분코드), as received; empty when nothing does
 */
public record StockStatus(
        Symbol symbol, boolean halted, boolean interrupted, Designation designation, String operation) {}
