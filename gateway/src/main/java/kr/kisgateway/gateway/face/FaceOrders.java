package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderEffect;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.RestCall;

/**
 * Orders in KIS's protocol: through the same desk, limits and journal as all others. The answer waits until KIS has answered, so
 * that it carries KIS's own order number; without an answer it says so, and never that the order was taken.
 */
final class FaceOrders {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneId.of("Asia/Seoul"));
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");
    private static final int ERROR = 500;
    private static final int OK = 200;
    private static final int WAITING_MAX = 10_000;
    private static final int WAITING_OF_A_KEY = 6;
    /** As ORD_QTY. */
    private static final long QTY_MAX = 9_999_999_999L;

    private final OrderDesk desk;
    private final OrderIntake intake;
    private final InstantSource clock;
    private final String alias;
    private final Duration queue;
    private final Map<OrderId, Waiting> waiting = new ConcurrentHashMap<>();
    /** Orders and modifications of each key that wait for KIS at once: one key leaves room for others. */
    private final Map<String, Semaphore> shares = new ConcurrentHashMap<>();

    /** A caller that waits for KIS's answer to a request of an order. */
    private record Waiting(Predicate<Order> isAnswered, CompletableFuture<Order> order) {}

    /**
     * @param alias of the account
     * @param queue how long an order waits for a slot of the call budget
     */
    FaceOrders(OrderDesk desk, OrderIntake intake, InstantSource clock, String alias, Duration queue) {
        this.desk = desk;
        this.intake = intake;
        this.clock = clock;
        this.alias = alias;
        this.queue = queue;
    }

    /** Wakes the caller that waits for the order. */
    void orderChanged(Order order) {
        var waiter = waiting.get(order.id());
        if (waiter != null && waiter.isAnswered().test(order)) {
            waiter.order().complete(order);
        }
    }

    Answer.Text answer(RestCall call, String trId, Map<String, String> fields, Caller caller)
            throws InterruptedException {
        return switch (call.id()) {
            case "domestic_stock_order_cash" -> place(trId, fields, caller);
            case "domestic_stock_order_rvsecncl" -> revise(fields, caller);
            default -> unsupported("게이트웨이가 아직 지원하지 않는 주문입니다.");
        };
    }

    private static Answer.Text unsupported(String text) {
        return FaceAnswers.refused(ERROR, "IGW00007", text + " [UNSUPPORTED]");
    }

    private Answer.Text place(String trId, Map<String, String> fields, Caller caller) throws InterruptedException {
        Optional<Symbol> symbol = Symbol.parse(fields.getOrDefault("PDNO", ""));
        if (symbol.isEmpty()) {
            return FaceAnswers.refused(OK, "APBK0656");
        }
        OptionalLong qty = number(fields, "ORD_QTY");
        OptionalLong price = number(fields, "ORD_UNPR");
        if (qty.isEmpty() || qty.getAsLong() == 0 || qty.getAsLong() > QTY_MAX || price.isEmpty()) {
            return FaceAnswers.refused(OK, "IGW00007");
        }
        if (!fields.getOrDefault("EXCG_ID_DVSN_CD", "KRX").matches("|KRX")) {
            return unsupported("게이트웨이가 아직 지원하지 않는 거래소입니다.");
        }
        String division = fields.getOrDefault("ORD_DVSN", "");
        if (!division.equals("00") && !division.equals("01")) {
            return unsupported("게이트웨이가 아직 지원하지 않는 주문구분입니다.");
        }
        OrderType type = division.equals("00") ? OrderType.LIMIT : OrderType.MARKET;
        if (type == OrderType.LIMIT && price.getAsLong() == 0) {
            return FaceAnswers.refused(OK, "APBK0506");
        }
        OrderId id = intake.newId();
        var terms = new Terms(
                alias,
                symbol.get(),
                trId.endsWith("TTC0011U") || trId.endsWith("TTC0801U") ? Side.SELL : Side.BUY,
                qty.getAsLong(),
                type,
                type == OrderType.LIMIT ? price : OptionalLong.empty(),
                Venue.KRX,
                caller.strategy(),
                clock.instant().plus(queue));
        return withinShare(
                caller,
                () -> await(
                        id,
                        new Request(1, BrokerRequest.Kind.PLACE),
                        () -> intake.place(caller, id, terms, "face-" + id.text())));
    }

    private Answer.Text revise(Map<String, String> fields, Caller caller) throws InterruptedException {
        OptionalLong odno = number(fields, "ORGN_ODNO");
        Optional<Order> found = odno.isEmpty() ? Optional.empty() : find(odno.getAsLong(), caller);
        if (found.isEmpty()) {
            return FaceAnswers.refused(OK, "APBK0344", "원주문번호가 존재하지 않거나 정정/취소 가능수량이 없습니다.");
        }
        Order order = found.get();
        String scope = fields.getOrDefault("QTY_ALL_ORD_YN", "");
        boolean all = scope.equals("Y");
        OptionalLong qty = number(fields, "ORD_QTY");
        // A part that cannot be read must not become the whole.
        if (!all && (!scope.equals("N") || qty.isEmpty() || qty.getAsLong() == 0)) {
            return FaceAnswers.refused(ERROR, "IGW00007", "QTY_ALL_ORD_YN 또는 ORD_QTY가 올바르지 않습니다.");
        }
        int next = order.requests().size() + 1;
        Optional<String> key = Optional.of("face-" + intake.newId().text());
        return switch (fields.getOrDefault("RVSE_CNCL_DVSN_CD", "")) {
            case "02" -> {
                if (all || qty.getAsLong() >= order.remaining()) {
                    yield await(
                            order.id(),
                            new Request(next, BrokerRequest.Kind.CANCEL),
                            () -> intake.cancel(caller, order, key));
                }
                long total = order.terms().qty() - qty.getAsLong();
                yield await(
                        order.id(),
                        new Request(next, BrokerRequest.Kind.CANCEL),
                        () -> intake.modify(caller, order, OptionalLong.of(total), OptionalLong.empty(), key));
            }
            case "01" -> {
                OptionalLong price = number(fields, "ORD_UNPR");
                if (price.isEmpty()
                        || price.getAsLong() == 0
                        || !fields.getOrDefault("ORD_DVSN", "").equals("00")) {
                    yield unsupported("게이트웨이는 지정가로만 정정합니다.");
                }
                if (!all && qty.getAsLong() < order.remaining()) {
                    yield unsupported("게이트웨이는 잔량 전부만 정정합니다.");
                }
                yield withinShare(
                        caller,
                        () -> await(
                                order.id(),
                                new Request(next, BrokerRequest.Kind.MODIFY),
                                () -> intake.modify(caller, order, OptionalLong.empty(), price, key)));
            }
            default -> FaceAnswers.refused(OK, "IGW00007");
        };
    }

    /** An order of today that the caller may change, by the broker's number. */
    private Optional<Order> find(long odno, Caller caller) {
        return desk.open().stream()
                .filter(order -> order.brokerRefs().stream().anyMatch(ref -> ref.odno() == odno))
                .filter(order -> caller.mayManageOrdersOf(order.key().principal()))
                .filter(order -> caller.mayUseAccount(order.terms().accountId()))
                .filter(order -> caller.mayReadSymbol(order.terms().symbol().code()))
                .findFirst();
    }

    private interface Submission {
        OrderEffect.Answer submit();
    }

    /**
     * The request that a submission makes.
     *
     * @param no its number in the order, or a lower one, if another caller changed the order meanwhile
     */
    private record Request(int no, BrokerRequest.Kind kind) {
        Optional<BrokerRequest> in(Order order) {
            return order.requests().stream()
                    .filter(request -> request.no() >= no && request.kind() == kind)
                    .findFirst();
        }
    }

    private Answer.Text await(OrderId id, Request no, Submission submission) throws InterruptedException {
        if (waiting.size() >= WAITING_MAX) {
            return FaceAnswers.refused(ERROR, "EGW00201");
        }
        var waiter = new Waiting(order -> isAnswered(order, no), new CompletableFuture<>());
        if (waiting.putIfAbsent(id, waiter) != null) {
            return FaceAnswers.refused(OK, "APBK0344", "이 주문의 정정/취소가 이미 진행 중입니다. [IN_FLIGHT]");
        }
        try {
            return switch (submission.submit()) {
                case OrderEffect.Answer.Refused(Refusal refusal) -> refused(refusal);
                case OrderEffect.Answer.Accepted _ -> answered(waiter, id, no);
                case OrderEffect.Answer other -> throw new IllegalStateException("not an answer to an order: " + other);
            };
        } finally {
            waiting.remove(id);
        }
    }

    private static boolean isAnswered(Order order, Request no) {
        var request = no.in(order);
        // One that is being sent has its own answer, also where a notice has ended the order before.
        return request.filter(it -> !isPending(it)).isPresent()
                || order.status().isTerminal()
                        && request.filter(it -> it.state() == BrokerRequest.State.SENDING)
                                .isEmpty();
    }

    private static boolean isPending(BrokerRequest request) {
        return request.state() == BrokerRequest.State.PLANNED || request.state() == BrokerRequest.State.SENDING;
    }

    private Answer.Text answered(Waiting waiter, OrderId id, Request no) throws InterruptedException {
        // It may have been answered before this thread waits.
        desk.find(id).ifPresent(this::orderChanged);
        try {
            return outcome(waiter.order().get(ANSWER_LIMIT.plus(queue).toMillis(), TimeUnit.MILLISECONDS), no);
        } catch (TimeoutException e) {
            return desk.find(id)
                    .filter(order -> order.status() == OrderStatus.CANCELED)
                    .flatMap(no::in)
                    .filter(request -> request.kind() == BrokerRequest.Kind.CANCEL)
                    .map(this::accepted)
                    .orElseGet(FaceAnswers::inDoubt);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Call {
        Answer.Text answer() throws InterruptedException;
    }

    /** Waits for one of the key's places; cancels need none. */
    private Answer.Text withinShare(Caller caller, Call call) throws InterruptedException {
        var share = shares.computeIfAbsent(caller.name(), _ -> new Semaphore(WAITING_OF_A_KEY, true));
        if (!share.tryAcquire(queue.toMillis(), TimeUnit.MILLISECONDS)) {
            return FaceAnswers.refused(ERROR, "EGW00201");
        }
        try {
            return call.answer();
        } finally {
            share.release();
        }
    }

    private Answer.Text outcome(Order order, Request no) {
        var request = no.in(order);
        if (request.isEmpty()) {
            return refused(order);
        }
        return switch (request.get().state()) {
            case ACKED, DONE -> accepted(request.get());
            case REFUSED -> refused(order);
            case IN_DOUBT -> FaceAnswers.inDoubt();
            case SENDING -> FaceAnswers.inDoubt();
            case PLANNED -> notSent(order);
        };
    }

    /** It ended before it was sent: an equal order is in doubt, or the account's slots were used up. */
    private Answer.Text notSent(Order order) {
        boolean equalInDoubt = desk.open().stream()
                .filter(other -> !other.id().equals(order.id()))
                .filter(other ->
                        other.terms().fingerprint().equals(order.terms().fingerprint()))
                .anyMatch(other -> other.status() == OrderStatus.UNKNOWN || other.status() == OrderStatus.DISPATCHING);
        return equalInDoubt
                ? FaceAnswers.refused(OK, "APBK0918", "같은 조건의 주문이 결과 확인 중이어서 보내지 않았습니다. [NOT_SENT]")
                : FaceAnswers.refused(ERROR, "EGW00201");
    }

    private Answer.Text accepted(BrokerRequest request) {
        var output = new LinkedHashMap<String, String>();
        output.put("KRX_FWDG_ORD_ORGNO", request.orgNo());
        // A confirmed cancel whose answer was lost has no number of its own.
        output.put("ODNO", "%010d".formatted(request.odno().orElse(request.target())));
        output.put("ORD_TMD", TIME.format(clock.instant()));
        var body = new LinkedHashMap<String, Object>();
        body.put("rt_cd", "0");
        body.put("msg_cd", "APBK0013");
        body.put("msg1", "주문 전송 완료 되었습니다.");
        body.put("output", output);
        return FaceAnswers.json(body);
    }

    /** KIS's own refusal: code and text as KIS gave them. */
    private static Answer.Text refused(Order order) {
        String reason = order.reason().orElse("APBK0918");
        int space = reason.indexOf(' ');
        return space < 0
                ? FaceAnswers.refused(OK, reason)
                : FaceAnswers.refused(OK, reason.substring(0, space), reason.substring(space + 1));
    }

    /** A refusal of the gateway, with the code of KIS's family that clients know for it. */
    private static Answer.Text refused(Refusal refusal) {
        String text = refusal.code().koreanCause() + " [" + refusal.code() + "]";
        return switch (refusal.code()) {
            case OUT_OF_TRADING_WINDOW -> FaceAnswers.refused(OK, "APBK0919", text);
            case INSUFFICIENT_CASH -> FaceAnswers.refused(OK, "APBK0952", text);
            case INSUFFICIENT_POSITION_QTY -> FaceAnswers.refused(OK, "APBK0400", text);
            case SYMBOL_NOT_FOUND, INVALID_SYMBOL -> FaceAnswers.refused(OK, "APBK0656", text);
            case INVALID_TICK_SIZE, PRICE_OUT_OF_LIMITS, INVALID_PRICE -> FaceAnswers.refused(OK, "APBK0506", text);
            case ORDER_NOT_FOUND, ORDER_ALREADY_TERMINAL, INVALID_TRANSITION ->
                FaceAnswers.refused(OK, "APBK0344", text);
            case QUEUE_TIMEOUT, ORDER_RATE_LIMIT, NOT_SENT -> FaceAnswers.refused(ERROR, "EGW00201", text);
            case NOT_READY, JOURNAL_UNAVAILABLE, DISK_LOW -> FaceAnswers.refused(ERROR, "EGW00300", text);
            case ErrorCode other -> FaceAnswers.refused(OK, "APBK0918", text);
        };
    }

    private static OptionalLong number(Map<String, String> fields, String name) {
        String text = fields.getOrDefault(name, "").strip();
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
