package kr.kisgateway.client.session;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
        var fields = fields(event);
        LOG.atLevel(level(event))
                .log(
                        ("{} " + fields.template()).strip(),
                        Stream.concat(Stream.of(event.name()), fields.values().stream())
                                .toArray());
    }

    /** Fields as {@code name={}}, and their values. */
    private record Fields(String template, List<Object> values) {
        static Fields of(String template, Object... values) {
            return new Fields(template, List.of(values));
        }
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

    private static Fields fields(KisEvent event) {
        return switch (event) {
            case KisEvent.RuntimeStarted _ -> Fields.of("");
            case KisEvent.TokenIssued it -> Fields.of("expires_at={} from_store={}", it.expiresAt(), it.fromStore());
            case KisEvent.TokenFailed it -> Fields.of("code={} message=\"{}\"", it.code(), it.message());
            case KisEvent.TokenRejected it -> Fields.of("code={}", it.code());
            case KisEvent.ApprovalKeyIssued _ -> Fields.of("");
            case KisEvent.Connected it -> Fields.of("reconnects={}", it.reconnects());
            case KisEvent.FirstMessage _ -> Fields.of("");
            case KisEvent.Subscribed it ->
                Fields.of("tr_id={} tr_key={} code={}", it.key().trId(), logged(it.key()), it.code());
            case KisEvent.Unsubscribed it ->
                Fields.of("tr_id={} tr_key={} code={}", it.key().trId(), logged(it.key()), it.code());
            case KisEvent.RegistrationRefused it ->
                Fields.of(
                        "tr_id={} tr_key={} code={} message=\"{}\"",
                        it.key().trId(),
                        logged(it.key()),
                        it.code(),
                        it.message());
            case KisEvent.SessionError it -> Fields.of("code={} message=\"{}\"", it.code(), it.message());
            case KisEvent.AppKeyInUse it -> Fields.of("wait_ms={}", it.pause().toMillis());
            case KisEvent.Closed it -> Fields.of("cause=\"{}\"", it.cause());
            case KisEvent.ReconnectScheduled it ->
                Fields.of("failures={} delay_ms={}", it.failures(), it.delay().toMillis());
            case KisEvent.ReconnectExhausted it ->
                Fields.of("failures={} last_error=\"{}\"", it.failures(), it.lastError());
            case KisEvent.MarketDataDropped it -> Fields.of("listener={} count={}", it.listener(), it.count());
            case KisEvent.ListenerReset it -> Fields.of("listener={}", it.listener());
            case KisEvent.PlanChanged it -> Fields.of("open={}", it.open());
            case KisEvent.ClientPingDisabled it -> Fields.of("code={}", it.code());
            case KisEvent.BudgetShrunk it -> Fields.of("ledger={} limit={}", it.ledger(), it.limit());
            case KisEvent.BreakerChanged it -> Fields.of("calls={} state={}", it.calls(), it.state());
        };
    }

    /** Notices are registered by the customer's login id, which is never logged. */
    private static String logged(RealtimeKey key) {
        return SessionCore.isNotice(key) ? "***" : key.trKey();
    }

    /** A registration as a line has it. */
    static String key(RealtimeKey key) {
        return "tr_id=" + key.trId() + " tr_key=" + logged(key);
    }
}
