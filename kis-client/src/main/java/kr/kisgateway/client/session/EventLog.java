package kr.kisgateway.client.session;

import java.util.Optional;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.Severity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes events as one line each: name, then fields. Secrets and personal ids are never among them. */
final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");
    private static final CodeTable CODES = CodeTable.load();

    private EventLog() {}

    static void write(KisEvent event) {
        LOG.atLevel(level(event)).log("{} {}", event.name(), fields(event));
    }

    /** The severity of the KIS code of the event; without a listed code, an error when it is an alert. */
    static Level level(KisEvent event) {
        return code(event)
                .flatMap(CODES::entry)
                .map(KisCode::severity)
                .map(EventLog::level)
                .orElseGet(() -> {
                    // Until there is a token nothing can be traded, which may be a minute.
                    Level otherwise = event instanceof KisEvent.TokenFailed ? Level.WARN : Level.INFO;
                    return event.alert() ? Level.ERROR : otherwise;
                });
    }

    private static Level level(Severity severity) {
        return switch (severity) {
            case INFO -> Level.INFO;
            case MEDIUM -> Level.WARN;
            case HIGH, CRITICAL -> Level.ERROR;
        };
    }

    private static Optional<String> code(KisEvent event) {
        return switch (event) {
            case KisEvent.TokenFailed it -> Optional.of(it.code());
            case KisEvent.TokenRejected it -> Optional.of(it.code());
            case KisEvent.RegistrationRefused it -> Optional.of(it.code());
            case KisEvent.SessionError it -> Optional.of(it.code());
            case KisEvent.AppKeyInUse _ -> Optional.of("OPSP8996");
            default -> Optional.empty();
        };
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

    /** Notices are registered by the customer's login id, which is never logged. */
    static String key(RealtimeKey key) {
        return "tr_id=" + key.trId() + " tr_key=" + (SessionCore.isNotice(key) ? "***" : key.trKey());
    }
}
