package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** An event that concerns more than one order. The journal stores these in the stream {@value #STREAM}. */
public sealed interface ControlEvent {
    /** The journal's stream of these events; never an account's alias. */
    String STREAM = "gateway";

    /** Who set the kill switch. */
    enum Source {
        OPERATOR,
        /** {@code GATEWAY_KILL_SWITCH}: on as long as the environment sets it. */
        ENVIRONMENT
    }

    /**
     * The kill switch was set.
     *
     * @param by name of the API key that set it; empty when the environment did, and before version 2
     * @param at when; the journal stores it with the entry and not in the payload
     */
    record KillSwitchSet(boolean on, Source source, String reason, Optional<String> by, Instant at)
            implements ControlEvent {}

    /**
     * The limits were set.
     *
     * @param layers their JSON, complete
     * @param configured the JSON of the limits configured at that time
     * @param by name of the API key that set them; empty before version 2
     * @param at when; the journal stores it with the entry and not in the payload
     */
    record LimitsSet(String layers, String configured, Optional<String> by, Instant at) implements ControlEvent {}

    /**
     * An order of this account passed every check without being placed.
     *
     * @param fingerprint the account that the alias named then; empty before version 3
     */
    record DryRunPassed(String account, LocalDate tradingDay, Optional<AccountFingerprint> fingerprint)
            implements ControlEvent {}

    /**
     * The settings of a start have this account behind an alias, and the journal had none or another.
     *
     * @param account the alias
     * @param at when; the journal stores it with the entry and not in the payload
     */
    record AliasAssigned(String account, AccountFingerprint fingerprint, Instant at) implements ControlEvent {}

    /** One call cancelled many orders. */
    record CancelAllRequested(KeyUse key, List<OrderId> orders) implements ControlEvent {}
}
