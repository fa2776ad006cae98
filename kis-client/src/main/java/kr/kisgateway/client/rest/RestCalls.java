package kr.kisgateway.client.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.CancelOrder;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.ModifyOrder;
import kr.kisgateway.client.PlaceOrder;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.KisCode;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RetryClass;
import kr.kisgateway.wire.parse.OrderVerdict;
import kr.kisgateway.wire.parse.RestReply;
import tools.jackson.databind.ObjectMapper;

/**
 * The REST calls in KIS's form: the bytes of each request, and the meaning of its answer for the caller, the budget and
 * the token. Sends nothing and waits for nothing.
 */
public final class RestCalls {
    /** One page of a query's answer; {@code hasMore} when another follows. */
    public record Page(RestReply reply, boolean hasMore) {}

    /** Side information of an answer. */
    public sealed interface Feedback {
        record None() implements Feedback {}

        /** KIS counted too many calls, or too many to the ledger. */
        record RateExceeded(boolean ledger) implements Feedback {}

        /** KIS no longer accepts the token of the call. */
        record TokenRejected(String code) implements Feedback {}
    }

    /** The outcome of an order, a modification or a cancel. */
    public record OrderResult(Placement placement, Feedback feedback) {}

    /** The outcome of a query. */
    public record ReadResult(KisReply<Page> reply, Feedback feedback) {}

    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    private static final String QUOTATIONS = "/uapi/domestic-stock/v1/quotations/";
    private static final String REVISE = TRADING + "order-rvsecncl";
    private static final String REVISE_TR = "TTTC0013U";

