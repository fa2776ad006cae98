package kr.kisgateway.gateway.parent;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NewYorkHours;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;

/** Reads plans from the bodies of requests. What depends on anything but the body is checked by the {@link ParentIntake}. */
final class PlanParser {
    private static final Duration SLICE_MIN = Duration.ofSeconds(1);
    private static final BigDecimal PERCENT_MAX = BigDecimal.valueOf(50);
    private static final int BASIS_POINTS_OF_A_PERCENT = 100;
    private static final Set<String> FIELDS =
            Set.of("kind", "at", "until", "order", "when", "trail", "after_fill_of", "take_profit", "stop", "slices");
    private static final Set<String> CHANGES =
            Set.of("qty", "price", "at", "until", "when", "trail", "take_profit", "stop", "drop");

    private final OrderRequestParser orders;
    private final BasketParser baskets;

    PlanParser(OrderRequestParser orders) {
        this.orders = orders;
        this.baskets = new BasketParser(orders);
    }

    /** What is requested: a plan, or a basket that becomes one at the prices of the moment. */
    sealed interface Requested permits Planned, BasketRequest {}

    /**
     * A plan that is requested.
     *
     * @param canonical the request in a form that is the same whenever it is repeated
     */
    record Planned(Plan plan, String canonical) implements Requested {}

    /** The request in the body. */
    Requested read(Caller caller, RequestBody body, Instant now) {
        if (body.isText("kind") && body.text("kind").equalsIgnoreCase(Plan.Kind.BASKET.name())) {
            return baskets.read(caller, body, now);
        }
        Plan plan = plan(caller, body, now);
        return new Planned(
                plan, plan.kind() == Plan.Kind.SCHEDULED ? ParentIntake.canonical(plan) : canonical(plan, body));
    }

    /** Times that the request leaves out are none of it: they depend on when it is sent. */
    private static String canonical(Plan plan, RequestBody body) {
        List<String> parts = new ArrayList<>(List.of(
                plan.kind().name(),
                ParentIntake.canonical(plan.terms()) + (plan.isRouted() ? ParentIntake.ROUTED : ""),
                time(body, "at").toString(),
                time(body, "until").toString(),
                Integer.toString(plan.legs().size())));
        for (Leg leg : plan.legs()) {
            parts.add(leg.role().name());
            parts.add(leg.start() instanceof Start.At ? "AT" : leg.start().toString());
            parts.add(leg.terms().price().toString());
        }
        return String.join("|", parts);
    }

    private Plan plan(Caller caller, RequestBody body, Instant now) {
        body.requireOnly(FIELDS);
        Plan.Kind kind = kind(body);
        requireFieldsOf(kind, body);
        RequestBody order = body.optionalObject("order").orElseThrow(() -> RequestBody.missing("order"));
        return plan(kind, orders.readLater(caller, order, now), body, now).routed(OrderRequestParser.isRouted(order));
    }

    private static Plan plan(Plan.Kind kind, Terms terms, RequestBody body, Instant now) {
        return switch (kind) {
            case SCHEDULED -> {
                Instant at = time(body, "at").orElseThrow(() -> RequestBody.missing("at"));
                Instant until = time(body, "until").orElseGet(() -> at.plus(ParentIntake.WAIT_DEFAULT));
                requireAfter(at, until);
                yield Plan.scheduled(terms, at, until);
            }
            case CONDITIONAL -> one(kind, terms, condition(body, terms), until(body, terms, now));
            case TRAILING_STOP ->
                one(
                        kind,
                        terms,
                        trailing(body.optionalObject("trail").orElseThrow(() -> RequestBody.missing("trail")), terms),
                        until(body, terms, now));
            case OCO -> oco(terms, body, until(body, terms, now));
            case BRACKET -> bracket(terms, body, until(body, terms, now));
            case TWAP -> slices(terms, body, now);
            case BASKET -> throw new IllegalStateException("a basket is read as one");
        };
    }

