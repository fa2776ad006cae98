package kr.kisgateway.simulator.broker;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.MarketRules;
import kr.kisgateway.wire.NoticeKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A core with a client's view: calls in, answers and pushes out, its records collected as in a file. */
final class TestBroker {
    static final Instruments LISTING = Instruments.load();
    static final String KEY = "PSTESTKEY0000000000000000000000000001";
    static final String SECRET = "s".repeat(180);
    static final Instant NINE = Instant.parse("2026-11-20T00:00:00Z");
    static final String TRADING = "/uapi/domestic-stock/v1/trading/";

    private static final JsonMapper JSON = new JsonMapper();

    final TradingCalendar calendar;
    final BrokerRules rules;
    final InMemoryStore file = new InMemoryStore();
    final List<String> pushed = new ArrayList<>();
    final List<Effect> effects = new ArrayList<>();
    BrokerCore core;
    Instant now;
    private long ids;
    private String key = KEY;
    private final Map<String, String> tokens = new HashMap<>();

    TestBroker(BrokerRules rules, TradingCalendar calendar, Instant now) {
        this.rules = rules;
        this.calendar = calendar;
        this.now = now;
        this.core = new BrokerCore(rules, calendar, LISTING::find, StoredChanges.none(), now);
    }

    /** Wide limits, always open, ready with a token. */
    static TestBroker open(long seed, double actionsPerSecond) {
        TestBroker broker = new TestBroker(rules(seed, actionsPerSecond), new OpenCalendar(), NINE);
        broker.login();
        return broker;
    }

    static BrokerRules rules(long seed, double actionsPerSecond) {
        return rules(seed, actionsPerSecond, Face.LIVE);
    }

    private static BrokerRules rules(long seed, double actionsPerSecond, Face face) {
        return new BrokerRules(
                seed,
                100_000,
                100_000,
                41,
                actionsPerSecond,
                Duration.ofSeconds(100),
                Duration.ofMillis(100),
                false,
                face,
                MarketRules.defaults());
    }

    void login() {
        Answer answer = call(
                "POST",
                "/oauth2/tokenP",
                Map.of(),
                Map.of("grant_type", "client_credentials", "appkey", key, "appsecret", SECRET));
        tokens.put(key, answer.json().path("access_token").stringValue(""));
    }

    /** From here on calls come from another program with an app key of its own. */
    TestBroker as(String otherKey) {
        key = otherKey;
        if (!tokens.containsKey(otherKey)) {
            login();
        }
        return this;
    }

    record Answer(int status, String trCont, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String text(String... path) {
            JsonNode node = json();
            for (String name : path) {
                node = name.matches("[0-9]+") ? node.path(Integer.parseInt(name)) : node.path(name);
            }
            return node.stringValue("(absent)");
        }
    }

    /** A broker restored from the stored records. */
    TestBroker restarted() {
        core = new BrokerCore(rules, calendar, LISTING::find, file.stored(), now);
        return this;
    }

    void advanceBy(Duration time) {
        now = now.plus(time);
        handle(new Input.Tick());
    }

    void handle(Input input) {
        Step step = core.handle(input, now);
        file.apply(step.append());
        step.afterDurable().forEach(effect -> {
            effects.add(effect);
            if (effect instanceof Effect.Push push) {
                push.sessions().forEach(session -> pushed.add(push.text()));
            }
        });
    }

    Answer call(String method, String path, Map<String, String> headers, Map<String, String> values) {
        long id = ++ids;
        Map<String, String> all = new LinkedHashMap<>();
        all.put("appkey", key);
        all.put("appsecret", SECRET);
        all.put("authorization", "Bearer " + tokens.getOrDefault(key, ""));
        all.putAll(headers);
        boolean get = method.equals("GET");
        handle(new Input.Rest(
                id,
                method,
                path,
                all,
                get ? values : Map.of(),
                get ? new Input.Body.None() : new Input.Body.Fields(values, "{}"),
                "entropy " + id));
        return answered(id).orElse(new Answer(0, "", "{}"));
    }

    Optional<Answer> answered(long id) {
        return effects.stream()
                .filter(e -> e instanceof Effect.Reply reply && reply.id() == id)
                .map(e -> ((Effect.Reply) e).answer())
                .map(a -> new Answer(a.status(), a.trCont(), a.body()))
                .findFirst();
    }

