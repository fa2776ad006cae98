package kr.kisgateway.client.check;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;

/** Whether a venue takes an order division (ORD_DVSN) on a day. What the sources leave open passes. */
final class DivisionChecks {
    private static final int QUOTED_MAX = 40;

    private DivisionChecks() {}

    /** Read when the first order is checked, not with the class. */
    private static final class Table {
        static final OrderDivisions ALL = OrderDivisions.load();
    }

    /** Why {@code venue} does not take {@code code}; empty when it may. */
    static Optional<KisFailure> validate(Environment environment, Venue venue, String code, LocalDate day) {
        List<OrderDivision> places =
                Table.ALL.of(code).stream().filter(it -> it.isValidOn(day)).toList();
        if (places.isEmpty()) {
            return refused(
                    "ORD_DVSN '" + code.substring(0, Math.min(code.length(), QUOTED_MAX)) + "' is no order type on "
                            + day,
                    "write one of " + codes(environment, venue, day));
        }
        String name = places.getFirst().name() + " (ORD_DVSN " + code + ")";
        if (places.stream().noneMatch(it -> it.venue() == venue) && !Table.ALL.isUnsure(code, venue)) {
            return refused(
                    venue + " takes no " + name,
                    "write one of " + codes(environment, venue, day) + ", or name another venue");
        }
        return environment == Environment.PAPER_FACE && !places.getFirst().paper()
                ? Optional.of(KisFailure.of(
                        KisFailure.Kind.UNSUPPORTED,
                        "paper has no " + name,
                        "write one of " + codes(environment, venue, day),
                        false))
                : Optional.empty();
    }

    /** Whether an order of the division names a price. */
    static boolean isPriced(String code) {
        return Table.ALL.of(code).stream().anyMatch(it -> it.kind().type().isPriced());
    }

    /** Whether an order of the division names the price at which it is triggered. */
    static boolean isConditional(String code) {
        return Table.ALL.of(code).stream().anyMatch(it -> it.kind().type() == OrderType.STOP_LIMIT);
    }

    private static String codes(Environment environment, Venue venue, LocalDate day) {
        return Table.ALL.all().stream()
                .filter(it -> it.isValidOn(day)
                        && (it.venue() == venue || Table.ALL.isUnsure(it.code(), venue))
                        && (it.paper() || environment == Environment.LIVE_FACE))
                .map(it -> it.code() + " " + it.name())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static Optional<KisFailure> refused(String message, String remedy) {
        return Optional.of(Refusals.invalid(message, remedy));
    }
}
