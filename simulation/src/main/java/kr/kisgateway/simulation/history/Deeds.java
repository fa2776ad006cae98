package kr.kisgateway.simulation.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;

/** What was done to many orders at once, what people decided, and what a night may not change. */
final class Deeds {
    private Deeds() {}

    static void judge(Observed day, List<String> wrong) {
        Map<String, Called> asked = askedFor(day);
        sweepsNameTheSame(day, asked, wrong);
        if (day.deeds().complete()) {
            everyCancelWasAskedFor(day, wrong);
        }
        whatWasDecidedIsSo(day, wrong);
        nothingOfYesterdayLeaves(day, asked, wrong);
    }

    /** What was asked for, by the order that it became. */
    static Map<String, Called> askedFor(Observed day) {
        Map<String, Called> byKey = new HashMap<>();
        day.calls().forEach(call -> byKey.put(call.key(), call));
        Map<String, Called> asked = new HashMap<>();
        for (Shown order : day.shown()) {
            Called call = byKey.get(order.key());
            if (call != null) {
                asked.put(order.id(), call);
            }
        }
        return asked;
    }

    /** One key is one call: whoever repeats it hears of the same orders, and of no others than were meant. */
    private static void sweepsNameTheSame(Observed day, Map<String, Called> asked, List<String> wrong) {
        for (var sweep : day.deeds().sweeps()) {
            if (Set.copyOf(sweep.answers()).size() > 1) {
                wrong.add("one key, two cancels of everything: " + sweep);
            }
            for (Set<String> named : sweep.answers()) {
                for (String id : named) {
                    Called call = asked.get(id);
                    if (call != null
                            && sweep.symbol()
                                    .filter(symbol ->
                                            !symbol.equals(call.print().symbol()))
                                    .isPresent()) {
                        wrong.add("cancelled with those of another symbol: " + id + " by " + sweep);
                    }
                }
            }
        }
    }

    /** An order that was asked for after a sweep had been answered is none of its business, however often it is repeated. */
    private static void everyCancelWasAskedFor(Observed day, List<String> wrong) {
        Map<String, Integer> places = new HashMap<>();
        for (Called call : day.calls()) {
            places.putIfAbsent(call.key(), places.size());
        }
        Set<String> single = new HashSet<>();
        Set<String> sweeps = new HashSet<>();
        day.deeds().sweeps().forEach(sweep -> sweeps.add(sweep.key()));
        day.cancels().stream()
                .filter(cancel -> !sweeps.contains(cancel.key()))
                .forEach(cancel -> single.add(cancel.orderId()));
        // Fewer shares than are left by then take the order back as a whole.
        day.changes().stream()
                .filter(change -> change.qty().isPresent())
                .forEach(change -> single.add(change.orderId()));
        for (Shown order : day.shown()) {
            Integer place = places.get(order.key());
            if (!order.status().equals("CANCELED") || place == null || single.contains(order.id())) {
                continue;
            }
            boolean swept = day.deeds().sweeps().stream()
                    .anyMatch(sweep -> place < sweep.calls()
                            && sweep.symbol()
                                    .filter(symbol ->
                                            !symbol.equals(order.print().symbol()))
                                    .isEmpty());
            if (!swept) {
                wrong.add("cancelled and nobody asked for it: " + order);
            }
        }
    }

    private static void whatWasDecidedIsSo(Observed day, List<String> wrong) {
        Map<String, Shown> shown = new HashMap<>();
        day.shown().forEach(order -> shown.put(order.id(), order));
        for (var said : day.deeds().resolutions()) {
            Shown order = shown.get(said.orderId());
            boolean so = order != null
                    && order.brokerNumber().equals(said.number())
                    && (said.number().isPresent() || order.status().equals("REJECTED"));
            if (!so && !day.takenForOurs().contains(said.orderId())) {
                wrong.add("decided by an operator and otherwise now: " + said + " is " + order);
            }
        }
    }

    private static void nothingOfYesterdayLeaves(Observed day, Map<String, Called> asked, List<String> wrong) {
        for (var left : day.left()) {
            left.order()
                    .map(asked::get)
                    .filter(call -> day.dayOf(call.dispatchBy()) < day.dayOf(left.at()))
                    .ifPresent(call -> wrong.add("left on the day after: " + left + " for " + call));
        }
    }
}
