package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.Read;
import kr.kisgateway.wire.parse.RestReply;
import kr.kisgateway.wire.parse.Row;

/**
 * One app key at work: its token, its call budget, its REST calls and its realtime session. Every call blocks; call from
 * virtual threads. KIS allows one session per app key, so open one client per app key and share it.
 */
public final class KisClient implements AutoCloseable {
    /** Calls travel at different speeds: what leaves a second apart may arrive closer together. */
    private static final Duration WINDOW_MARGIN = Duration.ofMillis(5);

    private static final int PAGES_MAX = 1_000;
    private static final String DATA_CHANGED = "자료가 변경";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    private static final String QUOTATIONS = "/uapi/domestic-stock/v1/quotations/";

    private static final String REVISE = TRADING + "order-rvsecncl";
    private static final String REVISE_TR = "TTTC0013U";

    private static final KisRest.Query PRICE =
            new KisRest.Query(QUOTATIONS + "inquire-price", "FHKST01010100", false, List.of("output"));
    private static final KisRest.Query BALANCE =
            new KisRest.Query(TRADING + "inquire-balance", "TTTC8434R", true, List.of("output1", "output2"));
    private static final KisRest.Query DAILY_ORDERS =
            new KisRest.Query(TRADING + "inquire-daily-ccld", "TTTC0081R", true, List.of("output1"));

    private final KisConfig config;
    private final Timer timer;
    private final KisHttp queries;
    private final KisHttp orders;
    private final CallBudget budget;
    private final KisRest rest;
    private final TokenKeeper tokens;
    private final RealtimeSession session;
    private final AtomicBoolean started = new AtomicBoolean();

    private KisClient(KisConfig config, InstantSource clock, KisListener listener) {
        var random = new SplittableRandom(config.seed());
        this.config = config;
        this.timer = new Timer(clock);
        this.queries = new KisHttp(config.restBase(), config.timeouts(), clock, timer);
        this.orders = new KisHttp(config.restBase(), config.timeouts(), clock, timer);
        this.budget = new CallBudget(new BudgetCore(config.limits(), WINDOW_MARGIN), clock, timer, this::tell);
        this.rest = new KisRest(config, queries, orders, budget, clock, random.split());
        this.tokens = new TokenKeeper(
                new TokenCore(random.split()),
                new TokenFile(config, clock, timer),
                rest::issueToken,
                clock,
                timer,
                this::tell);
        this.session = new RealtimeSession(
                new SessionCore(config.limits().registrations(), config.timeouts(), random.split()),
                config,
                rest::issueApprovalKey,
                clock,
                timer,
                listener);
    }

    /**
     * Opens a client that touches neither network nor disk before {@link #start}.
     *
     * @param clock the wall clock; deadlines are told in its time
     * @param listener hears what the realtime session tells
     */
    public static KisClient open(KisConfig config, InstantSource clock, KisListener listener) {
        return new KisClient(config, clock, listener);
    }

