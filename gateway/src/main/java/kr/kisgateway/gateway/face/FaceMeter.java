package kr.kisgateway.gateway.face;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.edge.AnyPathListener.Request;
import kr.kisgateway.gateway.cost.CallCost;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.trace.Span;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.gateway.trace.Tracer;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.RealtimeKey;

/**
 * Counts the calls of each key and of the whole face: where answers came from, what was refused and why. Figures are those of
 * Seoul's day and restart at zero with the process; the last calls of a key are retained.
 *
 * <p>A call takes no lock: it adds to its key's and the face's counters and takes the next place of the key's ring.
 */
final class FaceMeter {
    /** Calls that are retained of each key. */
    static final int RECENT_MAX = 50;

    /** Refusal codes that are counted of each key and day; further ones are counted together. */
    private static final String SPAN = "KIS face";

    private static final int CODES_MAX = 40;

    private static final String FURTHER_CODES = "OTHER";
    private static final int OK = 200;
    private static final int TEXT_MAX = 80;
    private static final int WORD_MAX = 40;
    private static final String DOUBT = "EGW00301";
    private static final String SUBSCRIPTION = "subscription";

    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final Tracer tracer;
    private final TraceIds traceIds;
    private final FaceAudit audit;
    private final Instant startedAt;
    /** By the names of keys, which bound it. */
    private final Map<String, KeyMeter> keys = new ConcurrentHashMap<>();

    private final AtomicDay all = new AtomicDay();
    private final Map<FaceSource, LongAdder> sinceStart = adders(FaceSource.class);
    private final Map<Cause, LongAdder> refusedSinceStart = adders(Cause.class);

    /** Why the face refuses, for meters. */
    enum Cause {
        /** App key, secret, token, role, symbol or account. */
        ACCESS,
        /** The key's share or the call budget was used up. */
        RATE,
        /** The order desk or KIS refused an order. */
        ORDER,
        /** KIS refused, or did not answer. */
        KIS,
        /** The request itself. */
        REQUEST
    }

    /** Answers a call. */
    @FunctionalInterface
    interface Work {
        Answer answer() throws InterruptedException;
    }

    /**
     * A call of a key.
     *
     * @param name the last part of its path, or what was done on the WebSocket
     * @param micros from its first check to its answer, waits included
     * @param code of a refusal; empty for an answer
     * @param reason of a refusal, as the caller got it
     */
    record RecentCall(
            Instant at, String trId, String name, FaceSource source, long micros, String code, String reason) {}

    /** Refusals with one code. */
    record Refused(String code, long count, String reason, Instant at) {}

    /**
     * The figures of a day.
     *
     * @param served calls by the source of their answer
     * @param unidentified of these, calls without a valid key
     * @param queued time that queries waited for their key's share and for slots of the call budget
     * @param ordersInDoubt order calls that ended without KIS's answer
     */
    record Figures(
            Map<FaceSource, Long> served,
            long unidentified,
            Duration queued,
            long ordersAccepted,
            long ordersRefused,
            long ordersInDoubt,
            List<Refused> refused) {
        static Figures none() {
            return new Figures(Map.of(), 0, Duration.ZERO, 0, 0, 0, List.of());
        }

        long calls() {
            return served.values().stream().mapToLong(Long::longValue).sum();
        }

        long served(FaceSource source) {
            return served.getOrDefault(source, 0L);
        }

        long refusals() {
            return refused.stream().mapToLong(Refused::count).sum();
        }
    }

    private record LastRefusal(String reason, Instant at) {}

    private static final class RefusalCounter {
        private final LongAdder count = new LongAdder();
        private volatile LastRefusal last;

        private RefusalCounter(LastRefusal first) {
            this.last = first;
        }
    }

    /** Counters of one day in Seoul. */
    private static final class Day {
        private final LocalDate date;
        private final Instant end;
        private final Map<FaceSource, LongAdder> served = adders(FaceSource.class);
        private final LongAdder unidentified = new LongAdder();
        private final LongAdder queuedNanos = new LongAdder();
        private final LongAdder ordersAccepted = new LongAdder();
        private final LongAdder ordersRefused = new LongAdder();
        private final LongAdder ordersInDoubt = new LongAdder();
        private final Map<String, RefusalCounter> refused = new ConcurrentHashMap<>();

        private Day(LocalDate date) {
            this.date = date;
            this.end = startOf(date.plusDays(1));
        }

        private void countRefusal(String code, String reason, Instant at) {
            String counted = refused.size() < CODES_MAX || refused.containsKey(code) ? code : FURTHER_CODES;
            var last = new LastRefusal(reason, at);
            var counter = refused.computeIfAbsent(counted, _ -> new RefusalCounter(last));
            counter.last = last;
            counter.count.increment();
        }

        private Figures figures() {
            var served = new EnumMap<FaceSource, Long>(FaceSource.class);
            this.served.forEach((source, count) -> served.put(source, count.sum()));
            var refusals = new ArrayList<Refused>();
            refused.forEach((code, counter) ->
                    refusals.add(new Refused(code, counter.count.sum(), counter.last.reason(), counter.last.at())));
            refusals.sort((one, other) -> other.at().compareTo(one.at()));
            return new Figures(
                    served,
                    unidentified.sum(),
                    Duration.ofNanos(queuedNanos.sum()),
                    ordersAccepted.sum(),
                    ordersRefused.sum(),
                    ordersInDoubt.sum(),
                    List.copyOf(refusals));
        }
    }

