package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.util.Optional;

/** What answers may look at: the market as it stands, never changed by being looked at. */
public interface MarketView {
    /** The business date (영업일) of now. */
    LocalDate day();

    boolean isTradingDay(LocalDate date);

    /** The same market looked at as FID_COND_MRKT_DIV_CODE says: KRX, NXT or both together. */
    MarketView on(String division);

    /** A listed domestic stock; empty for every other code. */
    Optional<Listed> find(String code);

    /** A listed US stock, prices in ten-thousandths of a dollar and turnover in dollars; empty where none is traded. */
    default Optional<Listed> abroad(String ticker) {
        return Optional.empty();
    }
}
