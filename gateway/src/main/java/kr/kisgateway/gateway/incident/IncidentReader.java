package kr.kisgateway.gateway.incident;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditFilter;
import kr.kisgateway.gateway.audit.AuditReports;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditedBroker;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalReader;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderEventJson;

/** Reads the facts of a time from the audit and the journal of a data folder, whether its gateway runs or not. */
final class IncidentReader {
    private static final int SERVER_FAILURES = 500;
    private static final List<String> ORDER_EVENTS = List.of(
            "SendInDoubt",
            "BrokerAccepted",
            "BrokerRefused",
            "LateAcceptance",
            "Resolved",
            "Canceled",
            "Expired",
            "Rejected");

    private static final String ORDER_PREFIX = "ord_";

    private final List<Fact> facts = new ArrayList<>();
    private final OrderEventJson json = new OrderEventJson();
    /** Requests in doubt. */
    private final Set<Request> inDoubt = new HashSet<>();
    /** When the row before was recorded. */
    private Optional<Instant> seenAt = Optional.empty();

    private record Request(String order, int number) {}

    private IncidentReader() {}

    /**
     * The facts between two instants, in the order of their times.
     *
     * @param journal may be missing: then nothing is known of orders in doubt
     */
    static List<Fact> read(Path folder, Path journal, Instant from, Instant until) {
        var reader = new IncidentReader();
        new AuditSearch(folder).all(AuditFilter.between(from, until), row -> reader.take(row.entry()));
        if (Files.isRegularFile(journal)) {
            JournalReader.read(journal, from, until, ORDER_EVENTS, reader::take);
        }
        reader.facts.sort(Comparator.comparing(Fact::at));
        return List.copyOf(reader.facts);
    }

    private void take(AuditEntry row) {
        if (row.call().equals(AuditReports.STARTED)
                && Fields.parse(row.parameters()).text(AuditReports.AFTER).equals(AuditReports.KILL)) {
            seenAt.ifPresent(at -> facts.add(new Fact.GatewayStopped(at, true)));
        }
        seenAt = Optional.of(row.at());
        switch (row.source()) {
            case GATEWAY -> report(row).ifPresent(facts::add);
            case KIS -> {
                if (row.kind() == AuditEntry.Kind.CALL) {
                    order(row).ifPresent(facts::add);
                }
            }
            case API, FACE -> {
                if (row.failed() > 0 && row.status() >= SERVER_FAILURES) {
                    facts.add(new Fact.CallerFailed(row.at(), row.principal(), row.call(), row.result(), row.failed()));
                }
            }
        }
    }

    private static Optional<Fact> report(AuditEntry row) {
        var fields = Fields.parse(row.parameters());
        Instant at = row.at();
        return Optional.ofNullable(
                switch (row.call()) {
                    case IncidentRows.ALERT_RAISED ->
                        new Fact.AlertRaised(
                                at,
                                fields.text(IncidentRows.LEVEL),
                                fields.text(IncidentRows.EVENT),
                                fields.text(IncidentRows.SUBJECT),
                                fields.text(IncidentRows.ORDER),
                                fields.text(IncidentRows.TEXT),
                                row.calls());
                    case IncidentRows.ALERT_SETTLED ->
                        new Fact.AlertSettled(
                                at, fields.text(IncidentRows.EVENT), fields.text(IncidentRows.SUBJECT), row.calls());
                    case IncidentRows.BROKER_FAILING ->
                        new Fact.BrokerFailing(at, fields.text(IncidentRows.CALL), fields.text(IncidentRows.CODE));
                    case IncidentRows.BROKER_ERRORS ->
                        new Fact.BrokerErrors(
                                at, fields.text(IncidentRows.RESULT), fields.text(IncidentRows.CODE), row.calls());
                    case IncidentRows.SESSION_OPEN -> new Fact.SessionOpen(at, fields.text(IncidentRows.APP_KEY));
                    case IncidentRows.SESSION_LOST ->
                        new Fact.SessionLost(at, fields.text(IncidentRows.APP_KEY), fields.text(IncidentRows.CAUSE));
                    case IncidentRows.BREAKER ->
                        new Fact.BreakerChanged(
                                at,
                                fields.text(IncidentRows.APP_KEY),
                                fields.text(IncidentRows.CALLS),
                                fields.text(IncidentRows.STATE));
                    case IncidentRows.FALLBACK_USED -> new Fact.FallbackUsed(at, row.calls());
                    case IncidentRows.NOTICE_DELIVERED ->
                        new Fact.NoticeDelivered(
                                at,
                                fields.text(IncidentRows.CHANNEL),
                                fields.text(IncidentRows.KIND),
                                fields.text(IncidentRows.EVENT),
                                fields.text(IncidentRows.SUBJECT));
                    case IncidentRows.RECORDS_LOST, AuditReports.ROWS_LOST -> new Fact.RecordsLost(at, row.calls());
                    case AuditReports.STARTED -> new Fact.GatewayStarted(at);
                    case AuditReports.STOPPED -> new Fact.GatewayStopped(at, false);
                    default -> null;
                });
    }