    /** The present day; a call of the next one begins it. */
    private static final class AtomicDay {
        private volatile Optional<Day> day = Optional.empty();

        private Day at(Instant now) {
            var present = day;
            return present.isPresent() && now.isBefore(present.get().end) ? present.get() : begin(now);
        }

        private synchronized Day begin(Instant now) {
            var date = LocalDate.ofInstant(now, TradingCalendar.SEOUL);
            var present = day;
            // A clock that goes back does not lose the figures of a day that began.
            if (present.isPresent() && !present.get().date.isBefore(date)) {
                return present.get();
            }
            var next = new Day(date);
            day = Optional.of(next);
            return next;
        }
    }

    /** What is counted and retained of one key. */
    private static final class KeyMeter {
        private final AtomicDay day = new AtomicDay();
        private final AtomicReferenceArray<RecentCall> ring = new AtomicReferenceArray<>(RECENT_MAX);
        private final AtomicLong next = new AtomicLong();

        private void retain(RecentCall call) {
            ring.set((int) (next.getAndIncrement() % RECENT_MAX), call);
        }

        private List<RecentCall> recent() {
            var calls = new ArrayList<RecentCall>();
            long end = next.get();
            for (long i = end - 1; i >= Math.max(0, end - RECENT_MAX); i--) {
                Optional.ofNullable(ring.get((int) (i % RECENT_MAX))).ifPresent(calls::add);
            }
            return List.copyOf(calls);
        }
    }

    FaceMeter(InstantSource clock, InstantSource monotonicClock, FaceAudit audit, Tracer tracer, TraceIds traceIds) {
        this.tracer = tracer;
        this.traceIds = traceIds;
        this.audit = audit;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.startedAt = clock.instant();
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        var adders = new EnumMap<E, LongAdder>(type);
        for (E each : type.getEnumConstants()) {
            adders.put(each, new LongAdder());
        }
        return adders;
    }

    private static Instant startOf(LocalDate date) {
        return date.atStartOfDay(TradingCalendar.SEOUL).toInstant();
    }

    /** Registers the meters of calls and refusals. */
    void bindTo(Meters meters) {
        sinceStart.forEach((source, count) -> meters.counter(
                "face.calls",
                "calls",
                "Calls to the KIS-compatible port, by the source of the answer",
                count::sum,
                "source",
                source.wireName()));
        refusedSinceStart.forEach((cause, count) -> meters.counter(
                "face.refusals",
                "calls",
                "Calls and subscriptions that the KIS-compatible port refused",
                count::sum,
                "cause",
                cause.name().toLowerCase(Locale.ROOT)));
    }

    /** Answers a call, counts it and records it. */
    Answer measure(Request request, Work work) throws InterruptedException {
        var call = new MeteredCall();
        var cost = CallCost.ofRequest();
        var span = tracer.begin(
                traceIds.incoming(
                        request.headers().get("x-trace-id"), request.headers().get("traceparent")),
                SPAN);
        Instant begin = monotonicClock.instant();
        Answer answer;
        try {
            answer = span.trace().run(() -> call.run(() -> cost.run(work::answer)));
        } catch (InterruptedException | RuntimeException e) {
            span.failed("INTERNAL").end();
            throw e;
        }
        var took = Duration.between(begin, monotonicClock.instant());
        Optional<Refusal> refusal = refusal(call, answer);
        endSpan(span, request, call, answer, refusal);
        count(request, call, refusal, took);
        audit.answered(
                request,
                word(request.headers().getOrDefault("tr_id", "")),
                call,
                status(answer),
                refusal.map(Refusal::code),
                cost,
                took);
        return answer;
    }

    private static void endSpan(
            Span span, Request request, MeteredCall call, Answer answer, Optional<Refusal> refusal) {
        if (span.trace().isRecorded()) {
            span.with(SpanAttribute.TR_ID, word(request.headers().getOrDefault("tr_id", "")))
                    .with(SpanAttribute.STATUS, status(answer));
            call.key().ifPresent(key -> span.with(SpanAttribute.CALLER, key.name()));
            refusal.ifPresent(it -> span.with(SpanAttribute.CODE, it.code()));
            span.end();
        }
    }

    /** Why an order cannot be sent now: it could not be recorded. */
    Optional<kr.kisgateway.gateway.error.Refusal> refusal(MeteredCall.Content content) {
        return audit.refusal(content);
    }

    private static int status(Answer answer) {
        return switch (answer) {
            case Answer.Text text -> text.status();
            case Answer.Encoded encoded -> encoded.status();
            case Answer.Reset _ -> 0;
        };
    }

