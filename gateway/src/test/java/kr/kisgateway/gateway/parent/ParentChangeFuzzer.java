package kr.kisgateway.gateway.parent;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderRequestFuzzer;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.parent.PlanParser.Planned;

/**
 * Any body changes a parent order into one that the journal reads as it was written, with as many legs, each within KIS's bounds,
 * the same whenever it is repeated, or is refused.
 */
public final class ParentChangeFuzzer {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final ParentId ID = new ParentId("par_01JD3Q5V8M0000000000000001");
    private static final OrderId CHILD = new OrderId("ord_01JD3Q5V8M0000000000000002");
    private static final PlanParser PARSER = new PlanParser(OrderRequestFuzzer.parser());
    private static final ParentEventJson JSON = new ParentEventJson();

    private static final List<Parent> PARENTS = parents();

    private ParentChangeFuzzer() {}

    /** Called by Jazzer; the first byte chooses the parent order, the second how long after its creation it is changed. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Parent parent = PARENTS.get((input[0] & 0x7f) % PARENTS.size());
        Instant now = NOW.plus(STEP.multipliedBy(input[1] & 0xff));
        byte[] body = Arrays.copyOfRange(input, 2, input.length);
        Optional<Change> change = change(parent, body, now);
        if (!change.equals(change(parent, body, now))) {
            throw new IllegalStateException("a repeated request is another change");
        }
        change.ifPresent(it -> verify(parent, it, now));
    }

    private static Optional<Change> change(Parent parent, byte[] body, Instant now) {
        try {
            return Optional.of(PlanParser.change(parent, RequestBody.parse(body), now));
        } catch (RefusedException refused) {
            return Optional.empty();
        }
    }

    private static void verify(Parent parent, Change change, Instant now) {
        Plan plan = change.plan();
        if (plan.kind() != parent.plan().kind()
                || plan.legs().size() != parent.legs().size()) {
            throw new IllegalStateException("another parent order: " + plan);
        }
        for (Leg leg : plan.legs()) {
            long qty = leg.terms().qty();
            if (qty < 1
                    || qty > OrderRequestParser.QTY_MAX
                    || leg.terms().price().orElse(1) < 1) {
                throw new IllegalStateException("out of bounds: " + leg);
            }
        }
        if (plan.until().isAfter(now.plus(ParentIntake.AHEAD_MAX))) {
            return; // the intake refuses such times, whose day no calendar has
        }
        var modified = new ParentEvent.Modified(ID, plan, change.dropped(), Optional.empty());
        if (!modified.equals(JSON.read(ParentEntries.of(modified, ParentEventJson.VERSION, now)))) {
            throw new IllegalStateException(modified + " is written as " + JSON.write(modified));
        }
        parent.apply(modified, parent.seq() + 1, now);
    }

    /** One of each kind that waits, a bracket whose entry is at the exchange, one whose entry has filled, and a basket. */
    private static List<Parent> parents() {
        String buy =
                "\"order\":{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":10,\"price\":70000}";
        String sell = buy.replace("BUY", "SELL");
        var parents = new ArrayList<Parent>();
        for (String members : List.of(
                "\"at\":\"2026-11-20T14:00:00+09:00\"," + buy,
                "\"kind\":\"CONDITIONAL\",\"when\":{\"direction\":\"AT_OR_BELOW\",\"price\":69000}," + sell,
                "\"kind\":\"TRAILING_STOP\",\"trail\":{\"percent\":2.5}," + sell,
                "\"kind\":\"OCO\",\"stop\":{\"price\":65000}," + sell,
                "\"kind\":\"TWAP\",\"until\":\"2026-11-20T15:00:00+09:00\",\"slices\":5," + buy)) {
            parents.add(parent(plan(members)));
        }
        Parent bracket = parent(
                plan("\"kind\":\"BRACKET\",\"take_profit\":{\"price\":80000},\"stop\":{\"price\":65000}," + buy));
        Parent working = bracket.apply(new ParentEvent.ChildStarted(ID, 0, CHILD, 10), 2, NOW);
        Parent filled = working.apply(
                new ParentEvent.ChildEnded(ID, 0, CHILD, OrderStatus.FILLED, 10, "filled", false, OptionalLong.empty()),
                3,
                NOW);
        parents.addAll(List.of(bracket, working, filled));
        Leg line = bracket.plan().legs().getFirst();
        parents.add(parent(new Plan(
                Plan.Kind.BASKET,
                List.of(
                        Leg.of(Leg.Role.ORDER, line.terms(), new Start.Now(), line.until()),
                        Leg.of(Leg.Role.ORDER, line.terms().withQty(3), new Start.Now(), line.until())))));
        return List.copyOf(parents);
    }

    private static Plan plan(String members) {
        var body = RequestBody.parse(("{" + members + "}").getBytes(StandardCharsets.UTF_8));
        if (PARSER.read(Caller.local(Role.ADMIN), body, NOW) instanceof Planned planned) {
            return planned.plan();
        }
        throw new IllegalStateException("no plan: " + members);
    }

    private static Parent parent(Plan plan) {
        return Parent.create(new ParentEvent.Accepted(ID, plan, new KeyUse("local", "key-1", "hash")), 1, NOW);
    }
}
