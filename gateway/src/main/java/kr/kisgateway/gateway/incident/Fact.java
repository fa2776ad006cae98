package kr.kisgateway.gateway.incident;

import java.time.Instant;

/** Something that happened, as the audit or the journal recorded it. */
sealed interface Fact {
    Instant at();

    /** @param count 1, or how many of a flood are summed, without their subjects */
    record AlertRaised(Instant at, String level, String event, String subject, String order, String text, long count)
            implements Fact {
        boolean isUrgent() {
            return level.equals("P1") || level.equals("P2");
        }
    }

    record AlertSettled(Instant at, String event, String subject, long count) implements Fact {}

    /** Calls to the broker have no usable answer, for the first time since a minute or more. */
    record BrokerFailing(Instant at, String call, String code) implements Fact {}

    /** Calls of a minute that were not done. */
    record BrokerErrors(Instant at, String result, String code, long count) implements Fact {}

    record SessionOpen(Instant at, String appKey) implements Fact {}

    record SessionLost(Instant at, String appKey, String cause) implements Fact {}

    record BreakerChanged(Instant at, String appKey, String calls, String state) implements Fact {
        /** Whether it is for orders of some market. */
        boolean isOfOrders() {
            return calls.endsWith("ORDERS");
        }
    }

    /** Prices were answered that are not the pushed ones. */
    record FallbackUsed(Instant at, long answers) implements Fact {}

    record NoticeDelivered(Instant at, String channel, String kind, String event, String subject) implements Fact {}

    record GatewayStarted(Instant at) implements Fact {}

    /** @param killed whether it did not stop by itself; then {@code at} is when it was last seen */
    record GatewayStopped(Instant at, boolean killed) implements Fact {}

    /** A caller was answered by a failure of the gateway or the broker. */
    record CallerFailed(Instant at, String principal, String call, String result, long count) implements Fact {}

    /** The broker took an order. */
    record OrderTaken(Instant at, String venue) implements Fact {}

    /** The broker did not take an order, or it is unknown whether it did. */
    record OrderNotTaken(Instant at, String principal, String what, String result, String venue) implements Fact {}

    /** A request of an order was sent and its result is unknown. */
    record OrderInDoubt(Instant at, String account, String order, int request, String code) implements Fact {}

    /** A request that was in doubt is not any more. */
    record OrderSettled(Instant at, String order, int request, String how) implements Fact {}

    /** Events were lost on their way to the audit. */
    record RecordsLost(Instant at, long count) implements Fact {}
}
