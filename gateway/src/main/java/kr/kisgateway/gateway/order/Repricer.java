package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
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
    private static final Logger LOG = LoggerFactory.getLogger("gateway.order.reprice");

    private final OrderDesk desk;
    private final OrderIntake intake;
    private final RepriceRules rules;
    private final Predicate<String> mayTrade;
    private final AlertSource notRepriced;
    private final AlertSource marketRests;
    private final AlertSource repriced;
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
     * @param repriced reports that an order got another price
     * @param workers load prices and wait for the order desk
     */
    public Repricer(
            OrderDesk desk,
            OrderIntake intake,
            PriceOffsets offsets,
            Predicate<String> mayTrade,
            AlertSource notRepriced,
            AlertSource marketRests,
            AlertSource repriced,
            InstantSource clock,
            Executor workers) {
        this.desk = desk;
        this.intake = intake;
        this.rules = new RepriceRules(offsets);
        this.mayTrade = mayTrade;
        this.notRepriced = notRepriced;
        this.marketRests = marketRests;
        this.repriced = repriced;
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
            if (before != null && RepriceRules.isRefusedForPrice(order) && !RepriceRules.isRefusedForPrice(before)) {
                notBefore.remove(order.id()); // the broker has answered: the next price need not wait
            }
        }
    }

    /** Does what is due. */
    public void check() {
        Instant now = clock.instant();
        for (Order order : followed.values()) {
            boolean isDue = !now.isBefore(notBefore.getOrDefault(order.id(), Instant.MIN))
                    && rules.restsTooLong(order, patience(order), now);
            if (isDue && isContinuous(order, now)) {
                act(order, now);
            }
        }
    }

    private static Duration patience(Order order) {
        return order.terms().pricing().map(PricePolicy::after).orElse(MARKET_RESTS);
    }

    /** An order rests over an auction, and where nothing is traded: that is no reason for another price. */
    private boolean isContinuous(Order order, Instant now) {
        return desk.isContinuous(order.terms(), now);
    }

    private void act(Order order, Instant now) {
        Optional<PricePolicy> policy = order.terms().pricing();
        if (policy.isEmpty()) {
            if (reported.add(order.id())) {
                // On a thread of its own: a desk that is busy must not delay what is due of others.
                workers.execute(() -> desk.recordResting(order.id(), rules.rested(order, now)));
                marketRests.raise(
                        order.id().text(),
                        "market order " + order.id() + " of " + order.terms().symbol() + " rests for "
                                + MARKET_RESTS.toSeconds() + " s: " + order.filled() + " of "
                                + order.terms().qty() + " shares are filled");
            }
        } else if (rules.isRefusedForGood(order)) {
            report(order, "KIS refused two prices of it");
        } else if (rules.hasAnother(order, policy.get()) && busy.add(order.id())) {
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
            switch (rules.next(order, policy, clock.instant())) {
                case RepriceRules.Next.Price(long price, int number) -> {
                    Answer answer = intake.reprice(order, OptionalLong.of(price), number);
                    answer.reason()
                            .ifPresentOrElse(
                                    refusal -> failed(order, refusal),
                                    () -> repriced.raise(order.id().text(), text(order, price, number)));
                }
                case RepriceRules.Next.Unknown(Refusal refusal) -> failed(order, refusal);
                case RepriceRules.Next.RefusedBefore() ->
                    report(order, "KIS refused this price, which is still the one computed");
                case RepriceRules.Next.Stays() -> {
                    // It may be due again.
                }
            }
        } catch (RuntimeException e) {
            LOG.error("reprice_failed order={}", order.id(), e);
            notBefore.put(order.id(), clock.instant().plus(RETRY));
        } finally {
            busy.remove(order.id());
        }
    }

    private static String text(Order order, long price, int number) {
        var currency = order.terms().symbol().market().currency();
        return "order " + order.id() + " of " + order.terms().symbol() + " rested and is given the price "
                + ApiValues.amount(currency, price).toPlainString() + " (number " + number + ")";
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
