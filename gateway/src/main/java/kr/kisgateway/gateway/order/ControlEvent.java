package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What concerns more than one order. The journal keeps these in a stream of their own, {@value #STREAM}. */
public sealed interface ControlEvent {
    /** The journal's stream of these events; never an account's alias. */
    String STREAM = "gateway";

    /** Who set the kill switch. */
    enum Source {
        OPERATOR,
        /** {@code GATEWAY_KILL_SWITCH}: on as long as the environment says so. */
        ENVIRONMENT
    }

    /**
     * The kill switch was set.
     *
     * @param by name of the key that set it; empty when the environment did, and before version 2
     * @param at when; the journal keeps it with the entry and not in the payload
     */
    record KillSwitchSet(boolean on, Source source, String reason, Optional<String> by, Instant at)
            implements ControlEvent {}

    /**
     * The limits were set.
     *
     * @param layers their JSON, whole
     * @param configured the same of what the settings said then
     * @param by name of the key that set them; empty before version 2
     * @param at when; the journal keeps it with the entry and not in the payload
     */
    record LimitsSet(String layers, String configured, Optional<String> by, Instant at) implements ControlEvent {}

    /** An order of this account passed every check without being placed. */
    record DryRunPassed(String account, LocalDate tradingDay) implements ControlEvent {}

    /** Many orders were asked to be cancelled by one call. */
    record CancelAllRequested(KeyUse key, List<OrderId> orders) implements ControlEvent {}
}
