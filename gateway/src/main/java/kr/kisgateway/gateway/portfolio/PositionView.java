package kr.kisgateway.gateway.portfolio;

import java.time.Instant;
import kr.kisgateway.gateway.error.Refusal;

/** How many shares could be sold, or that nobody knows. */
public sealed interface PositionView {
    /**
     * @param qty shares that KIS says can be sold; 0 when nothing is held
     * @param askedAt when KIS was asked; sales sent later are not in it
     */
    record Known(long qty, Instant askedAt) implements PositionView {}

    record Unavailable(Refusal refusal) implements PositionView {}
}
