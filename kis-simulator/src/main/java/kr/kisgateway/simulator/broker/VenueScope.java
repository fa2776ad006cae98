package kr.kisgateway.simulator.broker;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Venue;

/** The venues of a view of a stock: one or both together (통합). Names the realtime TRs and the market code of queries. */
enum VenueScope {
    KRX("H0ST", "J"),
    NXT("H0NX", "NX"),
    BOTH("H0UN", "UN");

    private final String prefix;
    private final String division;

    VenueScope(String prefix, String division) {
        this.prefix = prefix;
        this.division = division;
    }

    /** By FID_COND_MRKT_DIV_CODE; every other market counts as KRX. */
    static VenueScope of(String division) {
        for (VenueScope scope : values()) {
            if (scope.division.equals(division)) {
                return scope;
            }
        }
        return KRX;
    }

    /** The scopes that show a venue's trades. */
    static List<VenueScope> of(Venue venue) {
        return List.of(venue == Venue.NXT ? NXT : KRX, BOTH);
    }

    /** The scope of a market data TR. */
    static Optional<VenueScope> ofTr(String trId) {
        for (VenueScope scope : values()) {
            if (trId.startsWith(scope.prefix)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }

    /** Trades (체결가). */
    String tradesTr() {
        return prefix + "CNT0";
    }

    /** Books (호가). */
    String booksTr() {
        return prefix + "ASP0";
    }

    /** Expected auction results (예상체결). */
    String expectedTr() {
        return prefix + "ANC0";
    }

    /** Market status (장운영정보). */
    String statusTr() {
        return prefix + "MKO0";
    }

    List<String> allTrs() {
        return List.of(tradesTr(), booksTr(), expectedTr(), statusTr());
    }

    boolean includes(Venue venue) {
        return this == BOTH || (this == NXT) == (venue == Venue.NXT);
    }
}
