package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.Side;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/**
 * The state × event table of {@code docs/ORDERS.md}, made by doing it: an order is brought into each state, each event
 * happens to it, and what it is afterwards is written down. The document must say the same; {@code -Dkis.docs.write=true}
 * writes it.
 */
class OrderTableTest {
    private static final String BEGIN = "<!-- the table below is made by OrderTableTest -->";
    private static final String END = "<!-- end of the table -->";

    /** A day and the order that stands in the wanted state in it. */
    private record OrderInState(TradingDayFixture day, OrderId id) {}

    private static final Map<String, Function<TradingDayFixture, OrderId>> STATES = new LinkedHashMap<>();
    private static final Map<String, BiFunction<TradingDayFixture, OrderId, Optional<String>>> EVENTS =
            new LinkedHashMap<>();

    static {
        STATES.put("NEW", day -> day.buy("k"));
        STATES.put("DISPATCHING", day -> {
            OrderId id = day.buy("k");
            day.grantSlot();
            return id;
        });
        STATES.put("UNKNOWN", day -> {
            OrderId id = STATES.get("DISPATCHING").apply(day);
            day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
            return id;
        });
        STATES.put("SENT", day -> day.placeSent("k", 101));
        STATES.put("PARTIAL_FILLED", day -> {
            OrderId id = day.placeSent("k", 101);
            day.receiveFill(101, 3, 70_000, 100_001);
            return id;
        });
        STATES.put("MODIFY_PENDING", day -> {
            OrderId id = day.placeSent("k", 101);
            day.modify(id, 0, 70_500);
            day.grantSlot();
            return id;
        });
        STATES.put("CANCEL_PENDING", day -> {
            OrderId id = day.placeSent("k", 101);
            day.cancel(id);
            day.grantSlot();
            return id;
        });
        STATES.put("FILLED", day -> {
            OrderId id = day.placeSent("k", 101);
            day.receiveFill(101, 10, 70_000, 100_001);
            return id;
        });
        STATES.put("CANCELED", day -> {
            OrderId id = STATES.get("CANCEL_PENDING").apply(day);
            day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
            day.on(notice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 10));
            return id;
        });
        STATES.put("REJECTED", day -> {
            OrderId id = STATES.get("DISPATCHING").apply(day);
            day.deliverOutcome(id, 1, new Outcome.Refused("APBK0952", "cash"));
            return id;
        });
        STATES.put("EXPIRED", day -> {
            OrderId id = day.buy("k");
            day.advance(Duration.ofSeconds(6));
            return id;
        });

