package kr.kisgateway.gateway.face;

import static kr.kisgateway.gateway.face.FaceOrders.firstInvalid;
import static kr.kisgateway.gateway.face.FaceOrders.number;
import static kr.kisgateway.gateway.face.FaceOrders.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.gateway.face.FaceOrders.Form;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.order.BrokerNumbers;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.Parent;
import kr.kisgateway.gateway.parent.ParentId;
import kr.kisgateway.gateway.parent.ParentIntake;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;

/**
 * Reserved orders (예약주문) in KIS's protocol: scheduled orders of the gateway, which are placed when the next opening auction
 * begins. Nothing of them is at KIS before, so KIS's hours for reservations do not apply.
 */
final class FaceReservations {
    static final String LIST = "domestic_stock_order_resv_ccnl";

    private static final LocalTime OPENING_AUCTION = LocalTime.of(8, 30);
    /** From the beginning of the auction, or of the trading at yesterday's close, to its end. */
    private static final Duration AUCTION = Duration.ofMinutes(30);

    private static final Duration PRE_OPEN = Duration.ofMinutes(10);
    /** Days after which the next opening is certainly found. */
    private static final int CLOSED_DAYS_MAX = 30;

    private static final String IN_CASH = "10";
    private static final String NOTHING_LEFT = "정정/취소 가능수량이 없습니다.";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HHmmss").withZone(TradingCalendar.SEOUL);
    private static final Set<String> DIVISION_CODES = Set.of("00", "01", "02", "05");

    private static final List<Form> ORDER = List.of(
            new Form("PDNO", Pattern.compile(".+")),
            new Form("ORD_QTY", Pattern.compile("(?!0+$)[0-9]{1,10}")),
            new Form("ORD_UNPR", Pattern.compile("[0-9]{1,12}")),
            new Form("SLL_BUY_DVSN_CD", Pattern.compile("0[12]")),
            new Form("ORD_DVSN_CD", Pattern.compile(".+")),
            new Form("ORD_OBJT_CBLC_DVSN_CD", Pattern.compile("[0-9]{2}")));

    private static final List<Form> REVISION = List.of(
            new Form("RSVN_ORD_SEQ", Pattern.compile("[0-9]{1,10}")),
            new Form("RSVN_ORD_ORD_DT", Pattern.compile("[0-9]{8}")));

    private static final List<Form> QUERY = List.of(
            new Form("RSVN_ORD_ORD_DT", Pattern.compile("[0-9]{8}")),
            new Form("RSVN_ORD_END_DT", Pattern.compile("[0-9]{8}")));

    private final ParentIntake parents;
    private final Reservations reservations;
    private final OrderDesk desk;
    private final OrderIntake intake;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final FaceAccounts accounts;
    private final OrderRefusals refusals;
    private final Function<MarketSymbol, String> names;
    private final OrderDivisions divisions = OrderDivisions.load();

    /**
     * @param accounts those behind the virtual account numbers
     * @param names the Korean name of a symbol
     */
    FaceReservations(
            Face.Orders orders,
            InstantSource clock,
            FaceAccounts accounts,
            OrderRefusals refusals,
            Function<MarketSymbol, String> names) {
        this.parents = orders.parents();
        this.reservations = new Reservations(parents, Symbol.class);
        this.desk = orders.desk();
        this.intake = orders.intake();
        this.calendar = orders.calendar();
        this.clock = clock;
        this.accounts = accounts;
        this.refusals = refusals;
        this.names = names;
    }

    /** What was read of an order, or its refusal. */
    private sealed interface Reading {
        record Read(Terms terms, Instant at, Instant until) implements Reading {}

        record Refused(Answer.Text answer) implements Reading {}
    }

    Answer.Text place(Map<String, String> fields, Caller caller) {
        return switch (read(fields, caller)) {
            case Reading.Refused(Answer.Text answer) -> answer;
            case Reading.Read(Terms terms, Instant at, Instant until) ->
                switch (parents.schedule(caller, terms, at, until, "face-" + intake.newId())) {
                    case ParentIntake.Result.Refused refused -> refusals.refused(refused.refusal());
                    case ParentIntake.Result.Done done ->
                        refusals.accepted(Map.of(
                                "RSVN_ORD_SEQ", Long.toString(done.parent().number())));
                };
        };
    }