    private static Plan.Kind kind(RequestBody body) {
        if (!body.has("kind") && body.has("at")) {
            return Plan.Kind.SCHEDULED;
        }
        List<String> names = Arrays.stream(Plan.Kind.values()).map(Enum::name).toList();
        String given = body.text("kind").toUpperCase(Locale.ROOT);
        if (!names.contains(given)) {
            throw RequestBody.notOneOf("kind", given, names);
        }
        return Plan.Kind.valueOf(given);
    }

    private static void requireFieldsOf(Plan.Kind kind, RequestBody body) {
        Set<String> fields = switch (kind) {
            case SCHEDULED -> Set.of("at");
            case CONDITIONAL -> Set.of("when", "after_fill_of");
            case TRAILING_STOP -> Set.of("trail");
            case OCO -> Set.of("stop");
            case BRACKET -> Set.of("stop", "take_profit");
            case TWAP -> Set.of("at", "slices");
            case BASKET -> throw new IllegalStateException("a basket is read as one");
        };
        FIELDS.stream()
                .filter(field -> !Set.of("kind", "until", "order").contains(field))
                .filter(field -> body.has(field) && !fields.contains(field))
                .sorted()
                .findFirst()
                .ifPresent(field -> {
                    throw RequestBody.invalid(field, "is not a field of a " + kind + "; omit it");
                });
    }

    private static Plan one(Plan.Kind kind, Terms terms, Start start, Instant until) {
        return new Plan(kind, List.of(Leg.of(Leg.Role.ORDER, terms, start, until)));
    }

    private static Start condition(RequestBody body, Terms terms) {
        Optional<RequestBody> when = body.optionalObject("when");
        Optional<String> after = body.optionalText("after_fill_of");
        if (when.isPresent() == after.isPresent()) {
            throw RequestBody.invalid("when", "or after_fill_of is required, and not both");
        }
        return when.<Start>map(it -> atPrice(it, terms))
                .orElseGet(() -> new Start.AfterFill(orderId(after.orElseThrow())));
    }

    private static OrderId orderId(String text) {
        return OrderId.parse(text)
                .orElseThrow(() -> RequestBody.invalid("after_fill_of", "must be the order_id of an order"));
    }

    private static Start.AtPrice atPrice(RequestBody when, Terms terms) {
        when.requireOnly(Set.of("symbol", "direction", "price"));
        MarketSymbol symbol =
                when.optionalText("symbol").map(SymbolRefusal::require).orElse(terms.symbol());
        List<String> names =
                Arrays.stream(Start.Direction.values()).map(Enum::name).toList();
        String direction = when.text("direction").toUpperCase(Locale.ROOT);
        if (!names.contains(direction)) {
            throw RequestBody.notOneOf("direction", direction, names);
        }
        return new Start.AtPrice(
                symbol,
                Start.Direction.valueOf(direction),
                price(when, "price", symbol.market().currency()));
    }

    private static long price(RequestBody body, String field, Currency currency) {
        return OrderRequestParser.optionalPrice(body, field, currency).orElseThrow(() -> RequestBody.missing(field));
    }

    private static Start.Trailing trailing(RequestBody trail, Terms terms) {
        trail.requireOnly(Set.of("amount", "percent"));
        Currency currency = terms.symbol().market().currency();
        OptionalLong amount = OrderRequestParser.optionalPrice(trail, "amount", currency);
        OptionalInt percent = basisPoints(trail, "percent", PERCENT_MAX);
        if (amount.isPresent() == percent.isPresent()) {
            throw RequestBody.invalid("trail", "has either an amount or a percent");
        }
        return new Start.Trailing(
                terms.symbol(), terms.side(), new Start.Distance(amount.orElse(0), percent.orElse(0)));
    }

    /** Hundredths of the percent in a field, if it has a number. */
    static OptionalInt basisPoints(RequestBody body, String field, BigDecimal max) {
        Optional<BigDecimal> percent = body.optionalDecimal(field);
        if (percent.isEmpty()) {
            return OptionalInt.empty();
        }
        // Size first: the digits of 1e999999999 would fill the memory.
        BigDecimal figure = percent.get();
        boolean fits = figure.signum() > 0 && figure.scale() <= 4 && figure.compareTo(max) <= 0;
        if (!fits) {
            throw body.invalidMember(field, "must be a number above 0 and at most " + max);
        }
        BigDecimal points =
                figure.multiply(BigDecimal.valueOf(BASIS_POINTS_OF_A_PERCENT)).stripTrailingZeros();
        if (points.scale() > 0) {
            throw body.invalidMember(field, "has at most 2 decimals");
        }
        return OptionalInt.of(points.intValueExact());
    }

