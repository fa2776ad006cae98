package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import kr.kisgateway.wire.RealtimeKey;

/** An event for the operator. The name is the one in logs. */
public sealed interface KisEvent {
    /** The name in logs, such as {@code token_issued}. */
    String name();

    /** Whether an operator should act now. */
    default boolean alert() {
        return false;
    }

    /** The session started. */
    record RuntimeStarted() implements KisEvent {
        @Override
        public String name() {
            return "ws_runtime_started";
        }
    }

    /** An access token was issued, or found in the store ({@code fromStore}). */
    record TokenIssued(Instant expiresAt, boolean fromStore) implements KisEvent {
        @Override
        public String name() {
            return "token_issued";
        }
    }

    /**
     * No token was issued.
     *
     * @param alert whether a person is needed: KIS refuses the app key, or it failed for the third time in a row
     */
    record TokenFailed(String code, String message, boolean alert) implements KisEvent {
        @Override
        public String name() {
            return "token_failed";
        }
    }

    /** KIS no longer accepts its token; another is requested. */
    record TokenRejected(String code) implements KisEvent {
        @Override
        public String name() {
            return "token_rejected";
        }
    }

    /** An approval key for the socket was issued. */
    record ApprovalKeyIssued() implements KisEvent {
        @Override
        public String name() {
            return "approval_key_issued";
        }
    }

    /** The socket is open. */
    record Connected(long reconnects) implements KisEvent {
        @Override
        public String name() {
            return "ws_connected";
        }
    }

    /** The first message on this socket arrived. */
    record FirstMessage() implements KisEvent {
        @Override
        public String name() {
            return "ws_first_message";
        }
    }

    /** KIS registered {@code key}. */
    record Subscribed(RealtimeKey key, String code) implements KisEvent {
        @Override
        public String name() {
            return "subscribed";
        }
    }

    /** KIS released {@code key}. */
    record Unsubscribed(RealtimeKey key, String code) implements KisEvent {
        @Override
        public String name() {
            return "unsubscribed";
        }
    }

    /** KIS refused a registration and it was dropped. */
    record RegistrationRefused(RealtimeKey key, String code, String message) implements KisEvent {
        @Override
        public String name() {
            return "registration_refused";
        }

        @Override
        public boolean alert() {
            return true;
        }
    }

    /** KIS reported an error without naming its subject. */
    record SessionError(String code, String message) implements KisEvent {
        @Override
        public String name() {
            return "ws_error";
        }
    }

    /** Another session uses the app key; nothing is tried for {@code pause}. */
    record AppKeyInUse(Duration pause) implements KisEvent {
        @Override
        public String name() {
            return "appkey_in_use";
        }

        @Override
        public boolean alert() {
            return true;
        }
    }

    /** The socket closed. */
    record Closed(String cause) implements KisEvent {
        @Override
        public String name() {
            return "ws_closed";
        }
    }

    /** The next attempt starts after {@code delay}; {@code failures} attempts in a row have failed. */
    record ReconnectScheduled(int failures, Duration delay) implements KisEvent {
        @Override
        public String name() {
            return "ws_reconnect";
        }
    }

    /** The tenth attempt failed: from here on one attempt every five minutes. */
    record ReconnectExhausted(int failures, String lastError) implements KisEvent {
        @Override
        public String name() {
            return "ws_reconnect_exhausted";
        }

        @Override
        public boolean alert() {
            return true;
        }
    }

    /** The session plan reached another window: {@code open} is registered now, the rest released. */
    record PlanChanged(Set<SessionPlan.Group> open) implements KisEvent {
        @Override
        public String name() {
            return "session_plan_changed";
        }
    }

    /** {@code listener} is slower than the market: {@code count} messages were dropped, the oldest first; never a notice. */
    record MarketDataDropped(String listener, long count) implements KisEvent {
        @Override
        public String name() {
            return "market_data_dropped";
        }
    }

    /** {@code listener} had stopped: its mailbox was discarded, and it receives a gap in everything registered. */
    record ListenerReset(String listener) implements KisEvent {
        @Override
        public String name() {
            return "listener_reset";
        }

        @Override
        public boolean alert() {
            return true;
        }
    }

    /** KIS answered our own PINGPONG with an error, so no more are sent. */
    record ClientPingDisabled(String code) implements KisEvent {
        @Override
        public String name() {
            return "client_ping_disabled";
        }
    }

    /** KIS refused a call for its rate; the budget is smaller for a while. */
    record BudgetShrunk(boolean ledger, int limit) implements KisEvent {
        @Override
        public String name() {
            return "budget_shrunk";
        }
    }

    /** The circuit breaker of {@code calls} went to {@code state}: OPEN, HALF_OPEN or CLOSED. */
    record BreakerChanged(String calls, String state) implements KisEvent {
        @Override
        public String name() {
            return "breaker_changed";
        }

        @Override
        public boolean alert() {
            return state.equals("OPEN");
        }
    }
}
