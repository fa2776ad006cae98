package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.BrokerNumbers;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderEffect;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;
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
    /** A field and the form of its value. */
    record Form(String field, Pattern pattern) {}

    private static final Form TEXT_OF_DIVISION = new Form("ORD_DVSN", Pattern.compile(".+"));

    /** The fields of an order in the order in which they are checked. */
    private static final List<Form> ORDER = List.of(
            new Form("PDNO", Pattern.compile(".+")),
            TEXT_OF_DIVISION,
            new Form("ORD_QTY", Pattern.compile("(?!0+$)[0-9]{1,10}")),
            new Form("ORD_UNPR", NUMBER));

    /** The fields of the loan, before those of the order. */
    private static final List<Form> CREDIT_ORDER = List.of(
            new Form("PDNO", Pattern.compile(".+")),
            new Form("CRDT_TYPE", Pattern.compile(".+")),
            new Form("LOAN_DT", Pattern.compile(".+")));

    /** CRDT_TYPE of orders that borrow shares or return them (대주). */
    private static final Set<String> STOCK_BORROWING = Set.of("22", "24", "26", "28");

    /** The TR ids of sales, without the letter of the environment. */
    private static final List<String> SALES = List.of("TTC0011U", "TTC0801U", "TTC0051U", "TTC0851U");

    private static final List<Form> REVISION = List.of(
            TEXT_OF_DIVISION,
            new Form("ORD_QTY", Pattern.compile("[0-9]{1,10}")),
            new Form("ORD_UNPR", NUMBER),
            new Form("RVSE_CNCL_DVSN_CD", Pattern.compile("0[12]")),
            new Form("QTY_ALL_ORD_YN", Pattern.compile("[YN]")));

    private static final OrderDivisions DIVISIONS = OrderDivisions.load();

    private static final int ERROR = 500;
    private static final int WAITING_MAX = 10_000;
    private static final int WAITING_OF_A_KEY = 6;
    /** Orders of the day that are searched for one that has ended. */
    private static final int ENDED_MAX = 100;

    private static final String NOTHING_LEFT = "정정/취소 가능수량이 없습니다.";

    private final OrderDesk desk;
    private final OrderIntake intake;
    private final InstantSource clock;
    private final FaceAccounts accounts;
    private final Duration queue;
    private final boolean paper;
    private final FaceReservations reservations;
    private final FaceUsReservations usReservations;
    private final OrderRefusals refusals;
    private final TradingCalendar calendar;
    private final Map<OrderId, Waiting> waiting = new ConcurrentHashMap<>();
    /** Orders and modifications of each key that wait for KIS at once: one key leaves room for others. */
    private final Map<String, Semaphore> shares = new ConcurrentHashMap<>();

    /** A caller that waits for KIS's answer to a request of an order. */
    private record Waiting(Predicate<Order> isAnswered, CompletableFuture<Order> order) {}

    /** Registers the meters. */
    void bindTo(Meters meters) {
        meters.resource("face_waiting_orders", waiting::size, WAITING_MAX);
    }

    /**
     * @param accounts those behind the virtual account numbers
     * @param queue how long an order waits for a slot of the call budget
     * @param paper whether KIS's paper trading is behind the desk
     */
    FaceOrders(
            Face.Orders orders,
            FaceReservations reservations,
            FaceUsReservations usReservations,
            OrderRefusals refusals,
            InstantSource clock,
            FaceAccounts accounts,
            Duration queue,
            boolean paper) {
        this.desk = orders.desk();
        this.intake = orders.intake();
        this.calendar = orders.calendar();
        this.paper = paper;
        this.reservations = reservations;
        this.usReservations = usReservations;
        this.refusals = refusals;
        this.clock = clock;
        this.accounts = accounts;
        this.queue = queue;
    }

    /** Wakes the caller that waits for the order. */
    void orderChanged(Order order) {
        var waiter = waiting.get(order.id());
        if (waiter != null && waiter.isAnswered().test(order)) {
            waiter.order().complete(order);
        }
    }

    /** A refusal of the gateway before the order is looked at. */
    Answer.Text refused(Refusal refusal) {
        return refusals.refused(refusal);
    }

    Answer.Text answer(RestCall call, String trId, Map<String, String> fields, Caller caller)
            throws InterruptedException {
        MeteredCall.current().order();
        return switch (call.id()) {
            case "domestic_stock_order_cash" -> place(trId, fields, Optional.empty(), caller);
            case "domestic_stock_order_credit" -> placeOnCredit(trId, fields, caller);
            case "domestic_stock_order_rvsecncl" -> revise(fields, caller);
            case "domestic_stock_order_resv" -> reservations.place(fields, caller);
            case "domestic_stock_order_resv_rvsecncl" -> reservations.revise(trId, fields, caller);
            case "overseas_stock_order_resv" ->
                usReservations.place(UsOrderFields.ofReservation(call, trId, fields), caller);
            case "overseas_stock_order_resv_ccnl" -> usReservations.cancel(fields, caller);
            case "overseas_stock_order", "overseas_stock_daytime_order" ->
                placeUs(new UsOrderFields(call, trId, fields), caller);
            case "overseas_stock_order_rvsecncl", "overseas_stock_daytime_order_rvsecncl" ->
                reviseUs(new UsOrderFields(call, trId, fields), fields, caller);
            default -> OrderRefusals.unsupported("게이트웨이가 아직 지원하지 않는 주문입니다.");
        };
    }

    private Answer.Text placeOnCredit(String trId, Map<String, String> fields, Caller caller)
            throws InterruptedException {
        var invalid = firstInvalid(fields, CREDIT_ORDER);
        if (invalid.isPresent()) {
            return FaceAnswers.invalidField(invalid.get());
        }
        String code = text(fields, "CRDT_TYPE");
        if (STOCK_BORROWING.contains(code)) {
            return OrderRefusals.unsupported("게이트웨이는 대주(주식 차입)를 주문하지 않습니다.");
        }
        // A reserved order is not at the exchange when KIS accepts it.
        if (text(fields, "RSVN_ORD_YN").equals("Y")) {
            return OrderRefusals.unsupported("게이트웨이는 예약주문을 지원하지 않습니다.");
        }
        Optional<CreditType> type = CreditCodes.type(code).filter(it -> it.side() == side(trId));
        if (type.isEmpty()) {
            return refusals.refused(OrderCode.UNKNOWN_KIND, ErrorCode.INVALID_CREDIT, "신용거래구분을 확인하십시오.");
        }
        Optional<LocalDate> date = CreditCodes.date(text(fields, "LOAN_DT"));
        if (date.isEmpty()) {
            return refusals.refused(OrderCode.UNKNOWN_KIND, ErrorCode.INVALID_CREDIT, "대출일자를 확인하십시오.");
        }
        return place(trId, fields, Optional.of(new Credit(type.get(), date.get())), caller);
    }

    private static Side side(String trId) {
        return SALES.stream().anyMatch(trId::endsWith) ? Side.SELL : Side.BUY;
    }

    private Answer.Text place(String trId, Map<String, String> fields, Optional<Credit> credit, Caller caller)
            throws InterruptedException {
        var invalid = firstInvalid(fields, ORDER);
        if (invalid.isPresent()) {
            return FaceAnswers.invalidField(invalid.get());
        }
        Optional<Symbol> symbol = Symbol.parse(fields.getOrDefault("PDNO", ""));
        if (symbol.isEmpty()) {
            return refusals.refused(OrderCode.UNKNOWN_SYMBOL, ErrorCode.INVALID_SYMBOL);
        }
        OptionalLong qty = number(fields, "ORD_QTY");
        OptionalLong price = number(fields, "ORD_UNPR");
        String venue = venue(fields);
        String division = text(fields, "ORD_DVSN");
        if (DIVISIONS.of(division).stream().noneMatch(it -> it.isValidOn(today()))) {
            return refusals.refused(OrderCode.UNKNOWN_KIND, ErrorCode.INVALID_ORDER_TYPE, "주문구분을 확인하십시오.");
        }
        if (!venue.matches("KRX|NXT|SOR")) {
            return refusals.refused(OrderCode.UNKNOWN_KIND, ErrorCode.INVALID_FIELD, "거래소ID구분코드를 확인하십시오.");
        }
        Optional<OrderDivision> found = DIVISIONS
                .find(division, Venue.valueOf(venue))
                .filter(it -> it.venue().name().equals(venue));
        if (found.isEmpty()) {
            return refusals.refused(OrderCode.UNKNOWN_KIND, ErrorCode.INVALID_ORDER_TYPE, "해당 거래소에서 가능하지 않은 주문구분입니다.");
        }
        // Another kind of sale must not become an ordinary order.
        if (!text(fields, "SLL_TYPE").matches("|01")) {
            return OrderRefusals.unsupported("게이트웨이가 아직 지원하지 않는 매도유형입니다.");
        }
        OrderKind kind = found.get().kind();
        if (kind.type().isPriced() && price.getAsLong() == 0) {
            return refusals.refused(OrderCode.NO_PRICE, ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "주문단가를 입력 하십시오");
        }
        if (!kind.type().isPriced() && price.getAsLong() != 0) {
            return refusals.refused(
                    OrderCode.NO_PRICE, ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET, "시장가류 주문의 주문단가는 0 이어야 합니다.");
        }
        OptionalLong stopPrice =
                number(fields, "CNDT_PRIC").orElse(0) == 0 ? OptionalLong.empty() : number(fields, "CNDT_PRIC");
        if (kind.type() == OrderType.STOP_LIMIT && stopPrice.isEmpty()) {
            return refusals.refused(OrderCode.NO_PRICE, ErrorCode.MISSING_FIELD, "조건가격을 입력 하십시오");
        }
        // A condition must not be dropped silently.
        if (kind.type() != OrderType.STOP_LIMIT && !text(fields, "CNDT_PRIC").matches("|0+")) {
            return OrderRefusals.unsupported("스톱지정가 주문에만 조건가격을 입력할 수 있습니다.");
        }
        OrderId id = intake.newId();
        var terms = new Terms(
                accounts.of(caller),
                symbol.get(),
                side(trId),
                qty.getAsLong(),
                kind,
                kind.type().isPriced() ? price : OptionalLong.empty(),
                stopPrice,
                Venue.valueOf(venue),
                caller.strategy(),
                clock.instant().plus(queue),
                credit);
        return submit(id, terms, caller);
    }

    private Answer.Text submit(OrderId id, Terms terms, Caller caller) throws InterruptedException {
        return withinShare(
                caller,
                () -> await(
                        id,
                        new Request(1, BrokerRequest.Kind.PLACE),
                        () -> intake.place(caller, id, terms, "face-" + id.text())));
    }

    private Answer.Text placeUs(UsOrderFields fields, Caller caller) throws InterruptedException {
        Optional<Answer.Text> refusal = refusals.refusal(fields);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        OrderKind kind = fields.kind().get();
        UsSymbol symbol = fields.symbol().get();
        return submit(
                intake.newId(),
                new Terms(
                        accounts.of(caller),
                        symbol,
                        fields.side(),
                        fields.qty().getAsLong(),
                        kind,
                        kind.type().isPriced() ? fields.price() : OptionalLong.empty(),
                        Venue.usual(symbol),
                        caller.strategy(),
                        clock.instant().plus(queue)),
                caller);
    }

    private Answer.Text reviseUs(UsOrderFields fields, Map<String, String> sent, Caller caller)
            throws InterruptedException {
        if (!fields.isUs()) {
            return OrderRefusals.unsupported("게이트웨이는 해외주식 중 미국 주식만 주문합니다.");
        }
        if (fields.symbol().isEmpty()) {
            return refusals.refused(OrderCode.UNKNOWN_SYMBOL, ErrorCode.INVALID_SYMBOL);
        }
        if (fields.qty().isEmpty()) {
            return FaceAnswers.invalidField("ORD_QTY");
        }
        OptionalLong number = number(sent, "ORGN_ODNO");
        if (number.isEmpty()) {
            return FaceAnswers.refused(ERROR, "IGW00022", "원주문번호 오류입니다.", ErrorCode.INVALID_FIELD);
        }
        if (fields.isCancel().isEmpty()) {
            return FaceAnswers.invalidField("RVSE_CNCL_DVSN_CD");
        }
        Predicate<Order> isMeant =
                order -> fields.symbol().filter(order.terms().symbol()::equals).isPresent()
                        && order.terms().kind().session() == OrderSession.DAY_MARKET == fields.isDayMarket();
        // Equal numbers of one stock on two dates in Seoul may both rest: the newer is meant.
        Optional<Order> found = find(
                desk.open().reversed(),
                isMeant.and(order -> order.brokerRefs().stream()
                        .anyMatch(ref -> ref.live() && BrokerNumbers.plain(ref.odno()) == number.getAsLong())),
                caller);
        if (found.isEmpty()) {
            return hasHadToday(
                            desk.today(Market.US).date(),
                            isMeant.and(order -> order.brokerRefs().stream()
                                    .anyMatch(ref -> BrokerNumbers.plain(ref.odno()) == number.getAsLong())),
                            caller)
                    ? refusals.refused(OrderCode.NOTHING_LEFT, ErrorCode.ORDER_ALREADY_TERMINAL, NOTHING_LEFT)
                    : refusals.refused(OrderCode.NO_ORIGINAL, ErrorCode.ORDER_NOT_FOUND, "원주문정보가 존재하지 않습니다.");
        }
        Order order = found.get();
        long qty = fields.qty().getAsLong();
        long free = order.remaining() - beingCancelled(order);
        if (qty > free) {
            return refusals.refused(OrderCode.NOTHING_LEFT, ErrorCode.INVALID_QTY, "정정/취소 가능수량을 초과하였습니다.");
        }
        boolean whole = qty == 0 || qty == free;
        if (fields.isCancel().get()) {
            return cancel(order, whole ? OptionalLong.empty() : OptionalLong.of(qty), caller);
        }
        if (!whole) {
            return OrderRefusals.unsupported("게이트웨이는 잔량 전부만 정정합니다.");
        }
        if (fields.price().orElse(0) == 0) {
            return refusals.refused(OrderCode.NO_PRICE, ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "주문단가를 입력 하십시오");
        }
        return reprice(order, fields.price(), caller);
    }

    private Answer.Text revise(Map<String, String> fields, Caller caller) throws InterruptedException {
        var invalid = firstInvalid(fields, REVISION);
        if (invalid.isPresent()) {
            return FaceAnswers.invalidField(invalid.get());
        }
        OptionalLong number = number(fields, "ORGN_ODNO");
        if (number.isEmpty()) {
            return FaceAnswers.refused(ERROR, "IGW00022", "원주문번호 오류입니다.", ErrorCode.INVALID_FIELD);
        }
        long odno = number.getAsLong();
        // As KIS: a number that a modification has replaced takes no further request.
        Optional<Order> found = find(
                desk.open(),
                order -> order.liveRef().filter(ref -> ref.odno() == odno).isPresent(),
                caller);
        if (found.isEmpty()) {
            return hasHadToday(today(), order -> order.brokerRef(odno).isPresent(), caller)
                    ? refusals.refused(OrderCode.NOTHING_LEFT, ErrorCode.ORDER_ALREADY_TERMINAL, NOTHING_LEFT)
                    : refusals.refused(OrderCode.NO_ORIGINAL, ErrorCode.ORDER_NOT_FOUND, "원주문정보가 존재하지 않습니다.");
        }
        if (!isAddressed(fields, found.get())) {
            return refusals.refused(OrderCode.NO_ORIGINAL, ErrorCode.ORDER_NOT_FOUND, "원주문의 주문조직번호 또는 거래소와 일치하지 않습니다.");
        }
        Order order = found.get();
        boolean all = text(fields, "QTY_ALL_ORD_YN").equals("Y");
        long qty = number(fields, "ORD_QTY").orElseThrow();
        // A part that is none must not become the whole.
        long free = order.remaining() - beingCancelled(order);
        if (!all && (qty == 0 || qty > free)) {
            return refusals.refused(OrderCode.NOTHING_LEFT, ErrorCode.INVALID_QTY, "정정/취소 가능수량을 초과하였습니다.");
        }
        boolean whole = all || qty == free;
        return text(fields, "RVSE_CNCL_DVSN_CD").equals("02")
                ? cancel(order, whole ? OptionalLong.empty() : OptionalLong.of(qty), caller)
                : modify(order, fields, whole, caller);
    }

    /** Shares of partial cancels that KIS has and that are not confirmed yet: as at KIS, they are gone for the next request. */
    private static long beingCancelled(Order order) {
        return order.requests().stream()
                .filter(request -> request.isPartialCancel() && request.isOpen())
                .mapToLong(BrokerRequest::qty)
                .sum();
    }

    /** @param part shares to cancel; empty for the rest */
    private Answer.Text cancel(Order order, OptionalLong part, Caller caller) throws InterruptedException {
        var key = newKey();
        return await(
                order.id(),
                new Request(order.requests().size() + 1, BrokerRequest.Kind.CANCEL),
                () -> part.isEmpty()
                        ? intake.cancel(caller, order, key)
                        : intake.modify(
                                caller,
                                order,
                                OptionalLong.of(order.terms().qty() - beingCancelled(order) - part.getAsLong()),
                                OptionalLong.empty(),
                                key));
    }

    private Answer.Text modify(Order order, Map<String, String> fields, boolean whole, Caller caller)
            throws InterruptedException {
        OptionalLong price = number(fields, "ORD_UNPR");
        Optional<OrderDivision> current =
                DIVISIONS.find(order.terms().kind(), order.terms().venue(), order.tradingDay());
        if (price.getAsLong() == 0
                || current.filter(it -> it.code().equals(text(fields, "ORD_DVSN")))
                        .isEmpty()) {
            return OrderRefusals.unsupported("게이트웨이는 주문구분을 바꾸지 않고 가격만 정정합니다.");
        }
        if (!whole) {
            return OrderRefusals.unsupported("게이트웨이는 잔량 전부만 정정합니다.");
        }
        // Nor is another condition dropped silently: at the old one the order would trigger far from its new price.
        boolean isSameCondition = text(fields, "CNDT_PRIC").matches("|0+")
                || number(fields, "CNDT_PRIC").equals(order.terms().stopPrice());
        return isSameCondition
                ? reprice(order, price, caller)
                : OrderRefusals.unsupported("게이트웨이는 조건가격을 정정하지 않습니다. 주문을 취소하고 다시 주문하십시오.");
    }

    private Answer.Text reprice(Order order, OptionalLong price, Caller caller) throws InterruptedException {
        var key = newKey();
        return withinShare(
                caller,
                () -> await(
                        order.id(),
                        new Request(order.requests().size() + 1, BrokerRequest.Kind.MODIFY),
                        () -> intake.modify(caller, order, OptionalLong.empty(), price, key)));
    }

    private Optional<String> newKey() {
        return Optional.of("face-" + intake.newId().text());
    }

    /** The first field that is absent or misspelt. */
    static Optional<String> firstInvalid(Map<String, String> fields, List<Form> forms) {
        return forms.stream()
                .filter(form ->
                        !form.pattern().matcher(text(fields, form.field())).matches())
                .map(Form::field)
                .findFirst();
    }

    static String text(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "").strip();
    }

    /** The first that is meant and that the caller may change. */
    private static Optional<Order> find(List<Order> orders, Predicate<Order> isMeant, Caller caller) {
        return orders.stream()
                .filter(isMeant)
                .filter(order -> caller.mayManageOrdersOf(order.key().principal()))
                .filter(order -> caller.mayUseAccount(order.terms().accountId()))
                .filter(order -> caller.mayReadSymbol(order.terms().symbol().code()))
                .findFirst();
    }

    /** Whether one of the newest orders of the day is meant. */
    private boolean hasHadToday(LocalDate day, Predicate<Order> isMeant, Caller caller) {
        var today = new OrderStore.Filter(
                Optional.of(Set.of(accounts.of(caller))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(day),
                caller.ownOrdersOnly() ? Optional.of(caller.name()) : Optional.empty());
        return find(desk.list(today, Optional.empty(), ENDED_MAX), isMeant, caller)
                .isPresent();
    }

    /** Whether branch and exchange, where the request names them, are those of the order. */
    private static boolean isAddressed(Map<String, String> fields, Order order) {
        String branch = text(fields, "KRX_FWDG_ORD_ORGNO");
        return (branch.isEmpty()
                        || order.brokerRefs().stream()
                                .anyMatch(ref ->
                                        ref.orgNo().isEmpty() || ref.orgNo().equals(branch)))
                && venue(fields).equals(order.terms().venue().name());
    }

    /** The exchange that a request names; KRX where it names none. */
    private static String venue(Map<String, String> fields) {
        String venue = text(fields, "EXCG_ID_DVSN_CD");
        return venue.isEmpty() ? Venue.KRX.name() : venue;
    }

    private LocalDate today() {
        return calendar.tradingDay(clock.instant());
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
            return OrderRefusals.noSlot();
        }
        var waiter = new Waiting(order -> isAnswered(order, no), new CompletableFuture<>());
        if (waiting.putIfAbsent(id, waiter) != null) {
            return refusals.refused(OrderCode.NOTHING_LEFT, ErrorCode.INVALID_TRANSITION, "이 주문의 정정/취소가 이미 진행 중입니다.");
        }
        try {
            return switch (submission.submit()) {
                case OrderEffect.Answer.Refused(Refusal refusal) -> refusals.refused(refusal);
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
                    .flatMap(order -> no.in(order)
                            .filter(request -> request.kind() == BrokerRequest.Kind.CANCEL)
                            .map(request -> accepted(order, request)))
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
            return OrderRefusals.noSlot();
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
            return refusals.refused(order);
        }
        if (request.get().state() != BrokerRequest.State.PLANNED) {
            MeteredCall.current().servedFrom(FaceSource.KIS);
        }
        return switch (request.get().state()) {
            case ACKED, DONE -> accepted(order, request.get());
            case REFUSED -> refusals.refused(order);
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
                ? refusals.refused(OrderCode.NOT_PERMITTED, ErrorCode.NOT_SENT, "같은 조건의 주문이 결과 확인 중이어서 보내지 않았습니다.")
                : OrderRefusals.noSlot();
    }

    private Answer.Text accepted(Order order, BrokerRequest request) {
        var output = new LinkedHashMap<String, String>();
        output.put("KRX_FWDG_ORD_ORGNO", request.orgNo());
        // A confirmed cancel whose answer was lost has no number of its own.
        output.put("ODNO", "%010d".formatted(BrokerNumbers.plain(request.odno().orElse(request.target()))));
        output.put("ORD_TMD", TIME.format(clock.instant()));
        var body = paper
                ? switch (request.kind()) {
                    case PLACE ->
                        order.terms().side() == Side.SELL
                                ? FaceAnswers.ledger("0", "40590000", "모의투자 매도주문이 완료 되었습니다.")
                                : FaceAnswers.ledger("0", "40600000", "모의투자 매수주문이 완료 되었습니다.");
                    case MODIFY -> FaceAnswers.ledger("0", "40630000", "모의투자 정정주문이 완료 되었습니다");
                    case CANCEL -> FaceAnswers.ledger("0", "40640000", "모의투자 취소주문이 완료 되었습니다.");
                }
                : FaceAnswers.ledger("0", "APBK0013", "주문 전송 완료 되었습니다.");
        body.put("output", output);
        return FaceAnswers.json(body);
    }

    static OptionalLong number(Map<String, String> fields, String name) {
        String text = text(fields, name);
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
