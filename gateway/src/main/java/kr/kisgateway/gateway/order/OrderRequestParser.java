package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.risk.CreditRules;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;

/**
 * The contract of {@code POST /v1/orders}: reads a body into {@link Terms}, or refuses it with the code of the
 * error.
 *
 * @param accounts existing account aliases
 * @param markets that take orders
 * @param waits how long an order may wait to be sent when the body does not specify it
 * @param offsets the prices of orders with an offset
 * @param router puts an order that leaves the venue open on one
 */
public record OrderRequestParser(
        Set<String> accounts,
        Set<Market> markets,
        OrderSettings.DispatchWaits waits,
        PriceOffsets offsets,
        UnaryOperator<Terms> router) {
    /** The largest quantity and price that fit KIS's fields ({@code ORD_QTY} 10 digits, {@code ORD_UNPR} 19). */
    public static final long QTY_MAX = 9_999_999_999L;

    private static final long PRICE_MAX = 999_999_999_999L;
    private static final int PRICE_DIGITS = 12;
    private static final Duration DISPATCH_MAX = Duration.ofHours(12);
    private static final int STRATEGY_MAX = 64;
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    private static final Set<String> ORDER_FIELDS = Set.of(
            "account_id",
            "symbol",
            "side",
            "qty",
            "order_type",
            "session",
            "time_in_force",
            "price",
            "stop_price",
            "venue",
            "strategy_id",
            "dispatch_by",
            "credit");
    /** The venue of an order that leaves it open. */
    static final String ROUTED = "AUTO";

    private static final Set<String> REPRICE_FIELDS = Set.of("after_ms", "max");
    private static final Set<String> CREDIT_FIELDS = Set.of("type", "loan_date");

    /** Stock borrowing (대주), in words that callers may try. */
    private static final Pattern STOCK_BORROWING = Pattern.compile(".*(SHORT|BORROW|STOCK_LOAN).*");

    private static final Set<String> PRICED_FIELDS = with(with(ORDER_FIELDS, "offset"), "reprice");
    private static final Set<String> FIELDS = with(PRICED_FIELDS, "dry_run");
    private static final Set<String> LATER_FIELDS =
            ORDER_FIELDS.stream().filter(it -> !it.equals("dispatch_by")).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> BATCH_FIELDS = with(PRICED_FIELDS, "idempotency_key");

    /**
     * A parsed body.
     *
     * @param hash of the canonical form, which a repeated key is compared with
     * @param dryRun whether it is only to be checked
     */
    record ParsedOrder(Terms terms, String hash, boolean dryRun) {
        /** The same with the strategy label of {@code caller}, which may not use another. */
        ParsedOrder withStrategy(Caller caller) {
            if (caller.strategy().isEmpty()) {
                return this;
            }
            String strategy = caller.strategy().get();
            if (terms.strategyId().filter(it -> !it.equals(strategy)).isPresent()) {
                throw refused(
                        ErrorCode.FORBIDDEN,
                        "your key is for the strategy \"" + strategy + "\"; omit strategy_id, or send that one");
            }
            return new ParsedOrder(terms.withStrategy(strategy), hash, dryRun);
        }
    }

    /** The order in the body, read at {@code now}. */
    ParsedOrder read(RequestBody body, Instant now) {
        return read(body.requireOnly(FIELDS), now, body.optionalFlag("dry_run").orElse(false));
    }

    /**
     * The terms in the body of an order that is placed later: without a deadline, and not a dry run.
     *
     * @throws RefusedException when they are not those of an order, or {@code caller} may not place it
     */
    public Terms readLater(Caller caller, RequestBody body, Instant now) {
        ParsedOrder order = readLater(body, now).withStrategy(caller);
        OrderRoutes.requireTerms(caller, order.terms());
        return order.terms();
    }

    /** The order in such a body, of any caller; a venue that is left open is the usual one until the order is placed. */
    ParsedOrder readLater(RequestBody body, Instant now) {
        body.requireOnly(LATER_FIELDS);
        return new ParsedOrder(terms(body, now), "", false);
    }

    /** The account of a body that has it for several orders. */
    public String account(Caller caller, RequestBody body) {
        String account = account(body);
        caller.requireAccount(account);
        return account;
    }

    /** The side of a body, if it has one. */
    public static Optional<Side> optionalSide(RequestBody body) {
        return body.has("side") ? Optional.of(side(body)) : Optional.empty();
    }

    /**
     * The terms of an order of several, which is placed later; its members are checked by the caller of this method.
     *
     * @param account of all of them
     * @param usual side of an order without one
     * @return for one share where the body has no quantity
     * @throws RefusedException when they are not those of an order, or {@code caller} may not place it
     */
    public Terms readOneOf(Caller caller, String account, Optional<Side> usual, RequestBody body, Instant now) {
        Terms read = terms(
                body,
                account,
                it -> optionalSide(it).or(() -> usual).orElseGet(() -> side(it)),
                it -> optionalQty(it).orElse(1),
                now);
        Terms terms = new ParsedOrder(read, "", false).withStrategy(caller).terms();
        OrderRoutes.requireTerms(caller, terms);
        return terms;
    }

    /** A new quantity of a body, if it has one. */
    public static OptionalLong optionalQty(RequestBody body) {
        return body.has("qty") ? OptionalLong.of(qty(body)) : OptionalLong.empty();
    }

    /** A new price of a body, if it has one, in units of {@code currency}. */
    public static OptionalLong optionalPrice(RequestBody body, Currency currency) {
        return price(body, "price", currency);
    }

    /** A price of a body, if it has one, in units of {@code currency}. */
    public static OptionalLong optionalPrice(RequestBody body, String field, Currency currency) {
        return price(body, field, currency);
    }

    /** The same for an order of a batch, which has its own key and cannot be a dry run. */
    ParsedOrder readBatchOrder(RequestBody body, Instant now) {
        return read(body.requireOnly(BATCH_FIELDS), now, false);
    }

    private ParsedOrder read(RequestBody body, Instant now, boolean dryRun) {
        Terms terms = terms(body, now);
        Optional<PricePolicy> policy = pricing(body, terms);
        Terms requested = policy.map(it -> terms.withPricing(it, terms.price())).orElse(terms);
        // Price and venue that the gateway chooses are those of the moment: a repeated request is the same with others.
        boolean isRouted = isRouted(body);
        String hash = hash(requested, isRouted ? ROUTED : terms.venue().name(), body.has("dispatch_by"));
        Terms priced = policy.filter(PricePolicy::isOffset)
                .map(it -> terms.withPricing(it, OptionalLong.of(offsetPrice(terms, isRouted, now))))
                .orElse(requested);
        return new ParsedOrder(isRouted ? router.apply(priced) : priced, hash, dryRun);
    }

    /** Whether the gateway chooses the venue. */
    public static boolean isRouted(RequestBody body) {
        return body.optionalText("venue").filter(ROUTED::equalsIgnoreCase).isPresent();
    }

    private long offsetPrice(Terms terms, boolean isRouted, Instant now) {
        Venue venue = isRouted ? Venue.SOR : terms.venue(); // it may trade on either
        return switch (offsets.first(terms.symbol(), venue, terms.side(), now)) {
            case Result.Success<Long>(Long price) -> price;
            case Result.Refused<Long>(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    /** How the gateway chooses the price, if it does. */
    private static Optional<PricePolicy> pricing(RequestBody body, Terms terms) {
        Optional<String> offset = body.optionalText("offset");
        Optional<RequestBody> reprice = body.optionalObject("reprice");
        if (offset.isEmpty() && reprice.isEmpty()) {
            return Optional.empty();
        }
        if (offset.isPresent() && !offset.get().equalsIgnoreCase("auto")) {
            throw RequestBody.invalid("offset", "must be \"auto\", or absent");
        }
        if (offset.isPresent() && terms.price().isPresent()) {
            throw RequestBody.invalid("price", "must be absent with an offset, which chooses the price");
        }
        if (offset.isPresent() && !(terms.symbol() instanceof Symbol)) {
            throw refused(
                    ErrorCode.OFFSET_NOT_DEFINED,
                    "no offset is defined for " + terms.symbol() + ", a US stock; send a price");
        }
        if (!(terms.symbol() instanceof Symbol) || !terms.kind().equals(OrderKind.regular(OrderType.LIMIT))) {
            throw refused(
                    ErrorCode.INVALID_ORDER_TYPE,
                    "offset and reprice are for LIMIT orders of Korean stocks in the regular session (time_in_force"
                            + " DAY)");
        }
        if (reprice.isEmpty()) {
            return Optional.of(new PricePolicy(true, PricePolicy.AFTER, PricePolicy.MAX));
        }
        RequestBody sent = reprice.get().requireOnly(REPRICE_FIELDS);
        return Optional.of(new PricePolicy(
                offset.isPresent(),
                Duration.ofMillis(bounded(
                        sent,
                        "after_ms",
                        PricePolicy.AFTER_MIN.toMillis(),
                        PricePolicy.AFTER_MAX.toMillis(),
                        PricePolicy.AFTER.toMillis())),
                (int) bounded(sent, "max", offset.isPresent() ? 0 : 1, PricePolicy.MAX_MAX, PricePolicy.MAX)));
    }

    private static long bounded(RequestBody body, String field, long least, long most, long absent) {
        long value = body.optionalWholeNumber(field).orElse(absent);
        if (value < least || value > most) {
            throw RequestBody.invalid("reprice." + field, "must be a whole number from " + least + " to " + most);
        }
        return value;
    }

    private Terms terms(RequestBody body, Instant now) {
        return terms(body, account(body), OrderRequestParser::side, OrderRequestParser::qty, now);
    }

    private String account(RequestBody body) {
        String account = body.text("account_id");
        if (!accounts.contains(account)) {
            throw refused(ErrorCode.ACCOUNT_NOT_FOUND, "there is no account \"" + account + "\"");
        }
        return account;
    }

    private Terms terms(
            RequestBody body,
            String account,
            Function<RequestBody, Side> sideOf,
            ToLongFunction<RequestBody> qtyOf,
            Instant now) {
        MarketSymbol symbol = symbol(body.text("symbol"));
        Side side = sideOf.apply(body);
        long qty = qtyOf.applyAsLong(body);
        OptionalLong price = price(body, "price", symbol.market().currency());
        OrderType type = type(body, price);
        OptionalLong stopPrice = stopPrice(body, type, symbol.market().currency());
        var kind = new OrderKind(
                type,
                word(
                        body,
                        "session",
                        OrderSession.class,
                        OrderKind.regular(type).session(),
                        ErrorCode.INVALID_ORDER_TYPE),
                word(body, "time_in_force", TimeInForce.class, TimeInForce.DAY, ErrorCode.INVALID_ORDER_TYPE));
        return new Terms(
                account,
                symbol,
                side,
                qty,
                kind,
                price,
                stopPrice,
                venue(body, symbol),
                strategy(body),
                dispatchBy(body, type, now),
                credit(body, symbol, side, now));
    }

    /** The loan. A buy's is of today, so that it need not name the date; a sale names the date of the loan that it repays. */
    private static Optional<Credit> credit(RequestBody body, MarketSymbol symbol, Side side, Instant now) {
        Optional<RequestBody> sent = body.optionalObject("credit");
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        RequestBody credit = sent.get().requireOnly(CREDIT_FIELDS);
        if (STOCK_BORROWING
                .matcher(credit.text("type").toUpperCase(Locale.ROOT))
                .matches()) {
            throw refused(
                    ErrorCode.INVALID_CREDIT,
                    "stock borrowing (대주) is not ordered: it sells shares that the account does not hold, and the"
                            + " gateway never does that");
        }
        CreditType type = word(
                        "credit.type", Optional.of(credit.text("type")), CreditType.class, ErrorCode.INVALID_CREDIT)
                .orElseThrow();
        Optional<Refusal> refusal = CreditRules.refusal(symbol, side, type);
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
        Optional<LocalDate> date = credit.optionalText("loan_date").map(OrderRequestParser::loanDate);
        if (date.isEmpty() && !type.opensLoan()) {
            throw refused(
                    ErrorCode.INVALID_CREDIT,
                    "a sale that repays a loan names its loan_date; GET /v1/positions shows the loans of the account");
        }
        return Optional.of(new Credit(type, date.orElseGet(() -> LocalDate.ofInstant(now, TradingCalendar.SEOUL))));
    }

    private static LocalDate loanDate(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw refused(ErrorCode.INVALID_CREDIT, "loan_date is a date, as 2026-11-20");
        }
    }

    /** The symbol, of a market that takes orders. */
    private MarketSymbol symbol(String text) {
        MarketSymbol symbol = SymbolRefusal.require(text);
        if (!markets.contains(symbol.market())) {
            throw refused(ErrorCode.UNSUPPORTED_BY_SOURCE, "the broker takes no orders of " + symbol);
        }
        return symbol;
    }

    /** The venue, which must be one of the symbol's market. */
    private static Venue venue(RequestBody body, MarketSymbol symbol) {
        if (isRouted(body)) {
            if (symbol instanceof Symbol) {
                return Venue.KRX; // until it is chosen
            }
            throw refused(
                    ErrorCode.INVALID_ORDER_TYPE,
                    "venue AUTO chooses between KRX and NXT, for Korean stocks; omit it for " + symbol);
        }
        Venue venue = word(
                        "venue", body.optionalText("venue"), Venue.class, List.of(ROUTED), ErrorCode.INVALID_ORDER_TYPE)
                .orElseGet(() -> Venue.usual(symbol));
        if (venue.takes(symbol)) {
            return venue;
        }
        List<String> names = Stream.concat(
                        Stream.of(Venue.values()).filter(it -> it.takes(symbol)).map(Enum::name),
                        symbol instanceof Symbol ? Stream.of(ROUTED) : Stream.empty())
                .toList();
        throw new RefusedException(Refusal.of(
                        ErrorCode.INVALID_ORDER_TYPE,
                        symbol + " is not traded on " + venue + "; venue is " + String.join(", ", names))
                .with("allowed", names));
    }

    /** The hash of the canonical form of the terms, which a repeated key is compared with. */
    static String hash(Terms terms, boolean dispatchBySent) {
        return hash(terms, terms.venue().name(), dispatchBySent);
    }

    /** The same of an order that is placed later, whose venue may be chosen then. */
    static String hashOfLater(Terms terms, boolean routed) {
        return hash(terms, routed ? ROUTED : terms.venue().name(), false);
    }

    private static String hash(Terms terms, String venue, boolean dispatchBySent) {
        String canonical = String.join(
                        "|",
                        terms.accountId(),
                        terms.symbol().code(),
                        terms.side().name(),
                        Long.toString(terms.qty()),
                        terms.kind().type().name(),
                        terms.price().isPresent() ? Long.toString(terms.price().getAsLong()) : "",
                        venue,
                        terms.strategyId().orElse(""),
                        dispatchBySent ? terms.dispatchBy().toString() : "")
                + unusual(terms);
        return KeyUse.hashOf(canonical);
    }

    /**
     * What an ordinary order does not have: the form of an order before these fields existed is unchanged. The length of the
     * label, which may contain the separator, makes it unambiguous.
     */
    private static String unusual(Terms terms) {
        String strategy = terms.strategyId().orElse("");
        boolean ordinary = terms.kind().equals(OrderKind.regular(terms.kind().type()))
                && terms.stopPrice().isEmpty()
                && terms.credit().isEmpty()
                && terms.pricing().isEmpty()
                && !strategy.contains("|");
        return ordinary
                ? ""
                : "|" + terms.kind().session() + "|" + terms.kind().timeInForce() + "|"
                        + (terms.stopPrice().isPresent() ? terms.stopPrice().getAsLong() : "") + "|"
                        + strategy.length()
                        + terms.credit().map(credit -> "|" + credit.canonical()).orElse("")
                        + terms.pricing()
                                .map(policy -> "|" + policy.canonical())
                                .orElse("");
    }

    private static Set<String> with(Set<String> fields, String more) {
        return Stream.concat(fields.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    /** A word of a list, in any letter case. */
    private static <E extends Enum<E>> E word(
            RequestBody body, String field, Class<E> words, E absent, ErrorCode code) {
        return word(field, body.optionalText(field), words, code).orElse(absent);
    }

    private static <E extends Enum<E>> Optional<E> word(
            String field, Optional<String> value, Class<E> words, ErrorCode code) {
        return word(field, value, words, List.of(), code);
    }

    /** @param others allowed words that are not of the list */
    private static <E extends Enum<E>> Optional<E> word(
            String field, Optional<String> value, Class<E> words, List<String> others, ErrorCode code) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = Stream.of(words.getEnumConstants()).map(Enum::name).toList();
        String given = value.get().toUpperCase(Locale.ROOT);
        // Some letters of other alphabets have capitals of this one.
        if (ASCII.matcher(value.get()).matches() && names.contains(given)) {
            return Optional.of(Enum.valueOf(words, given));
        }
        List<String> allowed = Stream.concat(names.stream(), others.stream()).toList();
        throw new RefusedException(Refusal.of(code, field + " is one of " + String.join(", ", allowed))
                .suggesting(given, allowed));
    }

    private static Side side(RequestBody body) {
        String given = body.text("side");
        return switch (ASCII.matcher(given).matches() ? given.toUpperCase(Locale.ROOT) : given) {
            case "BUY" -> Side.BUY;
            case "SELL" -> Side.SELL;
            case String other ->
                throw new RefusedException(Refusal.of(ErrorCode.INVALID_SIDE, "side is BUY or SELL")
                        .suggesting(other, List.of("BUY", "SELL")));
        };
    }

    static long qty(RequestBody body) {
        long qty;
        try {
            qty = body.wholeNumber("qty");
        } catch (RefusedException e) {
            throw withCode(e, ErrorCode.INVALID_QTY, "qty is a whole number of shares");
        }
        if (qty < 1 || qty > QTY_MAX) {
            throw refused(ErrorCode.INVALID_QTY, "qty is a whole number of shares from 1 to " + QTY_MAX);
        }
        return qty;
    }

    /** A price in units of {@code currency}. */
    static OptionalLong price(RequestBody body, String field, Currency currency) {
        String form = currency == Currency.KRW
                ? field + " is a whole number of won"
                : field + " is a number, a price in " + currency + " with " + currency.decimals() + " decimals at most";
        String range = currency == Currency.KRW
                ? " from 1 to " + PRICE_MAX
                : ", above 0 and at most "
                        + new BigDecimal(PRICE_MAX)
                                .movePointLeft(currency.decimals())
                                .toPlainString();
        Optional<BigDecimal> figure;
        try {
            figure = body.optionalDecimal(field);
        } catch (RefusedException e) {
            throw withCode(e, ErrorCode.INVALID_PRICE, form);
        }
        if (figure.isEmpty()) {
            return OptionalLong.empty();
        }
        // Size first: the digits of 1e999999999 would fill the memory.
        BigDecimal price = figure.get();
        boolean sensible = price.signum() > 0
                && price.precision() - (long) price.scale() <= PRICE_DIGITS
                && price.scale() <= PRICE_DIGITS;
        BigDecimal units = sensible ? price.movePointRight(currency.decimals()).stripTrailingZeros() : BigDecimal.ZERO;
        if (!sensible || units.scale() > 0) {
            throw refused(ErrorCode.INVALID_PRICE, form + (sensible ? "" : range));
        }
        if (units.compareTo(BigDecimal.valueOf(PRICE_MAX)) > 0) {
            throw refused(ErrorCode.INVALID_PRICE, form + range);
        }
        return OptionalLong.of(units.longValueExact());
    }

    private static OrderType type(RequestBody body, OptionalLong price) {
        OrderType type = word(
                body,
                "order_type",
                OrderType.class,
                price.isPresent() || body.has("offset") ? OrderType.LIMIT : OrderType.MARKET,
                ErrorCode.INVALID_ORDER_TYPE);
        if (type.isPriced() && price.isEmpty() && !body.has("offset")) {
            throw refused(ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "a " + type + " order needs a price");
        }
        if (!type.isPriced() && price.isPresent()) {
            throw refused(ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET, "a " + type + " order has no price; omit it");
        }
        return type;
    }

    private static OptionalLong stopPrice(RequestBody body, OrderType type, Currency currency) {
        OptionalLong stopPrice = price(body, "stop_price", currency);
        if (type == OrderType.STOP_LIMIT && stopPrice.isEmpty()) {
            throw refused(ErrorCode.INVALID_PRICE, "a STOP_LIMIT order needs a stop_price, whose trade triggers it");
        }
        if (type != OrderType.STOP_LIMIT && stopPrice.isPresent()) {
            throw refused(ErrorCode.INVALID_PRICE, "only a STOP_LIMIT order has a stop_price; omit it");
        }
        return stopPrice;
    }

    private static Optional<String> strategy(RequestBody body) {
        Optional<String> strategy = body.optionalText("strategy_id");
        if (strategy.isPresent() && strategy.get().length() > STRATEGY_MAX) {
            throw RequestBody.invalid("strategy_id", "must have at most " + STRATEGY_MAX + " characters");
        }
        return strategy;
    }

    private Instant dispatchBy(RequestBody body, OrderType type, Instant now) {
        Optional<String> value = body.optionalText("dispatch_by");
        if (value.isEmpty()) {
            return now.plus(type == OrderType.MARKET ? waits.market() : waits.limit());
        }
        Instant by =
                ApiValues.time(value.get()).orElseThrow(() -> RequestBody.invalid("dispatch_by", ApiValues.TIME_FORM));
        if (by.isAfter(now.plus(DISPATCH_MAX))) {
            throw dispatchByOutOfRange();
        }
        return by; // a past one is refused later: a repeated request gets its first answer
    }

    /** The refusal of a {@code dispatch_by} outside the next hours. */
    static RefusedException dispatchByOutOfRange() {
        return RequestBody.invalid("dispatch_by", "must lie in the next " + DISPATCH_MAX.toHours() + " hours");
    }

    private static RefusedException refused(ErrorCode code, String message) {
        return new RefusedException(Refusal.of(code, message));
    }

    /** A field of the contract has its own error code; a missing field has the common code. */
    private static RefusedException withCode(RefusedException cause, ErrorCode code, String message) {
        return cause.refusal().code() == ErrorCode.INVALID_FIELD ? refused(code, message) : cause;
    }
}
