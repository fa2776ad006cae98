package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.market.TradingDay;

/** The one way in for orders of every port: it loads what the checks need, and hands the order to the desk. */
public final class OrderIntake {
    /** Orders that one turn of the desk previews. */
    private static final int PREVIEWS_AT_ONCE = 20;

    private final OrderDesk desk;
    private final OrderContextSource contextSource;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Supplies the account's figures, also for a preview whose checks need none. */
    public interface AccountSource {
        Observation<AccountFigures> load(String principal, Terms terms, OrderInput.OrderContext context);
    }

    public OrderIntake(OrderDesk desk, OrderContextSource contextSource, InstantSource clock, RandomGenerator random) {
        this.desk = desk;
        this.contextSource = contextSource;
        this.clock = clock;
        this.random = random;
    }

    /** A new order id. */
    public OrderId newId() {
        return OrderId.create(clock.instant(), random);
    }

    /**
     * Places an order and waits until it is durable or refused.
     *
     * @param key idempotency key of the caller
     */
    public Answer place(Caller caller, OrderId id, Terms terms, String key) {
        return evaluate(caller, id, terms, key, OrderRequestParser.hash(terms, false), OrderInput.Mode.PLACE);
    }

    /** What placing the order would be refused for now; nothing is placed. */
    public Optional<Refusal> check(Caller caller, Terms terms) {
        return check(caller, terms, OrderInput.Mode.PREVIEW);
    }

    /** What those limits of the caller's key refuse that each order has to pass, of one that another key places later. */
    public Optional<Refusal> checkKeyLimits(Caller caller, Terms terms) {
        return check(caller, terms, OrderInput.Mode.KEY_LIMITS);
    }

    /** The same of the limits that orders have to pass together, of one that stands for all of a symbol and side. */
    public Optional<Refusal> checkKeySums(Caller caller, Terms terms) {
        return check(caller, terms, OrderInput.Mode.KEY_SUMS);
    }

    private Optional<Refusal> check(Caller caller, Terms terms, OrderInput.Mode mode) {
        return evaluate(caller, newId(), terms, "check", OrderRequestParser.hash(terms, false), mode)
                .reason();
    }

    /**
     * Places an order of a parent order, and waits until it is durable or refused. Its key is in a scope of its own, which no
     * caller's key can be in.
     *
     * @param principal name of the API key that created the parent order
     * @param routed whether the gateway chose the venue: the order is the same if it chooses another one the next time
     * @param key the same whenever the same order is placed again
     * @param isWanted evaluated last, as loading the facts may take seconds; when it is not wanted any more, it is not placed, and
     *     the answer is that of an earlier use of the key, or a refusal
     */
    public Answer placeChild(
            String principal, OrderId id, Terms terms, boolean routed, String key, BooleanSupplier isWanted) {
        return contextSource.evaluate(
                principal,
                terms,
                context -> desk.place(new OrderInput.Place(
                        0,
                        id,
                        isWanted.getAsBoolean() ? terms : terms.withDispatchBy(Instant.EPOCH), // no part of the hash
                        new KeyUse(
                                KeyUse.scopeOfParents(principal, terms.accountId()),
                                key,
                                OrderRequestParser.hashOfLater(terms, routed)),
                        context,
                        Optional.empty(),
                        OrderInput.Mode.PLACE)));
    }

    /**
     * Cancels the rest of an order of a parent order.
     *
     * @param attempt 0 for the first request, another number for each later one: the exchange may have refused it
     */
    public Answer cancelChild(String principal, String account, OrderId id, long attempt) {
        String key = "cancel-of-" + id + (attempt == 0 ? "" : "-" + attempt);
        return desk.cancel(id, KeyUse.scopeOfParents(principal, account), Optional.of(key));
    }

    /**
     * Makes an order of a parent order smaller; it passes the checks of every modification. The same request is made once.
     *
     * @param qty the new total
     */
    public Answer resizeChild(String principal, OrderId id, long qty) {
        Optional<Order> found = desk.find(id);
        if (found.isEmpty()) {
            return new Answer.Refused(
                    Refusal.of(ErrorCode.ORDER_NOT_FOUND, "there is no order \"" + id + "\" to make smaller"));
        }
        Terms terms = found.get().terms();
        return contextSource.evaluate(
                principal,
                terms.withQty(qty),
                context -> desk.modify(
                        id,
                        OptionalLong.of(qty),
                        OptionalLong.empty(),
                        Optional.empty(),
                        KeyUse.scopeOfParents(principal, terms.accountId()),
                        Optional.of("size-of-" + id + "-" + qty),
                        context));
    }

    /**
     * Evaluates an order, and places it in that mode.
     *
     * @param hash of the canonical request
     */
    Answer evaluate(Caller caller, OrderId id, Terms terms, String key, String hash, OrderInput.Mode mode) {
        return contextSource.evaluate(
                caller.name(), terms, context -> desk.place(input(caller, id, terms, key, hash, context, mode)));
    }

    /**
     * What placing an order would do, decided on the same way as placing it, with the figures of its account whether or not its checks
     * need them.
     *
     * @param account supplies these figures
     */
    public Answer preview(Caller caller, Terms terms, AccountSource account) {
        return contextSource.evaluate(
                caller.name(), terms, context -> desk.place(previewInput(caller, terms, context, account)));
    }

