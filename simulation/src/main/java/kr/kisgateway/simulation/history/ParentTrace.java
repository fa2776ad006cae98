package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The parent orders of a day.
 *
 * @param calls requests of clients
 * @param changes requests to change what waits, whatever the answer
 * @param cancels acknowledged cancels
 * @param reported as the gateway has them
 * @param prices trades that the gateway received, in its own order
 * @param acceptedAt when each order was written to the journal, in true time
 * @param sentExits placings of exits, with what rested at the broker then
 * @param deaths deaths of the gateway
 * @param sessions when the market trades
 */
public record ParentTrace(
        List<ParentCall> calls,
        List<Change> changes,
        List<Cancel> cancels,
        List<ReportedParent> reported,
        List<PriceSeen> prices,
        Map<String, Instant> acceptedAt,
        List<SentExit> sentExits,
        List<Instant> deaths,
        List<DayTrace.Span> sessions) {
    /** No parent orders. */
    public static ParentTrace none() {
        return new ParentTrace(
                List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), List.of(), List.of(), List.of());
    }

    /** A requested change: its orders as they were to be. */
    public record Change(String parentId, List<ParentCall.Leg> legs) {}

    /** A cancel and when the client received its acknowledgement. */
    public record Cancel(String parentId, Instant at) {}

    /**
     * A parent order.
     *
     * @param status as the API shows it
     * @param open whether it has not ended
     * @param versions its orders as accepted, and after each change
     */
    public record ReportedParent(
            String id,
            String key,
            String status,
            boolean open,
            List<List<ParentCall.Leg>> versions,
            List<ParentFact> history) {
        List<ParentCall.Leg> legs() {
            return versions.getLast();
        }

        /** Its orders with the leg of each, in the order of their start. */
        List<ParentFact> children() {
            return history.stream()
                    .filter(fact -> fact.type().equals("ChildStarted"))
                    .toList();
        }
    }

    /**
     * An event of a parent order, as the API lists it.
     *
     * @param at when it was written, in true time
     * @param life number of the process that wrote it
     * @param qty shares that are placed, or that were filled
     * @param price of a trigger, or the best one
     * @param another whether another order follows one that ended
     * @param by whether somebody decided it
     */
    public record ParentFact(
            Instant at,
            int life,
            String type,
            OptionalInt leg,
            Optional<String> child,
            long qty,
            long price,
            boolean another,
            boolean by) {}

    /** Trades of a symbol since the ones before, in true time. */
    public record PriceSeen(Instant at, int life, String symbol, long low, long high, long last) {}

    /** @param resting numbers of the broker's open orders when {@code order} was sent */
    public record SentExit(String order, Instant at, Set<Long> resting) {}
}
