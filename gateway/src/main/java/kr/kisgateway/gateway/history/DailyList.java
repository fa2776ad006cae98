package kr.kisgateway.gateway.history;

import java.util.Optional;
import kr.kisgateway.market.Instrument;

/** One of the exchange's daily lists. A key needs approval for each list. */
public enum DailyList {
    /** Stocks of KOSPI. */
    KOSPI,
    /** Stocks of KOSDAQ. */
    KOSDAQ,
    /** Stocks of KONEX. */
    KONEX,
    /** Every ETF. */
    ETF;

    /** The list of {@code instrument}; none has ETNs. */
    static Optional<DailyList> of(Instrument instrument) {
        return switch (instrument.product()) {
            case STOCK ->
                Optional.of(
                        switch (instrument.board()) {
                            case KOSPI -> KOSPI;
                            case KOSDAQ -> KOSDAQ;
                            case KONEX -> KONEX;
                        });
            case ETF -> Optional.of(ETF);
            case ETN -> Optional.empty();
        };
    }
}