    /** The pages of the domestic account calls. */
    private static final RestCall.Paging CONTEXT_100 =
            new RestCall.Paging(List.of("CTX_AREA_FK100", "CTX_AREA_NK100"), true, Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json; charset=UTF-8";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final int TOO_MANY_REQUESTS = 429;

    private final Environment environment;
    private final Secret appKey;
    private final Secret appSecret;
    private final AccountNumber account;
    private final AuthCalls auth;
    private final CodeTable codes = CodeTable.load();

    public RestCalls(Environment environment, Credentials credentials) {
        this.environment = environment;
        this.appKey = credentials.appKey();
        this.appSecret = credentials.appSecret();
        this.account = credentials.account();
        this.auth = new AuthCalls(credentials);
    }

    /** Those of the same identity that issue its access tokens and approval keys. */
    public AuthCalls auth() {
        return auth;
    }

    /** An order of any kind in the catalog. */
    public RestRequest order(TokenCore.Token token, Query query, Map<String, String> parameters) {
        return order(token, query.path(), query.trId().orElse(""), parameters);
    }

    /** The current price (주식현재가). */
    public Query price() {
        return new Query(
                QUOTATIONS + "inquire-price",
                Optional.of("FHKST01010100"),
                false,
                List.of("output"),
                Optional.empty(),
                Optional.empty());
    }

    /** Cash and holdings (주식잔고조회). */
    public Query balance() {
        return new Query(
                TRADING + "inquire-balance",
                Optional.of(trId("TTTC8434R")),
                true,
                List.of("output1", "output2"),
                Optional.of("output1"),
                Optional.of(CONTEXT_100));
    }

    /**
     * All orders of {@code day} (주식일별주문체결조회); for days further back than three months by another id.
     *
     * @param today in Seoul
     */
    public Query dailyOrders(LocalDate day, LocalDate today) {
        return new Query(
                TRADING + "inquire-daily-ccld",
                Optional.of(trId(day.isBefore(today.minusMonths(3)) ? "CTSC9215R" : "TTTC0081R")),
                true,
                List.of("output1"),
                Optional.of("output1"),
                Optional.of(CONTEXT_100));
    }

    /** A new order, in cash or on credit. */
    public RestRequest place(TokenCore.Token token, PlaceOrder order) {
        Map<String, String> body = account();
        body.put("PDNO", order.symbol().code());
        order.credit().ifPresent(credit -> {
            body.put("CRDT_TYPE", CreditCodes.code(credit.type()));
            body.put("LOAN_DT", DAY.format(credit.loanDate()));
        });
        body.put("ORD_DVSN", order.ordDvsn());
        body.put("ORD_QTY", Long.toString(order.qty()));
        body.put("ORD_UNPR", Long.toString(order.price()));
        putStopPrice(body, order.stopPrice());
        body.put("EXCG_ID_DVSN_CD", order.venue().name());
        boolean buy = order.side() == Side.BUY;
        return order.credit().isPresent()
                ? order(token, TRADING + "order-credit", buy ? "TTTC0052U" : "TTTC0051U", body)
                : order(token, TRADING + "order-cash", trId(buy ? "TTTC0012U" : "TTTC0011U"), body);
    }

    private static void putStopPrice(Map<String, String> body, long stopPrice) {
        if (stopPrice > 0) {
            body.put("CNDT_PRIC", Long.toString(stopPrice));
        }
    }

    /** A new price for the rest of an order. */
    public RestRequest modify(TokenCore.Token token, ModifyOrder modify) {
        Map<String, String> body = revision(modify.orgNo(), modify.odno(), modify.ordDvsn());
        body.put("RVSE_CNCL_DVSN_CD", "01");
        // With QTY_ALL_ORD_YN Y the quantity is KIS's own: a fill in transit is not ordered a second time.
        body.put("ORD_QTY", "0");
        body.put("ORD_UNPR", Long.toString(modify.price()));
        putStopPrice(body, modify.stopPrice());
        body.put("QTY_ALL_ORD_YN", "Y");
        body.put("EXCG_ID_DVSN_CD", modify.venue().name());
        return order(token, REVISE, trId(REVISE_TR), body);
    }

    /** A full or partial cancel. */
    public RestRequest cancel(TokenCore.Token token, CancelOrder cancel) {
        Map<String, String> body = revision(cancel.orgNo(), cancel.odno(), cancel.ordDvsn());
        body.put("RVSE_CNCL_DVSN_CD", "02");
        body.put("ORD_QTY", cancel.all() ? "0" : Long.toString(cancel.qty()));
        body.put("ORD_UNPR", "0");
        body.put("QTY_ALL_ORD_YN", cancel.all() ? "Y" : "N");
        body.put("EXCG_ID_DVSN_CD", cancel.venue().name());
        return order(token, REVISE, trId(REVISE_TR), body);
    }

    /**
     * A query, or the next page of one.
     *
     * @param isContinuation whether this continues an answer; the parameters then carry its context
     */
    public RestRequest query(
            TokenCore.Token token, Query query, Map<String, String> parameters, boolean isContinuation) {
        return new RestRequest(
                "GET",
                query.path(),
                Secret.of(encodeForm(parameters)),
                headers(query.trId().orElse(""), isContinuation),
                secretHeaders(token),
                Optional.empty(),
                accountIn(parameters));
    }

    /** The parameters of {@link #price}: the current price of {@code symbol} on {@code venue}. */
    public Map<String, String> priceParameters(Symbol symbol, Venue venue) {
        String market = switch (venue) {
            case KRX -> "J";
            case NXT -> "NX";
            case SOR -> "UN";
            case NASD, NYSE, AMEX ->
                throw new IllegalArgumentException(venue + " has no prices of Korean instruments; use KRX, NXT or SOR");
        };
        return Map.of("FID_COND_MRKT_DIV_CODE", market, "FID_INPUT_ISCD", symbol.code());
    }

    /** The parameters of {@link #balance}, by loan date; paper has no loans. */
    public Map<String, String> balanceParameters() {
        Map<String, String> parameters = account();
        parameters.put("AFHR_FLPR_YN", "N");
        parameters.put("OFL_YN", "");
        parameters.put("INQR_DVSN", environment == Environment.LIVE_FACE ? "01" : "02");
        parameters.put("UNPR_DVSN", "01");
        parameters.put("FUND_STTL_ICLD_YN", "N");
        parameters.put("FNCG_AMT_AUTO_RDPT_YN", "N");
        parameters.put("PRCS_DVSN", "00");
        return parameters;
    }

    /** The parameters of {@link #dailyOrders}: {@code day} on all venues, oldest first. */
    public Map<String, String> dailyOrderParameters(LocalDate day) {
        Map<String, String> parameters = account();
        parameters.put("INQR_STRT_DT", DAY.format(day));
        parameters.put("INQR_END_DT", DAY.format(day));
        parameters.put("SLL_BUY_DVSN_CD", "00");
        parameters.put("PDNO", "");
        parameters.put("ORD_GNO_BRNO", "");
        parameters.put("ODNO", "");
        parameters.put("CCLD_DVSN", "00");
        // Oldest first: an order that arrives between two pages joins at the end and shifts nothing.
        parameters.put("INQR_DVSN", "01");
        parameters.put("INQR_DVSN_1", "");
        parameters.put("INQR_DVSN_3", "00");
        // Paper has no venue but KRX.
        parameters.put("EXCG_ID_DVSN_CD", environment == Environment.LIVE_FACE ? "ALL" : "KRX");
        return parameters;
    }

    /** The outcome of an order, a modification or a cancel that was sent once. */
    public OrderResult evaluateOrder(RestOutcome outcome) {
        return evaluateOrder(outcome, List.of("ODNO"));
    }

    /**
     * As {@link #evaluateOrder(RestOutcome)}, for orders of any kind.
     *
     * @param acceptanceColumns the columns of which one proves acceptance
     */
    public OrderResult evaluateOrder(RestOutcome outcome, List<String> acceptanceColumns) {
        return switch (outcome) {
            case RestOutcome.Answered(int status, String _, String text) ->
                evaluateOrder(status, OrderVerdict.evaluate(RestReply.parse(status, text), acceptanceColumns));
            case RestOutcome.NotSent(String cause, boolean _) ->
                new OrderResult(new Placement.NotSent("CONNECTION", "nothing was sent: " + cause), new Feedback.None());
            case RestOutcome.Lost(String cause, boolean timeout) ->
                new OrderResult(
                        new Placement.Unknown(timeout ? "TIMEOUT" : "CONNECTION", "sent, and no answer came: " + cause),
                        new Feedback.None());
        };
    }

    private static OrderResult evaluateOrder(int status, OrderVerdict verdict) {
        return switch (verdict) {
            case OrderVerdict.Accepted(String orgNo, long odno, String time) ->
                new OrderResult(new Placement.Accepted(orgNo, odno, time), new Feedback.None());
            case OrderVerdict.Refused(String code, String message) ->
                new OrderResult(new Placement.Refused(code, message), new Feedback.None());
            case OrderVerdict.NotTaken(String code, String message, boolean newTokenNeeded) ->
                new OrderResult(
                        new Placement.NotSent(code, message),
                        newTokenNeeded ? new Feedback.TokenRejected(code) : rateFeedback(status, code));
            case OrderVerdict.InDoubt(String code, String message) ->
                new OrderResult(new Placement.Unknown(code, message), rateFeedback(status, code));
        };
    }

    /** Interprets the answer to {@code query}. */
    public ReadResult read(Query query, RestOutcome outcome) {
        return switch (outcome) {
            case RestOutcome.Answered(int status, String continuation, String text) ->
                read(query, status, continuation, RestReply.parse(status, text));
            case RestOutcome.NotSent(String cause, boolean timeout) -> noAnswer(cause, timeout);
            case RestOutcome.Lost(String cause, boolean timeout) -> noAnswer(cause, timeout);
        };
    }

    private ReadResult read(Query query, int status, String continuation, RestReply reply) {
        if (reply.isSuccess(query.expected().toArray(String[]::new))) {
            return new ReadResult(
                    new KisReply.Ok<>(new Page(reply, hasMorePages(query, continuation, reply))), new Feedback.None());
        }
        String code = reply.msgCd();
        Feedback feedback = rateFeedback(status, code);
        if (feedback instanceof Feedback.RateExceeded) {
            return failed(
                    KisFailure.Kind.RATE_LIMITED,
                    reply,
                    true,
                    code.equals("EGW00215") ? Duration.ofSeconds(1) : Duration.ofMillis(100),
                    reply.msg1(),
                    feedback);
        }
        RetryClass retry = retry(code, status);
        if (retry == RetryClass.SAFE_AFTER_NEW_TOKEN) {
            return failed(
                    KisFailure.Kind.TOKEN, reply, true, Duration.ZERO, reply.msg1(), new Feedback.TokenRejected(code));
        }
        boolean refused = reply.isReadable() && !code.isEmpty() && !reply.rtCd().equals("0");
        return failed(
                refused ? KisFailure.Kind.REFUSED : KisFailure.Kind.UNREADABLE,
                reply,
                retry != RetryClass.NO,
                Duration.ZERO,
                refused || !reply.msg1().isEmpty() ? reply.msg1() : "unreadable answer, HTTP " + status,
                new Feedback.None());
    }

    private static boolean hasMorePages(Query query, String header, RestReply reply) {
        return query.paging()
                .map(paging -> paging.header()
                        ? header.equals("M") || header.equals("F")
                        : paging.keys().stream()
                                .anyMatch(key -> !reply.findAnywhere(key).isEmpty()))
                .orElse(false);
    }

    private RestRequest order(TokenCore.Token token, String path, String trId, Map<String, String> body) {
        return new RestRequest(
                "POST",
                path,
                Secret.of(""),
                headers(trId, false),
                secretHeaders(token),
                Optional.of(Secret.of(toJson(body))),
                accountIn(body));
    }

    /** The account that the parameters of a call name. */
    private static Optional<AccountNumber> accountIn(Map<String, String> parameters) {
        return Optional.ofNullable(parameters.get("CANO"))
                .flatMap(cano -> AccountNumber.parse(cano + parameters.getOrDefault("ACNT_PRDT_CD", "")));
    }

    private Map<String, String> account() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("CANO", account.cano());
        parameters.put("ACNT_PRDT_CD", account.productCode());
        return parameters;
    }

