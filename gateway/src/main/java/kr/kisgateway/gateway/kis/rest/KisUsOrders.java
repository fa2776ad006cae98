package kr.kisgateway.gateway.kis.rest;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.OverseasOrder;
import kr.kisgateway.client.OverseasOrderType;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.DailyOrders;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.BrokerNumbers;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.OverseasNotice;
import kr.kisgateway.wire.parse.OverseasOrderRow;

/**
 * Orders for US stocks in KIS's terms. KIS numbers orders by Seoul's date, which changes in the middle of New York's session, so
 * numbers are {@linkplain BrokerNumbers#dated dated}. Its list has no cancelled quantity: what is neither filled nor open nor
 * refused was cancelled, or re-priced under another number.
 */
public final class KisUsOrders {
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]");

    /** {@code prcs_stat_name} of an order that the end of its day ended [assumed]. */
    private static final String EXPIRED = "만료";

    private static final String REFUSED = "거부";
    private static final Duration HALF_A_DAY = Duration.ofHours(12);

    private final MarketCalendar hours;

    /** @param hours of the US, by which an order belongs to a trading day */
    public KisUsOrders(MarketCalendar hours) {
        this.hours = hours;
    }

    /** Whether it is one of the day market. */
    public static boolean isDayMarket(Terms terms) {
        return terms.kind().session() == OrderSession.DAY_MARKET;
    }

    /** A new order. */
    public static OverseasOrder place(Terms terms, UsSymbol symbol) {
        return new OverseasOrder(
                KisTr.toOverseasSymbol(symbol),
                terms.side(),
                type(terms.kind().type()),
                terms.qty(),
                price(terms.price()),
                isDayMarket(terms));
    }

    private static OverseasOrderType type(OrderType type) {
        return switch (type) {
            case LOO -> OverseasOrderType.LIMIT_ON_OPEN;
            case LOC -> OverseasOrderType.LIMIT_ON_CLOSE;
            case MOO -> OverseasOrderType.MARKET_ON_OPEN;
            case MOC -> OverseasOrderType.MARKET_ON_CLOSE;
            case LIMIT -> OverseasOrderType.LIMIT;
            case MARKET, CONDITIONAL, BEST, TOP, MID, STOP_LIMIT, CLOSE_PRICE ->
                throw new IllegalArgumentException("there is no " + type + " order of a US stock");
        };
    }

    /** The price in dollars; 0 without one. */
    public static BigDecimal price(OptionalLong units) {
        return Dollars.ofUnits(units.orElse(0));
    }

    /** The outcome of a send at {@code now}, with the number's date, which KIS does not answer. */
    public Outcome dated(Outcome outcome, Instant now) {
        return outcome instanceof Outcome.Taken(String orgNo, long odno, String time)
                ? new Outcome.Taken(
                        orgNo, BrokerNumbers.dated(numberDate(seoulDate(now, time), hours.tradingDay(now)), odno), time)
                : outcome;
    }

    /**
     * The date of a number. A trading day of New York has its own date and the next one in Seoul; where a simulated day has
     * another, it is the day's.
     */
    private static LocalDate numberDate(LocalDate seoul, LocalDate tradingDay) {
        return seoul.equals(tradingDay.plusDays(1)) ? seoul : tradingDay;
    }

    /** The date in Seoul of {@code time}, which is not far from {@code now}. */
    private static LocalDate seoulDate(Instant now, String time) {
        ZonedDateTime here = now.atZone(TradingCalendar.SEOUL);
        if (!TIME.matcher(time).matches()) {
            return here.toLocalDate();
        }
        LocalDateTime there = here.toLocalDate().atTime(time(time));
        Duration ahead = Duration.between(here.toLocalDateTime(), there);
        if (ahead.compareTo(HALF_A_DAY) > 0) {
            return here.toLocalDate().minusDays(1);
        }
        return ahead.compareTo(HALF_A_DAY.negated()) < 0 ? here.toLocalDate().plusDays(1) : here.toLocalDate();
    }

    private static LocalTime time(String hhmmss) {
        return LocalTime.of(
                Integer.parseInt(hhmmss.substring(0, 2)),
                Integer.parseInt(hhmmss.substring(2, 4)),
                Integer.parseInt(hhmmss.substring(4)));
    }

    // ---- the list ----

    /** The orders of New York's {@code day} among the rows that KIS answered to a request at {@code requestedAt}. */
    public DailyOrders listing(LocalDate day, Instant requestedAt, KisReply<List<OverseasOrderRow>> reply) {
        return switch (reply) {
            case KisReply.Ok<List<OverseasOrderRow>> ok ->
                new DailyOrders.Complete(
                        requestedAt,
                        ok.value().stream()
                                .filter(row -> isOf(row, day))
                                .flatMap(row -> listed(row, day, ok.value()).stream())
                                .toList());
            case KisReply.Failed<List<OverseasOrderRow>> failed ->
                new DailyOrders.Failed(failed.failure().kind() + " "
                        + failed.failure().msgCd() + " " + failed.failure().msg1());
        };
    }

    /** Whether it belongs to that day; a row without a time of Korea may, by New York's date. */
    private boolean isOf(OverseasOrderRow row, LocalDate day) {
        return placedAt(row)
                .map(at -> hours.tradingDay(at).equals(day))
                .orElseGet(() -> row.date().equals(day));
    }

    private static Optional<Instant> placedAt(OverseasOrderRow row) {
        return row.seoulDate()
                .filter(_ -> TIME.matcher(row.seoulTime()).matches())
                .map(date -> date.atTime(time(row.seoulTime()))
                        .atZone(TradingCalendar.SEOUL)
                        .toInstant());
    }

    private Optional<BrokerOrder> listed(OverseasOrderRow row, LocalDate day, List<OverseasOrderRow> all) {
        Optional<UsSymbol> symbol = row.symbol().flatMap(KisTr::toUsSymbol);
        boolean refused = row.status().contains(REFUSED);
        long rejected = refused ? row.qty() : 0;
        long gone = row.qty() - row.filledQty() - row.openQty() - rejected;
        return symbol.map(stock -> new BrokerOrder(
                kind(row),
                BrokerNumbers.dated(date(row, day), row.odno()),
                original(row, day, all),
                row.orgNo(),
                stock,
                row.side(),
                row.qty(),
                Dollars.roundedUnits(row.price()),
                placedAt(row)
                        .filter(at -> hours.session(at).series() == PriceSeries.DAY_MARKET)
                        .map(_ -> OrderKind.DAY_MARKET),
                Optional.of(Venue.usual(stock)),
                TIME.matcher(row.seoulTime()).matches() ? Integer.parseInt(row.seoulTime()) : 235_959,
                row.filledQty(),
                Dollars.roundedUnits(row.filledAmount()),
                row.status().contains(EXPIRED) ? 0 : Math.max(0, gone),
                row.openQty(),
                rejected));
    }

    private static BrokerOrder.Kind kind(OverseasOrderRow row) {
        if (row.isCancelRow()) {
            return BrokerOrder.Kind.CANCEL;
        }
        return row.originalOdno() == 0 ? BrokerOrder.Kind.ORDER : BrokerOrder.Kind.MODIFY;
    }

    private static LocalDate date(OverseasOrderRow row, LocalDate day) {
        return numberDate(row.seoulDate().orElse(day), day);
    }

    /** The number that a row changes: of the row's date, unless only an earlier one has it. */
    private static long original(OverseasOrderRow row, LocalDate day, List<OverseasOrderRow> all) {
        if (row.originalOdno() == 0) {
            return 0;
        }
        LocalDate date = date(row, day);
        boolean isOfBefore = date.isAfter(day)
                && all.stream()
                        .filter(it ->
                                it.odno() == row.originalOdno() && it.code().equals(row.code()))
                        .allMatch(it -> date(it, day).equals(day));
        return BrokerNumbers.dated(isOfBefore ? day : date, row.originalOdno());
    }

    // ---- notices ----

    /** The notice that arrived at {@code now}; empty when it is about another country, or has no price where it needs one. */
    public Optional<Notice> notice(String account, OverseasNotice notice, Instant now) {
        Optional<UsSymbol> symbol = notice.exchange()
                .flatMap(KisUsOrders::exchange)
                .flatMap(exchange -> UsSymbol.of(exchange, notice.symbol()));
        if (symbol.isEmpty()
                || notice.kind() == ExecutionNotice.Kind.FILL && notice.price().isEmpty()) {
            return Optional.empty();
        }
        String time = notice.timeOfDay()
                .filter(it -> TIME.matcher(it).matches())
                .orElseGet(() -> "%06d".formatted(hhmmss(now)));
        LocalDate date = numberDate(seoulDate(now, time), hours.tradingDay(now));
        return Optional.of(new Notice(
                account,
                KisOrders.kind(notice.kind(), notice.request()),
                BrokerNumbers.dated(date, notice.odno()),
                notice.originalOdno() == 0 ? 0 : BrokerNumbers.dated(date, notice.originalOdno()),
                symbol.get(),
                notice.side(),
                notice.qty(),
                notice.price().map(Dollars::roundedUnits).orElse(0L),
                Integer.parseInt(time),
                notice.orgNo(),
                Optional.empty(),
                Optional.of(Venue.usual(symbol.get()))));
    }

    private static int hhmmss(Instant now) {
        LocalTime time = now.atZone(TradingCalendar.SEOUL).toLocalTime();
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }

    private static Optional<UsExchange> exchange(OverseasNotice.Exchange exchange) {
        return switch (exchange) {
            case NASDAQ -> Optional.of(UsExchange.NASD);
            case NYSE -> Optional.of(UsExchange.NYSE);
            case AMEX -> Optional.of(UsExchange.AMEX);
            default -> Optional.empty();
        };
    }
}
