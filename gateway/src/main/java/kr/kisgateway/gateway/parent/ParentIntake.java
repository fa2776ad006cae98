package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.ParentEffect.Answer;
import kr.kisgateway.gateway.risk.RiskFacts;

/**
 * The one way in for parent orders of every port. What would be refused whenever it is placed is refused at once; what today's
 * prices, cash or shares would refuse is checked when the order is placed.
 */
public final class ParentIntake {
    /** How far ahead an order may be scheduled. */
    static final Duration AHEAD_MAX = Duration.ofDays(31);

    /** Between the time of an order and the time past which it is not placed. */
    static final Duration WAIT_MAX = Duration.ofHours(12);

    private static final Set<ErrorCode> MAY_PASS = Set.of(
            ErrorCode.OUT_OF_TRADING_WINDOW,
            ErrorCode.PRICE_OUT_OF_LIMITS,
            ErrorCode.PRICE_COLLAR,
            ErrorCode.INSUFFICIENT_CASH,
            ErrorCode.INSUFFICIENT_POSITION_QTY,
            ErrorCode.POSITION_LIMIT_EXCEEDED,
            ErrorCode.DAILY_LIMIT_EXCEEDED,
            ErrorCode.SELF_CROSS);

    private final ParentDesk desk;
    private final OrderDesk orders;
    private final OrderIntake intake;
    private final InstantSource clock;

    public ParentIntake(ParentDesk desk, OrderDesk orders, OrderIntake intake, InstantSource clock) {
        this.desk = desk;
        this.orders = orders;
        this.intake = intake;
        this.clock = clock;
    }

    /** What became of a request: a parent order, or a refusal. */
    public sealed interface Result {
        /** @param replay whether an earlier use of the key is answered */
        record Done(Parent parent, boolean replay) implements Result {}

        record Refused(Refusal refusal) implements Result {}
    }

    /**
     * Schedules an order and waits until that is durable or refused.
     *
     * @param key idempotency key of the caller
     */
    public Result schedule(Caller caller, Terms terms, Instant at, Instant until, String key) {
        KeyUse use = use(caller, terms, at, until, key);
        if (!at.isBefore(until)) {
            return new Result.Refused(invalid("until", "must be after at"));
        }
        // A repeated request is answered as the first one was, also after its time.
        if (desk.find(use.name()).isEmpty()) {
            Optional<Refusal> refusal = refusal(caller, terms, at, until);
            if (refusal.isPresent()) {
                return new Result.Refused(refusal.get());
            }
        }
        return result(desk.submit(Schedule.of(terms, at, until), use));
    }

    /** Changes an order that waits to be placed. */
    public Result change(Caller caller, Parent parent, Terms terms, Instant at, Instant until) {
        Optional<Refusal> refusal =
                parent.isWaiting() ? refusal(caller, terms, at, until) : Optional.empty(); // the desk knows why not
        return refusal.<Result>map(Result.Refused::new)
                .orElseGet(() -> result(desk.modify(parent.id(), Schedule.of(terms, at, until))));
    }

    /** Ends a parent order: its order is not placed, or is cancelled. */
    public Result cancel(Caller caller, Parent parent) {
        return result(desk.cancel(parent.id(), caller.name()));
    }

    private Result result(Answer answer) {
        return switch (answer) {
            case Answer.Accepted(ParentId id, boolean replay) ->
                new Result.Done(desk.find(id).orElseThrow(), replay);
            case Answer.Refused(Refusal refusal) -> new Result.Refused(refusal);
        };
    }

    /** The parent order, if {@code caller} may see it. */
    public Optional<Parent> find(Caller caller, ParentId id) {
        return desk.find(id).filter(parent -> mayManage(caller, parent));
    }

    private static boolean mayManage(Caller caller, Parent parent) {
        Terms terms = parent.schedule().terms();
        return caller.mayUseAccount(terms.accountId())
                && caller.mayReadSymbol(terms.symbol().code())
                && caller.mayManageOrdersOf(parent.key().principal());
    }

    /** Parent orders that pass the filter, newest first. */
    public List<Parent> list(ParentStore.Filter filter, Optional<ParentId> before, int limit) {
        return desk.list(filter, before, limit);
    }

    /** The events of a parent order, oldest first. */
    List<JournalEntry> events(Parent parent) {
        return desk.events(parent.id());
    }

    private Optional<Refusal> refusal(Caller caller, Terms terms, Instant at, Instant until) {
        Instant now = clock.instant();
        if (!at.isAfter(now)) {
            return Optional.of(invalid("at", "must be in the future"));
        }
        if (at.isAfter(now.plus(AHEAD_MAX))) {
            return Optional.of(invalid("at", "must lie in the next " + AHEAD_MAX.toDays() + " days"));
        }
        if (!until.isAfter(at) || until.isAfter(at.plus(WAIT_MAX))) {
            return Optional.of(invalid("until", "must be after at, by " + WAIT_MAX.toHours() + " hours at most"));
        }
        RiskFacts.TradingWindow window = orders.window(terms, at);
        if (!window.isOpen()) {
            return Optional.of(Refusal.of(
                            ErrorCode.OUT_OF_TRADING_WINDOW,
                            "at " + at + " the market does not accept this order; its session then is "
                                    + window.session())
                    .with("session", window.session())
                    .with("market", terms.symbol().market().id()));
        }
        return intake.check(caller, terms)
                .filter(refusal -> !refusal.code().retryable() && !MAY_PASS.contains(refusal.code()));
    }

    private static Refusal invalid(String field, String what) {
        return Refusal.of(ErrorCode.INVALID_FIELD, "The field \"" + field + "\" " + what + ".")
                .with("field", field);
    }

    private static KeyUse use(Caller caller, Terms terms, Instant at, Instant until, String key) {
        String canonical = String.join(
                "|",
                terms.accountId(),
                terms.symbol().code(),
                terms.side().name(),
                Long.toString(terms.qty()),
                terms.kind().toString(),
                terms.price().toString(),
                terms.stopPrice().toString(),
                terms.venue().name(),
                terms.credit().toString(),
                at.toString(),
                until.toString(),
                terms.strategyId().orElse(""));
        return new KeyUse(OrderIntake.scope(caller, terms.accountId()), key, KeyUse.hashOf(canonical));
    }
}
