package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Fundamentals;

/** Answers the calls about domestic stocks that the market and the ledger answer themselves: reads and checks their fields. */
final class TradingCalls {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");
    private static final Pattern QUANTITY = Pattern.compile("[0-9]{1,9}");

    private final Face face;
    private final long seed;
    private final Faults faults;
    private final DomesticBroker domestic;
    private final KoreanLedger ledger;
    private final Balances balances;
    private final DailyOrders dailyOrders;
    private final MarketQuotes quotes;
    private final YearExtremes extremes = new YearExtremes();

    TradingCalls(
            BrokerRules rules,
            Faults faults,
            DomesticBroker domestic,
            Balances balances,
            DailyOrders dailyOrders,
            MarketQuotes quotes) {
        this.face = rules.face();
        this.seed = rules.seed();
        this.faults = faults;
        this.domestic = domestic;
        this.ledger = domestic.ledger();
        this.balances = balances;
        this.dailyOrders = dailyOrders;
        this.quotes = quotes;
    }

    // ---- quotations ----------------------------------------------------------------------------------------------

    HttpAnswer price(Map<String, String> in, Instant now) {
        String market = in.getOrDefault("FID_COND_MRKT_DIV_CODE", "");
        if (market.isEmpty()) {
            return AnswerBodies.ledgerError("2", "OPSQ2001", "ERROR : INPUT INVALID_CHECK_MRKT_DIV_CODE");
        }
        String code = in.getOrDefault("FID_INPUT_ISCD", "");
        if (code.isEmpty()) {
            return AnswerBodies.missingField("FID_INPUT_ISCD");
        }
        VenueScope scope = VenueScope.of(market);
        return HttpAnswer.of(
                200,
                Symbol.parse(code)
                        .flatMap(symbol -> domestic.currentSnapshot(symbol, scope, now))
                        .map(snapshot -> AnswerBodies.price(
                                snapshot,
                                ledger.day(),
                                extremes.of(
                                        snapshot.stock().symbol(),
                                        scope,
                                        ledger.day(),
                                        () -> quotes.forDivision(market).lastYear(snapshot)),
                                Fundamentals.of(seed, snapshot.stock().instrument())))
                        .orElseGet(() -> AnswerBodies.unknownPrice(code)));
    }

    // ---- trading -------------------------------------------------------------------------------------------------

    /** The error of the first mandatory field that is absent or misspelt; empty when there is none. */
    static Optional<HttpAnswer> validate(String path, Map<String, String> in) {
        return firstMissing(path, in).map(AnswerBodies::missingField);
    }

    private static Optional<String> firstMissing(String path, Map<String, String> in) {
        return switch (path) {
            case CallRouter.ORDER -> firstInvalidOfOrder(in, List.of("PDNO", "ORD_DVSN"));
            case CallRouter.CREDIT_ORDER ->
                firstInvalidOfOrder(in, List.of("PDNO", "CRDT_TYPE", "LOAN_DT", "ORD_DVSN"));
            case CallRouter.REVISION ->
                firstInvalid(in, Map.of("ORD_QTY", QUANTITY, "ORD_UNPR", NUMBER), List.of("ORD_DVSN"))
                        .or(() -> in.getOrDefault("RVSE_CNCL_DVSN_CD", "").matches("0[12]")
                                ? Optional.empty()
                                : Optional.of("RVSE_CNCL_DVSN_CD"))
                        .or(() -> in.getOrDefault("QTY_ALL_ORD_YN", "").matches("[YN]")
                                ? Optional.empty()
                                : Optional.of("QTY_ALL_ORD_YN"));
            case CallRouter.DAILY_ORDERS -> firstInvalid(in, Map.of(), List.of("INQR_STRT_DT", "INQR_END_DT"));
            case CallRouter.BUYING_POWER -> firstInvalid(in, Map.of(), List.of("ORD_DVSN"));
            default -> Optional.empty();
        };
    }

    private static Optional<String> firstInvalidOfOrder(Map<String, String> in, List<String> texts) {
        return firstInvalid(in, Map.of("ORD_QTY", QUANTITY, "ORD_UNPR", NUMBER), texts)
                .or(() -> Long.parseLong(in.getOrDefault("ORD_QTY", "0")) == 0
                        ? Optional.of("ORD_QTY")
                        : Optional.empty());
    }

    private static Optional<String> firstInvalid(
            Map<String, String> in, Map<String, Pattern> numbers, List<String> texts) {
        for (String text : texts) {
            if (in.getOrDefault(text, "").isEmpty()) {
                return Optional.of(text);
            }
        }
        return numbers.entrySet().stream()
                .filter(e ->
                        !e.getValue().matcher(in.getOrDefault(e.getKey(), "")).matches())
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst();
    }

