package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.AfterInvalidation;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.face.KisUpstream.Outcome;
import kr.kisgateway.gateway.meter.Meters;

/**
 * Sends queries to KIS within the call budget. Equal questions at the same time are one call, and its answer serves equal ones
 * of all keys for five seconds, or minutes where it changes with the day; an answer about the account only until an order of it changes, one about the market until a
 * halt or an interruption.
 */
final class Forwarder {
    private static final Duration LIFE = Duration.ofSeconds(5);
    /** Of answers that change with the day: holidays, master data. */
    private static final Duration LIFE_OF_THE_DAY = Duration.ofMinutes(10);

    private static final Set<String> OF_THE_DAY = Set.of("CTCA0903R", "CTPF1002R", "CTPF1604R");
    /** Thousands of characters of all answers of a cache. */
    private static final int KILOBYTES_MAX = 8_192;

    private static final int OK = 200;

    private final KisUpstream upstream;
    private final Duration queue;
    private final AtomicLong accountVersion = new AtomicLong();
    private final AnswerCache<Question, Outcome.Answered> answers;
    private final AnswerCache<Question, Outcome.Answered> answersOfTheDay;
    private final HeldAnswers held;
    private final InstantSource clock;

    /** @param version of the account, or of the stocks' statuses, when the question was asked */
    private record Question(
            String path, String trId, Map<String, String> parameters, boolean isContinuation, long version) {
        @Override
        public String toString() {
            return trId;
        }
    }

    /**
     * @param held retains answers of which later ones can be made
     * @param queue how long a query waits for a slot of the call budget
     */
    Forwarder(KisUpstream upstream, HeldAnswers held, Duration queue, InstantSource clock) {
        this.upstream = upstream;
        this.held = held;
        this.clock = clock;
        this.queue = queue;
        this.answers = cache("face", LIFE, clock);
        this.answersOfTheDay = cache("face_day", LIFE_OF_THE_DAY, clock);
    }

    /** Answers are not retained for longer than they serve: at many calls a second they would fill the heap. */
    private static AnswerCache<Question, Outcome.Answered> cache(String name, Duration life, InstantSource clock) {
        return new AnswerCache<>(
                name,
                new Memory<>(
                        life,
                        life,
                        AfterInvalidation.DROP_LAST,
                        KILOBYTES_MAX,
                        answer -> 1 + answer.body().length() / 1_024,
                        question -> question),
                Duration.ofMillis(1),
                SharedCache.none(),
                clock);
    }

    /** Registers the meters of the cached answers. */
    void bindTo(Meters meters) {
        answers.bindTo(meters);
        answersOfTheDay.bindTo(meters);
    }

    /** An order or the holdings changed: earlier answers about the account are outdated. */
    void accountChanged() {
        accountVersion.incrementAndGet();
    }

    /**
     * KIS's answer, with the real account.
     *
     * @param account alias of the account of the query
     * @param tenant name of the key; keys take turns
     */
    Outcome forward(String account, KisUpstream.Query query, String tenant) {
        var question = new Question(
                query.path(),
                query.trId(),
                new TreeMap<>(query.parameters()),
                query.isContinuation(),
                query.isLedger() ? accountVersion.get() : held.version());
        var metered = MeteredCall.current();
        boolean isOfTheDay = OF_THE_DAY.contains(query.trId());
        var life = isOfTheDay ? LIFE_OF_THE_DAY : LIFE;
        var cache = isOfTheDay ? answersOfTheDay : answers;
        var servable = AnswerCache.Servable.of(at -> clock.instant().isBefore(at.plus(life)));
        var cached = cache.find(question, servable);
        if (cached.isPresent()) {
            metered.servedFrom(FaceSource.CACHE);
            return cached.get().value();
        }
        // Unless this caller makes the call.
        metered.servedFrom(FaceSource.COALESCED);
        var result = cache.fetch(question, servable, () -> call(account, query, tenant));
        return switch (result) {
            case Result.Success<Cached<Outcome.Answered>>(Cached<Outcome.Answered> answer) -> {
                if (!isSuccess(answer.value())) {
                    cache.invalidate(question);
                } else if (!query.isLedger() && !namesOwner(answer.value().body())) {
                    held.answered(
                            query.trId(), query.parameters(), answer.value().body(), answer.at(), question.version());
                }
                yield answer.value();
            }
            case Result.Refused<Cached<Outcome.Answered>>(Refusal refusal) ->
                refusal.code() == ErrorCode.QUEUE_TIMEOUT ? new Outcome.NoSlot() : new Outcome.NoAnswer();
        };
    }

    /** A refusal is not retained: it may be transient, and a mistake of one program must not be answered to others. */
    private static boolean isSuccess(Outcome.Answered answer) {
        return answer.status() == OK && answer.body().contains("\"rt_cd\":\"0\"");
    }

    private boolean namesOwner(String body) {
        return upstream.identities().values().stream()
                .anyMatch(identity -> body.contains(identity.cano())
                        || identity.htsId().filter(body::contains).isPresent());
    }

    private Result<Outcome.Answered> call(String account, KisUpstream.Query query, String tenant) {
        var metered = MeteredCall.current();
        metered.servedFrom(FaceSource.KIS);
        return switch (upstream.forward(account, query, tenant, queue)) {
            case Outcome.Answered answered -> {
                metered.waited(answered.queued());
                yield Result.success(answered);
            }
            case Outcome.NoSlot() -> {
                metered.servedFrom(FaceSource.GATEWAY);
                metered.waited(queue);
                yield Result.refused(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "The call budget has no slot in time."));
            }
            case Outcome.NoAnswer() ->
                Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time."));
        };
    }
}
