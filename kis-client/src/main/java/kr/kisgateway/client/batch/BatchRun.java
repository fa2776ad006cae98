package kr.kisgateway.client.batch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import kr.kisgateway.client.KisException;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries groups of symbols until each symbol has an answer or a failure.
 *
 * <p><b>Problem.</b> One bad symbol can make KIS refuse the query for thirty; a broken connection is no evidence about any
 * of them.
 *
 * <p><b>Policy.</b> A refused group is cut in two and both halves are queried, down to the refused symbol:
 * some ten more queries for each. Transient failures are retried after the groups that wait, after the pause that
 * the failure prescribes. The calling thread owns all state; workers only query and report.
 */
final class BatchRun<T> {
    private static final Logger LOG = LoggerFactory.getLogger("kis.batch");
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /**
     * Symbols of one query.
     *
     * @param attempts how often they were queried
     * @param pause before the next attempt
     */
    private record Group(List<Symbol> symbols, int attempts, Duration pause) {}

    private sealed interface Outcome<T> {
        record Answered<T>(Group group, KisReply<Map<Symbol, T>> reply) implements Outcome<T> {}

        /** The stop. */
        record Ended<T>() implements Outcome<T> {}
    }

    private final Function<List<Symbol>, KisReply<Map<Symbol, T>>> request;
    private final BatchOptions options;
    private final InstantSource clock;
    private final List<Symbol> symbols;
    private final ArrayDeque<Group> waiting = new ArrayDeque<>();
    private final BlockingQueue<Outcome<T>> outcomes;
    private final Map<Symbol, T> values = new HashMap<>();
    private final Map<Symbol, KisFailure> failures = new HashMap<>();
    private int completed;
    private int inFlight;
    private int requestCount;
    private int listenerFailures;

    /**
     * @param request answers for the symbols that KIS lists; it leaves out the others
     * @param size symbols of a query
     */
    BatchRun(
            Collection<Symbol> symbols,
            int size,
            Function<List<Symbol>, KisReply<Map<Symbol, T>>> request,
            BatchOptions options,
            InstantSource clock) {
        this.symbols = List.copyOf(new LinkedHashSet<>(symbols));
        this.request = request;
        this.options = options;
        this.clock = clock;
        // One place for each worker and one for the stop: reporting never blocks.
        this.outcomes = new ArrayBlockingQueue<>(options.workers() + 1);
        for (int from = 0; from < this.symbols.size(); from += size) {
            waiting.add(new Group(
                    this.symbols.subList(from, Math.min(from + size, this.symbols.size())), 0, Duration.ZERO));
        }
    }

