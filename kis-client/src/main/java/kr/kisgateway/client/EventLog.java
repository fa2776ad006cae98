package kr.kisgateway.client;

import kr.kisgateway.client.core.SessionCore;
import kr.kisgateway.wire.RealtimeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events as one line each: name, then fields. What could be a secret or a person's id is not among them. */
final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");

    private EventLog() {}

    static void write(KisEvent event) {
        String fields = fields(event);
        if (event.alert()) {
            LOG.error("{} {}", event.name(), fields);
        } else if (event instanceof KisEvent.TokenFailed) {
            LOG.warn("{} {}", event.name(), fields); // until there is one nothing can be traded, which may be a minute
        } else {
            LOG.info("{} {}", event.name(), fields);
        }
    }

    private static String fields(KisEvent event) {
        return switch (event) {
            case KisEvent.RuntimeStarted _ -> "";
            case KisEvent.TokenIssued it -> "expires_at=" + it.expiresAt() + " from_store=" + it.fromStore();
            case KisEvent.TokenFailed it -> "code=" + it.code() + " message=\"" + it.message() + "\"";
            case KisEvent.TokenRejected it -> "code=" + it.code();
            case KisEvent.ApprovalKeyIssued _ -> "";
            case KisEvent.Connected it -> "reconnects=" + it.reconnects();
            case KisEvent.FirstMessage _ -> "";
            case KisEvent.Subscribed it -> key(it.key()) + " code=" + it.code();
            case KisEvent.Unsubscribed it -> key(it.key()) + " code=" + it.code();
            case KisEvent.RegistrationRefused it ->
                key(it.key()) + " code=" + it.code() + " message=\"" + it.message() + "\"";
            case KisEvent.SessionError it -> "code=" + it.code() + " message=\"" + it.message() + "\"";
            case KisEvent.AppKeyInUse it -> "wait_ms=" + it.pause().toMillis();
            case KisEvent.Closed it -> "cause=\"" + it.cause() + "\"";
            case KisEvent.ReconnectScheduled it ->
                "failures=" + it.failures() + " delay_ms=" + it.delay().toMillis();
            case KisEvent.ReconnectExhausted it ->
                "failures=" + it.failures() + " last_error=\"" + it.lastError() + "\"";
            case KisEvent.MarketDataDropped it -> "listener=" + it.listener() + " count=" + it.count();
            case KisEvent.ListenerReset it -> "listener=" + it.listener();
            case KisEvent.PlanChanged it -> "open=" + it.open();
            case KisEvent.ClientPingDisabled it -> "code=" + it.code();
            case KisEvent.BudgetShrunk it -> "ledger=" + it.ledger() + " limit=" + it.limit();
            case KisEvent.BreakerChanged it -> "calls=" + it.calls() + " state=" + it.state();
        };
    }

    /** Notices are registered by the customer's login id, which is nobody's business. */
    static String key(RealtimeKey key) {
        return "tr_id=" + key.trId() + " tr_key=" + (SessionCore.isNotice(key) ? "***" : key.trKey());
    }
}
