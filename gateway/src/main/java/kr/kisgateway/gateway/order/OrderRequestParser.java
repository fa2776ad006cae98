package kr.kisgateway.gateway.order;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * The contract of {@code POST /v1/orders}: reads a body into {@link Terms}, or refuses it with the code of the
 * error.
 *
 * @param accounts existing account aliases
 * @param waits how long an order may wait to be sent when the body does not specify it
 */
public record OrderRequestParser(Set<String> accounts, OrderSettings.DispatchWaits waits) {
    /** The largest quantity and price that fit KIS's fields ({@code ORD_QTY} 10 digits, {@code ORD_UNPR} 19). */
    private static final long QTY_MAX = 9_999_999_999L;

    private static final long PRICE_MAX = 999_999_999_999L;
    private static final Duration DISPATCH_MAX = Duration.ofHours(12);
    private static final int STRATEGY_MAX = 64;
    private static final Set<String> FIELDS = Set.of(
            "account_id", "symbol", "side", "qty", "order_type", "price", "strategy_id", "dispatch_by", "dry_run");
    private static final Set<String> BATCH_FIELDS = Set.of(
            "account_id",
            "symbol",
            "side",
            "qty",
            "order_type",
            "price",
            "strategy_id",
            "dispatch_by",
            "idempotency_key");

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

    /** The same for an order of a batch, which has its own key and cannot be a dry run. */
    ParsedOrder readBatchOrder(RequestBody body, Instant now) {
        return read(body.requireOnly(BATCH_FIELDS), now, false);
    }

    private ParsedOrder read(RequestBody body, Instant now, boolean dryRun) {
        Terms terms = terms(body, now);
        return new ParsedOrder(terms, hash(terms, body.has("dispatch_by")), dryRun);
    }

    private Terms terms(RequestBody body, Instant now) {
        String account = body.text("account_id");
        if (!accounts.contains(account)) {
            throw refused(ErrorCode.ACCOUNT_NOT_FOUND, "there is no account \"" + account + "\"");
        }
        Symbol symbol = SymbolRefusal.requireKorean(body.text("symbol"), "Orders");
        Side side = side(body);
        long qty = qty(body);
        OptionalLong price = price(body);
        OrderType type = type(body, price);
        return new Terms(
                account, symbol, side, qty, type, price, Venue.KRX, strategy(body), dispatchBy(body, type, now));
    }

    /** The hash of the canonical form of the terms, which a repeated key is compared with. */
    static String hash(Terms terms, boolean dispatchBySent) {
        String canonical = String.join(
                "|",
                terms.accountId(),
                terms.symbol().code(),
                terms.side().name(),
                Long.toString(terms.qty()),
                terms.type().name(),
                terms.price().isPresent() ? Long.toString(terms.price().getAsLong()) : "",
                terms.venue().name(),
                terms.strategyId().orElse(""),
                dispatchBySent ? terms.dispatchBy().toString() : "");
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Side side(RequestBody body) {
        return switch (body.text("side").toUpperCase(Locale.ROOT)) {
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

    static OptionalLong price(RequestBody body) {
        OptionalLong price;
        try {
            price = body.optionalWholeNumber("price");
        } catch (RefusedException e) {
            throw withCode(e, ErrorCode.INVALID_PRICE, "price is a whole number of won");
        }
        if (price.isPresent() && (price.getAsLong() < 1 || price.getAsLong() > PRICE_MAX)) {
            throw refused(ErrorCode.INVALID_PRICE, "price is a whole number of won from 1 to " + PRICE_MAX);
        }
        return price;
    }

    private static OrderType type(RequestBody body, OptionalLong price) {
        Optional<String> value = body.optionalText("order_type");
        if (value.isEmpty()) {
            return price.isPresent() ? OrderType.LIMIT : OrderType.MARKET;
        }
        return switch (value.get().toUpperCase(Locale.ROOT)) {
            case "LIMIT" -> {
                if (price.isEmpty()) {
                    throw refused(ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "a LIMIT order needs a price");
                }
                yield OrderType.LIMIT;
            }
            case "MARKET" -> {
                if (price.isPresent()) {
                    throw refused(ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET, "a MARKET order has no price; omit it");
                }
                yield OrderType.MARKET;
            }
            case String other ->
                throw new RefusedException(Refusal.of(ErrorCode.INVALID_ORDER_TYPE, "order_type is LIMIT or MARKET")
                        .suggesting(other, List.of("LIMIT", "MARKET")));
        };
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
        Instant by;
        try {
            by = OffsetDateTime.parse(value.get()).toInstant();
        } catch (DateTimeParseException _) {
            throw RequestBody.invalid("dispatch_by", "must be a time with offset, as 2026-11-20T09:00:05+09:00");
        }
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
