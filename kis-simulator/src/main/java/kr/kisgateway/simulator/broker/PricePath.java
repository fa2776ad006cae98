package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** The scheduled prices of a scenario. */
final class PricePath {
    private record Due(Instant at, long number, Scenario.Move move) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
    private long number;

    void play(Scenario scenario, Instant start) {
        scenario.moves().forEach(move -> due.add(new Due(start.plus(move.at()), ++number, move)));
    }

    Optional<Instant> nextDue() {
        return Optional.ofNullable(due.peek()).map(Due::at);
    }

    /** Makes every move that is due by {@code now}, the oldest first. */
    void applyDueMoves(Instant now, Consumer<Scenario.Move> mover) {
        for (Due next = due.peek(); next != null && !next.at().isAfter(now); next = due.peek()) {
            due.remove();
            mover.accept(next.move());
        }
    }
}