    private Reading read(Map<String, String> fields, Caller caller) {
        Optional<String> invalid = firstInvalid(fields, ORDER);
        if (invalid.isPresent()) {
            return new Reading.Refused(FaceAnswers.invalidField(invalid.get()));
        }
        Optional<Symbol> symbol = Symbol.parse(text(fields, "PDNO"));
        if (symbol.isEmpty()) {
            return new Reading.Refused(refusals.refused(OrderCode.UNKNOWN_SYMBOL, ErrorCode.INVALID_SYMBOL));
        }
        if (!text(fields, "ORD_OBJT_CBLC_DVSN_CD").equals(IN_CASH)) {
            return new Reading.Refused(OrderRefusals.unsupported("게이트웨이는 현금 예약주문만 지원합니다."));
        }
        // An order for several days must not become one for a day.
        if (!text(fields, "RSVN_ORD_END_DT").isEmpty()) {
            return new Reading.Refused(OrderRefusals.unsupported("게이트웨이는 기간예약주문을 지원하지 않습니다."));
        }
        String code = text(fields, "ORD_DVSN_CD");
        Optional<OrderKind> kind = Optional.of(code)
                .filter(DIVISION_CODES::contains)
                .flatMap(it -> divisions.find(it, Venue.KRX))
                .map(OrderDivision::kind);
        if (kind.isEmpty()) {
            return new Reading.Refused(
                    refusals.refused(OrderCode.UNKNOWN_KIND, ErrorCode.INVALID_ORDER_TYPE, "주문구분을 확인하십시오."));
        }
        OptionalLong price = number(fields, "ORD_UNPR");
        boolean priced = kind.get().type().isPriced();
        if (priced && price.getAsLong() == 0) {
            return new Reading.Refused(
                    refusals.refused(OrderCode.NO_PRICE, ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "주문단가를 입력 하십시오"));
        }
        if (!priced && price.getAsLong() != 0) {
            return new Reading.Refused(refusals.refused(
                    OrderCode.NO_PRICE, ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET, "시장가류 주문의 주문단가는 0 이어야 합니다."));
        }
        Instant at = nextOpening();
        var terms = new Terms(
                accounts.of(caller),
                symbol.get(),
                text(fields, "SLL_BUY_DVSN_CD").equals("01") ? Side.SELL : Side.BUY,
                number(fields, "ORD_QTY").getAsLong(),
                kind.get(),
                priced ? price : OptionalLong.empty(),
                Venue.KRX,
                caller.strategy(),
                at);
        return new Reading.Read(terms, at, at.plus(kind.get().session() == OrderSession.PRE_OPEN ? PRE_OPEN : AUCTION));
    }

