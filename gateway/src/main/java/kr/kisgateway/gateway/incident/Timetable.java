package kr.kisgateway.gateway.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The times of an incident, each against its limit, from the first failure on. Pure.
 *
 * <p>The first failure is the first call without an answer, lost session, order in doubt or alert of P1 or P2. Orders are interrupted
 * from what makes them impossible (a breaker, a lost session, a suspended or unavailable desk, the kill switch, a stopped gateway) until
 * all of that is over, or until the broker takes an order, at whatever venue.
 */
final class Timetable {
    /** A line of the timetable. */
    enum Step {
        BREAKER(Duration.ofMinutes(1), "Circuit breaker opens", "차단기 작동"),
        FALLBACK(Duration.ofMinutes(1), "Fallback prices are in use", "대체 시세 사용"),
        CAUSE(Duration.ofMinutes(5), "Cause is named", "원인 표시"),
        CONTINUITY(
                Duration.ofMinutes(15),
                "Orders are possible again, or another venue takes them",
                "주문 재개 또는 다른 거래소로 주문"),
        NOTICE(Duration.ofMinutes(30), "A person is notified", "담당자에게 알림 전달");

        private final Duration limit;
        private final String title;
        private final String titleKo;

        Step(Duration limit, String title, String titleKo) {
            this.limit = limit;
            this.title = title;
            this.titleKo = titleKo;
        }

        Duration limit() {
            return limit;
        }

        String title() {
            return title;
        }

        String titleKo() {
            return titleKo;
        }
    }

    /** The verdict on a step. */
    enum Verdict {
        PASS,
        FAIL,
        NOT_OBSERVED
    }

    /** @param evidence what shows it, or why there is no time */
    record Line(Step step, Optional<Instant> at, Verdict verdict, String evidence) {}

    /** What makes orders impossible while it lasts. */
    private static final Set<String> STOPPING_ALERTS = Set.of(
            "orders_suspended",
            "feed_down",
            "session_taken_over",
            "token_failed",
            "journal_unavailable",
            "order_desk_failed",
            "disk_low",
            "kill_switch_on");

    private static final String ORDERS = "orders";
    private static final String GATEWAY = "gateway";

    private final List<Fact> facts;
    private final Instant end;
    private final Optional<Fact> first;

    private record Stamp(Instant at, String evidence) {}

    /**
     * @param facts in the order of their times
     * @param end of the time that they cover
     */
    Timetable(List<Fact> facts, Instant end) {
        this.end = end;
        this.first = facts.stream().filter(Timetable::isFailure).findFirst();
        this.facts = first.map(failure -> facts.stream()
                        .filter(fact -> !fact.at().isBefore(failure.at()))
                        .toList())
                .orElse(List.of());
    }

    private static boolean isFailure(Fact fact) {
        return switch (fact) {
            case Fact.BrokerFailing _, Fact.SessionLost _, Fact.OrderInDoubt _ -> true;
            case Fact.GatewayStopped stopped -> stopped.killed();
            case Fact.AlertRaised alert -> alert.isUrgent();
            default -> false;
        };
    }

    /** The first failure; empty without one. */
    Optional<Fact> firstFailure() {
        return first;
    }

    /** All lines, in their order. */
    List<Line> lines() {
        return Stream.of(Step.values()).map(this::line).toList();
    }

    private Line line(Step step) {
        return switch (step) {
            case BREAKER -> stamped(step, first(this::breaker), "no breaker opened");
            case FALLBACK -> stamped(step, first(this::fallback), "no price was requested that needed one");
            case CAUSE -> stamped(step, first(this::cause), "no alert of P1 or P2");
            case CONTINUITY -> continuity();
            case NOTICE -> stamped(step, first(this::notice), "no channel delivered an alert");
        };
    }

    private Optional<Stamp> first(Function<Fact, Optional<Stamp>> stamp) {
        return facts.stream().flatMap(fact -> stamp.apply(fact).stream()).findFirst();
    }

    private Optional<Stamp> breaker(Fact fact) {
        return fact instanceof Fact.BreakerChanged(Instant at, String appKey, String calls, String state)
                        && state.equals("OPEN")
                ? Optional.of(new Stamp(at, calls + " of " + appKey))
                : Optional.empty();
    }

    private Optional<Stamp> fallback(Fact fact) {
        return switch (fact) {
            case Fact.FallbackUsed(Instant at, long answers) ->
                Optional.of(new Stamp(at, answers + " answers with other than pushed prices"));
            case Fact.AlertRaised alert
            when alert.event().equals("quote_fallback") -> Optional.of(new Stamp(alert.at(), alert.subject()));
            default -> Optional.empty();
        };
    }

    private Optional<Stamp> cause(Fact fact) {
        return fact instanceof Fact.AlertRaised alert && alert.isUrgent()
                ? Optional.of(new Stamp(alert.at(), alert.event() + ": " + alert.text()))
                : Optional.empty();
    }

