package kr.kisgateway.wire;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;

/**
 * Every order division of domestic stocks by venue, session and date: the resource {@code order-divisions.tsv}, from KIS's
 * documents (PROTOCOL 6.3, 10.1).
 */
public final class OrderDivisions {
    private static final int COLUMNS = 10;

    private final List<OrderDivision> all;
    private final Map<String, List<OrderDivision>> byCode;
    private final Map<Place, List<OrderDivision>> byPlace;
    /** Venues of which the sources leave open whether they take a code. */
    private final Map<String, Set<Venue>> unsure;

    private record Place(OrderKind kind, Venue venue) {}

    private OrderDivisions(List<OrderDivision> all, Map<String, Set<Venue>> unsure) {
        this.all = List.copyOf(all);
        this.byCode = all.stream().collect(Collectors.groupingBy(OrderDivision::code));
        this.byPlace = all.stream().collect(Collectors.groupingBy(it -> new Place(it.kind(), it.venue())));
        this.unsure = Map.copyOf(unsure);
    }

    /** The built-in table. Reads one small resource; keep the result. */
    public static OrderDivisions load() {
        var all = new ArrayList<OrderDivision>();
        var unsure = new HashMap<String, Set<Venue>>();
        Resources.text("order-divisions.tsv")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> {
                    String[] cells = line.split("\t", -1);
                    if (cells.length != COLUMNS) {
                        throw new IllegalStateException(
                                "order-divisions.tsv: " + COLUMNS + " columns expected: " + line);
                    }
                    Stream.of(cells[9].split(" ", -1))
                            .map(place -> division(cells, place))
                            .forEach(all::add);
                    if (!cells[7].isEmpty()) {
                        unsure.put(cells[0], Set.of(Venue.valueOf(cells[7])));
                    }
                });
        return new OrderDivisions(all, unsure);
    }

    private static OrderDivision division(String[] cells, String place) {
        String[] parts = place.split("[/=>]", -1);
        boolean routed = parts.length == 2;
        return new OrderDivision(
                cells[0],
                cells[8],
                new OrderKind(
                        OrderType.valueOf(cells[1]), OrderSession.valueOf(parts[1]), TimeInForce.valueOf(cells[2])),
                Venue.valueOf(parts[0]),
                routed
                        ? Set.of()
                        : Stream.of(parts[2].split("\\+", -1))
                                .map(Phase::valueOf)
                                .collect(Collectors.toUnmodifiableSet()),
                routed ? Optional.empty() : Optional.of(Phase.valueOf(parts[3])),
                cells[3].equals("Y"),
                cells[6].equals("SHARES"),
                cells[4].isEmpty() ? LocalDate.MIN : LocalDate.parse(cells[4]),
                cells[5].isEmpty() ? LocalDate.MAX : LocalDate.parse(cells[5]));
    }

    /** Every division on every venue. */
    public List<OrderDivision> all() {
        return all;
    }

    /** Every place of a code; none when the code is unknown. */
    public List<OrderDivision> of(String code) {
        return byCode.getOrDefault(code, List.of());
    }

    /** Whether the sources leave open that the venue takes the code. */
    public boolean isUnsure(String code, Venue venue) {
        return unsure.getOrDefault(code, Set.of()).contains(venue);
    }

    /** The division of an order of that kind; empty when {@code venue} has none on {@code day}. */
    public Optional<OrderDivision> find(OrderKind kind, Venue venue, LocalDate day) {
        return byPlace.getOrDefault(new Place(kind, venue), List.of()).stream()
                .filter(it -> it.isValidOn(day))
                .findFirst();
    }

    /** What an order with {@code code} on {@code venue} is; on another venue than it is known of, what it is on the first. */
    public Optional<OrderDivision> find(String code, Venue venue) {
        List<OrderDivision> places = of(code);
        return places.stream()
                .filter(it -> it.venue() == venue)
                .findFirst()
                .or(() -> places.stream().findFirst());
    }

    /** The existing divisions that differ least from what was wanted, at most {@code limit}. */
    public List<OrderDivision> nearest(OrderKind kind, Venue venue, LocalDate day, boolean paper, int limit) {
        return all.stream()
                .filter(it -> it.isValidOn(day) && (!paper || it.paper() && it.venue() == Venue.KRX))
                .sorted(Comparator.comparingInt(it -> distance(it, kind, venue)))
                .limit(limit)
                .toList();
    }

    /** The type matters most to the caller, then how long the order is valid, where it goes, and when. */
    private static int distance(OrderDivision it, OrderKind kind, Venue venue) {
        return (it.kind().type() == kind.type() ? 0 : 8)
                + (it.kind().timeInForce() == kind.timeInForce() ? 0 : 4)
                + (it.venue() == venue ? 0 : 2)
                + (it.kind().session() == kind.session() ? 0 : 1);
    }
}
