package kr.kisgateway.gateway.face;

import static kr.kisgateway.gateway.face.FaceOrders.firstInvalid;
import static kr.kisgateway.gateway.face.FaceOrders.number;
import static kr.kisgateway.gateway.face.FaceOrders.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;

/**
 * Reserved orders of US stocks (해외주식 예약주문) in KIS's protocol: scheduled orders of the gateway, which are placed when New York's
 * next regular session opens, those for the opening auction ten minutes before.
 */
final class FaceUsReservations {
    static final String LIST = "overseas_stock_order_resv_list";

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final LocalTime OPENING = LocalTime.of(9, 30);
    private static final Duration WAIT = Duration.ofMinutes(30);
    private static final Duration BEFORE_AUCTION = Duration.ofMinutes(10);
    private static final Duration AUCTION_WAIT = Duration.ofMinutes(8);
    private static final int CLOSED_DAYS_MAX = 30;
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HHmmss").withZone(TradingCalendar.SEOUL);

    private static final List<Form> CANCEL = List.of(
            new Form("RSVN_ORD_RCIT_DT", Pattern.compile("[0-9]{8}")),
            new Form("OVRS_RSVN_ODNO", Pattern.compile("[0-9]{1,10}")));
    private static final List<Form> QUERY = List.of(
            new Form("INQR_STRT_DT", Pattern.compile("[0-9]{8}")),
            new Form("INQR_END_DT", Pattern.compile("[0-9]{8}")),
            new Form("INQR_DVSN_CD", Pattern.compile("0[0-3]")));

    private final ParentIntake parents;
    private final Reservations reservations;
    private final OrderDesk desk;
    private final OrderIntake intake;
    private final InstantSource clock;
    private final FaceAccounts accounts;
    private final OrderRefusals refusals;
    private final Function<MarketSymbol, String> names;

    /**
     * @param accounts those behind the virtual account numbers
     * @param names the name of a symbol
     */
    FaceUsReservations(
            Face.Orders orders,
            InstantSource clock,
            FaceAccounts accounts,
            OrderRefusals refusals,
            Function<MarketSymbol, String> names) {
        this.parents = orders.parents();
        this.reservations = new Reservations(parents, UsSymbol.class);
        this.desk = orders.desk();
        this.intake = orders.intake();
        this.clock = clock;
        this.accounts = accounts;
        this.refusals = refusals;
        this.names = names;
    }

    /** @param fields with the names that other US orders have */
    Answer.Text place(UsOrderFields fields, Caller caller) {
        Optional<Answer.Text> refusal = refusals.refusal(fields);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        OrderType type = fields.kind().orElseThrow().type();
        if (type != OrderType.LIMIT && type != OrderType.MOO) {
            return OrderRefusals.unsupported("예약주문은 지정가와 장개시시장가만 가능합니다.");
        }
        UsSymbol symbol = fields.symbol().orElseThrow();
        var terms = new Terms(
                accounts.of(caller),
                symbol,
                fields.side(),
                fields.qty().getAsLong(),
                fields.kind().get(),
                type.isPriced() ? fields.price() : OptionalLong.empty(),
                Venue.usual(symbol),
                caller.strategy(),
                clock.instant());
        Instant at = nextOpening(terms);
        Instant until = at.plus(type == OrderType.LIMIT ? WAIT : AUCTION_WAIT);
        return switch (parents.schedule(caller, terms, at, until, "face-" + intake.newId())) {
            case ParentIntake.Result.Refused refused -> refusals.refused(refused.refusal());
            case ParentIntake.Result.Done done ->
                refusals.accepted(
                        Map.of("ODNO", odno(done.parent()), "RSVN_ORD_RCIT_DT", DAY.format(receiptDay(done.parent()))));
        };
    }