    /** Fetches the token and opens the realtime session, both in the background and again whenever needed. */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("this client was started before");
        }
        // Notices before anything else: they must never be the 42nd registration.
        config.htsId().ifPresent(id -> session.register(new RealtimeKey("H0STCNI0", id)));
        session.start();
        tokens.start();
    }

    /** The queue in which every call waits for its slot. */
    public CallBudget budget() {
        return budget;
    }

    /** When the present access token expires; empty while there is none. */
    public Optional<Instant> tokenExpiresAt() {
        return tokens.current().map(TokenCore.Token::expiresAt);
    }

    /** The present price of {@code symbol} on KRX (주식현재가, FHKST01010100), asked in lane QUOTE. */
    public KisReply<PriceAnswer> inquirePrice(Symbol symbol, Instant deadline) {
        var parameters = Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", symbol.code());
        return switch (rest.ask(PRICE, parameters, false, Lane.QUOTE, deadline, tokens)) {
            case KisReply.Ok<KisRest.Page>(KisRest.Page page) -> value(PriceAnswer.parse(page.reply()));
            case KisReply.Failed<KisRest.Page>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * Cash and holdings of the account (주식잔고조회, TTTC8434R), all pages. It lags fills by seconds.
     *
     * @param lane RESOLVE or ACCOUNT
     */
    public KisReply<BalanceAnswer> inquireBalance(Lane lane, Instant deadline) {
        Map<String, String> parameters = account();
        parameters.put("AFHR_FLPR_YN", "N");
        parameters.put("OFL_YN", "");
        parameters.put("INQR_DVSN", "02");
        parameters.put("UNPR_DVSN", "01");
        parameters.put("FUND_STTL_ICLD_YN", "N");
        parameters.put("FNCG_AMT_AUTO_RDPT_YN", "N");
        parameters.put("PRCS_DVSN", "00");
        return switch (pages(BALANCE, parameters, lane, deadline, BalanceAnswer::parse)) {
            case KisReply.Ok<List<BalanceAnswer>>(List<BalanceAnswer> pages) -> {
                var holdings = new ArrayList<BalanceAnswer.Holding>();
                pages.forEach(page -> holdings.addAll(page.holdings()));
                // Every page repeats the sums; the last is the newest.
                yield new KisReply.Ok<>(
                        new BalanceAnswer(holdings, pages.getLast().cash()));
            }
            case KisReply.Failed<List<BalanceAnswer>>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * All orders of {@code day} on all venues (주식일별주문체결조회, TTTC0081R), oldest first. Ok only when every page was read:
     * an order that is missing from an Ok may still exist, because KIS lists a new order only after seconds.
     *
     * @param lane RESOLVE or ACCOUNT
     */
    public KisReply<List<DailyOrderRow>> inquireDailyOrders(LocalDate day, Lane lane, Instant deadline) {
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
        parameters.put("EXCG_ID_DVSN_CD", "ALL");
        return switch (pages(DAILY_ORDERS, parameters, lane, deadline, DailyOrderRow::parseAll)) {
            case KisReply.Ok<List<List<DailyOrderRow>>>(List<List<DailyOrderRow>> pages) ->
                new KisReply.Ok<>(pages.stream().flatMap(List::stream).toList());
            case KisReply.Failed<List<List<DailyOrderRow>>>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * Sends {@code order} (주식주문 현금) at most once, and not after the permit's deadline. Never waits for a token: without
     * one the answer is NotSent. NotSent gives the permit's slot back where KIS has not counted it.
     */
    public Placement place(Permit permit, PlaceOrder order) {
        String trId = order.side() == Side.BUY ? "TTTC0012U" : "TTTC0011U";
        Map<String, String> body = account();
        body.put("PDNO", order.symbol().code());
        body.put("ORD_DVSN", order.type() == OrderType.LIMIT ? "00" : "01");
        body.put("ORD_QTY", Long.toString(order.qty()));
        body.put("ORD_UNPR", Long.toString(order.price()));
        body.put("EXCG_ID_DVSN_CD", order.venue().name());
        return rest.order(permit, TRADING + "order-cash", trId, body, tokens);
    }

    /**
     * Sends a change of price for all that is left (주식주문 정정) at most once, and not after the permit's deadline. Accepted
     * carries the new order number.
     */
    public Placement modify(Permit permit, ModifyOrder modify) {
        Map<String, String> body = revision(modify.orgNo(), modify.odno(), modify.ordDvsn());
        body.put("RVSE_CNCL_DVSN_CD", "01");
        // With QTY_ALL_ORD_YN Y the quantity is KIS's own: what was filled on the way is not ordered a second time.
        body.put("ORD_QTY", "0");
        body.put("ORD_UNPR", Long.toString(modify.price()));
        body.put("QTY_ALL_ORD_YN", "Y");
        body.put("EXCG_ID_DVSN_CD", modify.venue().name());
        return rest.order(permit, REVISE, REVISE_TR, body, tokens);
    }

    /** Sends a cancel, whole or partial (주식주문 취소), at most once, and not after the permit's deadline. */
    public Placement cancel(Permit permit, CancelOrder cancel) {
        Map<String, String> body = revision(cancel.orgNo(), cancel.odno(), cancel.ordDvsn());
        body.put("RVSE_CNCL_DVSN_CD", "02");
        body.put("ORD_QTY", cancel.all() ? "0" : Long.toString(cancel.qty()));
        body.put("ORD_UNPR", "0");
        body.put("QTY_ALL_ORD_YN", cancel.all() ? "Y" : "N");
        body.put("EXCG_ID_DVSN_CD", cancel.venue().name());
        return rest.order(permit, REVISE, REVISE_TR, body, tokens);
    }

    /** The realtime session. */
    public Realtime realtime() {
        return session;
    }

    /** Releases what is registered, closes the socket and the connections, and ends every thread. */
    @Override
    public void close() {
        session.close();
        queries.close();
        orders.close();
        timer.close();
    }

    private Map<String, String> revision(String orgNo, long odno, String ordDvsn) {
        Map<String, String> body = account();
        body.put("KRX_FWDG_ORD_ORGNO", orgNo);
        body.put("ORGN_ODNO", "%010d".formatted(odno));
        body.put("ORD_DVSN", ordDvsn);
        return body;
    }

    private <T> KisReply<List<T>> pages(
            KisRest.Query query,
            Map<String, String> parameters,
            Lane lane,
            Instant deadline,
            Function<RestReply, Read<T>> parse) {
        KisReply<List<T>> once = pagesOnce(query, parameters, lane, deadline, parse);
        // "조회이후에 자료가 변경되었습니다.(다시 조회하세요)": what was read so far no longer fits, so from the start, once.
        return once instanceof KisReply.Failed<List<T>>(KisFailure failure)
                        && failure.msg1().contains(DATA_CHANGED)
                ? pagesOnce(query, parameters, lane, deadline, parse)
                : once;
    }

    private <T> KisReply<List<T>> pagesOnce(
            KisRest.Query query,
            Map<String, String> parameters,
            Lane lane,
            Instant deadline,
            Function<RestReply, Read<T>> parse) {
        var pages = new ArrayList<T>();
        Set<String> seen = new HashSet<>();
        String fk = "";
        String nk = "";
        while (pages.size() < PAGES_MAX) {
            var asked = new LinkedHashMap<>(parameters);
            asked.put("CTX_AREA_FK100", fk);
            asked.put("CTX_AREA_NK100", nk);
            KisReply<KisRest.Page> reply = rest.ask(query, asked, !pages.isEmpty(), lane, deadline, tokens);
            if (reply instanceof KisReply.Failed<KisRest.Page>(KisFailure failure)) {
                return new KisReply.Failed<>(failure);
            }
            KisRest.Page page = ((KisReply.Ok<KisRest.Page>) reply).value();
            switch (parse.apply(page.reply())) {
                case Read.Ok<T>(T value) -> pages.add(value);
                case Read.Bad<T> bad -> {
                    return unreadable("field " + bad.field() + " cannot be read");
                }
            }
            if (!page.more()) {
                return new KisReply.Ok<>(List.copyOf(pages));
            }
            fk = context(page, "ctx_area_fk100");
            nk = context(page, "ctx_area_nk100");
            if (page.reply().rows("output1").isEmpty()) {
                return unreadable("an empty page that promises more");
            }
            if (!seen.add(fk + "|" + nk)) {
                return unreadable("a page that leads back to itself");
            }
        }
        return unreadable("more than " + PAGES_MAX + " pages");
    }

    private static String context(KisRest.Page page, String name) {
        return page.reply().root().map((Row root) -> root.textOr(name, "")).orElse("");
    }

    private Map<String, String> account() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("CANO", config.account().cano());
        parameters.put("ACNT_PRDT_CD", config.account().productCode());
        return parameters;
    }

    private void tell(KisEvent event) {
        session.tell(event);
    }

    private static <T> KisReply<T> value(Read<T> read) {
        return switch (read) {
            case Read.Ok<T>(T value) -> new KisReply.Ok<>(value);
            case Read.Bad<T> bad -> unreadable("field " + bad.field() + " cannot be read");
        };
    }

    private static <T> KisReply<T> unreadable(String why) {
        return new KisReply.Failed<>(new KisFailure(KisFailure.Kind.UNREADABLE, "", "", why, true, Duration.ZERO));
    }
}
