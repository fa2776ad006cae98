package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.util.Optional;

/** What answers may look at: the market as it stands, never changed by being looked at. */
public interface MarketView {
    /** The business date (영업일) of now. */
    LocalDate day();

    boolean isTradingDay(LocalDate date);

    /** A listed domestic stock; empty for every other code. */
    Optional<Listed> find(String code);
}