    /** @param callsPerSecond the share of the budget for the batch */
    BatchResult<T> run(int callsPerSecond) {
        Instant startedAt = clock.instant();
        Duration atLeast = Duration.ofMillis(1_000L * Math.max(0, waiting.size() - 1) / callsPerSecond);
        LOG.info(
                "batch_started symbols={} calls={} at_least_ms={}", symbols.size(), waiting.size(), atLeast.toMillis());
        notifyListener(listener -> listener.started(symbols.size(), waiting.size(), atLeast));
        options.stop().onRequested(() -> outcomes.offer(new Outcome.Ended<>()));
        ExecutorService workers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("kis-batch-", 0).factory());
        try {
            runWorkers(workers);
        } finally {
            workers.shutdownNow();
            workers.close();
        }
        return result(Duration.between(startedAt, clock.instant()));
    }

    private void runWorkers(ExecutorService workers) {
        while (!options.stop().isRequested() && (inFlight > 0 || !waiting.isEmpty())) {
            while (inFlight < parallelism() && !waiting.isEmpty()) {
                Group group = waiting.remove();
                inFlight++;
                requestCount++;
                workers.execute(() -> outcomes.add(requestGroup(group)));
            }
            try {
                switch (outcomes.take()) {
                    case Outcome.Ended<T>() -> {
                        return;
                    }
                    case Outcome.Answered<T>(Group group, KisReply<Map<Symbol, T>> reply) -> {
                        inFlight--;
                        recordReply(group, reply);
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** The first query goes alone: a connection is opened, and an error common to all appears once. */
    private int parallelism() {
        return requestCount > inFlight ? options.workers() : 1;
    }

    /** Every exception is reported: a worker that ended silently would keep the batch waiting forever. */
    private Outcome<T> requestGroup(Group group) {
        try {
            options.stop().await(group.pause().toMillis());
            return new Outcome.Answered<>(group, request.apply(group.symbols()));
        } catch (InterruptedException _) {
            return new Outcome.Ended<>();
        } catch (Throwable thrown) {
            LOG.error("batch_request_failed symbols={}", group.symbols(), thrown);
            return new Outcome.Answered<>(group, new KisReply.Failed<>(thrown(thrown)));
        }
    }

    /** KIS's failure stays as it is; anything else is a defect of the query, and the same query throws it again. */
    private static KisFailure thrown(Throwable thrown) {
        return thrown instanceof KisException kis
                ? kis.failure()
                : KisFailure.of(
                        KisFailure.Kind.INVALID_REQUEST,
                        "the query threw " + thrown,
                        "correct the query that was given to the batch; its trace is in the log",
                        false);
    }

    private void recordReply(Group group, KisReply<Map<Symbol, T>> reply) {
        switch (reply) {
            case KisReply.Ok<Map<Symbol, T>>(Map<Symbol, T> answers) -> {
                for (Symbol symbol : group.symbols()) {
                    Optional<T> answer = Optional.ofNullable(answers.get(symbol));
                    answer.ifPresentOrElse(
                            it -> values.put(symbol, it), () -> failures.put(symbol, unknownSymbol(symbol)));
                    complete(symbol);
                }
            }
            case KisReply.Failed<Map<Symbol, T>>(KisFailure failure) -> {
                int attempts = group.attempts() + 1;
                if (isTransient(failure) && attempts < options.tries()) {
                    waiting.add(new Group(group.symbols(), attempts, capPause(failure.retryAfter())));
                } else if (!isTransient(failure) && group.symbols().size() > 1) {
                    int half = group.symbols().size() / 2;
                    waiting.add(new Group(group.symbols().subList(0, half), 0, Duration.ZERO));
                    waiting.add(new Group(
                            group.symbols().subList(half, group.symbols().size()), 0, Duration.ZERO));
                } else {
                    for (Symbol symbol : group.symbols()) {
                        failures.put(symbol, failure);
                        complete(symbol);
                    }
                }
            }
        }
    }

    /** Whether the failure is independent of the symbols; an unreadable answer may be one symbol's row. */
    private static boolean isTransient(KisFailure failure) {
        return switch (failure.kind()) {
            case RATE_LIMITED, TIMEOUT, CONNECTION, TOKEN, BREAKER_OPEN, QUEUE_TIMEOUT -> true;
            case CREDENTIALS_MISSING,
                    INVALID_SETTINGS,
                    INVALID_REQUEST,
                    REGISTRATIONS_FULL,
                    UNSUPPORTED,
                    REFUSED,
                    UNKNOWN_SYMBOL,
                    UNREADABLE,
                    CLOSED -> false;
        };
    }

    private static Duration capPause(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    static KisFailure unknownSymbol(Symbol symbol) {
        return KisFailure.of(
                KisFailure.Kind.UNKNOWN_SYMBOL, "KIS lists no stock " + symbol, "find it in the master files", false);
    }

    private void complete(Symbol symbol) {
        completed++;
        notifyListener(listener -> listener.completed(completed, symbols.size(), symbol));
        if (completed % BatchListener.MILESTONE == 0 || completed == symbols.size()) {
            LOG.info("batch_progress completed={} total={}", completed, symbols.size());
            notifyListener(listener -> listener.milestone(completed, symbols.size()));
        }
    }

    private void notifyListener(Consumer<BatchListener> notification) {
        try {
            notification.accept(options.listener());
        } catch (Throwable bug) {
            listenerFailures++;
            if (listenerFailures == 1) {
                LOG.error("batch_listener_failed completed={}", completed, bug);
            }
        }
    }

    private BatchResult<T> result(Duration took) {
        var answers = new LinkedHashMap<Symbol, T>();
        var troubles = new LinkedHashMap<Symbol, KisFailure>();
        var left = new ArrayList<Symbol>();
        for (Symbol symbol : symbols) {
            T value = values.get(symbol);
            KisFailure failure = failures.get(symbol);
            if (value != null) {
                answers.put(symbol, value);
            } else if (failure != null) {
                troubles.put(symbol, failure);
            } else {
                left.add(symbol);
            }
        }
        Map<String, Integer> byCode =
                troubles.values().stream().collect(Collectors.toMap(KisFailure::code, _ -> 1, Integer::sum));
        var stats = new BatchStats(requestCount, answers.size(), took, byCode);
        if (listenerFailures > 1) {
            LOG.error("batch_listener_failed in_all={}", listenerFailures);
        }
        LOG.info(
                "batch_ended answers={} failures={} left={} requests={} took_ms={}",
                answers.size(),
                byCode,
                left.size(),
                requestCount,
                took.toMillis());
        return new BatchResult<>(answers, troubles, left, stats);
    }
}
