package kr.kisgateway.gateway.risk;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Whose order it is: what decides which layers apply and which counters it counts in.
 *
 * @param account alias
 * @param market {@code KR}, or another market with days of its own
 * @param day trading day of that market
 * @param principal name of the key that the order came with
 * @param strategy the caller's own label
 */
public record RiskScope(String account, String market, LocalDate day, String principal, Optional<String> strategy) {
    /** The market of Korean symbols. */
    public static final String KR = "KR";
}