    /** The order rests, and the stop takes its place. */
    private static Plan oco(Terms terms, RequestBody body, Instant until) {
        if (!terms.kind().equals(OrderKind.regular(OrderType.LIMIT))) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.INVALID_ORDER_TYPE, "the order of an OCO rests with a limit price: order_type is LIMIT"));
        }
        return new Plan(
                Plan.Kind.OCO,
                List.of(
                        Leg.of(Leg.Role.TAKE_PROFIT, terms, new Start.Now(), until),
                        stop(requireStop(body), terms, until)));
    }

    private static Plan bracket(Terms terms, RequestBody body, Instant until) {
        List<Leg> legs = new ArrayList<>();
        legs.add(Leg.of(Leg.Role.ENTRY, terms, new Start.Now(), until));
        body.optionalObject("take_profit").ifPresent(exit -> {
            exit.requireOnly(Set.of("price"));
            legs.add(Leg.of(
                    Leg.Role.TAKE_PROFIT,
                    exit(terms, OrderType.LIMIT, OptionalLong.of(price(exit, "price", currency(terms)))),
                    new Start.Now(),
                    until));
        });
        legs.add(stop(requireStop(body), exit(terms, OrderType.MARKET, OptionalLong.empty()), until));
        return new Plan(Plan.Kind.BRACKET, legs);
    }

    private static RequestBody requireStop(RequestBody body) {
        return body.optionalObject("stop").orElseThrow(() -> RequestBody.missing("stop"));
    }

    private static Currency currency(Terms terms) {
        return terms.symbol().market().currency();
    }

    /** The order that closes what {@code entry} opens. */
    private static Terms exit(Terms entry, OrderType type, OptionalLong price) {
        return new Terms(
                entry.accountId(),
                entry.symbol(),
                entry.side() == Side.BUY ? Side.SELL : Side.BUY,
                entry.qty(),
                OrderKind.regular(type),
                price,
                OptionalLong.empty(),
                entry.venue(),
                entry.strategyId(),
                entry.dispatchBy());
    }

    /**
     * The stop of a position.
     *
     * @param closing an order that closes it
     */
    private static Leg stop(RequestBody stop, Terms closing, Instant until) {
        stop.requireOnly(Set.of("price", "trail", "limit_price"));
        if (stop.has("price") == stop.has("trail")) {
            throw RequestBody.invalid("stop", "has either a price or a trail");
        }
        OptionalLong limit = OrderRequestParser.optionalPrice(stop, "limit_price", currency(closing));
        Start start = stop.optionalObject("trail")
                .<Start>map(trail -> trailing(trail, closing))
                .orElseGet(() -> new Start.AtPrice(
                        closing.symbol(),
                        closing.side() == Side.SELL ? Start.Direction.AT_OR_BELOW : Start.Direction.AT_OR_ABOVE,
                        price(stop, "price", currency(closing))));
        Terms terms = new Terms(
                closing.accountId(),
                closing.symbol(),
                closing.side(),
                closing.qty(),
                OrderKind.regular(limit.isPresent() ? OrderType.LIMIT : OrderType.MARKET),
                limit,
                OptionalLong.empty(),
                closing.venue(),
                closing.strategyId(),
                closing.dispatchBy());
        return Leg.of(Leg.Role.STOP, terms, start, until);
    }

    /** Equal parts at equal intervals; the first ones have what does not divide. */
    private static Plan slices(Terms terms, RequestBody body, Instant now) {
        long slices = body.wholeNumber("slices");
        if (slices < 2 || slices > Plan.LEGS_MAX || slices > terms.qty()) {
            throw RequestBody.invalid(
                    "slices", "must be a whole number from 2 to " + Plan.LEGS_MAX + ", and at most qty");
        }
        Instant until = time(body, "until").orElseThrow(() -> RequestBody.missing("until"));
        // A request that is repeated later is read as well; of a new one the intake refuses what is too late.
        Instant latest = until.minus(SLICE_MIN.multipliedBy(slices));
        Instant from = time(body, "at").orElse(now.isBefore(latest) ? now : latest);
        requireAfter(from, until);
        Duration interval = Duration.between(from, until).dividedBy(slices);
        if (interval.compareTo(SLICE_MIN) < 0) {
            throw RequestBody.invalid("slices", "must be at least a second apart");
        }
        List<Leg> legs = new ArrayList<>();
        for (int i = 0; i < slices; i++) {
            Instant at = from.plus(interval.multipliedBy(i));
            long qty = terms.qty() / slices + (i < terms.qty() % slices ? 1 : 0);
            // A slice that was missed is not made up for: the next one is at its own time.
            legs.add(Leg.of(
                    Leg.Role.ORDER, terms.withQty(qty), new Start.At(at), i == slices - 1 ? until : at.plus(interval)));
        }
        return new Plan(Plan.Kind.TWAP, legs);
    }

    // ---- changes ----

    /** The changes in the body of what still waits of {@code parent}, and of how many shares its orders have. */
    static Change change(Parent parent, RequestBody body, Instant now) {
        body.requireOnly(CHANGES);
        if (CHANGES.stream().noneMatch(body::has)) {
            List<String> fields = CHANGES.stream().sorted().toList();
            throw new RefusedException(Refusal.of(
                            ErrorCode.MISSING_FIELD,
                            "Give one of " + String.join(", ", fields) + "; without any nothing would change.")
                    .with("field", "qty")
                    .with("fields", fields));
        }
        Plan plan = parent.plan();
        return switch (plan.kind()) {
            case SCHEDULED -> Change.to(rescheduled(plan, body));
            case TWAP -> Change.to(resliced(parent, body, now));
            case BASKET -> changedBasket(parent, body);
            default -> Change.to(changed(parent, body));
        };
    }

    /** What waits of the slices: another quantity in equal parts, other times at equal intervals, another price. */
    private static Plan resliced(Parent parent, RequestBody body, Instant now) {
        Plan plan = parent.plan();
        requireChangesOf(body, Set.of("qty", "price", "at", "until"), plan.kind());
        List<Integer> waiting = IntStream.range(0, plan.legs().size())
                .filter(i -> parent.legs().get(i).isWaiting()
                        && now.isBefore(plan.legs().get(i).until()))
                .boxed()
                .toList();
        if (waiting.isEmpty()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.INVALID_TRANSITION,
                    "no slice of it waits any more; what is placed is changed as an order"));
        }
        List<Leg> legs = new ArrayList<>(plan.legs());
        for (int i : waiting) {
            legs.set(i, legs.get(i).with(priced(legs.get(i).terms(), body)));
        }
        resize(legs, waiting, body);
        retime(legs, waiting, body, plan.until(), now);
        return new Plan(plan.kind(), legs, plan.leftOut());
    }

    private static void resize(List<Leg> legs, List<Integer> waiting, RequestBody body) {
        OptionalLong qty = OrderRequestParser.optionalQty(body);
        if (qty.isEmpty()) {
            return;
        }
        long others = IntStream.range(0, legs.size())
                .filter(i -> !waiting.contains(i))
                .mapToLong(i -> legs.get(i).terms().qty())
                .sum();
        long rest = qty.getAsLong() - others;
        if (rest < waiting.size()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.INVALID_QTY,
                            others + " shares are of slices that were placed or left out, and " + waiting.size()
                                    + " slices wait for at least a share each: qty is " + (others + waiting.size())
                                    + " or more; to place nothing more, cancel it")
                    .with("least", others + waiting.size()));
        }
        for (int n = 0; n < waiting.size(); n++) {
            Leg leg = legs.get(waiting.get(n));
            long part = rest / waiting.size() + (n < rest % waiting.size() ? 1 : 0);
            legs.set(waiting.get(n), leg.with(leg.terms().withQty(part)));
        }
    }

    private static void retime(List<Leg> legs, List<Integer> waiting, RequestBody body, Instant end, Instant now) {
        Optional<Instant> at = time(body, "at");
        if (at.isEmpty() && !body.has("until")) {
            return;
        }
        if (at.filter(it -> !it.isAfter(now)).isPresent()) {
            throw RequestBody.invalid("at", "must be in the future");
        }
        Instant next = legs.get(waiting.getFirst()).start() instanceof Start.At(Instant time) ? time : now;
        Instant from = at.orElse(next.isBefore(now) ? now : next);
        Instant until = time(body, "until").orElse(end);
        requireAfter(from, until);
        Duration interval = Duration.between(from, until).dividedBy(waiting.size());
        if (interval.compareTo(SLICE_MIN) < 0) {
            throw RequestBody.invalid(
                    "until",
                    "leaves less than a second for each of the " + waiting.size()
                            + " slices that wait; send a later one, or an earlier at for the first of them");
        }
        for (int n = 0; n < waiting.size(); n++) {
            Leg leg = legs.get(waiting.get(n));
            Instant start = from.plus(interval.multipliedBy(n));
            legs.set(waiting.get(n), leg.at(start, n == waiting.size() - 1 ? until : start.plus(interval)));
        }
    }

    private static Plan rescheduled(Plan plan, RequestBody body) {
        Instant at = time(body, "at").orElse(plan.at());
        Duration wait = Duration.between(plan.at(), plan.until());
        Instant until = time(body, "until").orElseGet(() -> at.plus(wait));
        requireAfter(at, until);
        requireChangesOf(body, Set.of("qty", "price", "at", "until"), plan.kind());
        return Plan.scheduled(changed(plan.terms(), body), at, until).routed(plan.isRouted());
    }

    private static Change changedBasket(Parent parent, RequestBody body) {
        Set<String> fields = Set.of("until", "drop");
        boolean isOther = CHANGES.stream().anyMatch(field -> body.has(field) && !fields.contains(field));
        if (isOther || parent.legs().stream().noneMatch(LegState::isWaiting)) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.INVALID_TRANSITION,
                    "of a BASKET only until is changed and lines are taken out (drop), while orders wait for their"
                            + " market; change its orders one by one, or cancel it and create another"));
        }
        int lines = parent.legs().size();
        List<Long> dropped = body.wholeNumbers("drop", lines);
        boolean isNamed = dropped.stream().allMatch(line -> line >= 0 && line < lines);
        if (!isNamed || dropped.stream().distinct().count() < dropped.size()) {
            throw RequestBody.invalid(
                    "drop", "has positions among the legs, each once: whole numbers from 0 to " + (lines - 1));
        }
        return new Change(
                changed(parent, body), dropped.stream().map(Math::toIntExact).collect(Collectors.toSet()));
    }

    private static Plan changed(Parent parent, RequestBody body) {
        Plan plan = parent.plan();
        requireChangesOf(
                body,
                switch (plan.kind()) {
                    case CONDITIONAL -> Set.of("qty", "price", "until", "when");
                    case TRAILING_STOP -> Set.of("qty", "price", "until", "trail");
                    case OCO -> Set.of("qty", "price", "until", "stop");
                    case BASKET -> Set.of("until", "drop");
                    default -> Set.of("qty", "price", "until", "stop", "take_profit");
                },
                plan.kind());
        OptionalLong qty = OrderRequestParser.optionalQty(body);
        if (qty.isPresent()) {
            requireLeft(parent, qty.getAsLong());
        }
        List<Leg> legs = new ArrayList<>();
        for (int i = 0; i < plan.legs().size(); i++) {
            Leg sized = qty.isPresent() && isSized(parent, i)
                    ? plan.legs().get(i).with(plan.legs().get(i).terms().withQty(qty.getAsLong()))
                    : plan.legs().get(i);
            Leg leg = changed(sized, i, body);
            LegState state = parent.legs().get(i);
            // A take-profit that rests is placed again until then.
            boolean isChanged = state.isWaiting() || leg.role() == Leg.Role.TAKE_PROFIT && state.isWorking();
            legs.add(time(body, "until").filter(_ -> isChanged).map(leg::with).orElse(leg));
        }
        return new Plan(plan.kind(), legs, plan.leftOut());
    }

    /** Whether a new quantity is that of the leg: while the entry is at the exchange, exits follow what it fills. */
    private static boolean isSized(Parent parent, int i) {
        boolean entryWorks = parent.plan().leg(Leg.Role.ENTRY).stream()
                .anyMatch(entry -> parent.legs().get(entry).isWorking());
        return !parent.legs().get(i).isEnded()
                && !(entryWorks && parent.plan().legs().get(i).role().isExit());
    }

    /** Exits close something, and no more than the entry has opened. */
    private static void requireLeft(Parent parent, long qty) {
        OptionalInt entry = parent.plan().leg(Leg.Role.ENTRY);
        if (entry.isPresent() && !parent.legs().get(entry.getAsInt()).isEnded()
                || parent.plan().leg(Leg.Role.STOP).isEmpty()) {
            return;
        }
        long closed = parent.closed();
        long most = entry.isPresent() ? parent.legs().get(entry.getAsInt()).filled() : OrderRequestParser.QTY_MAX;
        if (qty <= closed || qty > most) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.INVALID_QTY,
                            (entry.isPresent() ? "the entry has ended with " + most + " shares" : "the order is placed")
                                    + ", of which " + closed + " are closed: qty is the shares that the exits close"
                                    + " together, " + (closed + 1) + (entry.isPresent() ? " to " + most : " or more"))
                    .with("least", closed + 1));
        }
    }

    private static Leg changed(Leg leg, int number, RequestBody body) {
        if (leg.role() == Leg.Role.STOP && body.has("stop")) {
            return stop(requireStop(body), leg.terms(), leg.until()).routed(leg.routed());
        }
        if (leg.role() == Leg.Role.TAKE_PROFIT && body.has("take_profit")) {
            RequestBody exit = body.optionalObject("take_profit").orElseThrow();
            exit.requireOnly(Set.of("price"));
            return leg.with(leg.terms().withPrice(OptionalLong.of(price(exit, "price", currency(leg.terms())))));
        }
        if (number > 0) {
            return leg;
        }
        Leg first = leg.with(priced(leg.terms(), body));
        return body.optionalObject("when")
                .<Leg>map(when -> first.with(atPrice(when, leg.terms())))
                .or(() -> body.optionalObject("trail").map(trail -> first.with(trailing(trail, leg.terms()))))
                .orElse(first);
    }

    private static Terms changed(Terms terms, RequestBody body) {
        return priced(terms.withQty(OrderRequestParser.optionalQty(body).orElse(terms.qty())), body);
    }

    private static Terms priced(Terms terms, RequestBody body) {
        OptionalLong price = OrderRequestParser.optionalPrice(body, currency(terms));
        if (price.isPresent() && terms.price().isEmpty()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET,
                    "a " + terms.kind().type() + " order has no price; omit it"));
        }
        return price.isPresent() ? terms.withPrice(price) : terms;
    }

    private static void requireChangesOf(RequestBody body, Set<String> fields, Plan.Kind kind) {
        CHANGES.stream()
                .filter(field -> body.has(field) && !fields.contains(field))
                .sorted()
                .findFirst()
                .ifPresent(field -> {
                    throw RequestBody.invalid(field, "of a " + kind + " is not changed here; omit it");
                });
    }

    // ---- times ----

    /** Past which nothing is placed; without one the day of the market ends it, which in New York is none of a calendar. */
    static Instant until(RequestBody body, Terms terms, Instant now) {
        return time(body, "until").orElseGet(() -> endOfDay(terms.symbol().market(), now));
    }

    private static Instant endOfDay(Market market, Instant now) {
        return market.equals(Market.US)
                ? NewYorkHours.endOfDay(now)
                : LocalDate.ofInstant(now, market.zone())
                        .plusDays(1)
                        .atStartOfDay(market.zone())
                        .toInstant();
    }

    private static void requireAfter(Instant at, Instant until) {
        if (!at.isBefore(until)) {
            throw RequestBody.invalid("until", "must be after at");
        }
    }

    static Optional<Instant> time(RequestBody body, String field) {
        return body.optionalText(field)
                .map(text -> ApiValues.time(text).orElseThrow(() -> RequestBody.invalid(field, ApiValues.TIME_FORM)));
    }
}
