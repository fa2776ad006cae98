package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.order.BatchAnswer;
import kr.kisgateway.api.order.CancelAccepted;
import kr.kisgateway.api.order.CancelAllAnswer;
import kr.kisgateway.api.order.Credit;
import kr.kisgateway.api.order.Execution;
import kr.kisgateway.api.order.ModifyAccepted;
import kr.kisgateway.api.order.OrderAccepted;
import kr.kisgateway.api.order.OrderChange;
import kr.kisgateway.api.order.OrderState;
import kr.kisgateway.api.order.ReconcileReport;
import kr.kisgateway.api.order.Repricing;
import kr.kisgateway.api.order.Resolved;
import kr.kisgateway.api.order.Routing;
import kr.kisgateway.api.parent.ParentOrder;
import kr.kisgateway.api.stream.StreamExecution;
import kr.kisgateway.api.stream.StreamOrder;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.ErrorAnswer;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.venue.VenueFigures;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Venue;
import org.jspecify.annotations.Nullable;

/** Orders and executions as the API answers and streams them. */
public final class OrderAnswers {
    private OrderAnswers() {}

    /** @param candidates the broker numbers that it may be, for an operator who has to decide */
    static kr.kisgateway.api.order.Order order(Order order, List<Long> candidates) {
        Terms terms = order.terms();
        return new kr.kisgateway.api.order.Order(
                order.id().text(),
                order.status().publicName(),
                order.error(),
                seconds(order.updatedAt()),
                terms.accountId(),
                terms.symbol().code(),
                terms.side().name(),
                terms.qty(),
                terms.kind().type().name(),
                terms.kind().session().name(),
                terms.kind().timeInForce().name(),
                amount(terms, terms.price()),
                terms.stopPrice(),
                currency(terms).name(),
                terms.venue().name(),
                terms.strategyId(),
                terms.credit().map(OrderAnswers::credit),
                order.filled(),
                order.remaining(),
                order.averagePrice(),
                number(order),
                order.external(),
                order.external() ? Optional.empty() : Optional.of(order.key().principal()),
                order.lastChange()
                        .map(change ->
                                new OrderChange(change.kind().name(), change.by(), ApiValues.timeMillis(change.at()))),
                order.brokerRefs().stream().map(ref -> padded(ref.odno())).toList(),
                order.status() == OrderStatus.UNKNOWN
                        ? Optional.of(
                                candidates.stream().map(OrderAnswers::padded).toList())
                        : Optional.empty(),
                terms.pricing()
                        .map(policy -> new Repricing(
                                policy.isOffset(), policy.after().toMillis(), policy.max(), order.repriced())),
                terms.routing().map(OrderAnswers::routing),
                order.replaces().map(OrderId::text),
                order.replacement()
                        .filter(it -> it.outcome()
                                .filter(outcome -> outcome != Replacement.Outcome.PLACED)
                                .isEmpty())
                        .map(it -> it.successor().text()),
                order.reason(),
                order.key().key(),
                order.tradingDay(),
                ApiValues.timeMillis(order.createdAt()),
                ApiValues.timeMillis(terms.dispatchBy()),
                order.seq(),
                order.fills().stream().map(fill -> fill(terms, fill)).toList());
    }

    /** Why the gateway chose a venue. */
    static Routing routing(kr.kisgateway.gateway.venue.Routing routing) {
        return new Routing(routing.reason().name(), figures(routing.krx()), figures(routing.nxt()));
    }

    private static Routing.Figures figures(VenueFigures venue) {
        return new Routing.Figures(
                venue.accepts(), venue.halted(), venue.volume(), venue.best(), venue.answerMillis(), venue.refusal());
    }

    /** The loan of a credit order. */
    static Credit credit(kr.kisgateway.market.Credit credit) {
        return new Credit(credit.type().name(), credit.loanDate());
    }

    /**
     * The order as a message of the stream.
     *
     * @param snapshot whether a new subscriber receives it
     */
    static StreamOrder streamed(Order order, boolean snapshot) {
        var answer = order(order, List.of());
        return new StreamOrder(
                "orders",
                answer.symbol(),
                snapshot,
                answer.orderId(),
                answer.status(),
                answer.error(),
                answer.updatedAt(),
                answer.accountId(),
                answer.symbol(),
                answer.side(),
                answer.qty(),
                answer.orderType(),
                answer.session(),
                answer.timeInForce(),
                answer.price(),
                answer.stopPrice(),
                answer.currency(),
                answer.venue(),
                answer.strategyId(),
                answer.credit(),
                answer.filledQty(),
                answer.remainingQty(),
                answer.avgPrice(),
                answer.kisOrderNo(),
                answer.external(),
                answer.by(),
                answer.lastChange(),
                answer.kisOrderNos(),
                answer.replaces(),
                answer.replacedBy(),
                answer.reason(),
                answer.idempotencyKey(),
                answer.tradingDay(),
                answer.createdAt(),
                answer.dispatchBy(),
                answer.seq(),
                answer.fills());
    }

    /** The broker's number under which the order rests, or rested last. */
    private static Optional<String> number(Order order) {
        return order.liveRef()
                .or(() -> order.brokerRefs().isEmpty()
                        ? Optional.empty()
                        : Optional.of(order.brokerRefs().getLast()))
                .map(ref -> padded(ref.odno()));
    }

    private static String padded(long odno) {
        return "%010d".formatted(BrokerNumbers.plain(odno));
    }

