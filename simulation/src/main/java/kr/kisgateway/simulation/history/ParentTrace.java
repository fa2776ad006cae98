package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;

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
 * @param sessions when each exchange takes orders of parent orders, by its name in a {@link WireForm}
 * @param salesElsewhere sales of the account past the gateway
 * @param balanceLags from when the broker's balance was made to lag until when it may have
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
        Map<String, List<DayTrace.Span>> sessions,
        List<Instant> salesElsewhere,
        List<DayTrace.Span> balanceLags) {
    /** No parent orders. */
    public static ParentTrace none() {
        return new ParentTrace(
                List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), List.of(), List.of(), Map.of(),
                List.of(), List.of());
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

        /** Orders whose price was reached. */
        public Stream<OrderFingerprint> triggered() {
            return history.stream()
                    .filter(fact -> fact.type().equals("Triggered"))
                    .map(fact -> legs().get(fact.leg().getAsInt()).order());
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
     * @param givenUp why an order is not placed any more
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
            boolean by,
            Optional<GivenUp> givenUp) {}

    /**
     * An order that is not placed any more.
     *
     * @param outcome of its parent order
     * @param sellable shares that could be sold at the broker then, under {@code A1 005930}
     */
    public record GivenUp(String outcome, String reason, Map<String, Long> sellable) {}

    /** Trades of a symbol since the ones before, in true time. */
    public record PriceSeen(Instant at, int life, String symbol, long low, long high, long last) {}

    /**
     * A placing of an order of a parent order.
     *
     * @param resting numbers of the broker's open orders when it was sent
     * @param sold its shares, of a sale; else 0
     * @param sellable shares that could be sold at the broker then
     * @param soldBefore shares of the same account and symbol for which sales were sent within {@link ParentChecks#BALANCE_LAG} before
     */
    public record SentExit(String order, Instant at, Set<Long> resting, long sold, long sellable, long soldBefore) {}
}