    private OrderInput.Place previewInput(
            Caller caller, Terms terms, OrderInput.OrderContext context, AccountSource account) {
        return input(
                caller,
                newId(),
                terms,
                "preview",
                OrderRequestParser.hash(terms, false),
                context.withAccount(account.load(caller.name(), terms, context)),
                OrderInput.Mode.PREVIEW);
    }

    /**
     * What each of several orders would be answered, as by {@link #preview}. They are decided some at a time: each turn of the desk costs
     * its caller a wake-up, and a long one delays the orders behind it.
     */
    public List<Answer> previewAll(Caller caller, List<Terms> orders, AccountSource account) {
        List<Answer> answers = new ArrayList<>(orders.size());
        for (int from = 0; from < orders.size(); from += PREVIEWS_AT_ONCE) {
            List<Terms> some = orders.subList(from, Math.min(orders.size(), from + PREVIEWS_AT_ONCE));
            Answer all = desk.placeAll(some.stream()
                    .map(terms -> previewInput(caller, terms, contextSource.load(caller.name(), terms), account))
                    .toList());
            answers.addAll(
                    all instanceof Answer.Batch(List<Answer> each) ? each : Collections.nCopies(some.size(), all));
        }
        for (int i = 0; i < answers.size(); i++) {
            boolean mayPass = answers.get(i)
                    .reason()
                    .filter(refusal -> RiskRules.mayPassAfterRefresh(refusal.code()))
                    .isPresent();
            if (mayPass) {
                answers.set(i, preview(caller, orders.get(i), account));
            }
        }
        return answers;
    }

    /** The terms on the first of KRX and NXT that accepts them then. */
    Terms onVenueThatAccepts(Terms terms, Instant at) {
        return desk.onVenueThatAccepts(terms, at);
    }

    /** The same of an order that is placed at another time: by the facts of now, and the market's hours then. */
    Answer.Previewed previewAt(Answer.Previewed now, Terms terms, Instant at) {
        TradingDay day = desk.tradingDay(terms, at);
        return new Answer.Previewed(
                now.refusal(), now.usage(), desk.window(terms, at), day, desk.restsUntil(terms, day));
    }

    /** An order of a batch, with its facts. */
    OrderInput.Place batchInput(Caller caller, Terms terms, String key, String hash, Instant now) {
        return input(
                caller,
                OrderId.create(now, random),
                terms,
                key,
                hash,
                contextSource.load(caller.name(), terms),
                OrderInput.Mode.PLACE);
    }

    private static OrderInput.Place input(
            Caller caller,
            OrderId id,
            Terms terms,
            String key,
            String hash,
            OrderInput.OrderContext context,
            OrderInput.Mode mode) {
        return new OrderInput.Place(
                0, id, terms, new KeyUse(scope(caller, terms.accountId()), key, hash), context, Optional.empty(), mode);
    }

    /** Modifies quantity (the new total) or price. */
    public Answer modify(Caller caller, Order order, OptionalLong qty, OptionalLong price, Optional<String> key) {
        return modify(caller, order, qty, price, false, key);
    }

    /**
     * Modifies quantity (the new total) or price.
     *
     * @param replace whether another order may take its place where KIS cannot modify it
     */
    Answer modify(
            Caller caller, Order order, OptionalLong qty, OptionalLong price, boolean replace, Optional<String> key) {
        Optional<OrderId> successor = replace ? Optional.of(newId()) : Optional.empty();
        Terms changed = order.terms().withQty(qty.orElse(order.terms().qty()));
        return contextSource.evaluate(
                caller.name(),
                price.isPresent() ? changed.withPrice(price) : changed,
                context -> desk.modify(
                        order.id(),
                        qty,
                        price,
                        successor,
                        scope(caller, order.terms().accountId()),
                        key,
                        context));
    }

    /**
     * Gives an order the price that its {@link PricePolicy} yields; it passes the checks of every modification.
     *
     * @param number of this price, from 1
     */
    Answer reprice(Order order, OptionalLong price, int number) {
        String principal = order.key().principal();
        KeyUse.Name name = KeyUse.ofReprice(principal, order.terms().accountId(), order.id(), number);
        return contextSource.evaluate(
                principal,
                order.terms().withPrice(price),
                context -> desk.modify(
                        order.id(),
                        OptionalLong.empty(),
                        price,
                        Optional.empty(),
                        name.scope(),
                        Optional.of(name.key()),
                        context));
    }

    /** Loads the facts for the order that replaces {@code original}, and hands them to the desk. */
    public void loadReplacement(Order original) {
        Replacement replacement = original.replacement().orElseThrow();
        Answer answer = contextSource.evaluate(
                replacement.owner(original).principal(),
                replacement.terms(original),
                context -> desk.placeReplacement(original.id(), context));
        if (answer instanceof Answer.Refused(Refusal refusal)) {
            desk.refuseReplacement(original.id(), refusal);
        }
    }

    /** Cancels the rest. */
    public Answer cancel(Caller caller, Order order, Optional<String> key) {
        return desk.cancel(order.id(), scope(caller, order.terms().accountId()), key);
    }

    /** Principal and account, within which an idempotency key is unique. */
    public static String scope(Caller caller, String account) {
        return caller.name() + "/" + account;
    }
}