    /** An execution of {@code order} as a message of the stream. */
    static StreamExecution streamed(Order order, Fill fill) {
        var answer = fill(order.terms(), fill);
        return new StreamExecution(
                "executions",
                order.terms().symbol().code(),
                order.seq(),
                order.terms().accountId(),
                order.id().text(),
                order.terms().symbol().code(),
                order.terms().side().name(),
                answer.execId(),
                answer.kind(),
                answer.qty(),
                answer.price(),
                answer.value(),
                currency(order.terms()).name(),
                answer.kisOrderNo(),
                answer.time(),
                answer.source(),
                answer.venue(),
                order.status().publicName(),
                order.filled(),
                order.updatedAt().toEpochMilli());
    }

    /** A fill of the list of executions, with the day of its settlement. */
    static Execution execution(OrderStore.RecordedFill recorded, LocalDate settlementDay) {
        var answer = fill(recorded.terms(), recorded.fill());
        return new Execution(
                answer.execId(),
                recorded.order().text(),
                recorded.terms().accountId(),
                recorded.terms().symbol().code(),
                recorded.terms().side().name(),
                answer.kind(),
                answer.qty(),
                answer.price(),
                answer.value(),
                currency(recorded.terms()).name(),
                answer.kisOrderNo(),
                answer.time(),
                answer.source(),
                answer.venue(),
                recorded.external(),
                recorded.terms().strategyId(),
                recorded.tradingDay(),
                settlementDay,
                recorded.seq(),
                recorded.at().toEpochMilli());
    }

    /**
     * Terms of an order that is placed later.
     *
     * @param routed whether its venue is chosen then
     */
    public static ParentOrder later(Terms terms, boolean routed) {
        return new ParentOrder(
                terms.accountId(),
                terms.symbol().code(),
                terms.side().name(),
                terms.qty(),
                terms.kind().type().name(),
                terms.kind().session().name(),
                terms.kind().timeInForce().name(),
                amount(terms, terms.price()),
                terms.stopPrice(),
                currency(terms).name(),
                routed ? OrderRequestParser.ROUTED : terms.venue().name(),
                terms.strategyId(),
                terms.credit().map(OrderAnswers::credit));
    }

    private static Currency currency(Terms terms) {
        return terms.symbol().market().currency();
    }

    private static Optional<BigDecimal> amount(Terms terms, OptionalLong units) {
        return units.isPresent() ? Optional.of(ApiValues.amount(currency(terms), units.getAsLong())) : Optional.empty();
    }

    private static kr.kisgateway.api.order.Fill fill(Terms terms, Fill fill) {
        return new kr.kisgateway.api.order.Fill(
                fill.execId(),
                fill.source() == Fill.Source.NOTICE ? "FILL" : "CORRECTION",
                fill.qty(),
                fill.price(currency(terms)),
                ApiValues.amount(currency(terms), fill.value()),
                padded(fill.odno()),
                Optional.ofNullable(time(fill.time())),
                fill.source().name(),
                fill.venue(terms).map(Venue::name));
    }

    /** The order's status in the short form of the old API. */
    static OrderState state(Order order) {
        return new OrderState(
                order.id().text(),
                order.status().publicName(),
                order.error(),
                seconds(order.updatedAt()),
                order.placing().attempts(),
                OrderCore.MAX_ATTEMPTS,
                order.status().isTerminal());
    }

    /** The answer to a request that was accepted. */
    static Object accepted(Answer.Accepted accepted) {
        String order = accepted.order().text();
        return switch (accepted.kind()) {
            case PLACE -> new OrderAccepted(order, accepted.status(), accepted.key());
            case MODIFY -> new ModifyAccepted(order, accepted.status(), accepted.key());
            case CANCEL -> new CancelAccepted(order, accepted.status(), accepted.key());
            case RESOLVE -> new Resolved(order, accepted.status(), accepted.key());
        };
    }

    /** The answer to one order of a batch. */
    static BatchAnswer.Result batchResult(Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted ->
                new BatchAnswer.Result(
                        Optional.of(accepted.order().text()),
                        accepted.status(),
                        Optional.of(accepted.key()),
                        Optional.of(accepted.replay()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
            case Answer.Refused(Refusal refusal) ->
                new BatchAnswer.Result(
                        Optional.empty(),
                        "REFUSED",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(refusal.code().name()),
                        Optional.of(refusal.message()),
                        Optional.of(refusal.code().retryable()),
                        Optional.of(ErrorAnswer.details(refusal)));
            default -> throw new IllegalStateException("no answer of a batch: " + answer);
        };
    }

    /** The orders for which a cancel was requested. */
    static CancelAllAnswer cancelledAll(Answer.CancelledAll all) {
        return new CancelAllAnswer(
                all.orders().size(),
                all.orders().stream()
                        .map(id -> new CancelAllAnswer.PendingCancel(id.text(), KeyUse.Kind.CANCEL.acceptedStatus()))
                        .toList());
    }

    /** The result of a reconciliation. */
    static ReconcileReport report(Answer.Reconciled report) {
        return new ReconcileReport(
                report.checked(),
                report.mismatched(),
                report.corrected(),
                report.corrected(),
                report.adopted(),
                report.corrections().stream()
                        .map(it -> new ReconcileReport.Correction(
                                it.order().text(),
                                it.internal().publicName(),
                                it.broker(),
                                it.corrected().publicName(),
                                seconds(it.at())))
                        .toList());
    }

    /** The time of a fill with its six digits; null where the broker's list has none. */
    static @Nullable String time(int hhmmss) {
        return hhmmss == 0 ? null : "%06d".formatted(hhmmss);
    }

    private static BigDecimal seconds(Instant at) {
        return ApiValues.thousandths(at.toEpochMilli());
    }
}
