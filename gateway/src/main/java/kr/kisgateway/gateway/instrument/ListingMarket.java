package kr.kisgateway.gateway.instrument;

import java.util.Arrays;
import java.util.Optional;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.UsExchange;

/** A market with a listing of its own, one master file each. */
public enum ListingMarket {
    KOSPI,
    KOSDAQ,
    KONEX,
    NASD,
    NYSE,
    /** NYSE American and Arca. */
    AMEX;

    /** Whether it is a Korean market. */
    public boolean isKorean() {
        return this == KOSPI || this == KOSDAQ || this == KONEX;
    }

    /** The same market as a {@link Board}. */
    public static ListingMarket of(Board market) {
        return switch (market) {
            case KOSPI -> KOSPI;
            case KOSDAQ -> KOSDAQ;
            case KONEX -> KONEX;
        };
    }

    /** The same market as a {@link UsExchange}. */
    public static ListingMarket of(UsExchange exchange) {
        return switch (exchange) {
            case NASD -> NASD;
            case NYSE -> NYSE;
            case AMEX -> AMEX;
        };
    }

    /** The market of that name, in capitals as the API writes it. */
    public static Optional<ListingMarket> of(String name) {
        return Arrays.stream(values()).filter(it -> it.name().equals(name)).findFirst();
    }
}
