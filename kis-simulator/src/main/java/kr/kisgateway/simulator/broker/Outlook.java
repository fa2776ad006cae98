package kr.kisgateway.simulator.broker;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Venue;

/** From where one looks at a stock: one venue or both together (통합). Names the realtime TRs and the market code of queries. */
enum Outlook {
    KRX("H0ST", "J"),
    NXT("H0NX", "NX"),
    BOTH("H0UN", "UN");

    private final String prefix;
    private final String division;

    Outlook(String prefix, String division) {
        this.prefix = prefix;
        this.division = division;
    }

    /** By FID_COND_MRKT_DIV_CODE; every other market is looked at as KRX. */
    static Outlook of(String division) {
        for (Outlook outlook : values()) {
            if (outlook.division.equals(division)) {
                return outlook;
            }
        }
        return KRX;
    }

    /** The outlooks in which a venue's doings show. */
    static List<Outlook> of(Venue venue) {
        return List.of(venue == Venue.NXT ? NXT : KRX, BOTH);
    }

    /** The outlook that a TR with the market's data belongs to. */
    static Optional<Outlook> ofTr(String trId) {
        for (Outlook outlook : values()) {
            if (trId.startsWith(outlook.prefix)) {
                return Optional.of(outlook);
            }
        }
        return Optional.empty();
    }

    /** Trades (체결가). */
    String trades() {
        return prefix + "CNT0";
    }

    /** Books (호가). */
    String books() {
        return prefix + "ASP0";
    }

    /** What an auction would give (예상체결). */
    String expected() {
        return prefix + "ANC0";
    }

    /** What the market does (장운영정보). */
    String status() {
        return prefix + "MKO0";
    }

    List<String> all() {
        return List.of(trades(), books(), expected(), status());
    }

    boolean sees(Venue venue) {
        return this == BOTH || (this == NXT) == (venue == Venue.NXT);
    }
}
