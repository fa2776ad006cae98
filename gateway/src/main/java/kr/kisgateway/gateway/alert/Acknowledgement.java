package kr.kisgateway.gateway.alert;

import java.time.Instant;

/**
 * An operator has taken note of an alert that persists.
 *
 * @param by name of the API key
 * @param note why, or what is done about it; may be empty
 */
public record Acknowledgement(String by, Instant at, String note) {}
