package kr.kisgateway.gateway.risk;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Shares;
import kr.kisgateway.gateway.portfolio.Seen;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.gateway.risk.RiskPolicy.Bound;
import kr.kisgateway.gateway.risk.RiskPolicy.Layer;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * The checks of an order or modification, in the order that the API promises: kill switch and live guards, daily count,
 * quantity, notional, instrument, price, trading window, position, cash, rates. The first that fails is the answer. Pure:
 * everything it judges by is given.
 *
 * <p>Limits of quantity, notional, position and loss bind BUY only: selling out must stay possible. A modification is
 * judged as the order that it would make; what the order ties up already is not asked for again.
 */
public final class RiskRules {
    /** The broker's answer about an account is no longer judged by when it is older than this. */
    public static final Duration ACCOUNT_AGE_MAX = Duration.ofMinutes(1);

    /** The source of balances is asked again within that time. */
    private static final Duration UNKNOWN_RETRY = Duration.ofSeconds(1);

    private static final BigDecimal HUNDRED_PERCENT = BigDecimal.valueOf(10_000);

    private final BiFunction<Symbol, OptionalLong, Optional<Refusal>> instrumentRule;
    private final List<Function<Judgement, Optional<Refusal>>> checks = List.of(
            RiskRules::killSwitch,
            RiskRules::live,
            RiskRules::dailyCount,
            RiskRules::quantity,
            this::notional,
            this::instrument,
            RiskRules::lists,
            RiskRules::standing,
            RiskRules::priceLimits,
            this::tick,
            RiskRules::collar,
            RiskRules::selfCross,
            RiskRules::window,
            RiskRules::position,
            RiskRules::positionLimit,
            RiskRules::cash,
            RiskRules::dailyLoss,
            RiskRules::rate);

    /** One order with everything that it is judged by. */
    private record Judgement(Facts facts, Exposure exposure, RiskPolicy policy, List<Layer> layers) {
        RiskScope scope() {
            return facts.scope();
        }

        Facts.Asked asked() {
            return facts.asked();
        }

        boolean buy() {
            return facts.asked().side() == Side.BUY;
        }

        Optional<Bound> strictest(RiskLimit limit) {
            return policy.strictest(limit, layers);
        }

        Optional<String> on(RiskGuard guard) {
            return policy.on(guard, layers);
        }

        /** The order that is modified, as it stands. */
        Optional<Working> replaced() {
            return asked().replaces().flatMap(exposure::open);
        }
    }

    /**
     * @param instrumentRule judges a symbol and, if one is given, its limit price: listed? on the tick table?
     */
    public RiskRules(BiFunction<Symbol, OptionalLong, Optional<Refusal>> instrumentRule) {
        this.instrumentRule = instrumentRule;
    }

