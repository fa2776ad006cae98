package kr.kisgateway.gateway.history;

import java.util.Optional;
import kr.kisgateway.market.Instrument;

/** One of the lists that the exchange publishes of every trading day. Each is approved for a key by itself. */
public enum DailyList {
    /** Stocks of KOSPI. */
    KOSPI,
    /** Stocks of KOSDAQ. */
    KOSDAQ,
    /** Stocks of KONEX. */
    KONEX,
    /** Every ETF. */
    ETF;

    /** The list that has {@code instrument}; none has ETNs. */
    static Optional<DailyList> of(Instrument instrument) {
        return switch (instrument.product()) {
            case STOCK ->
                Optional.of(
                        switch (instrument.market()) {
                            case KOSPI -> KOSPI;
                            case KOSDAQ -> KOSDAQ;
                            case KONEX -> KONEX;
                        });
            case ETF -> Optional.of(ETF);
            case ETN -> Optional.empty();
        };
    }
}
