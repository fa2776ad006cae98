package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Correction;
import kr.kisgateway.market.Market;

/** Callers who requested a comparison with the broker's lists and wait for its corrections. */
final class ReconcileWaiters {
    private final Set<String> accounts;
    private final OrderHours hours;
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final DailyOrdersSchedule schedule;
    private final List<Waiter> waiters = new ArrayList<>();

    ReconcileWaiters(
            Set<String> accounts,
            OrderHours hours,
            OrderRegistry registry,
            DecisionContext context,
            DailyOrdersSchedule schedule) {
        this.accounts = accounts;
        this.hours = hours;
        this.registry = registry;
        this.context = context;
        this.schedule = schedule;
    }

    /** A caller waiting for the lists of these days, requested after {@code since}. */
    private static final class Waiter {
        final long ticket;
        final Instant requestedAt;
        final Set<AccountDay> days;
        final List<Correction> corrections = new ArrayList<>();
        long checked;
        long mismatched;
        long adopted;

        Waiter(long ticket, Instant requestedAt, Set<AccountDay> days) {
            this.ticket = ticket;
            this.requestedAt = requestedAt;
            this.days = days;
        }
    }

    /** Requests a comparison of every open order now, for a waiting caller. */
    void add(long ticket) {
        Set<AccountDay> days = new LinkedHashSet<>();
        for (String account : accounts) {
            days.add(new AccountDay(account, hours.today(Market.KOREA, context.now())));
            var us = new AccountDay(account, hours.today(Market.US, context.now()));
            if (registry.hasOrdersOf(us)) {
                days.add(us);
            }
        }
        registry.open().forEach(order -> days.add(order.accountDay()));
        waiters.add(new Waiter(ticket, context.now(), days));
        days.forEach(day -> schedule.requestNow(day, context.now()));
    }

    /** Answers the callers for whom this was the last list: with its corrections. */
    void listCompared(AccountDay day, Broker.DailyOrders.Complete listing, long checked, Reconciler.Outcome outcome) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (listing.requestedAt().isBefore(waiter.requestedAt) || !waiter.days.remove(day)) {
                continue;
            }
            waiter.checked += checked;
            waiter.mismatched += outcome.mismatched();
            waiter.adopted += outcome.adopted();
            waiter.corrections.addAll(outcome.corrections());
            if (waiter.days.isEmpty()) {
                waiters.remove(waiter);
                context.reply(
                        waiter.ticket,
                        new Answer.Reconciled(
                                waiter.checked,
                                waiter.mismatched,
                                waiter.corrections.size(),
                                waiter.adopted,
                                List.copyOf(waiter.corrections)));
            }
        }
    }

    /** Answers the callers who wait for a list that could not be read. */
    void listFailed(AccountDay day, String reason) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.days.contains(day)) {
                waiters.remove(waiter);
                context.reply(
                        waiter.ticket,
                        DecisionContext.refusal(
                                ErrorCode.UPSTREAM_TIMEOUT,
                                "the broker's list of " + day + " could not be read (" + reason + "); retry"));
            }
        }
    }
}
