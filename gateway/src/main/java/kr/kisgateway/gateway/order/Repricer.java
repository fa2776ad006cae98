package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives limit orders that rest another price, where that was requested, and reports market orders that rest.
 *
 * <p>What it did is in the journal, as modifications under keys of its own with a number each: after a start it goes on with the
 * next. A modification passes the checks of all others, and its result is known before the next is requested; nothing is sent
 * twice.
 *
 * <p>Threads: {@link #follow} may be called from any, {@link #check} from one at a time.
 */
public final class Repricer {
    /** A market order that rests for longer is reported. */
    static final Duration MARKET_RESTS = Duration.ofSeconds(2);

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("reprice");

    private final OrderDesk desk;
    private final OrderIntake intake;
    private final PriceOffsets offsets;
    private final Predicate<String> mayTrade;
    private final AlertSource notRepriced;
    private final AlertSource marketRests;
    private final InstantSource clock;
    private final Executor workers;
    /** Open orders that rest or will; as many as are open. */
    private final Map<OrderId, Order> followed = new ConcurrentHashMap<>();
    /** Nothing is done about an order before that. */
    private final Map<OrderId, Instant> notBefore = new ConcurrentHashMap<>();

    private final Set<OrderId> busy = ConcurrentHashMap.newKeySet();
    private final Set<OrderId> reported = ConcurrentHashMap.newKeySet();

    /**
     * @param mayTrade whether an API key of this name may place orders now
     * @param notRepriced reports that an order got no other price
     * @param marketRests reports that a market order rests
     * @param workers load prices and wait for the order desk
     */
    public Repricer(
            OrderDesk desk,
            OrderIntake intake,
            PriceOffsets offsets,
            Predicate<String> mayTrade,
            AlertSource notRepriced,
            AlertSource marketRests,
            InstantSource clock,
            Executor workers) {
        this.desk = desk;
        this.intake = intake;
        this.offsets = offsets;
        this.mayTrade = mayTrade;
        this.notRepriced = notRepriced;
        this.marketRests = marketRests;
        this.clock = clock;
        this.workers = workers;
    }

    /** Follows every open order of the journal. */
    public void start() {
        desk.open().forEach(this::follow);
    }

    /** Takes a change of an order; returns at once. */
    public void follow(Order order) {
        boolean concerns = !order.external()
                && (order.terms().isMarket() || order.terms().pricing().isPresent());
        if (!concerns) {
            return;
        }
        if (order.status().isTerminal()) {
            followed.remove(order.id());
            notBefore.remove(order.id());
            reported.remove(order.id());
        } else {
            Order before = followed.put(order.id(), order);
            if (before != null && isRefusedForPrice(order) && !isRefusedForPrice(before)) {
                notBefore.remove(order.id()); // the broker has answered: the next price need not wait
            }
        }
    }

    /** Does what is due. */
    public void check() {
        Instant now = clock.instant();
        for (Order order : followed.values()) {
            boolean isDue = !now.isBefore(notBefore.getOrDefault(order.id(), Instant.MIN))
                    && restsSince(order)
                            .filter(since -> isRefusedForPrice(order) || !now.isBefore(since.plus(patience(order))))
                            .isPresent();
            if (isDue && isContinuous(order, now)) {
                act(order, now);
            }
        }
    }

    /** Whether the last change of its price was refused for that price, so that another one is computed at once. */
    private static boolean isRefusedForPrice(Order order) {
        BrokerRequest last = order.requests().getLast();
        return last.refusedForPrice() && last.kind() == BrokerRequest.Kind.MODIFY;
    }

    /** One price more than requested, once, for the first that the broker refused. */
    private static int most(Order order, PricePolicy policy) {
        return policy.max() + Math.min(1, order.priceRefusals().size());
    }

    private static Duration patience(Order order) {
        return order.terms().pricing().map(PricePolicy::after).orElse(MARKET_RESTS);
    }

    /** Since when it rests at its price; empty while that is not certain, or it does not rest. */
    private static Optional<Instant> restsSince(Order order) {
        boolean rests = (order.status() == OrderStatus.SENT || order.status() == OrderStatus.PARTIAL_FILLED)
                && order.openCancel().isEmpty()
                && order.openModification().isEmpty()
                && order.replacement().filter(Replacement::isPending).isEmpty();
        return rests
                ? order.requests().stream()
                        .filter(request -> request.kind() != BrokerRequest.Kind.CANCEL
                                && request.state() == BrokerRequest.State.ACKED)
                        .flatMap(request -> request.sentAt().stream())
                        .max(Instant::compareTo)
                : Optional.empty();
    }

    /** An order rests over an auction, and where nothing is traded: that is no reason for another price. */
    private boolean isContinuous(Order order, Instant now) {
        var window = desk.window(order.terms(), now);
        return window.isOpen() && window.session().equals(Session.REGULAR.name());
    }

    private void act(Order order, Instant now) {
        Optional<PricePolicy> policy = order.terms().pricing();
        if (policy.isEmpty()) {
            if (reported.add(order.id())) {
                marketRests.raise(
                        order.id().text(),
                        "market order " + order.id() + " of " + order.terms().symbol() + " rests for "
                                + MARKET_RESTS.toSeconds() + " s: " + order.filled() + " of "
                                + order.terms().qty() + " shares are filled");
            }
        } else if (order.priceRefusals().size() > 1) {
            report(order, "KIS refused two prices of it");
        } else if (order.modifications() == order.repriced() // else a caller has chosen the price since
                && order.repriced() < most(order, policy.get())
                && busy.add(order.id())) {
            notBefore.put(order.id(), now.plus(policy.get().after()));
            workers.execute(() -> reprice(order, policy.get()));
        }
    }

    private void reprice(Order order, PricePolicy policy) {
        try {
            if (!mayTrade.test(order.key().principal())) {
                report(order, "its API key may not place orders any more");
                return;
            }
            Terms terms = order.terms();
            List<BrokerRequest> refused = order.priceRefusals();
            int number = order.repriced() + 1;
            int step = number - refused.size(); // that of the refused price again
            switch (offsets.next((Symbol) terms.symbol(), terms.side(), policy, step, clock.instant())) {
                case Result.Refused<Long>(Refusal refusal) -> failed(order, refusal);
                case Result.Success<Long>(Long price) -> {
                    long current = terms.price().orElseThrow();
                    if (isRefusedForPrice(order)
                            && order.requests().getLast().price().equals(OptionalLong.of(price))) {
                        report(order, "KIS refused this price, which is still the one computed");
                        return;
                    }
                    // Another price only where it is closer to the market; else it rests on at its own.
                    if (terms.side() == Side.BUY ? price > current : price < current) {
                        Answer answer = intake.reprice(order, OptionalLong.of(price), number);
                        answer.reason().ifPresent(refusal -> failed(order, refusal));
                    }
                }
            }
        } catch (RuntimeException e) {
            LOG.error("reprice_failed order={}", order.id(), e);
            notBefore.put(order.id(), clock.instant().plus(RETRY));
        } finally {
            busy.remove(order.id());
        }
    }

    /** What may pass is tried again soon; what does not, when it is due again. */
    private void failed(Order order, Refusal refusal) {
        if (refusal.code().retryable()) {
            notBefore.put(order.id(), clock.instant().plus(RETRY));
            LOG.info("reprice_refused order={} code={}", order.id(), refusal.code());
        } else if (desk.find(order.id()).filter(it -> !it.status().isTerminal()).isPresent()) {
            report(order, refusal.code() + " " + refusal.message());
        }
    }

    private void report(Order order, String why) {
        if (reported.add(order.id())) {
            LOG.warn("reprice_refused order={} why=\"{}\"", order.id(), why);
            notRepriced.raise(
                    order.id().text(), "order " + order.id() + " rests on at its price, another was refused: " + why);
        }
    }
}
