package kr.kisgateway.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.audit.AuditPage;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.meter.Meters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /v1/audit}, for administrators. Searches run on the thread {@code audit-read}, one at a time. */
public final class AuditRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.audit");
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1_000;
    private static final int WAITING_MAX = 16;
    private static final Duration SEARCH_LIMIT = Duration.ofSeconds(10);
    private static final int TEXT_MAX = 120;

    private final AuditPages pages;
    private final ThreadPoolExecutor reader = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("audit-read").daemon(true).factory());

    public AuditRoutes(AuditPages pages) {
        this.pages = pages;
    }

    public void bindTo(Meters meters) {
        meters.queue("audit_reads", () -> reader.getQueue().size(), WAITING_MAX);
    }

    public void register(RouteTable table) {
        table.get(
                Role.ADMIN,
                "/v1/audit",
                List.of(
                        "from",
                        "to",
                        "source",
                        "kind",
                        "principal",
                        "address",
                        "text",
                        "tr",
                        "result",
                        "trace_id",
                        "limit",
                        "cursor"),
                this::list);
    }

    private void list(Call call) {
        call.caller().requireUnrestricted("The audit is about");
        int limit = call.limit(LIMIT_DEFAULT, LIMIT_MAX);
        var filter = filter(call);
        var page = find(filter, call.query("cursor"), limit);
        call.answerPage(() -> answer(page));
    }

    private AuditPages.Page find(AuditFilter filter, Optional<String> cursor, int limit) {
        try {
            var found = reader.submit(() -> pages.recent(filter, cursor, limit));
            try {
                return found.get(SEARCH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                found.cancel(true);
                throw tooLong();
            }
        } catch (RejectedExecutionException e) {
            throw unavailable("Too many searches of the audit wait; try again.");
        } catch (ExecutionException e) {
            throw refusal(e.getCause());
        } catch (CancellationException e) {
            throw unreadable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("The gateway stops.");
        }
    }

    private static RefusedException refusal(@Nullable Throwable cause) {
        if (cause instanceof AuditPages.UnknownCursorException) {
            return Call.invalid("cursor", "must be the next_cursor of an earlier answer of this gateway");
        }
        if (cause instanceof AuditException failure && SharedAuditStore.isTooLong(failure)) {
            return tooLong();
        }
        LOG.warn("audit_not_read cause=\"{}\"", String.valueOf(cause));
        return unreadable();
    }

    private static RefusedException tooLong() {
        return unavailable("The search takes too long; narrow it by from and to.");
    }

    private static RefusedException unreadable() {
        return unavailable("The audit cannot be read now; see the gateway's log.");
    }

    private static RefusedException unavailable(String message) {
        return new RefusedException(Refusal.of(ErrorCode.AUDIT_UNAVAILABLE, message));
    }

    private static AuditFilter filter(Call call) {
        var from = call.query("from").map(text -> instant("from", text, 0));
        var until = call.query("to").map(text -> instant("to", text, 1));
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            throw Call.invalid("from", "must be before to");
        }
        return new AuditFilter(
                from,
                until,
                call.query("source")
                        .map(text -> AuditSource.of(text)
                                .orElseThrow(() -> Call.notOneOf(
                                        "source", text, List.of("api", "face", "chat", "kis", "gateway")))),
                call.query("kind")
                        .map(text -> AuditEntry.Kind.of(text)
                                .orElseThrow(() -> Call.notOneOf("kind", text, List.of("call", "minute", "report")))),
                text(call, "principal"),
                text(call, "address"),
                text(call, "text"),
                text(call, "tr"),
                text(call, "result"),
                text(call, "trace_id"));
    }

    private static Optional<String> text(Call call, String name) {
        return call.query(name).map(text -> {
            if (text.isEmpty() || text.length() > TEXT_MAX) {
                throw Call.invalid(name, "must have 1 to " + TEXT_MAX + " characters");
            }
            return text;
        });
    }

    private static Instant instant(String name, String text, int daysAfter) {
        return AuditTimes.parse(text, daysAfter)
                .orElseThrow(() -> Call.invalid(
                        name, "must be a day as 2026-11-20, or a time with offset as 2026-11-20T09:00:00+09:00"));
    }

    private static AuditPage answer(AuditPages.Page page) {
        return new AuditPage(
                page.rows().stream().map(AuditRoutes::answer).toList(),
                page.next(),
                page.sealedThrough().map(YearMonth::toString));
    }

    private static kr.kisgateway.api.audit.AuditRow answer(AuditPages.Found found) {
        var row = found.row();
        var entry = row.entry();
        return new kr.kisgateway.api.audit.AuditRow(
                found.gateway(),
                row.seq(),
                ApiValues.timeMillis(entry.at()),
                entry.source().wireName(),
                entry.kind().wireName(),
                present(entry.principal()),
                present(entry.key()),
                present(entry.address()),
                entry.call(),
                present(entry.tr()),
                present(entry.parameters()),
                entry.status(),
                entry.result(),
                present(entry.traceId()),
                entry.calls(),
                entry.failed(),
                entry.cost(),
                entry.micros(),
                HexFormat.of().formatHex(row.hash()));
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(it -> !it.isEmpty());
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
