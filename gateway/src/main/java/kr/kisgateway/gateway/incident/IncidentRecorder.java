package kr.kisgateway.gateway.incident;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.broker.BrokerObserver;
import kr.kisgateway.gateway.incident.RowLimiter.Row;
import kr.kisgateway.gateway.meter.Meters;

/**
 * Records in the audit what an incident report needs. What happens is put into a queue, so that no thread of a socket or of orders
 * waits; {@link #flush}, to be called every {@link #INTERVAL}, writes it. A process that is killed loses what is in the queue.
 */
public final class IncidentRecorder implements BrokerObserver, AutoCloseable {
    /** Interval of {@link #flush}. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    /** What waits for {@link #flush}; further occurrences are counted as lost. */
    static final int QUEUE_MAX = 2_000;

    private static final int TEXT_MAX = 400;
    private static final int CAUSE_MAX = 120;
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration FALLBACKS_EVERY = Duration.ofSeconds(1);

    private final AuditTrail audit;
    private final LongSupplier fallbacks;
    private final UnaryOperator<String> redact;
    private final InstantSource clock;
    private final ArrayBlockingQueue<Row> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final LongAdder lost = new LongAdder();

    // Of the task alone:
    private final RowLimiter limiter = new RowLimiter();
    private long fallbacksSeen;
    private Instant fallbacksReadAt = Instant.EPOCH;
    private long lostReported;
    private Instant failedAt = Instant.EPOCH;

    /**
     * @param fallbacks answers with another price than the pushed one since the start; never decreases
     * @param redact removes secrets of the configuration from a text
     */
    public IncidentRecorder(
            AuditTrail audit, LongSupplier fallbacks, UnaryOperator<String> redact, InstantSource clock) {
        this.audit = audit;
        this.fallbacks = fallbacks;
        this.redact = redact;
        this.clock = clock;
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.queue("incident_records", queue::size, QUEUE_MAX);
        meters.counter(
                "incident.records.lost",
                "records",
                "Alerts, failures and the like that are missing in incident reports, because too many waited",
                lost::sum);
    }

    /** An alert was raised, or its condition is over. */
    public void alert(Alert alert) {
        boolean isOver =
                alert.settledAt().isPresent() && alert.kind().settlesWhen() != AlertEvent.SettlesWhen.IMMEDIATELY;
        if (isOver) {
            offer(Row.of(
                    alert.settledAt().orElseThrow(),
                    IncidentRows.ALERT_SETTLED,
                    new Fields().with(IncidentRows.EVENT, alert.event()).toString(),
                    new Fields()
                            .with(IncidentRows.EVENT, alert.event())
                            .with(IncidentRows.SUBJECT, redact.apply(alert.subject()))
                            .toString()));
        } else {
            offer(Row.of(
                    alert.at(),
                    IncidentRows.ALERT_RAISED,
                    new Fields()
                            .with(IncidentRows.LEVEL, alert.level())
                            .with(IncidentRows.EVENT, alert.event())
                            .toString(),
                    new Fields()
                            .with(IncidentRows.LEVEL, alert.level())
                            .with(IncidentRows.EVENT, alert.event())
                            .with(IncidentRows.SUBJECT, redact.apply(alert.subject()))
                            .with(IncidentRows.ORDER, alert.orderId().orElse(""))
                            .with(IncidentRows.BY, alert.by().orElse(""))
                            .with(IncidentRows.TEXT, bounded(redact.apply(alert.message()), TEXT_MAX))
                            .toString()));
        }
    }

    /**
     * A channel delivered a message.
     *
     * @param kind {@code raised}, {@code resolved} or {@code resolved_by_restart}
     */
    public void delivered(String channel, String kind, String event, String subject) {
        var group = new Fields().with(IncidentRows.CHANNEL, channel).with(IncidentRows.KIND, kind);
        offer(Row.of(
                clock.instant(),
                IncidentRows.NOTICE_DELIVERED,
                group.toString(),
                group.with(IncidentRows.EVENT, event)
                        .with(IncidentRows.SUBJECT, redact.apply(subject))
                        .toString()));
    }

    @Override
    public void callEnded(String call, CallResult result, String code, Duration took) {
        if (result == CallResult.DONE) {
            return;
        }
        var fields = new Fields()
                .with(IncidentRows.RESULT, result.name())
                .with(IncidentRows.CODE, code)
                .toString();
        var at = clock.instant();
        if (result == CallResult.FAILED) {
            offer(new Row(
                    at,
                    IncidentRows.BROKER_FAILING,
                    "",
                    new Fields()
                            .with(IncidentRows.CALL, call)
                            .with(IncidentRows.CODE, code)
                            .toString(),
                    1,
                    1));
        }
        offer(new Row(at, IncidentRows.BROKER_ERRORS, fields, fields, 1, 0));
    }

    @Override
    public void connected(String appKey) {
        var fields = new Fields().with(IncidentRows.APP_KEY, appKey).toString();
        offer(Row.of(clock.instant(), IncidentRows.SESSION_OPEN, fields, fields));
    }

    @Override
    public void disconnected(String appKey, String cause) {
        var group = new Fields().with(IncidentRows.APP_KEY, appKey);
        offer(Row.of(
                clock.instant(),
                IncidentRows.SESSION_LOST,
                group.toString(),
                group.with(IncidentRows.CAUSE, bounded(redact.apply(cause), CAUSE_MAX))
                        .toString()));
    }

    @Override
    public void breakerChanged(String appKey, String calls, String state) {
        var fields = new Fields()
                .with(IncidentRows.APP_KEY, appKey)
                .with(IncidentRows.CALLS, calls)
                .with(IncidentRows.STATE, state)
                .toString();
        offer(Row.of(clock.instant(), IncidentRows.BREAKER, fields, fields));
    }

    private static String bounded(String text, int max) {
        return text.length() > max ? text.substring(0, max - 1) + '…' : text;
    }

    private void offer(Row row) {
        if (!queue.offer(row)) {
            lost.increment();
        }
    }

    // ---- the task ----

    /** Writes what waits, and the sums of a minute that is over. */
    public synchronized void flush() {
        var now = clock.instant();
        limiter.endMinute(now).forEach(this::write);
        takeFallbacks(now);
        var rows = new ArrayList<Row>();
        queue.drainTo(rows);
        rows.forEach(this::take);
        long losses = lost.sum();
        if (losses > lostReported) {
            write(new Row(now, IncidentRows.RECORDS_LOST, "", "", losses - lostReported, 1));
            lostReported = losses;
        }
    }

    private void takeFallbacks(Instant now) {
        if (now.isBefore(fallbacksReadAt.plus(FALLBACKS_EVERY))) {
            return;
        }
        fallbacksReadAt = now;
        long answers = fallbacks.getAsLong();
        if (answers > fallbacksSeen) {
            take(new Row(now, IncidentRows.FALLBACK_USED, "", "", answers - fallbacksSeen, 1));
            fallbacksSeen = answers;
        }
    }

    private void take(Row row) {
        if (row.what().equals(IncidentRows.BROKER_FAILING)) {
            boolean isFirst = !row.at().isBefore(failedAt.plus(QUIET));
            failedAt = row.at();
            if (isFirst) {
                write(row);
            }
        } else {
            limiter.take(row).ifPresent(this::write);
        }
    }

    private void write(Row row) {
        audit.report(row.at(), row.what(), row.fields(), row.count());
    }

    /** Writes what waits and what the present minute has. */
    @Override
    public synchronized void close() {
        flush();
        limiter.end().forEach(this::write);
    }
}
