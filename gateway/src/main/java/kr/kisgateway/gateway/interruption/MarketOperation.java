package kr.kisgateway.gateway.interruption;

import java.util.Optional;

/**
 * KIS's operation codes of a whole market. All others, opening and closing among them, concern the stock they arrived
 * with, and so does an undocumented code.
 */
enum MarketOperation {
    /** The market is suspended briefly (164 시장임시정지). Whether the code means the market or only the stock is documented two ways. */
    PAUSE,
    /** The circuit breaker is on: 174 발동, 184 개시; AF8 as recorded by a user of KIS in June 2026. */
    BREAKER_ON,
    /** It is off: 175, 185 해제; AF1 as above. */
    BREAKER_OFF,
    /** It changes into an auction (182 장중동시마감). */
    BREAKER_AUCTION;

    static Optional<MarketOperation> of(String code) {
        return switch (code) {
            case "164" -> Optional.of(PAUSE);
            case "174", "184", "AF8" -> Optional.of(BREAKER_ON);
            case "175", "185", "AF1" -> Optional.of(BREAKER_OFF);
            case "182" -> Optional.of(BREAKER_AUCTION);
            default -> Optional.empty();
        };
    }
}
