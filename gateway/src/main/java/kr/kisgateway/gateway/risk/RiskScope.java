package kr.kisgateway.gateway.risk;

import java.time.LocalDate;
import java.util.Optional;

/**
 * The owner of an order: decides which layers apply and which counters count it.
 *
 * @param account alias
 * @param market {@code KR}, or another market with its own days
 * @param day trading day of that market
 * @param principal name of the API key that placed the order
 * @param strategy the caller's label
 */
public record RiskScope(String account, String market, LocalDate day, String principal, Optional<String> strategy) {
    /** The market of Korean symbols. */
    public static final String KR = "KR";
}