    Answer order(String cano, boolean buy, String symbol, String dvsn, long qty, long price) {
        return order(cano, buy, symbol, dvsn, qty, price, Map.of());
    }

    /** @param more fields such as EXCG_ID_DVSN_CD and CNDT_PRIC */
    Answer order(String cano, boolean buy, String symbol, String dvsn, long qty, long price, Map<String, String> more) {
        Map<String, String> body = new HashMap<>(Map.of(
                "CANO",
                cano,
                "ACNT_PRDT_CD",
                "01",
                "PDNO",
                symbol,
                "ORD_DVSN",
                dvsn,
                "ORD_QTY",
                Long.toString(qty),
                "ORD_UNPR",
                Long.toString(price)));
        body.putAll(more);
        String trId = (rules.face() == Face.PAPER ? "V" : "T") + (buy ? "TTC0012U" : "TTC0011U");
        return call("POST", TRADING + "order-cash", Map.of("tr_id", trId), body);
    }

    /** With the exchanges' hours, at a Korean time, wide limits, ready with a token. */
    static TestBroker at(String local, double actionsPerSecond) {
        return at(local, rules(1, actionsPerSecond));
    }

    /** The same of KIS's paper trading. */
    static TestBroker paperAt(String local) {
        return at(local, rules(1, 0, Face.PAPER));
    }

    private static TestBroker at(String local, BrokerRules rules) {
        TestBroker broker = new TestBroker(rules, new KrxCalendar(), kst(local));
        broker.login();
        return broker;
    }

    static Instant kst(String local) {
        return LocalDateTime.parse(local).atZone(TradingCalendar.SEOUL).toInstant();
    }

    /** Time passes until a Korean time of the same day. */
    void until(String time) {
        now = now.atZone(TradingCalendar.SEOUL).with(LocalTime.parse(time)).toInstant();
        handle(new Input.Tick());
    }

    /** A fill from its notice; {@code venue} is ORD_EXG_GB. */
    record Fill(String odno, long qty, long price, String time, String venue) {}

    List<Fill> fills(String cano) {
        return fields(pushed, cano)
                .filter(f -> f[13].equals("2"))
                .map(f -> new Fill(f[2], Long.parseLong(f[9]), Long.parseLong(f[10]), f[11], f[19]))
                .toList();
    }

    Answer revise(String cano, String odno, String what, String all, long qty, long price) {
        return call(
                "POST",
                TRADING + "order-rvsecncl",
                Map.of("tr_id", "TTTC0013U"),
                Map.of(
                        "CANO",
                        cano,
                        "ACNT_PRDT_CD",
                        "01",
                        "KRX_FWDG_ORD_ORGNO",
                        "06010",
                        "ORGN_ODNO",
                        odno,
                        "ORD_DVSN",
                        "00",
                        "RVSE_CNCL_DVSN_CD",
                        what,
                        "ORD_QTY",
                        Long.toString(qty),
                        "ORD_UNPR",
                        Long.toString(price),
                        "QTY_ALL_ORD_YN",
                        all));
    }

    void fault(Map<String, Object> faults) {
        handle(new Input.SwitchFaults(-1, faults));
    }

    /** Gives an account shares, which without agents no other account could sell to it. */
    TestBroker withShares(String cano, String symbol, long qty) {
        balance(cano);
        file.apply(List.of(new Change.Holding(
                new AccountId(cano, "01"), new Symbol(symbol), qty, qty * 190_000, 0, 0, 0, 0, 0, 0, 0)));
        return restarted();
    }

    /** One row of the daily list. */
    record Row(
            String odno,
            String original,
            String name,
            long qty,
            long price,
            long filled,
            long cancelled,
            long left,
            long rejected) {}

    /** The account's rows, oldest first. */
    List<Row> rows(String cano) {
        List<Row> rows = new ArrayList<>();
        daily(cano, Map.of(), Map.of("INQR_DVSN", "01"))
                .json()
                .path("output1")
                .forEach(row -> rows.add(new Row(
                        row.path("odno").stringValue(),
                        row.path("orgn_odno").stringValue(),
                        row.path("sll_buy_dvsn_cd_name").stringValue(),
                        number(row, "ord_qty"),
                        number(row, "ord_unpr"),
                        number(row, "tot_ccld_qty"),
                        number(row, "cnc_cfrm_qty"),
                        number(row, "rmn_qty"),
                        number(row, "rjct_qty"))));
        return rows;
    }