        EVENTS.put("dispatch", (day, id) -> {
            var slotRequest = day.next(OrderEffect.RequestSlot.class);
            slotRequest.ifPresent(w -> day.on(new OrderInput.SlotGranted(w.slot())));
            return slotRequest.map(_ -> "");
        });
        EVENTS.put("accepted by KIS", answered(new Outcome.Taken("06010", 105, "100002")));
        EVENTS.put("refused", answered(new Outcome.Refused("APBK0344", "no")));
        EVENTS.put("no answer", answered(new Outcome.InDoubt("TIMEOUT", "no answer")));
        EVENTS.put("part filled", (day, id) -> {
            if (day.order(id).brokerRefs().isEmpty()) {
                return Optional.empty();
            }
            day.receiveFill(101, 2, 70_000, 100_009);
            return Optional.of("");
        });
        EVENTS.put("cancel asked", (day, id) -> format(day.cancel(id, Optional.of("another"))));
        EVENTS.put("modify asked", (day, id) -> format(day.modify(id, 0, 71_000)));
        EVENTS.put("cancel confirmed", (day, id) -> {
            Order order = day.order(id);
            Optional<BrokerRequest> cancel = order.openCancel();
            if (cancel.isEmpty() || order.brokerRefs().isEmpty()) {
                return Optional.empty();
            }
            day.on(notice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, order.remaining()));
            day.deliverOutcome(id, cancel.get().no(), new Outcome.Taken("06010", 102, "100002"));
            return Optional.of("");
        });
        EVENTS.put("session end", (day, id) -> {
            Order order = day.order(id);
            if (order.status().isTerminal()) {
                return Optional.empty();
            }
            day.effects.removeIf(OrderEffect.RequestDailyOrders.class::isInstance);
            day.now = TradingDayFixture.CALENDAR.endOf(order.tradingDay()).plusSeconds(61);
            for (int i = 0; i < 4; i++) {
                day.advance(Duration.ofSeconds(31));
                BrokerOrder[] rows = order.brokerRefs().isEmpty()
                        ? new BrokerOrder[0]
                        : new BrokerOrder[] {TradingDayFixture.listedRow(101, 100_000, order.filled(), order.value(), 0)
                        };
                day.on(new OrderInput.ListArrived(
                        order.tradingDay(), new Broker.DailyOrders.Complete(day.now, List.of(rows))));
            }
            return Optional.of("");
        });
    }

    private static OrderInput notice(Notice.Kind kind, long odno, long original, long qty) {
        return new OrderInput.Noticed(
                new Notice(kind, odno, original, TradingDayFixture.SAMSUNG, Side.BUY, qty, 0, 100_002, "06010"));
    }

    private static BiFunction<TradingDayFixture, OrderId, Optional<String>> answered(Outcome outcome) {
        return (day, id) -> {
            Optional<BrokerRequest> sending = day.order(id).requests().stream()
                    .filter(r -> r.state() == BrokerRequest.State.SENDING)
                    .findFirst();
            sending.ifPresent(r -> day.deliverOutcome(id, r.no(), outcome));
            return sending.map(_ -> "");
        };
    }

    private static Optional<String> format(Answer answer) {
        return Optional.of(
                answer instanceof Answer.Refused refused
                        ? refused.refusal().code().name()
                        : "");
    }

    private static OrderInState orderIn(String state) {
        TradingDayFixture day = TradingDayFixture.open();
        OrderId id = STATES.get(state).apply(day);
        assertThat(day.order(id).status().name()).isEqualTo(state);
        return new OrderInState(day, id);
    }

    /** What a state and an event make: the next state, the code of the refusal, or a dash when it cannot happen. */
    private static String cell(String state, BiFunction<TradingDayFixture, OrderId, Optional<String>> event) {
        OrderInState at = orderIn(state);
        int before = at.day().journal.size();
        Optional<String> refusal = event.apply(at.day(), at.id());
        if (refusal.isEmpty()) {
            return "–";
        }
        if (!refusal.get().isEmpty()) {
            return "`" + refusal.get() + "`";
        }
        String after = at.day().shown.get(at.id()).status().name();
        boolean recorded = at.day().journal.size() > before;
        if (after.equals(state)) {
            return recorded ? state + ", noted" : "–";
        }
        return after;
    }

    private static String table() {
        var text = new StringBuilder("| in \\ on | ")
                .append(String.join(" | ", EVENTS.keySet()))
                .append(" |\n|---");
        EVENTS.keySet().forEach(_ -> text.append("|---"));
        text.append("|\n");
        for (String state : STATES.keySet()) {
            text.append("| ").append(state).append(" |");
            EVENTS.values()
                    .forEach(
                            event -> text.append(' ').append(cell(state, event)).append(" |"));
            text.append('\n');
        }
        return text.toString();
    }

    @Test
    @Requirement("G-14")
    @Requirement(value = "G-03", clause = "states")
    void the_document_lists_the_outcome_of_every_event_in_every_state() throws IOException {
        Path document = Path.of("..", "docs", "ORDERS.md");
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (Boolean.getBoolean("kis.docs.write")) {
            Files.writeString(document, text.substring(0, begin) + "\n" + table() + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end).strip())
                .as("the table of docs/ORDERS.md; -Dkis.docs.write=true writes it")
                .isEqualTo(table().strip());
    }

    @Test
    void an_ended_order_changes_only_to_filled() {
        for (String state : List.of("FILLED", "CANCELED", "REJECTED", "EXPIRED")) {
            EVENTS.forEach((name, event) -> assertThat(cell(state, event))
                    .as("%s on %s", state, name)
                    .isIn("–", "`ORDER_ALREADY_TERMINAL`", state + ", noted", "FILLED"));
        }
    }
}