    /** A cancel passes an open breaker, and a refusal by rule is an answer: neither says whether orders are possible. */
    private static Optional<Fact> order(AuditEntry row) {
        var venue = Fields.parse(row.parameters()).text(AuditedBroker.VENUE);
        if (row.result().equals(AuditEntry.OK)) {
            return row.call().equals(AuditedBroker.PLACE)
                    ? Optional.of(new Fact.OrderTaken(row.at(), venue))
                    : Optional.empty();
        }
        return row.result().startsWith(AuditedBroker.IN_DOUBT) || row.result().startsWith(AuditedBroker.NOT_TAKEN)
                ? Optional.of(new Fact.OrderNotTaken(row.at(), row.principal(), row.call(), row.result(), venue))
                : Optional.empty();
    }

    private void take(JournalEntry entry) {
        if (!entry.subject().startsWith(ORDER_PREFIX)) {
            return; // a parent order, whose events have some of the names, too
        }
        switch (json.read(entry)) {
            case OrderEvent.SendInDoubt e -> {
                inDoubt.add(new Request(e.order().text(), e.request()));
                facts.add(new Fact.OrderInDoubt(
                        entry.at(), entry.stream(), e.order().text(), e.request(), e.code()));
            }
            case OrderEvent.BrokerAccepted e ->
                settle(
                        entry,
                        e.request(),
                        "at the broker under number " + e.odno() + ", found by "
                                + switch (e.matchedBy()) {
                                    case ANSWER -> "its late answer";
                                    case INFERENCE -> "the broker's list or a notice";
                                    case OPERATOR -> "an operator's decision";
                                });
            case OrderEvent.LateAcceptance e -> settle(entry, e.request(), "at the broker under number " + e.odno());
            case OrderEvent.BrokerRefused e -> settle(entry, e.request(), "refused by the broker: " + e.code());
            case OrderEvent.Resolved e -> settle(entry, e.request(), "an operator's decision: " + e.decision());
            case OrderEvent.Canceled e -> settleAll(entry, "the order ended: " + e.reason());
            case OrderEvent.Expired e -> settleAll(entry, "the order ended: " + e.reason());
            case OrderEvent.Rejected e -> settleAll(entry, "the order ended: " + e.code() + " " + e.message());
            default -> {
                // not requested
            }
        }
    }

    private void settle(JournalEntry entry, int request, String how) {
        if (inDoubt.remove(new Request(entry.subject(), request))) {
            facts.add(new Fact.OrderSettled(entry.at(), entry.subject(), request, how));
        }
    }

    private void settleAll(JournalEntry entry, String how) {
        inDoubt.stream()
                .filter(it -> it.order().equals(entry.subject()))
                .toList()
                .forEach(it -> settle(entry, it.number(), how));
    }
}