    /** The answer to a request that passed {@link #validate}. */
    HttpAnswer answer(Input.Rest call, Map<String, String> in, Account<UserOrder> account, Instant now) {
        boolean order = CallRouter.isOrder(call.path()) || call.path().equals(CallRouter.REVISION);
        if (order && face == Face.PAPER && faults.isOn("blocked_accounts")) {
            return AnswerBodies.ledgerError("1", "40910000", "모의투자 주문이 불가한 계좌입니다.");
        }
        String next = in.getOrDefault("CTX_AREA_NK100", "").strip();
        return switch (call.path()) {
            case CallRouter.ORDER -> place(call, in, Optional.empty(), account, now);
            case CallRouter.CREDIT_ORDER ->
                place(
                        call,
                        in,
                        Optional.of(new KoreanLedger.RequestedLoan(
                                in.getOrDefault("CRDT_TYPE", ""), in.getOrDefault("LOAN_DT", ""))),
                        account,
                        now);
            case CallRouter.REVISION -> revise(in, account, now);
            case CallRouter.DAILY_ORDERS -> dailyOrders(call.isFirstPage(), next, in, account, now);
            case CallRouter.BALANCE ->
                balances.balance(account, in.getOrDefault("INQR_DVSN", "").equals("02"), call.isFirstPage(), next);
            default ->
                ledger.buyingPower(
                                account,
                                in.getOrDefault("PDNO", ""),
                                in.getOrDefault("ORD_DVSN", ""),
                                number(in, "ORD_UNPR"))
                        .map(power -> HttpAnswer.of(200, AnswerBodies.buyingPower(power)))
                        .orElseGet(() -> AnswerBodies.refused(Refusal.UNKNOWN_SYMBOL, face));
        };
    }

    private HttpAnswer place(
            Input.Rest call,
            Map<String, String> in,
            Optional<KoreanLedger.RequestedLoan> loan,
            Account<UserOrder> account,
            Instant now) {
        return ledger.place(
                new KoreanLedger.Request(
                        account,
                        in.getOrDefault("PDNO", ""),
                        CallRouter.isSale(call) ? Side.SELL : Side.BUY,
                        in.getOrDefault("ORD_DVSN", ""),
                        venue(in),
                        Long.parseLong(in.getOrDefault("ORD_QTY", "0")),
                        Long.parseLong(in.getOrDefault("ORD_UNPR", "0")),
                        number(in, "CNDT_PRIC"),
                        loan),
                now);
    }

    private HttpAnswer revise(Map<String, String> in, Account<UserOrder> account, Instant now) {
        String original = in.getOrDefault("ORGN_ODNO", "").strip();
        if (!NUMBER.matcher(original).matches()) {
            return AnswerBodies.error(500, "IGW00022", "원주문번호 오류입니다.");
        }
        return ledger.revise(
                new KoreanLedger.Revision(
                        account,
                        in.getOrDefault("KRX_FWDG_ORD_ORGNO", "").strip(),
                        Long.parseLong(original),
                        in.getOrDefault("RVSE_CNCL_DVSN_CD", "").equals("02"),
                        in.getOrDefault("QTY_ALL_ORD_YN", "").equals("Y"),
                        in.getOrDefault("ORD_DVSN", ""),
                        venue(in),
                        Long.parseLong(in.getOrDefault("ORD_QTY", "0")),
                        Long.parseLong(in.getOrDefault("ORD_UNPR", "0")),
                        number(in, "CNDT_PRIC")),
                now);
    }

    private HttpAnswer dailyOrders(
            boolean firstPage, String next, Map<String, String> in, Account<UserOrder> account, Instant now) {
        Optional<LocalDate> from = DailyOrders.Query.day(in.getOrDefault("INQR_STRT_DT", ""));
        Optional<LocalDate> to = DailyOrders.Query.day(in.getOrDefault("INQR_END_DT", ""));
        if (from.isEmpty() || to.isEmpty()) {
            return AnswerBodies.missingField(from.isEmpty() ? "INQR_STRT_DT" : "INQR_END_DT");
        }
        DailyOrders.Query query = new DailyOrders.Query(
                from.get(),
                to.get(),
                in.getOrDefault("SLL_BUY_DVSN_CD", "00"),
                in.getOrDefault("PDNO", ""),
                number(in, "ODNO"),
                in.getOrDefault("CCLD_DVSN", "00"),
                in.getOrDefault("INQR_DVSN", "00").equals("01"),
                in.getOrDefault("EXCG_ID_DVSN_CD", ""));
        return dailyOrders.answer(account, query, firstPage, next, now);
    }

    /** The exchange of an order (EXCG_ID_DVSN_CD): KRX where none is named. */
    static String venue(Map<String, String> in) {
        String venue = in.getOrDefault("EXCG_ID_DVSN_CD", "");
        return venue.isEmpty() ? "KRX" : venue;
    }

    /** A field as a whole number; 0 where it is absent or misspelt. */
    private static long number(Map<String, String> in, String field) {
        String text = in.getOrDefault(field, "");
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }
}
