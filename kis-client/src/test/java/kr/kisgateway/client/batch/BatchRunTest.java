package kr.kisgateway.client.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.client.KisException;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BatchRunTest {
    private static final KisFailure REFUSED =
            new KisFailure(KisFailure.Kind.REFUSED, "1", "OPSQ2002", "bad symbol", "", false, Duration.ZERO);
    private static final KisFailure BROKEN =
            KisFailure.of(KisFailure.Kind.CONNECTION, "no connection", "retry later", true);

    private final ConcurrentLinkedQueue<List<Symbol>> requestedGroups = new ConcurrentLinkedQueue<>();

    @Test
    @Requirement("P-09")
    void one_bad_symbol_of_a_group_is_isolated_and_the_others_succeed() {
        List<Symbol> symbols = symbols(90);
        Symbol bad = symbols.get(37);
        BatchResult<String> result = run(
                symbols,
                30,
                BatchOptions.standard(),
                group -> group.contains(bad) ? new KisReply.Failed<>(REFUSED) : answers(group));
        assertThat(result.values()).hasSize(89);
        assertThat(result.values().keySet()).containsExactlyElementsOf(without(symbols, bad));
        assertThat(result.failures()).containsOnlyKeys(bad);
        assertThat(result.stats().succeeded()).isEqualTo(result.values().size());
        assertThat(new BatchStats(9, 7, Duration.ofMillis(2_000), Map.of()).perSecond())
                .isEqualByComparingTo("3.5");
        assertThat(result.stats().failures()).isEqualTo(Map.of("OPSQ2002", 1));
        assertThat(result.stats().requestCount())
                .isEqualTo(requestedGroups.size())
                .as("three groups, and two queries for each halving of 30")
                .isLessThanOrEqualTo(3 + 2 * 5);
        assertThat(result.isComplete()).isFalse();
    }

    @Test
    @Requirement("P-09")
    void a_symbol_that_an_answer_leaves_out_is_unknown() {
        List<Symbol> symbols = symbols(5);
        BatchResult<String> result = run(symbols, 30, BatchOptions.standard(), group -> answers(group.subList(0, 4)));
        assertThat(result.values()).hasSize(4);
        assertThat(result.failures().get(symbols.get(4)).remedy()).contains("master files");
        assertThat(requestedGroups).hasSize(1);
    }

    @Test
    @Requirement("P-09")
    void a_transient_failure_is_retried_without_splitting_the_group() {
        var left = new AtomicInteger(2);
        BatchResult<String> result = run(
                symbols(30),
                30,
                BatchOptions.standard(),
                group -> left.getAndDecrement() > 0 ? new KisReply.Failed<>(BROKEN) : answers(group));
        assertThat(result.isComplete()).isTrue();
        assertThat(requestedGroups).hasSize(3).allMatch(group -> group.size() == 30);
    }

    @Test
    @Requirement("P-09")
    void a_failure_that_persists_is_reported_for_each_symbol() {
        BatchResult<String> result =
                run(symbols(45), 30, BatchOptions.standard().withTries(2), _ -> new KisReply.Failed<>(BROKEN));
        assertThat(result.failures()).hasSize(45);
        assertThat(result.stats().failures()).isEqualTo(Map.of("CONNECTION", 45));
        assertThat(requestedGroups).hasSize(4);
    }

    @Test
    @Requirement(value = "P-09", clause = "progress")
    void progress_is_reported_for_each_symbol_and_every_hundred() {
        var messages = new ArrayList<String>();
        var counts = new ArrayList<Integer>();
        var completedSymbols = new LinkedHashSet<Symbol>();
        List<Symbol> symbols = symbols(250);
        run(
                symbols,
                30,
                BatchOptions.standard().with(new BatchListener() {
                    @Override
                    public void started(int total, int calls, Duration atLeast) {
                        messages.add(total + " in " + calls + " calls, " + atLeast.toMillis() + " ms");
                    }

                    @Override
                    public void completed(int completed, int total, Symbol symbol) {
                        counts.add(completed);
                        completedSymbols.add(symbol);
                    }

                    @Override
                    public void milestone(int completed, int total) {
                        messages.add(completed + " of " + total);
                    }
                }),
                this::answers);
        assertThat(messages).containsExactly("250 in 9 calls, 500 ms", "100 of 250", "200 of 250", "250 of 250");
        assertThat(counts).isEqualTo(IntStream.rangeClosed(1, 250).boxed().toList());
        assertThat(completedSymbols).containsExactlyInAnyOrderElementsOf(symbols);
    }

    @Test
    @Requirement("P-09")
    @Timeout(60)
    void a_stop_abandons_calls_in_flight_and_reports_the_remaining_symbols() {
        var stop = new BatchStop();
        var never = new CountDownLatch(1);
        List<Symbol> symbols = symbols(10);
        BatchListener listener = new BatchListener() {
            @Override
            public void completed(int completed, int total, Symbol symbol) {
                stop.now();
            }
        };
        BatchResult<String> result = run(
                symbols, 1, BatchOptions.standard().withWorkers(3).with(stop).with(listener), group -> {
                    if (group.contains(symbols.getFirst())) {
                        return answers(group);
                    }
                    return waited(never) ? answers(group) : new KisReply.Failed<>(BROKEN);
                });
        assertThat(result.values()).containsOnlyKeys(symbols.getFirst());
        assertThat(result.failures()).isEmpty();
        assertThat(result.left()).isEqualTo(symbols.subList(1, 10));
        assertThat(requestedGroups).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    @Requirement("P-09")
    @Timeout(30)
    void the_retry_pause_of_a_failure_is_respected_and_a_stop_ends_it() {
        var stop = new BatchStop();
        var once = new AtomicInteger();
        var slow = new KisFailure(
                KisFailure.Kind.BREAKER_OPEN, "", "", "too many failures", "", true, Duration.ofSeconds(50));
        BatchResult<String> result = run(symbols(2), 1, BatchOptions.standard().with(stop), group -> {
            if (once.incrementAndGet() == 2) {
                stop.now();
            }
            return new KisReply.Failed<>(slow);
        });
        assertThat(result.left()).hasSize(2);
        assertThat(requestedGroups).hasSize(2);
    }

    @Test
    @Requirement(value = "P-09", clause = "workers")
    void no_more_requests_are_in_flight_than_there_are_workers() {
        var underway = new AtomicInteger();
        var peak = new AtomicInteger();
        run(symbols(200), 1, BatchOptions.standard().withWorkers(7), group -> {
            peak.accumulateAndGet(underway.incrementAndGet(), Math::max);
            Thread.yield();
            underway.decrementAndGet();
            return answers(group);
        });
        assertThat(peak.get()).isBetween(1, 7);
        assertThat(requestedGroups).hasSize(200);
    }

    @Test
    void the_first_request_is_sent_alone() {
        var answered = new AtomicInteger();
        var early = new AtomicInteger();
        var first = new AtomicInteger();
        run(symbols(20), 1, BatchOptions.standard(), group -> {
            if (first.getAndIncrement() > 0 && answered.get() == 0) {
                early.incrementAndGet();
            }
            Thread.yield();
            answered.incrementAndGet();
            return answers(group);
        });
        assertThat(early.get()).isZero();
    }

    @Test
    @Requirement(value = "I-10", clause = "batch")
    void no_symbols_cause_no_request_and_a_repeated_symbol_is_requested_once() {
        assertThat(run(List.of(), 30, BatchOptions.standard(), this::answers).isComplete())
                .isTrue();
        assertThat(requestedGroups).isEmpty();
        Symbol one = symbols(1).getFirst();
        assertThat(run(List.of(one, one), 30, BatchOptions.standard(), this::answers)
                        .values())
                .hasSize(1);
        assertThat(requestedGroups).containsExactly(List.of(one));
    }

    @Test
    @Requirement(value = "P-09", clause = "failures")
    @Timeout(30)
    void an_exception_of_a_request_fails_its_symbol_only() {
        List<Symbol> symbols = symbols(6);
        BatchResult<String> result = run(symbols, 1, BatchOptions.standard(), group -> {
            switch (symbols.indexOf(group.getFirst())) {
                case 0 -> throw new IllegalStateException("a bug");
                case 2 -> throw new StackOverflowError("deep");
                case 3 -> throw BatchRunTest.<RuntimeException>sneaked(new IOException("checked"));
                case 5 -> throw new KisException(REFUSED);
                default -> {
                    return answers(group);
                }
            }
        });
        assertThat(result.values()).containsOnlyKeys(symbols.get(1), symbols.get(4));
        assertThat(result.failures()).containsOnlyKeys(symbols.get(0), symbols.get(2), symbols.get(3), symbols.get(5));
        assertThat(result.failures().get(symbols.get(3)))
                .satisfies(failure -> assertThat(failure.msg1()).contains("checked"))
                .satisfies(failure -> assertThat(failure.remedy()).contains("log"));
        assertThat(result.failures().get(symbols.get(5))).isEqualTo(REFUSED);
    }

    @Test
    @Requirement("P-09")
    @Timeout(30)
    void a_listener_that_throws_loses_no_result() {
        BatchListener listener = new BatchListener() {
            @Override
            public void started(int total, int calls, Duration atLeast) {
                throw new IllegalStateException("first");
            }

            @Override
            public void completed(int completed, int total, Symbol symbol) {
                throw new StackOverflowError("second");
            }

            @Override
            public void milestone(int completed, int total) {
                throw new IllegalStateException("third");
            }
        };
        assertThat(run(symbols(3), 1, BatchOptions.standard().with(listener), this::answers)
                        .isComplete())
                .isTrue();
    }

    @SuppressWarnings("unchecked") // throws its argument, declared or not
    private static <E extends Exception> E sneaked(Exception any) throws E {
        throw (E) any;
    }

    @Property(tries = 300)
    void exactly_the_bad_symbols_fail_and_all_others_are_answered(
            @ForAll Set<@IntRange(max = 119) Integer> bad, @ForAll @IntRange(min = 1, max = 30) int size) {
        List<Symbol> symbols = symbols(120);
        Set<Symbol> wrong = bad.stream().map(symbols::get).collect(Collectors.toSet());
        BatchResult<String> result = run(
                symbols,
                size,
                BatchOptions.standard(),
                group -> group.stream().anyMatch(wrong::contains) ? new KisReply.Failed<>(REFUSED) : answers(group));
        assertThat(result.failures().keySet()).isEqualTo(wrong);
        assertThat(result.values()).hasSize(120 - wrong.size());
        assertThat(result.left()).isEmpty();
    }

    private BatchResult<String> run(
            List<Symbol> symbols,
            int size,
            BatchOptions options,
            Function<List<Symbol>, KisReply<Map<Symbol, String>>> request) {
        return new BatchRun<String>(
                        symbols,
                        size,
                        group -> {
                            requestedGroups.add(group);
                            return request.apply(group);
                        },
                        options,
                        InstantSource.system())
                .run(16);
    }

    private KisReply<Map<Symbol, String>> answers(List<Symbol> group) {
        return new KisReply.Ok<>(group.stream().collect(Collectors.toMap(it -> it, Symbol::code)));
    }

    private static boolean waited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<Symbol> symbols(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Symbol("%06d".formatted(i)))
                .toList();
    }

    private static List<Symbol> without(List<Symbol> symbols, Symbol one) {
        return symbols.stream().filter(it -> !it.equals(one)).toList();
    }
}