    /** The refusal of an order with these facts, or empty when nothing speaks against it. */
    public Optional<Refusal> check(Facts facts, Exposure exposure, RiskPolicy policy) {
        var judgement = new Judgement(facts, exposure, policy, policy.applying(facts.scope()));
        for (var check : checks) {
            Optional<Refusal> refusal = check.apply(judgement);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a refusal for {@code code} may turn into a yes when the broker is asked anew: an older answer lacks what
     * was bought and what came back since.
     */
    public static boolean worthAskingAnew(ErrorCode code) {
        return switch (code) {
            case INSUFFICIENT_POSITION_QTY,
                    INSUFFICIENT_CASH,
                    POSITION_LIMIT_EXCEEDED,
                    DAILY_LOSS_LIMIT,
                    POSITION_PROVIDER_UNAVAILABLE -> true;
            default -> false;
        };
    }

    // ---- kill switch and live guards ----

    private static Optional<Refusal> killSwitch(Judgement j) {
        return j.facts()
                .control()
                .killSwitch()
                .map(
                        reason -> killed(
                                reason,
                                "an operator turns it off with POST /v1/risk/kill-switch; one that GATEWAY_KILL_SWITCH holds ends with that setting"));
    }

    /** The refusal while the kill switch is on. */
    public static Refusal killed(String reason, String addition) {
        return Refusal.of(
                        ErrorCode.KILL_SWITCH,
                        "the kill switch is on (" + reason + "): no order is taken, only cancels; " + addition)
                .with("reason", reason);
    }

    private static Optional<Refusal> live(Judgement j) {
        LiveGuards guards = j.policy().guards();
        if (guards.readOnly()) {
            return refuse(
                    ErrorCode.READ_ONLY,
                    "the gateway is read-only (GATEWAY_READ_ONLY=true): no order is taken, only cancels");
        }
        if (!guards.live()) {
            return Optional.empty();
        }
        if (!guards.liveTrading()) {
            return refuse(
                    ErrorCode.LIVE_DISABLED,
                    "live orders are off: set KIS_LIVE_TRADING=true and start again to allow them");
        }
        String account = j.scope().account();
        if (!guards.liveAccounts().contains(account)) {
            return Optional.of(Refusal.of(
                            ErrorCode.LIVE_DISABLED,
                            "account " + account + " may not trade live: name it in KIS_LIVE_ACCOUNTS and start again")
                    .with("account_id", account));
        }
        if (!j.facts().control().dryRunDone() && !j.asked().dryRun()) {
            return Optional.of(Refusal.of(
                            ErrorCode.DRY_RUN_REQUIRED,
                            "account " + account
                                    + " has no dry run on record: send an order with \"dry_run\": true that passes, then"
                                    + " this one again")
                    .with("account_id", account));
        }
        return Optional.empty();
    }

    // ---- counts and sizes ----

    private static Optional<Refusal> dailyCount(Judgement j) {
        if (j.asked().replaces().isPresent()) {
            return Optional.empty(); // it was counted when it was accepted
        }
        for (Layer layer : j.layers()) {
            OptionalLong limit = layer.limits().get(RiskLimit.DAILY_ORDERS);
            int used = limit.isEmpty() ? 0 : j.exposure().ordersToday(j.scope(), layer.counted());
            if (limit.isPresent() && used >= limit.getAsLong()) {
                return Optional.of(limited(
                                ErrorCode.DAILY_LIMIT_EXCEEDED,
                                RiskLimit.DAILY_ORDERS,
                                new Bound(layer.name(), limit.getAsLong()),
                                "all " + limit.getAsLong() + " orders of this trading day are used")
                        .with("used", used));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> quantity(Judgement j) {
        RiskLimit limit = j.buy() ? RiskLimit.MAX_QTY : RiskLimit.SELL_MAX_QTY;
        return j.strictest(limit)
                .filter(bound -> j.asked().qty() > bound.units())
                .map(bound -> limited(
                                ErrorCode.MAX_QTY_EXCEEDED,
                                limit,
                                bound,
                                "a " + (j.buy() ? "buy" : "sell") + " may be for " + Shares.of(bound.units())
                                        + " at most")
                        .with("qty", j.asked().qty()));
    }

    private Optional<Refusal> notional(Judgement j) {
        Optional<Bound> bound = j.buy() ? j.strictest(RiskLimit.MAX_NOTIONAL) : Optional.empty();
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = j.asked().price();
        if (price.isEmpty()) {
            // An unlisted symbol has no price because there is no such thing, which is what the caller should hear.
            return instrument(j)
                    .or(() -> refuse(
                            ErrorCode.NOTIONAL_LIMIT_EXCEEDED,
                            "no price of " + j.asked().symbol()
                                    + " is known, so the amount cannot be judged; send a LIMIT order"));
        }
        return exceeds(j.asked().qty(), price.getAsLong(), bound.get().units())
                ? Optional.of(limited(
                                ErrorCode.NOTIONAL_LIMIT_EXCEEDED,
                                RiskLimit.MAX_NOTIONAL,
                                bound.get(),
                                "a buy may cost " + bound.get().units()
                                        + " won at most, a market order counted at its upper price limit")
                        .with("price", price.getAsLong()))
                : Optional.empty();
    }

    // ---- instrument ----

    private Optional<Refusal> instrument(Judgement j) {
        return instrumentRule.apply(j.asked().symbol(), OptionalLong.empty());
    }

    private static Optional<Refusal> lists(Judgement j) {
        Symbol symbol = j.asked().symbol();
        for (Layer layer : j.layers()) {
            if (layer.limits().deny().contains(symbol)) {
                return Optional.of(restricted(symbol, "it is on the deny list of " + layer.name(), "deny")
                        .with("layer", layer.name()));
            }
            if (layer.limits().allow().isPresent()
                    && !layer.limits().allow().get().contains(symbol)) {
                return Optional.of(restricted(symbol, "it is not on the allow list of " + layer.name(), "allow")
                        .with("layer", layer.name()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> standing(Judgement j) {
        Standing standing = j.facts().market().standing();
        Symbol symbol = j.asked().symbol();
        return switch (standing) {
            case UNKNOWN, OUTDATED, NORMAL -> Optional.empty();
            case HALTED -> Optional.of(restricted(symbol, "its trading is suspended", "halted"));
            case MANAGED -> standing(j, RiskGuard.REFUSE_MANAGED, "it is under administration", "managed");
            case WARNED -> standing(j, RiskGuard.REFUSE_WARNED, "the exchange warns of it", "warned");
        };
    }

    private static Optional<Refusal> standing(Judgement j, RiskGuard guard, String why, String word) {
        return j.buy()
                ? j.on(guard)
                        .map(layer -> restricted(j.asked().symbol(), why, word).with("layer", layer))
                : Optional.empty();
    }

    private static Refusal restricted(Symbol symbol, String why, String word) {
        return Refusal.of(ErrorCode.SYMBOL_RESTRICTED, symbol + " may not be ordered: " + why)
                .with("restriction", word);
    }

    // ---- price ----

    private static Optional<Refusal> priceLimits(Judgement j) {
        MarketFacts market = j.facts().market();
        if (j.asked().limitPrice().isEmpty()) {
            return Optional.empty();
        }
        long price = j.asked().limitPrice().getAsLong();
        boolean above = market.upper().isPresent() && price > market.upper().getAsLong();
        boolean below = market.lower().isPresent() && price < market.lower().getAsLong();
        if (!above && !below) {
            return Optional.empty(); // unknown limits are the exchange's to enforce: its refusal costs nothing
        }
        Refusal refusal = Refusal.of(
                ErrorCode.PRICE_OUT_OF_LIMITS,
                "the exchange takes prices of " + j.asked().symbol() + " from " + text(market.lower()) + " to "
                        + text(market.upper()) + " won today");
        if (market.lower().isPresent()) {
            refusal = refusal.with("lower", market.lower().getAsLong());
        }
        if (market.upper().isPresent()) {
            refusal = refusal.with("upper", market.upper().getAsLong());
        }
        return Optional.of(refusal);
    }

    private Optional<Refusal> tick(Judgement j) {
        return j.asked().limitPrice().isPresent()
                ? instrumentRule.apply(j.asked().symbol(), j.asked().limitPrice())
                : Optional.empty();
    }

    /** Only the side that could lose money is bound: a buy far below the market harms nobody. */
    private static Optional<Refusal> collar(Judgement j) {
        Optional<Bound> bound = j.strictest(RiskLimit.COLLAR_PCT);
        if (bound.isEmpty() || j.asked().limitPrice().isEmpty()) {
            return Optional.empty();
        }
        if (j.facts().market().last().isEmpty()) {
            return refuse(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "the last price of " + j.asked().symbol()
                            + " is unknown, so its price cannot be judged (collar_pct of "
                            + bound.get().layer() + "); try again");
        }
        long last = j.facts().market().last().getAsLong();
        BigDecimal width =
                BigDecimal.valueOf(last).multiply(BigDecimal.valueOf(bound.get().units()));
        BigDecimal scaledLast = BigDecimal.valueOf(last).multiply(HUNDRED_PERCENT);
        BigDecimal price =
                BigDecimal.valueOf(j.asked().limitPrice().getAsLong()).multiply(HUNDRED_PERCENT);
        boolean outside =
                j.buy() ? price.compareTo(scaledLast.add(width)) > 0 : price.compareTo(scaledLast.subtract(width)) < 0;
        return outside
                ? Optional.of(limited(
                                ErrorCode.PRICE_COLLAR,
                                RiskLimit.COLLAR_PCT,
                                bound.get(),
                                "the price is more than "
                                        + RiskLimit.COLLAR_PCT
                                                .figure(bound.get().units())
                                                .toPlainString() + " % "
                                        + (j.buy() ? "above" : "below") + " the last price, " + last + " won")
                        .with("last", last))
                : Optional.empty();
    }

    private static Optional<Refusal> selfCross(Judgement j) {
        Optional<String> layer = j.on(RiskGuard.REFUSE_SELF_CROSS);
        if (layer.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong own = j.exposure()
                .crossed(
                        j.scope().account(),
                        j.asked().symbol(),
                        j.asked().side(),
                        j.asked().limitPrice());
        return own.isPresent()
                ? Optional.of(Refusal.of(
                                ErrorCode.SELF_CROSS,
                                "it could trade with an open order of the same account ("
                                        + (own.getAsLong() == 0 ? "a market order" : "at " + own.getAsLong() + " won")
                                        + "); cancel that one first")
                        .with("own_price", own.getAsLong())
                        .with("layer", layer.get()))
                : Optional.empty();
    }

    // ---- trading window ----

    private static Optional<Refusal> window(Judgement j) {
        return switch (j.facts().session()) {
            case PRE_OPEN_AUCTION, REGULAR, CLOSING_AUCTION -> Optional.empty();
            case CLOSED, AFTER_HOURS, AFTER_HOURS_SINGLE_PRICE, AFTER_MARKET ->
                Optional.of(Refusal.of(
                                ErrorCode.OUT_OF_TRADING_WINDOW,
                                "the exchange takes no such order now ("
                                        + j.facts().session() + ")")
                        .with("session", j.facts().session().name()));
        };
    }

    // ---- position and cash ----

    /** What the broker said and when, if it is young enough to be judged by. */
    private record Told(AccountFigures figures, Instant askedAt) {}

    private static Optional<Told> told(Judgement j) {
        Optional<Told> told = switch (j.facts().account()) {
            case Seen.Known<AccountFigures>(AccountFigures figures, Instant askedAt) ->
                Optional.of(new Told(figures, askedAt));
            case Seen.Stale<AccountFigures>(AccountFigures figures, Instant askedAt, String _) ->
                Optional.of(new Told(figures, askedAt));
            case Seen.Unknown<AccountFigures> _ -> Optional.empty();
        };
        return told.filter(t -> !t.askedAt().isBefore(j.facts().now().minus(ACCOUNT_AGE_MAX)));
    }

    private static Optional<Refusal> untold(Judgement j, String what) {
        String why = switch (j.facts().account()) {
            case Seen.Unknown<AccountFigures>(String reason) -> reason;
            case Seen.Stale<AccountFigures>(AccountFigures _, Instant askedAt, String reason) ->
                "last told at " + askedAt + "; " + reason;
            case Seen.Known<AccountFigures>(AccountFigures _, Instant askedAt) -> "last told at " + askedAt;
        };
        return Optional.of(Refusal.of(
                        ErrorCode.POSITION_PROVIDER_UNAVAILABLE,
                        "the " + what + " of account " + j.scope().account()
                                + " is unknown, and unknown counts as unsafe (" + why + "); try again")
                .with("unknown", what)
                .retryAfter(UNKNOWN_RETRY));
    }

    private static Optional<Refusal> position(Judgement j) {
        if (j.buy()) {
            return Optional.empty();
        }
        long more = j.asked().open() - j.replaced().map(Working::remaining).orElse(0L);
        if (more <= 0) {
            return Optional.empty(); // the order that is modified holds these shares already
        }
        Optional<Told> told = told(j);
        if (told.isEmpty()) {
            return untold(j, "position");
        }
        long sellable = told.get().figures().sellable()
                - j.exposure()
                        .sellsNotSeenAt(
                                told.get().askedAt(),
                                j.scope().account(),
                                j.asked().symbol());
        return more > sellable
                ? Optional.of(Refusal.of(
                                ErrorCode.INSUFFICIENT_POSITION_QTY,
                                "only " + Shares.of(Math.max(0, sellable)) + " of "
                                        + j.asked().symbol() + " may be sold")
                        .with("sellable", Math.max(0, sellable)))
                : Optional.empty();
    }

    private static Optional<Refusal> positionLimit(Judgement j) {
        Optional<Bound> shares = j.buy() ? j.strictest(RiskLimit.MAX_POSITION) : Optional.empty();
        Optional<Bound> value = j.buy() ? j.strictest(RiskLimit.MAX_POSITION_VALUE) : Optional.empty();
        if (shares.isEmpty() && value.isEmpty()) {
            return Optional.empty();
        }
        Optional<Told> told = told(j);
        if (told.isEmpty()) {
            return untold(j, "position");
        }
        long held = told.get().figures().held()
                + j.exposure()
                        .buysNotSeenAt(
                                told.get().askedAt(),
                                j.scope().account(),
                                j.asked().symbol())
                - j.replaced().map(Working::remaining).orElse(0L);
        long then = held + j.asked().open();
        if (shares.isPresent() && then > shares.get().units()) {
            return Optional.of(limited(
                            ErrorCode.POSITION_LIMIT_EXCEEDED,
                            RiskLimit.MAX_POSITION,
                            shares.get(),
                            "the account may come to hold "
                                    + Shares.of(shares.get().units()) + " of "
                                    + j.asked().symbol() + " and has or has ordered " + held)
                    .with("used", held));
        }
        if (value.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = j.asked().price();
        if (price.isEmpty()) {
            return refuse(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "no price of " + j.asked().symbol()
                            + " is known, so the position's value cannot be judged (max_position_value of "
                            + value.get().layer() + "); try again");
        }
        return exceeds(then, price.getAsLong(), value.get().units())
                ? Optional.of(limited(
                                ErrorCode.POSITION_LIMIT_EXCEEDED,
                                RiskLimit.MAX_POSITION_VALUE,
                                value.get(),
                                "the position may come to be worth "
                                        + value.get().units() + " won, and the account has or has ordered "
                                        + Shares.of(held))
                        .with("used", held)
                        .with("price", price.getAsLong()))
                : Optional.empty();
    }

    private static Optional<Refusal> cash(Judgement j) {
        Optional<String> layer = j.buy() ? j.on(RiskGuard.CHECK_CASH) : Optional.empty();
        if (layer.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = j.asked().price();
        if (price.isEmpty()) {
            return refuse(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "no price of " + j.asked().symbol()
                            + " is known, so the cash it needs cannot be judged; send a LIMIT order or try again");
        }
        long more = Exposure.cost(j.asked().open(), price.getAsLong()) - costOf(j.replaced());
        if (more <= 0) {
            return Optional.empty(); // the order that is modified holds this cash already
        }
        Optional<Told> told = told(j);
        OptionalLong taken = told.isEmpty()
                ? OptionalLong.empty()
                : j.exposure().cashNotSeenAt(told.get().askedAt(), j.scope().account());
        if (taken.isEmpty()) {
            return untold(j, "cash");
        }
        long free = told.orElseThrow().figures().cash() - taken.getAsLong();
        return more > free
                ? Optional.of(Refusal.of(
                                ErrorCode.INSUFFICIENT_CASH,
                                "it needs " + more + " won and " + Math.max(0, free)
                                        + " are free, after open orders; buy less or cancel an order")
                        .with("needed", more)
                        .with("free", Math.max(0, free))
                        .with("used", taken.getAsLong())
                        .with("layer", layer.get()))
                : Optional.empty();
    }

    private static long costOf(Optional<Working> replaced) {
        return replaced.filter(working -> working.price().isPresent())
                .map(working ->
                        Exposure.cost(working.remaining(), working.price().orElseThrow()))
                .orElse(0L);
    }

    private static Optional<Refusal> dailyLoss(Judgement j) {
        Optional<Bound> bound = j.buy() ? j.strictest(RiskLimit.DAILY_LOSS) : Optional.empty();
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong result = told(j).map(t -> t.figures().dayResult()).orElseGet(OptionalLong::empty);
        if (result.isEmpty()) {
            return untold(j, "day's result");
        }
        return -result.getAsLong() >= bound.get().units()
                ? Optional.of(limited(
                                ErrorCode.DAILY_LOSS_LIMIT,
                                RiskLimit.DAILY_LOSS,
                                bound.get(),
                                "the account is worth " + -result.getAsLong()
                                        + " won less than at the last close; only sells are taken")
                        .with("used", -result.getAsLong()))
                : Optional.empty();
    }

    // ---- rates ----

    private static Optional<Refusal> rate(Judgement j) {
        for (Layer layer : j.layers()) {
            OptionalLong limit = layer.limits().get(RiskLimit.ORDERS_PER_SECOND);
            if (limit.isPresent()) {
                Instant now = j.facts().now();
                int used = j.exposure().inLastSecond(j.scope(), layer.counted(), now);
                if (used >= limit.getAsLong()) {
                    Instant free = j.exposure().paceFreesAt(j.scope(), layer.counted(), now);
                    return Optional.of(limited(
                                    ErrorCode.ORDER_RATE_LIMIT,
                                    RiskLimit.ORDERS_PER_SECOND,
                                    new Bound(layer.name(), limit.getAsLong()),
                                    used + " orders were taken in the last second, and " + limit.getAsLong()
                                            + " are allowed; send it again a moment later")
                            .with("used", used)
                            .retryAfter(Duration.ofMillis(
                                    Duration.between(now, free).toMillis() + 1)));
                }
            }
        }
        return Optional.empty();
    }

    // ---- forms ----

    private static Refusal limited(ErrorCode code, RiskLimit limit, Bound bound, String what) {
        return Refusal.of(code, what + " (" + limit.word() + " of " + bound.layer() + ")")
                .with("limit", limit.figure(bound.units()))
                .with("limit_name", limit.word())
                .with("layer", bound.layer());
    }

    private static String text(OptionalLong price) {
        return price.isPresent() ? Long.toString(price.getAsLong()) : "?";
    }

    private static boolean exceeds(long qty, long price, long limit) {
        try {
            return Math.multiplyExact(qty, price) > limit;
        } catch (ArithmeticException _) {
            return true; // more won than a long holds is more than any limit
        }
    }

    private static Optional<Refusal> refuse(ErrorCode code, String message) {
        return Optional.of(Refusal.of(code, message));
    }
}