    /** When the next opening auction begins. */
    private Instant nextOpening() {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, TradingCalendar.SEOUL);
        return Stream.iterate(today, day -> day.plusDays(1))
                .limit(CLOSED_DAYS_MAX)
                .flatMap(day -> opening(day).stream())
                .filter(at -> at.isAfter(now))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no trading day in the " + CLOSED_DAYS_MAX + " days after " + today));
    }

    /** The first half hour of a day at which orders for the opening are accepted: some days open an hour or two later. */
    private Optional<Instant> opening(LocalDate day) {
        Instant usual =
                day.atTime(OPENING_AUCTION).atZone(TradingCalendar.SEOUL).toInstant();
        return Stream.iterate(usual, at -> at.plus(AUCTION))
                .limit(5)
                .filter(this::isAuction)
                .findFirst();
    }

    /** Whether an order for the opening is accepted. */
    private boolean isAuction(Instant at) {
        return desk.window(
                        new Terms(
                                accounts.aliases().getFirst(),
                                Symbol.parse("005930").orElseThrow(),
                                Side.BUY,
                                1,
                                OrderKind.regular(OrderType.MARKET),
                                OptionalLong.empty(),
                                Venue.KRX,
                                Optional.empty(),
                                at),
                        at)
                .isOpen();
    }

    /** @param trId whose CTSC0009U cancels */
    Answer.Text revise(String trId, Map<String, String> fields, Caller caller) {
        Optional<String> invalid = firstInvalid(fields, REVISION);
        if (invalid.isPresent()) {
            return FaceAnswers.invalidField(invalid.get());
        }
        Optional<Parent> found = reservations
                .find(caller, number(fields, "RSVN_ORD_SEQ").getAsLong())
                .filter(parent -> List.of(DAY.format(orderDay(parent)), DAY.format(receiptDay(parent)))
                        .contains(text(fields, "RSVN_ORD_ORD_DT")));
        if (found.isEmpty()) {
            return refusals.refused(OrderCode.NO_ORIGINAL, ErrorCode.ORDER_NOT_FOUND, "원주문정보가 존재하지 않습니다.");
        }
        Parent parent = found.get();
        if (!parent.isWaiting()) {
            return refusals.refused(OrderCode.NOTHING_LEFT, ErrorCode.ORDER_ALREADY_TERMINAL, NOTHING_LEFT);
        }
        return trId.equals("CTSC0009U")
                ? revised(parents.cancel(caller, parent))
                : switch (read(fields, caller)) {
                    case Reading.Refused(Answer.Text answer) -> answer;
                    case Reading.Read(Terms terms, Instant at, Instant until) ->
                        change(caller, parent, terms, at, until);
                };
    }

    private Answer.Text change(Caller caller, Parent parent, Terms terms, Instant at, Instant until) {
        Terms before = parent.plan().terms();
        if (!terms.symbol().equals(before.symbol()) || terms.side() != before.side()) {
            return refusals.refused(OrderCode.NO_ORIGINAL, ErrorCode.ORDER_NOT_FOUND, "원주문의 종목 또는 매매구분과 일치하지 않습니다.");
        }
        // What KIS's request cannot say would become what it says otherwise: another day, KRX, cash.
        boolean isAsReservedHere =
                LocalDate.ofInstant(at, TradingCalendar.SEOUL).equals(orderDay(parent))
                        && before.venue() == terms.venue()
                        && before.credit().isEmpty()
                        && before.pricing().isEmpty()
                        && !parent.plan().isRouted();
        return isAsReservedHere
                ? revised(parents.change(caller, parent, terms, at, until))
                : OrderRefusals.unsupported("다른 날, 다른 거래소 또는 신용으로 예약된 주문은 여기서 정정할 수 없습니다. /v1/parents에서 정정하십시오.");
    }

    private Answer.Text revised(ParentIntake.Result result) {
        return switch (result) {
            case ParentIntake.Result.Refused refused -> refusals.refused(refused.refusal());
            case ParentIntake.Result.Done _ -> refusals.accepted(Map.of("nrml_prcs_yn", "Y"));
        };
    }

    // ---- the list ----

    /**
     * @param headers of a page that is the last
     * @param before the end of the page before this one
     */
    Answer.Text list(
            Map<String, String> fields, Caller caller, Map<String, String> headers, Optional<ParentId> before) {
        Optional<String> invalid = firstInvalid(fields, QUERY);
        if (invalid.isPresent()) {
            return FaceAnswers.invalidField(invalid.get());
        }
        Optional<LocalDate> from = date(text(fields, "RSVN_ORD_ORD_DT"));
        Optional<LocalDate> to = date(text(fields, "RSVN_ORD_END_DT"));
        if (from.isEmpty() || to.isEmpty()) {
            return FaceAnswers.invalidField(from.isEmpty() ? "RSVN_ORD_ORD_DT" : "RSVN_ORD_END_DT");
        }
        String seq = text(fields, "RSVN_ORD_SEQ");
        String symbol = text(fields, "PDNO");
        String side = text(fields, "SLL_BUY_DVSN_CD");
        boolean withCancelled = !text(fields, "CNCL_YN").equals("Y"); // Y: only valid ones
        String processed = text(fields, "PRCS_DVSN_CD");
        // Nothing is reserved for a day that is further ahead than this.
        Instant since =
                from.get().atStartOfDay(TradingCalendar.SEOUL).toInstant().minus(ParentIntake.AHEAD_MAX);
        Reservations.Page page = reservations.page(
                caller,
                since,
                before,
                parent -> !orderDay(parent).isBefore(from.get())
                        && !orderDay(parent).isAfter(to.get())
                        && (seq.isEmpty() || seq.equals(Long.toString(parent.number())))
                        && (symbol.isEmpty()
                                || symbol.equals(parent.plan().terms().symbol().code()))
                        && (side.isEmpty() || side.equals("00") || side.equals(side(parent)))
                        && isSelected(parent, processed)
                        && (withCancelled
                                || parent.outcome()
                                        .filter(it -> it == Parent.Outcome.CANCELED)
                                        .isEmpty()));
        return FaceAnswers.page(
                headers,
                page.parents().stream().map(this::row).toList(),
                page.next().map(ParentId::text));
    }

    /** @param processed 1 those that were processed, 2 those that were not, else all */
    private static boolean isSelected(Parent parent, String processed) {
        return switch (processed) {
            case "1" -> !parent.isWaiting();
            case "2" -> parent.isWaiting();
            default -> true;
        };
    }

    /** A day as KIS writes it. */
    static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text, DAY));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static LocalDate orderDay(Parent parent) {
        return LocalDate.ofInstant(parent.plan().at(), TradingCalendar.SEOUL);
    }

    private static LocalDate receiptDay(Parent parent) {
        return LocalDate.ofInstant(parent.createdAt(), TradingCalendar.SEOUL);
    }

    private static String side(Parent parent) {
        return parent.plan().terms().side() == Side.SELL ? "01" : "02";
    }

    private Map<String, String> row(Parent parent) {
        Terms terms = parent.plan().terms();
        Optional<Order> order = parent.child().flatMap(desk::find);
        boolean cancelled =
                parent.outcome().filter(it -> it == Parent.Outcome.CANCELED).isPresent();
        boolean failed = parent.outcome()
                .filter(it -> it == Parent.Outcome.REFUSED || it == Parent.Outcome.MISSED)
                .isPresent();
        String code = divisions
                .find(terms.kind(), Venue.KRX, orderDay(parent))
                .map(OrderDivision::code)
                .orElse("");
        var row = new LinkedHashMap<String, String>();
        row.put("rsvn_ord_seq", Long.toString(parent.number()));
        row.put("rsvn_ord_ord_dt", DAY.format(orderDay(parent)));
        row.put("rsvn_ord_rcit_dt", DAY.format(receiptDay(parent)));
        row.put("pdno", terms.symbol().code());
        row.put("ord_dvsn_cd", code);
        row.put("ord_rsvn_qty", Long.toString(terms.qty()));
        row.put("tot_ccld_qty", Long.toString(order.map(Order::filled).orElse(0L)));
        row.put("cncl_ord_dt", cancelled ? DAY.format(updateDay(parent)) : "");
        row.put("ord_tmd", order.map(it -> TIME.format(it.createdAt())).orElse(""));
        row.put("ctac_tlno", "");
        row.put("rjct_rson2", failed ? parent.reason().orElse("") : "");
        row.put(
                "odno",
                order.flatMap(it -> it.brokerRefs().stream().findFirst())
                        .map(ref -> "%010d".formatted(BrokerNumbers.plain(ref.odno())))
                        .orElse(""));
        row.put("rsvn_ord_rcit_tmd", TIME.format(parent.createdAt()));
        row.put("kor_item_shtn_name", names.apply(terms.symbol()));
        row.put("sll_buy_dvsn_cd", side(parent));
        row.put("ord_rsvn_unpr", Long.toString(terms.price().orElse(0)));
        row.put("tot_ccld_amt", Long.toString(order.map(Order::value).orElse(0L)));
        row.put("loan_dt", "");
        row.put("cncl_rcit_tmd", cancelled ? TIME.format(parent.updatedAt()) : "");
        row.put("prcs_rslt", cancelled ? "취소" : failed ? "거부" : parent.child().isPresent() ? "처리" : "미처리");
        row.put("ord_dvsn_name", name(code));
        row.put("tmnl_mdia_kind_cd", "");
        row.put("rsvn_end_dt", "");
        return row;
    }

    private static LocalDate updateDay(Parent parent) {
        return LocalDate.ofInstant(parent.updatedAt(), TradingCalendar.SEOUL);
    }

    private static String name(String code) {
        return switch (code) {
            case "00" -> "지정가";
            case "01" -> "시장가";
            case "02" -> "조건부지정가";
            case "05" -> "장전시간외";
            default -> "";
        };
    }
}
