package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that somebody has to know of.
 *
 * @param level {@code P1}: money may be at risk, look now; {@code P2}: something is wrong and is being worked on
 * @param event what kind of thing, in the word that the log uses
 * @param message what happened and what to do
 * @param orderId the order it is about
 */
public record Alert(Instant at, String level, String event, String message, Optional<String> orderId) {}