    private Instant nextOpening(Terms terms) {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, NEW_YORK);
        Duration before = terms.kind().type() == OrderType.LIMIT ? Duration.ZERO : BEFORE_AUCTION;
        return Stream.iterate(today, day -> day.plusDays(1))
                .limit(CLOSED_DAYS_MAX)
                .map(day -> day.atTime(OPENING).atZone(NEW_YORK).toInstant().minus(before))
                .filter(at -> at.isAfter(now) && desk.window(terms, at).isOpen())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no trading day in the " + CLOSED_DAYS_MAX + " days after " + today));
    }

    Answer.Text cancel(Map<String, String> fields, Caller caller) {
        Optional<String> invalid = firstInvalid(fields, CANCEL);
        if (invalid.isPresent()) {
            return FaceAnswers.invalidField(invalid.get());
        }
        Optional<Parent> found = reservations
                .find(caller, number(fields, "OVRS_RSVN_ODNO").getAsLong())
                .filter(parent -> DAY.format(receiptDay(parent)).equals(text(fields, "RSVN_ORD_RCIT_DT")));
        if (found.isEmpty()) {
            return refusals.refused(OrderCode.NO_ORIGINAL, ErrorCode.ORDER_NOT_FOUND, "원주문정보가 존재하지 않습니다.");
        }
        if (!found.get().isWaiting()) {
            return refusals.refused(OrderCode.NOTHING_LEFT, ErrorCode.ORDER_ALREADY_TERMINAL, "취소 가능수량이 없습니다.");
        }
        return switch (parents.cancel(caller, found.get())) {
            case ParentIntake.Result.Refused refused -> refusals.refused(refused.refusal());
            case ParentIntake.Result.Done done -> refusals.accepted(Map.of("OVRS_RSVN_ODNO", odno(done.parent())));
        };
    }

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
        Optional<LocalDate> from = FaceReservations.date(text(fields, "INQR_STRT_DT"));
        Optional<LocalDate> to = FaceReservations.date(text(fields, "INQR_END_DT"));
        if (from.isEmpty() || to.isEmpty()) {
            return FaceAnswers.invalidField(from.isEmpty() ? "INQR_STRT_DT" : "INQR_END_DT");
        }
        String exchange = text(fields, "OVRS_EXCG_CD");
        String state = text(fields, "INQR_DVSN_CD");
        Reservations.Page page = reservations.page(
                caller,
                from.get().atStartOfDay(TradingCalendar.SEOUL).toInstant(),
                before,
                parent -> !receiptDay(parent).isAfter(to.get())
                        && (exchange.isEmpty()
                                || exchange.equals(symbol(parent).exchange().name()))
                        && (state.equals("00") || state.equals(state(parent))));
        return FaceAnswers.page(
                headers,
                page.parents().stream().map(this::row).toList(),
                page.next().map(ParentId::text));
    }

    private static UsSymbol symbol(Parent parent) {
        return (UsSymbol) parent.plan().terms().symbol();
    }

    private static String odno(Parent parent) {
        return "%010d".formatted(parent.number());
    }

    private static LocalDate receiptDay(Parent parent) {
        return LocalDate.ofInstant(parent.createdAt(), TradingCalendar.SEOUL);
    }

    private static boolean hasFailed(Parent parent) {
        return parent.outcome()
                .filter(it -> it == Parent.Outcome.REFUSED || it == Parent.Outcome.MISSED)
                .isPresent();
    }

    private static String state(Parent parent) {
        return hasFailed(parent) ? "03" : parent.child().isPresent() ? "02" : "01";
    }

    private Map<String, String> row(Parent parent) {
        Terms terms = parent.plan().terms();
        UsSymbol symbol = symbol(parent);
        Optional<Order> order = parent.child().flatMap(desk::find);
        boolean cancelled =
                parent.outcome().filter(it -> it == Parent.Outcome.CANCELED).isPresent();
        boolean failed = hasFailed(parent);
        boolean placed = parent.child().isPresent();
        var row = new LinkedHashMap<String, String>();
        row.put("cncl_yn", cancelled ? "Y" : "N");
        row.put("rsvn_ord_rcit_dt", DAY.format(receiptDay(parent)));
        row.put("ovrs_rsvn_odno", odno(parent));
        row.put("ord_dt", order.map(it -> DAY.format(it.tradingDay())).orElse(""));
        row.put("ord_gno_brno", "");
        row.put(
                "odno",
                order.flatMap(it -> it.brokerRefs().stream().findFirst())
                        .map(ref -> "%010d".formatted(BrokerNumbers.plain(ref.odno())))
                        .orElse(""));
        row.put("sll_buy_dvsn_cd", terms.side() == Side.SELL ? "01" : "02");
        row.put("sll_buy_dvsn_cd_name", terms.side() == Side.SELL ? "매도" : "매수");
        row.put("ovrs_rsvn_ord_stat_cd", state(parent));
        row.put("ovrs_rsvn_ord_stat_cd_name", failed ? "거부" : cancelled ? "취소" : placed ? "처리" : "예약");
        row.put("pdno", symbol.ticker());
        row.put("prdt_type_cd", productType(symbol));
        row.put("prdt_name", names.apply(symbol));
        row.put("ord_rcit_tmd", TIME.format(parent.createdAt()));
        row.put("ord_fwdg_tmd", order.map(it -> TIME.format(it.createdAt())).orElse(""));
        row.put("tr_dvsn_name", "");
        row.put("ovrs_excg_cd", symbol.exchange().name());
        row.put("tr_mket_name", "");
        row.put("ord_stfno", "");
        row.put("ft_ord_qty", Long.toString(terms.qty()));
        row.put(
                "ft_ord_unpr3",
                BigDecimal.valueOf(terms.price().orElse(0), Currency.USD.decimals())
                        .setScale(8)
                        .toPlainString());
        row.put("ft_ccld_qty", Long.toString(order.map(Order::filled).orElse(0L)));
        row.put("nprc_rson_text", failed ? parent.reason().orElse("") : "");
        row.put("splt_buy_attr_name", "");
        return row;
    }

    private static String productType(UsSymbol symbol) {
        return switch (symbol.exchange()) {
            case NASD -> "512";
            case NYSE -> "513";
            case AMEX -> "529";
        };
    }
}
