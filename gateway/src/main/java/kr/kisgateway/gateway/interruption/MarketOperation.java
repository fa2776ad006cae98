package kr.kisgateway.gateway.interruption;

import java.util.Optional;

/**
 * Codes of what a market as a whole does. All others, opening and closing among them, are about the stock they came with, and so
 * is a code that nobody has described.
 */
enum MarketOperation {
    /** The market is suspended for a moment (164 시장임시정지). Whether it is the market or the stock alone is told two ways. */
    PAUSE,
    /** The circuit breaker is on: 174 발동, 184 개시; AF8 as a user of KIS has recorded it in June 2026. */
    BREAKER_ON,
    /** It is off: 175, 185 해제; AF1 as above. */
    BREAKER_OFF,
    /** It goes over into an auction (182 장중동시마감). */
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