    private Map<String, String> revision(String orgNo, long odno, String ordDvsn) {
        Map<String, String> body = account();
        body.put("KRX_FWDG_ORD_ORGNO", orgNo);
        body.put("ORGN_ODNO", "%010d".formatted(odno));
        body.put("ORD_DVSN", ordDvsn);
        return body;
    }

    /** Paper uses the live ids of the account calls with a V in front. */
    private String trId(String live) {
        return environment == Environment.LIVE_FACE ? live : "V" + live.substring(1);
    }

    private static Map<String, String> headers(String trId, boolean isContinuation) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", JSON_TYPE);
        headers.put("tr_id", trId);
        headers.put("tr_cont", isContinuation ? "N" : "");
        headers.put("custtype", "P");
        return headers;
    }

    private Map<String, Secret> secretHeaders(TokenCore.Token token) {
        return Map.of(
                "authorization", Secret.of("Bearer " + token.value().reveal()),
                "appkey", appKey,
                "appsecret", appSecret);
    }

    /** A query changes nothing: a code that leaves an order in doubt may be retried here. */
    private RetryClass retry(String code, int status) {
        return codes.entry(code).map(it -> it.retry()).orElse(status == 200 ? RetryClass.NO : RetryClass.READ);
    }

    private static Feedback rateFeedback(int status, String code) {
        boolean ledger = code.equals("EGW00215");
        return ledger || code.equals("EGW00201") || status == TOO_MANY_REQUESTS
                ? new Feedback.RateExceeded(ledger)
                : new Feedback.None();
    }

    private static ReadResult noAnswer(String cause, boolean timeout) {
        return new ReadResult(
                new KisReply.Failed<>(KisFailure.of(
                        timeout ? KisFailure.Kind.TIMEOUT : KisFailure.Kind.CONNECTION,
                        cause,
                        "retry; if it persists, check the network and KIS's notices",
                        true)),
                new Feedback.None());
    }

    private ReadResult failed(
            KisFailure.Kind kind,
            RestReply reply,
            boolean retryable,
            Duration retryAfter,
            String message,
            Feedback feedback) {
        return new ReadResult(
                new KisReply.Failed<>(new KisFailure(
                        kind,
                        reply.rtCd(),
                        reply.msgCd(),
                        message,
                        codes.entry(reply.msgCd()).map(KisCode::action).orElse(""),
                        retryable,
                        retryAfter)),
                feedback);
    }

    /** Keys and values in the given order, without blanks: the bytes of an order are the same on every machine. */
    static String toJson(Map<String, String> body) {
        return JSON.writeValueAsString(body);
    }

    private static String encodeForm(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
