package kr.kisgateway.gateway.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.gateway.incident.Timetable.Line;
import kr.kisgateway.gateway.incident.Timetable.Step;
import kr.kisgateway.gateway.incident.Timetable.Verdict;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which fact fulfils which step of the timetable, and until when. */
class TimetableTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Map<Step, Duration> LIMITS = Map.of(
            Step.BREAKER, Duration.ofMinutes(1),
            Step.FALLBACK, Duration.ofMinutes(1),
            Step.CAUSE, Duration.ofMinutes(5),
            Step.CONTINUITY, Duration.ofMinutes(15),
            Step.NOTICE, Duration.ofMinutes(30));

    private static Instant at(Duration after) {
        return START.plus(after);
    }

    private static Fact failure(Instant at) {
        return new Fact.BrokerFailing(at, "inquire-price", "HTTP_503");
    }

    private static Fact alert(Instant at, String level, String event) {
        return new Fact.AlertRaised(at, level, event, "gateway", "", "text", 1);
    }

    private static Fact settled(Instant at, String event) {
        return new Fact.AlertSettled(at, event, "gateway", 1);
    }

    private static Fact breaker(Instant at, String calls, String state) {
        return new Fact.BreakerChanged(at, "K1", calls, state);
    }

    private static Fact taken(Instant at) {
        return new Fact.OrderTaken(at, "NXT");
    }

    /** An incident in which only {@code step} is fulfilled, {@code after} the first failure. */
    private static List<Fact> fulfilled(Step step, Duration after) {
        var facts = new ArrayList<Fact>(List.of(failure(START)));
        switch (step) {
            case BREAKER -> facts.add(breaker(at(after), "QUERIES", "OPEN"));
            case FALLBACK -> facts.add(new Fact.FallbackUsed(at(after), 3));
            case CAUSE -> facts.add(alert(at(after), "P2", "feed_down_elsewhere"));
            case CONTINUITY -> {
                facts.add(new Fact.SessionLost(START, "K1", "reset"));
                facts.add(new Fact.SessionOpen(at(after), "K1"));
            }
            case NOTICE ->
                facts.add(new Fact.NoticeDelivered(at(after), "desk", "raised", "request_in_doubt", "gateway"));
        }
        return facts;
    }

    private static Line line(Step step, List<Fact> facts, Instant end) {
        var sorted = facts.stream().sorted(Comparator.comparing(Fact::at)).toList();
        return new Timetable(sorted, end)
                .lines().stream().filter(it -> it.step() == step).findFirst().orElseThrow();
    }

    private static Verdict verdict(Step step, List<Fact> facts) {
        return line(step, facts, at(Duration.ofHours(2))).verdict();
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    @Requirement(value = "A-27", clause = "times")
    void a_step_passes_until_its_limit_and_fails_a_millisecond_later(Step step) {
        var limit = LIMITS.get(step);
        assertThat(verdict(step, fulfilled(step, limit))).isEqualTo(Verdict.PASS);
        assertThat(verdict(step, fulfilled(step, limit.plus(TICK)))).isEqualTo(Verdict.FAIL);
    }

    @ParameterizedTest
    @EnumSource(value = Step.class, names = "CONTINUITY", mode = EnumSource.Mode.EXCLUDE)
    void a_step_that_did_not_happen_is_not_observed_and_says_why(Step step) {
        var line = line(step, List.of(failure(START)), at(Duration.ofHours(2)));
        assertThat(line.verdict()).isEqualTo(Verdict.NOT_OBSERVED);
        assertThat(line.at()).isEmpty();
        assertThat(line.evidence()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void what_happened_before_the_first_failure_fulfils_nothing(Step step) {
        var facts = new ArrayList<Fact>(fulfilled(step, Duration.ofMinutes(-1)));
        facts.removeIf(fact -> fact instanceof Fact.SessionLost || fact instanceof Fact.AlertRaised);
        facts.add(alert(at(Duration.ofMinutes(-1)), "P3", "order_repriced"));
        assertThat(verdict(step, facts)).isEqualTo(step == Step.CONTINUITY ? Verdict.PASS : Verdict.NOT_OBSERVED);
    }

    @Test
    void a_time_without_a_failure_has_no_verdicts() {
        var facts = List.of(alert(START, "P3", "order_repriced"), taken(START), new Fact.GatewayStarted(START));
        assertThat(new Timetable(facts, at(TICK)).firstFailure()).isEmpty();
        assertThat(new Timetable(facts, at(TICK)).lines())
                .extracting(Line::verdict)
                .containsOnly(Verdict.NOT_OBSERVED);
    }

    static Stream<Fact> failures() {
        return Stream.of(
                failure(START),
                new Fact.SessionLost(START, "K1", "reset"),
                new Fact.OrderInDoubt(START, "A1", "ord_1", 1, "HTTP_500"),
                new Fact.GatewayStopped(START, true),
                alert(START, "P1", "request_in_doubt"),
                alert(START, "P2", "feed_down"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void an_incident_begins_with(Fact failure) {
        assertThat(new Timetable(List.of(failure), at(TICK)).firstFailure()).contains(failure);
    }

    @Test
    void a_regular_stop_is_no_incident() {
        assertThat(new Timetable(List.of(new Fact.GatewayStopped(START, false)), at(TICK)).firstFailure())
                .isEmpty();
    }

    @Test
    void a_notice_of_an_end_notifies_of_nothing() {
        var facts = List.of(failure(START), (Fact)
                new Fact.NoticeDelivered(at(TICK), "desk", "resolved", "request_in_doubt", "gateway"));
        assertThat(verdict(Step.NOTICE, facts)).isEqualTo(Verdict.NOT_OBSERVED);
    }

    /** What stops orders, and what ends that. */
    private record Stop(Fact begins, Fact ends) {}

    static Stream<Stop> stops() {
        var end = at(Duration.ofMinutes(3));
        return Stream.concat(
                Stream.of(
                        new Stop(breaker(START, "ORDERS", "OPEN"), breaker(end, "ORDERS", "CLOSED")),
                        new Stop(breaker(START, "US_ORDERS", "OPEN"), breaker(end, "US_ORDERS", "CLOSED")),
                        new Stop(breaker(START, "ORDERS", "OPEN"), taken(end)),
                        new Stop(new Fact.SessionLost(START, "K1", "reset"), new Fact.SessionOpen(end, "K1")),
                        new Stop(new Fact.OrderInDoubt(START, "A1", "ord_1", 1, "x"), taken(end)),
                        new Stop(new Fact.GatewayStopped(START, true), new Fact.GatewayStarted(end))),
                Stream.of(
                                "orders_suspended",
                                "feed_down",
                                "session_taken_over",
                                "token_failed",
                                "journal_unavailable",
                                "order_desk_failed",
                                "disk_low",
                                "kill_switch_on")
                        .map(event -> new Stop(alert(START, "P1", event), settled(end, event))));
    }

    @ParameterizedTest
    @MethodSource("stops")
    void orders_are_stopped_until_what_stops_them_is_over(Stop stop) {
        var facts = List.of(failure(START), stop.begins(), stop.ends());
        var over = line(Step.CONTINUITY, facts, at(Duration.ofHours(1)));
        assertThat(over.at()).contains(at(Duration.ofMinutes(3)));
        assertThat(over.verdict()).isEqualTo(Verdict.PASS);
        assertThat(over.evidence()).contains("after 180 s");

        var lasting = line(Step.CONTINUITY, facts.subList(0, 2), at(Duration.ofMinutes(15)));
        assertThat(lasting.verdict()).as("it may still be in time").isEqualTo(Verdict.NOT_OBSERVED);
        assertThat(lasting.evidence()).startsWith("still stopped by ");
        assertThat(line(
                                Step.CONTINUITY,
                                facts.subList(0, 2),
                                at(Duration.ofMinutes(15).plus(TICK)))
                        .verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void the_breaker_of_queries_stops_no_order() {
        var facts = List.of(failure(START), breaker(at(TICK), "QUERIES", "OPEN"));
        var line = line(Step.CONTINUITY, facts, at(Duration.ofHours(1)));
        assertThat(line.verdict()).isEqualTo(Verdict.PASS);
        assertThat(line.evidence()).contains("throughout");
    }

    @Test
    void of_several_causes_the_last_to_end_counts_and_of_several_interruptions_the_longest() {
        var facts = List.of(
                failure(START),
                new Fact.SessionLost(START, "K1", "reset"),
                breaker(at(Duration.ofMinutes(1)), "ORDERS", "OPEN"),
                new Fact.SessionOpen(at(Duration.ofMinutes(2)), "K1"),
                breaker(at(Duration.ofMinutes(4)), "ORDERS", "CLOSED"),
                new Fact.SessionLost(at(Duration.ofMinutes(30)), "K1", "reset"),
                new Fact.SessionOpen(at(Duration.ofMinutes(46)), "K1"));
        var line = line(Step.CONTINUITY, facts, at(Duration.ofHours(1)));
        assertThat(line.at()).contains(at(Duration.ofMinutes(46)));
        assertThat(line.verdict()).as("16 minutes of its own").isEqualTo(Verdict.FAIL);
        assertThat(line(Step.CONTINUITY, facts.subList(0, 5), at(Duration.ofHours(1)))
                        .at())
                .contains(at(Duration.ofMinutes(4)));
    }
}