    private void count(Request request, MeteredCall call, Optional<Refusal> refusal, Duration took) {
        Instant now = clock.instant();
        add(all.at(now), call);
        increment(sinceStart, call.source());
        refusal.ifPresent(it -> {
            all.at(now).countRefusal(it.code(), it.reason(), now);
            increment(refusedSinceStart, cause(it.code(), call));
        });
        if (call.key().isEmpty()) {
            all.at(now).unidentified.increment();
            return;
        }
        var meter = meterOf(call.key().get().name());
        Day day = meter.day.at(now);
        add(day, call);
        refusal.ifPresent(it -> day.countRefusal(it.code(), it.reason(), now));
        if (call.isOrder()) {
            String code = refusal.map(Refusal::code).orElse("");
            (code.isEmpty() ? day.ordersAccepted : code.equals(DOUBT) ? day.ordersInDoubt : day.ordersRefused)
                    .increment();
        }
        meter.retain(new RecentCall(
                now,
                word(request.headers().getOrDefault("tr_id", "")),
                word(request.path().substring(request.path().lastIndexOf('/') + 1)),
                call.source(),
                took.toNanos() / 1_000,
                refusal.map(Refusal::code).orElse(""),
                refusal.map(Refusal::reason).orElse("")));
    }

    private static void add(Day day, MeteredCall call) {
        increment(day.served, call.source());
        if (call.queuedNanos() > 0) {
            day.queuedNanos.add(call.queuedNanos());
        }
    }

    private static <E extends Enum<E>> void increment(Map<E, LongAdder> counters, E counted) {
        Optional.ofNullable(counters.get(counted)).orElseThrow().increment();
    }

    private KeyMeter meterOf(String keyName) {
        return keys.computeIfAbsent(keyName, _ -> new KeyMeter());
    }

    /** A refusal as the caller got it. */
    private record Refusal(String code, String reason) {}

    /** Only successful answers are retained, so one from memory needs no look. */
    private static Optional<Refusal> refusal(MeteredCall call, Answer answer) {
        // What is cached or held is no refusal.
        if (call.source() == FaceSource.CACHE || call.source() == FaceSource.HELD) {
            return Optional.empty();
        }
        return switch (answer) {
            case Answer.Text(int status, String _, Map<String, String> _, String body) -> refusal(status, body);
            case Answer.Encoded(int status, String _, Map<String, String> _, byte[] body) ->
                refusal(status, new String(body, StandardCharsets.UTF_8));
            case Answer.Reset() -> Optional.empty();
        };
    }

    private static Optional<Refusal> refusal(int status, String body) {
        if (status == OK && (body.contains("\"rt_cd\":\"0\"") || !body.contains("\"rt_cd\":"))) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                word(text(body, "msg_cd").or(() -> text(body, "error_code")).orElse("HTTP" + status)),
                text(body, "msg1").or(() -> text(body, "error_description")).orElse("")));
    }

    /** The text of a field of a refusal, whose values have no quotes; shortened. */
    private static Optional<String> text(String body, String field) {
        String begin = '"' + field + "\":\"";
        int at = body.indexOf(begin);
        if (at < 0) {
            return Optional.empty();
        }
        int from = at + begin.length();
        int to = body.indexOf('"', from);
        return to < 0
                ? Optional.empty()
                : Optional.of(
                        body.substring(from, Math.min(to, from + TEXT_MAX)).strip());
    }

    /** A word of a request or a code: what else callers write is not retained. */
    private static String word(String text) {
        if (text.length() > WORD_MAX) {
            return "?";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_')) {
                return "?";
            }
        }
        return text;
    }

    private static Cause cause(String code, MeteredCall call) {
        if (code.equals("EGW00201")) {
            return Cause.RATE;
        }
        if (call.isOrder()) {
            return Cause.ORDER;
        }
        if (call.source() != FaceSource.GATEWAY) {
            return Cause.KIS;
        }
        return code.matches("EGW00(00|1[02]|20)[0-9]|OPSQ2000") ? Cause.ACCESS : Cause.REQUEST;
    }

    /** Counts a refused message of a WebSocket. */
    void socketRefused(String keyName, RealtimeKey message, String code, String reason) {
        Instant now = clock.instant();
        increment(refusedSinceStart, Cause.REQUEST);
        all.at(now).countRefusal(code, reason, now);
        var meter = meterOf(keyName);
        meter.day.at(now).countRefusal(code, reason, now);
        meter.retain(
                new RecentCall(now, word(message.trId()), SUBSCRIPTION, FaceSource.GATEWAY, 0, word(code), reason));
    }

    /** When the present figures begin: with Seoul's day, or the process. */
    Instant since() {
        Instant today = startOf(LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL));
        return today.isAfter(startedAt) ? today : startedAt;
    }

    /** Today's figures of all keys, and of callers without one. */
    Figures all() {
        return all.at(clock.instant()).figures();
    }

    /** Today's figures of a key; empty when it did nothing since the start. */
    Optional<Figures> of(String keyName) {
        return Optional.ofNullable(keys.get(keyName))
                .map(meter -> meter.day.at(clock.instant()).figures());
    }

    /** The last calls of a key, newest first. */
    List<RecentCall> recent(String keyName) {
        return Optional.ofNullable(keys.get(keyName)).map(KeyMeter::recent).orElse(List.of());
    }
}