    Row row(String cano, String odno) {
        return rows(cano).stream()
                .filter(row -> row.odno().equals(odno))
                .findFirst()
                .orElseThrow();
    }

    private static long number(JsonNode row, String name) {
        return Long.parseLong(row.path(name).stringValue());
    }

    /** The account's buying power, by inquire-psbl-order. */
    long spendable(String cano) {
        return Long.parseLong(call(
                        "GET",
                        TRADING + "inquire-psbl-order",
                        Map.of("tr_id", "TTTC8908R"),
                        Map.of("CANO", cano, "ACNT_PRDT_CD", "01", "PDNO", "005930", "ORD_DVSN", "01", "ORD_UNPR", ""))
                .text("output", "ord_psbl_cash"));
    }

    /** Opens session 1 and registers the execution notices on it. */
    void listen() {
        subscribe(1, "H0STCNI0", "MYHTS1");
    }

    /** Opens a session and registers on it. */
    void subscribe(long session, String trId, String trKey) {
        handle(new Input.SocketOpened(session, new NoticeKey("k".repeat(32), "i".repeat(16))));
        register(session, trId, trKey);
    }

    /** Registers on a session that is open. */
    void register(long session, String trId, String trKey) {
        String approval = call(
                        "POST",
                        "/oauth2/Approval",
                        Map.of(),
                        Map.of("grant_type", "client_credentials", "appkey", key, "secretkey", SECRET))
                .text("approval_key");
        handle(new Input.SocketText(
                session,
                "{}",
                Optional.of(new SocketMessage(
                        true,
                        true,
                        true,
                        Optional.empty(),
                        Optional.of(approval),
                        Optional.of("P"),
                        Optional.of("1"),
                        Optional.of(trId),
                        Optional.of(trKey)))));
    }

    /** Of each notice about the account: number, original, RCTF_CLS, quantity, price, RFUS_YN, CNTG_YN, ACPT_YN. */
    List<List<String>> notices(String cano) {
        return notices(pushed, cano);
    }

    /** The same fields of the notices that one session received. */
    List<List<String>> noticesOf(long session, String cano) {
        return notices(
                effects.stream()
                        .filter(e ->
                                e instanceof Effect.Push push && push.sessions().contains(session))
                        .map(e -> ((Effect.Push) e).text())
                        .toList(),
                cano);
    }

    private static Stream<String[]> fields(List<String> frames, String cano) {
        return frames.stream()
                .filter(frame -> frame.startsWith("1|H0STCNI0|"))
                .map(frame -> deciphered(frame.split("\\|", 4)[3]).split("\\^", -1))
                .filter(fields -> fields[1].startsWith(cano));
    }

    private static List<List<String>> notices(List<String> frames, String cano) {
        return fields(frames, cano)
                .map(f -> List.of(f[2], f[3], f[5], f[9], f[10], f[12], f[13], f[14]))
                .toList();
    }

    private static String deciphered(String base64) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec("k".repeat(32).getBytes(StandardCharsets.US_ASCII), "AES"),
                    new IvParameterSpec("i".repeat(16).getBytes(StandardCharsets.US_ASCII)));
            return new String(cipher.doFinal(Base64.getDecoder().decode(base64)), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer balance(String cano) {
        return call(
                "GET",
                TRADING + "inquire-balance",
                Map.of("tr_id", "TTTC8434R"),
                Map.of("CANO", cano, "ACNT_PRDT_CD", "01"));
    }

    private static String day(Instant at) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(
                at.atZone(TradingCalendar.SEOUL).toLocalDate());
    }

    Answer daily(String cano, Map<String, String> headers, Map<String, String> more) {
        Map<String, String> h = new LinkedHashMap<>(headers);
        h.put("tr_id", "TTTC0081R");
        Map<String, String> in = new LinkedHashMap<>(Map.of(
                "CANO",
                cano,
                "ACNT_PRDT_CD",
                "01",
                "INQR_STRT_DT",
                day(now.minus(Duration.ofDays(40))),
                "INQR_END_DT",
                day(now.plus(Duration.ofDays(40)))));
        in.putAll(more);
        return call("GET", TRADING + "inquire-daily-ccld", h, in);
    }

    Answer price(String symbol) {
        return call(
                "GET",
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                Map.of("tr_id", "FHKST01010100"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", symbol));
    }
}