    private Optional<Stamp> notice(Fact fact) {
        return fact instanceof Fact.NoticeDelivered notice && notice.kind().equals("raised")
                ? Optional.of(new Stamp(notice.at(), notice.event() + " by the channel " + notice.channel()))
                : Optional.empty();
    }

    private Line stamped(Step step, Optional<Stamp> stamp, String without) {
        return stamp.map(it -> new Line(
                        step,
                        Optional.of(it.at()),
                        isInTime(step, it.at()) ? Verdict.PASS : Verdict.FAIL,
                        it.evidence()))
                .orElseGet(() -> new Line(
                        step,
                        Optional.empty(),
                        Verdict.NOT_OBSERVED,
                        first.isPresent() ? without : "no failure was recorded"));
    }

    private boolean isInTime(Step step, Instant at) {
        return first.map(failure -> Duration.between(failure.at(), at).compareTo(step.limit()) <= 0)
                .orElse(true);
    }

    /** Of the interruption that lasted longest: the first from the first failure on, a further one from its own start. */
    private Line continuity() {
        var step = Step.CONTINUITY;
        var longest = interruptions().stream().max(Comparator.comparing(Interruption::lasted));
        if (longest.isEmpty()) {
            return stamped(
                    step,
                    first.map(failure -> new Stamp(failure.at(), "orders were possible throughout")),
                    "no failure was recorded");
        }
        var interruption = longest.get();
        boolean inTime = interruption.lasted().compareTo(step.limit()) <= 0;
        if (!interruption.isOver()) {
            return new Line(
                    step,
                    Optional.empty(),
                    inTime ? Verdict.NOT_OBSERVED : Verdict.FAIL,
                    "still stopped by " + interruption.evidence());
        }
        return new Line(
                step,
                Optional.of(interruption.until()),
                inTime ? Verdict.PASS : Verdict.FAIL,
                interruption.evidence() + ", after " + interruption.lasted().toSeconds() + " s");
    }

    /**
     * @param until the end of the covered time where it is not over
     * @param evidence what ended it, or what lasts
     */
    private record Interruption(Instant from, Instant until, boolean isOver, String evidence) {
        Duration lasted() {
            return Duration.between(from, until);
        }
    }

    private List<Interruption> interruptions() {
        var interruptions = new ArrayList<Interruption>();
        var open = new LinkedHashSet<String>();
        var from = first.map(Fact::at).orElse(end);
        for (Fact fact : facts) {
            if (open.isEmpty() && !interruptions.isEmpty()) {
                from = fact.at();
            }
            boolean wasOpen = !open.isEmpty();
            starts(fact).ifPresent(open::add);
            ends(fact, open).forEach(open::remove);
            if (fact instanceof Fact.OrderTaken(Instant at, String venue) && wasOpen) {
                interruptions.add(new Interruption(from, at, true, "KIS took an order at " + venue));
                open.clear();
            } else if (wasOpen && open.isEmpty()) {
                interruptions.add(new Interruption(from, fact.at(), true, "nothing stops orders any more"));
            }
        }
        if (!open.isEmpty()) {
            interruptions.add(new Interruption(from, end, false, String.join(", ", open)));
        }
        return interruptions;
    }

    private static Optional<String> starts(Fact fact) {
        return switch (fact) {
            case Fact.BreakerChanged breaker
            when breaker.isOfOrders() && breaker.state().equals("OPEN") -> Optional.of(breakerName(breaker));
            case Fact.AlertRaised alert
            when STOPPING_ALERTS.contains(alert.event()) -> Optional.of(alertName(alert.event(), alert.subject()));
            case Fact.SessionLost lost -> Optional.of(sessionName(lost.appKey()));
            case Fact.OrderInDoubt _ -> Optional.of(ORDERS);
            case Fact.GatewayStopped _ -> Optional.of(GATEWAY);
            default -> Optional.empty();
        };
    }

    private static List<String> ends(Fact fact, Set<String> open) {
        return switch (fact) {
            case Fact.BreakerChanged breaker
            when breaker.isOfOrders() && breaker.state().equals("CLOSED") -> List.of(breakerName(breaker), ORDERS);
            case Fact.AlertSettled settled -> List.of(alertName(settled.event(), settled.subject()));
            case Fact.SessionOpen session -> List.of(sessionName(session.appKey()));
            case Fact.OrderTaken _ -> List.of(ORDERS);
            // What persists is raised again by the new process.
            case Fact.GatewayStarted _ -> new ArrayList<>(open);
            default -> List.of();
        };
    }

    private static String breakerName(Fact.BreakerChanged breaker) {
        return "breaker " + breaker.calls() + " of " + breaker.appKey();
    }

    private static String alertName(String event, String subject) {
        return event + (subject.isEmpty() ? "" : " " + subject);
    }

    private static String sessionName(String appKey) {
        return "session of " + appKey;
    }
}
