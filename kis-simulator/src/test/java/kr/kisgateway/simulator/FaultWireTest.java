package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every fault as a client observes it, over real sockets, switched on in each of the three ways. The client's view without
 * the fault is checked first, so a fault without effect fails here. The broker's clock stands still unless a case
 * advances it, so "late" means: not before the clock is advanced.
 */
@Tag("slow")
class FaultWireTest {
    private static final String SYMBOL = "005930";

    /** How long silence is observed: an answer takes a few milliseconds, and the broker's clock stands still meanwhile. */
    private static final Duration SOON = Duration.ofMillis(200);

    /** Half past ten on a Friday. */
    private static final SteppedClock CLOCK = new SteppedClock(Instant.parse("2026-11-20T01:30:00Z"));

    /** A Saturday. */
    private static final SteppedClock WEEKEND = new SteppedClock(Instant.parse("2026-11-21T01:30:00Z"));

    @TempDir
    static Path folder;

    private static KisSimulator live;
    private static KisSimulator paper;
    private static int users;

    @BeforeAll
    static void start() {
        live = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("live.db"))
                .withTime(new OpenCalendar(), CLOCK)
                .withRates(10_000, 10_000)
                .withSynchronous("OFF"));
        paper = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("paper.db"))
                .withTime(new OpenCalendar(), WEEKEND)
                .withFace(Face.PAPER)
                .withRates(10_000, 10_000)
                .withSynchronous("OFF"));
    }

    @AfterAll
    static void stop() {
        live.close();
        paper.close();
    }

    /** How a fault is switched on. */
    private enum Way {
        CONTROL_CALL,
        SCENARIO_FILE,
        LIBRARY
    }

    /** A client's observation. */
    private interface Probe {
        String observe(User user) throws Exception;
    }

    /**
     * @param settings of the rule, as YAML and JSON both read them
     * @param without the observation before; a pattern
     * @param with the observation when it is on; a pattern
     */
    private record Case(String fault, String settings, Probe probe, String without, String with) {
        @Override
        public String toString() {
            return fault;
        }
    }

    private static Case faultCase(String fault, String settings, Probe probe, String without, String with) {
        return new Case(fault, settings, probe, without, with);
    }

    private static final Set<String> ON_PAPER = Set.of("refuse_paper_weekends", "blocked_accounts");
    private static final String ONCE = "\"count\":1";
    private static final String ON = "";

    private static final List<Case> CASES = List.of(
            // calls, before anything is booked
            faultCase("refuse_connections", ONCE, User::order, "200 APBK0013, 1 rows", "reset, 0 rows"),
            faultCase("server_errors_before", ONCE, User::order, "200 APBK0013, 1 rows", "500 EGW00002, 0 rows"),
            faultCase("unavailable_before", ONCE, User::order, "200 APBK0013, 1 rows", "503, 0 rows"),
            faultCase("too_many_requests", ONCE, User::order, "200 APBK0013, 1 rows", "429, 0 rows"),
            faultCase("unanswered_before", ONCE, User::order, "200 APBK0013, 1 rows", "silence, 0 rows"),
            faultCase("timeouts_before", ONCE, User::order, "200 APBK0013, 1 rows", "500 EGW00301, 0 rows"),
            faultCase("dead_tokens_before", ONCE, User::order, "200 APBK0013, 1 rows", "500 EGW00123, 0 rows"),
            faultCase("refuse_orders", ONCE, User::order, "200 APBK0013, 1 rows", "200 80000000, 0 rows"),
            faultCase("refuse_prices", ONCE, User::order, "200 APBK0013, 1 rows", "200 APBK0506, 0 rows"),
            faultCase("rate_limit_storm", ONCE, User::balance, "200 KIOK0510", "500 EGW00201"),
            faultCase("ledger_limit_storm", ONCE, User::balance, "200 KIOK0510", "500 EGW00215"),
            faultCase("query_errors", ONCE, User::balance, "200 KIOK0510", "500 EGW00316"),
            faultCase("failed_pages", ONCE, User::secondPage, "200 KIOK0460", "500 EGW00316"),
            faultCase("changed_pages", ONCE, User::secondPage, "200 KIOK0460", "200 SYDB0050"),
            faultCase("refuse_old_tr_ids", ON, User::oldOrder, "200 APBK0013", "200 OPSQ0002"),
            faultCase("route_by_path", ON, User::buyingPowerOnThePathOfTheBalance, "200 KIOK0510", "200 OPSQ0002"),
            faultCase("first_pages_f", ON, User::firstPage, "M", "F"),
            faultCase("omit_loan_dates", ON, User::loanDateOfAnOrder, "of today", ""),
            faultCase("credit_margin_percent", "\"value\":50", User::lentPercent, "60", "50"),
            faultCase("omit_order_rows", ON, User::rowsAndSum, "1 rows, 1 ordered", "0 rows, 1 ordered"),
            faultCase("blocked_accounts", ON, User::paperOrder, "200 40600000, 200", "200 40910000, 200"),
            faultCase("rejects_500", ON, User::offTickOrder, "200 APBK0506", "500 APBK0506"),
            faultCase("refuse_paper_weekends", ON, User::approvalAndSocket, "200, open", "reset, closed1006"),
            // after processing
            faultCase("lose_answers", ONCE, User::order, "200 APBK0013, 1 rows", "reset, 1 rows"),
            faultCase("unanswered_after", ONCE, User::order, "200 APBK0013, 1 rows", "silence, 1 rows"),
            faultCase("late_answers", ONCE, User::order, "200 APBK0013, 1 rows", "silence, 1 rows"),
            faultCase(
                    "latency_ms",
                    "\"value\":\"5s\",\"distribution\":\"lognormal\",\"spread\":\"2s\",\"path\":\"order-cash\"",
                    User::order,
                    "200 APBK0013, 1 rows",
                    "silence, 1 rows"),
            faultCase("broken_answers", ONCE, User::order, "200 APBK0013, 1 rows", "500 IGW00009, 1 rows"),
            faultCase("server_errors_after", ONCE, User::order, "200 APBK0013, 1 rows", "500 EGW00002, 1 rows"),
            faultCase("unavailable_after", ONCE, User::order, "200 APBK0013, 1 rows", "503, 1 rows"),
            faultCase("timeouts_after", ONCE, User::order, "200 APBK0013, 1 rows", "500 EGW00301, 1 rows"),
            faultCase(
                    "dead_tokens_after",
                    ONCE,
                    User::orderThenBalance,
                    "200 APBK0013, 200 KIOK0510",
                    "200 APBK0013, 500 EGW00123"),
            faultCase(
                    "notices_first",
                    ONCE,
                    User::orderAndNotices,
                    "200 APBK0013; receipt fill",
                    "silence; receipt fill"),
            // at the exchange
            faultCase("reject_by_exchange", ONCE, User::orderAndNotices, ".*; receipt fill", ".*; receipt rejection"),
            faultCase("exchange_delay_ms", "\"value\":500", User::orderAndNotices, ".*; receipt fill", ".*; receipt"),
            // notices
            faultCase("lose_notices", ONCE, User::orderAndNotices, ".*; receipt fill", ".*; fill"),
            faultCase("duplicate_notices", ONCE, User::orderAndNotices, ".*; receipt fill", ".*; receipt receipt fill"),
            faultCase("late_notices", ONCE, User::orderAndNotices, ".*; receipt fill", ".*; fill"),
            faultCase(
                    "late_notice_ms",
                    "\"value\":60000",
                    User::lateNotice,
                    "receipt after a second",
                    "nothing after a second"),
            faultCase("reorder_notices", ONCE, User::orderAndNotices, ".*; receipt fill", ".*; fill receipt"),
            faultCase("drop_at_notices", ONCE, User::orderAndNotices, ".*; receipt fill", ".*; (receipt )?closed1006"),
            // data frames
            faultCase("truncate_frames", ONCE, User::trade, "1 of 47", "1 of [1-4]?[0-9](?<!47)"),
            faultCase("garble_frames", ONCE, User::trade, "1 of 47", "garbled 1 of 47"),
            faultCase("extra_column", ON, User::trade, "1 of 47", "1 of 48"),
            faultCase("split_records", ON, User::aBusyMinute, ".*(00[2-9]|010).*", "(001 )*001"),
            faultCase("merge_records", ON, User::fourTrades, "001 001 001 001", "004"),
            faultCase("stop_data", ON, User::trade, "1 of 47", "nothing"),
            // sessions
            faultCase("late_acks", ONCE, User::secondSubscription, "OPSP0000", "nothing"),
            faultCase(
                    "late_ack_ms",
                    "\"value\":60000",
                    User::lateAck,
                    "OPSP0000 after a second",
                    "nothing after a second"),
            faultCase("plain_notice_acks", ON, User::noticeAck, "Y", "N"),
            faultCase("refuse_registrations", ONCE, User::secondSubscription, "OPSP0000", "OPSP0008"),
            faultCase("registration_limit", "\"value\":2", User::thirdSubscription, "OPSP0000", "OPSP0008"),
            faultCase("stop_pingpong", ON, User::pingPong, "PINGPONG", "nothing"),
            faultCase("half_open_sockets", ON, User::reconnect, "OPSP0000", "silence"),
            faultCase("linger_seconds", "\"value\":60", User::reconnect, "OPSP0000", "OPSP8996"),
            faultCase("keep_notice_keys", ON, User::keyAfterReconnect, "another key", "the same key"),
            faultCase("keep_refused_sockets", ON, User::secondSocket, "OPSP8996 closed1000", "OPSP8996"),
            faultCase("drop_sockets", ON, User::socket, "open", "closed1006"),
            faultCase("close_sockets", ON, User::socket, "open", "closed1000"),
            faultCase("freeze_sockets", ON, User::socket, "open", "silence"),
            faultCase("forget_approvals", ON, User::secondSubscription, "OPSP0000", "OPSP0011"),
            // tokens
            faultCase("kill_tokens", ON, User::balance, "200 KIOK0510", "500 EGW00123"),
            faultCase("revoke_tokens", ON, User::balance, "200 KIOK0510", "500 EGW00121"),
            faultCase("one_token", ON, User::oldTokenBesideANewOne, "200 KIOK0510", "500 EGW00121"),
            faultCase("expired_tokens_200", ON, User::balanceWithDeadToken, "500 EGW00123", "200 EGW00123"),
            // queries, and time
            faultCase(
                    "hide_orders_seconds", "\"value\":5", User::order, "200 APBK0013, 1 rows", "200 APBK0013, 0 rows"),
            faultCase("balance_lag_seconds", "\"value\":5", User::sharesAfterBuying, "1", "0"),
            faultCase("clock_skew_seconds", "\"value\":\"-10m\"", User::orderTime, "0 s off", "-600 s off"),
            faultCase("late_answer_ms", "\"value\":60000", User::lateAnswer, "answered after 4 s", "silence after 4 s"),
            faultCase("roll_day", ON, User::daysAhead, "0 days", "1 days"));

    static Stream<Case> cases() {
        return CASES.stream();
    }

    @Test
    void every_fault_has_its_case() {
        List<String> all = new ArrayList<>();
        RawClient.json(live.faults().json()).propertyNames().forEach(all::add);
        all.remove("rules");
        assertThat(CASES.stream().map(Case::fault)).containsAll(all);
        assertThat(CASES.stream().map(Case::fault))
                .as("those that happen once are not in the list of amounts")
                .contains("drop_sockets", "close_sockets", "freeze_sockets", "kill_tokens", "revoke_tokens")
                .contains("forget_approvals", "roll_day")
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_fault_reaches_the_client_by_control_call_by_scenario_file_and_by_the_library(Case fault) throws Exception {
        KisSimulator simulator = ON_PAPER.contains(fault.fault()) ? paper : live;
        try (User user = new User(simulator, RawClient.TIMEOUT)) {
            assertThat(fault.probe().observe(user)).as("without it").matches(fault.without());
        } finally {
            settle(simulator);
        }
        for (Way way : Way.values()) {
            Duration timeout = fault.with().contains("silence") ? SOON : RawClient.TIMEOUT;
            try (User user = new User(simulator, timeout)) {
                switchOn(simulator, fault, way);
                assertThat(fault.probe().observe(user)).as("by %s", way).matches(fault.with());
            } finally {
                settle(simulator);
            }
        }
    }

    private static void switchOn(KisSimulator simulator, Case fault, Way way) throws Exception {
        String settings = fault.settings();
        switch (way) {
            case CONTROL_CALL -> {
                HttpResponse<String> answer = new RawClient(simulator, "PSCONTROL0000000000000000000000000001")
                        .post("/simulator/faults", Map.of(), "{\"" + fault.fault() + "\":{" + settings + "}}");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            case SCENARIO_FILE -> simulator.faults().play(ScenarioFile.read(file(fault)));
            case LIBRARY ->
                simulator.faults().add(ScenarioFile.read(file(fault)).faults().getFirst());
        }
    }

    private static Path file(Case fault) throws Exception {
        String comma = fault.settings().isEmpty() ? "" : ",";
        return Files.writeString(
                folder.resolve(fault.fault() + ".yaml"),
                "faults: [{\"fault\":\"" + fault.fault() + "\"" + comma + fault.settings() + "}]");
    }

    /** No fault is on, and delayed frames have arrived. */
    private static void settle(KisSimulator simulator) {
        simulator.faults().clear();
        CLOCK.advance(Duration.ofSeconds(70));
        simulator.faults().json();
    }

    /** A program with an app key and an account of its own, logged in and registered for the trades of one stock. */
    private static final class User implements AutoCloseable {
        private final KisSimulator simulator;
        private final Duration timeout;
        private final RawClient client;
        private final RawClient auditor;
        private final String cano;
        private final String approval;
        private final String dayBefore;
        private final String firstKey;
        private RawClient.Stream stream;

        User(KisSimulator simulator, Duration timeout) throws Exception {
            int number = ++users;
            this.simulator = simulator;
            this.timeout = timeout;
            cano = "3%07d".formatted(number);
            auditor = new RawClient(simulator, "PSAUDITOR%027d".formatted(number)).login();
            client = new RawClient(simulator, "PSUSER%030d".formatted(number)).login();
            approval = client.approvalKey();
            dayBefore = state("business_date");
            stream = client.stream();
            firstKey = key(subscribe("H0STCNT0", SYMBOL));
            client.timeout = timeout;
        }

        private String state(String name) {
            return RawClient.json(auditor.get("/simulator/state", Map.of()).body())
                    .path(name)
                    .asString();
        }

        // ---- calls

        private static String outcome(Supplier<HttpResponse<String>> call) {
            try {
                HttpResponse<String> answer = call.get();
                return answer.statusCode()
                        + (answer.body().startsWith("{") && answer.body().contains("msg_cd")
                                ? " "
                                        + RawClient.json(answer.body())
                                                .path("msg_cd")
                                                .stringValue()
                                : "");
            } catch (UncheckedIOException e) {
                return e.getCause() instanceof HttpTimeoutException ? "silence" : "reset";
            }
        }

        private HttpResponse<String> buy() {
            return client.order(cano, "TTTC0012U", SYMBOL, "01", "1", "0");
        }

        String order() {
            return outcome(this::buy) + ", "
                    + RawClient.json(auditor.daily(cano).body()).path("output1").size() + " rows";
        }

        String oldOrder() {
            return outcome(() -> client.order(cano, "TTTC0802U", SYMBOL, "01", "1", "0"));
        }

        String buyingPowerOnThePathOfTheBalance() {
            return outcome(() -> client.get(
                    RawClient.TRADING + "inquire-balance?CANO=" + cano + "&ACNT_PRDT_CD=01&PDNO=" + SYMBOL
                            + "&ORD_UNPR=&ORD_DVSN=01&CMA_EVLU_AMT_ICLD_YN=N&OVRS_ICLD_YN=N",
                    Map.of("tr_id", "TTTC8908R")));
        }

        String offTickOrder() {
            return outcome(() -> client.order(cano, "TTTC0012U", SYMBOL, "00", "1", "190001"));
        }

        String balance() {
            return outcome(() -> client.balance(cano));
        }

        String balanceWithDeadToken() {
            simulator.faults().on("kill_tokens");
            return balance();
        }

        String orderThenBalance() {
            return outcome(this::buy) + ", " + balance();
        }

        String firstPage() {
            for (int i = 0; i < 101; i++) {
                client.order(cano, "TTTC0012U", SYMBOL, "00", "1", "150000");
            }
            return client.daily(cano).headers().firstValue("tr_cont").orElse("");
        }

        String rowsAndSum() {
            buy();
            JsonNode list = RawClient.json(client.daily(cano).body());
            return list.path("output1").size() + " rows, "
                    + list.path("output2").path("tot_ord_qty").asString() + " ordered";
        }

        private HttpResponse<String> buyOnCredit() {
            String cash = RawClient.orderBody(cano, SYMBOL, "01", "10", "0");
            return client.post(
                    RawClient.TRADING + "order-credit",
                    Map.of("tr_id", "TTTC0052U"),
                    cash.substring(0, cash.length() - 1) + ",\"CRDT_TYPE\":\"21\",\"LOAN_DT\":\"" + today() + "\"}");
        }

        private static String today() {
            return DateTimeFormatter.BASIC_ISO_DATE.format(
                    CLOCK.instant().atZone(ZoneId.of("Asia/Seoul")).toLocalDate());
        }

        String loanDateOfAnOrder() {
            assertThat(outcome(this::buyOnCredit)).isEqualTo("200 APBK0013");
            return RawClient.json(client.daily(cano).body())
                    .path("output1")
                    .path(0)
                    .path("loan_dt")
                    .stringValue()
                    .replace(today(), "of today");
        }

        /** The part of the cost that is lent. */
        String lentPercent() {
            assertThat(outcome(this::buyOnCredit)).isEqualTo("200 APBK0013");
            JsonNode row =
                    RawClient.json(client.balance(cano).body()).path("output1").path(0);
            return Long.toString(Long.parseLong(row.path("loan_amt").stringValue())
                    * 100
                    / Long.parseLong(row.path("pchs_amt").stringValue()));
        }

        String paperOrder() {
            return outcome(() -> client.order(cano, "VTTC0012U", SYMBOL, "01", "1", "0")) + ", "
                    + client.get(
                                    "/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD="
                                            + SYMBOL,
                                    Map.of("tr_id", "FHKST01010100"))
                            .statusCode();
        }

        String oldTokenBesideANewOne() {
            CLOCK.advance(Duration.ofHours(6).plusMinutes(1));
            new RawClient(simulator, client.key).login();
            return balance();
        }

        String noticeAck() throws Exception {
            return RawClient.json(subscribe("H0STCNI0", "HTS" + cano))
                    .path("header")
                    .path("encrypt")
                    .asString();
        }

        String secondPage() {
            return outcome(() -> client.get(
                    RawClient.TRADING + "inquire-balance?CANO=" + cano
                            + "&ACNT_PRDT_CD=01&INQR_DVSN=02&CTX_AREA_NK100=0",
                    Map.of("tr_id", "TTTC8434R", "tr_cont", "N")));
        }

        String lateAnswer() throws Exception {
            // The answer is late by three seconds unless the time is set.
            simulator.faults().next("late_answers", 1);
            client.timeout = RawClient.TIMEOUT;
            long before = delayedAnswers();
            var answer = CompletableFuture.supplyAsync(() -> outcome(this::buy));
            while (delayedAnswers() == before) {
                Thread.onSpinWait();
            }
            CLOCK.advance(Duration.ofSeconds(4));
            try {
                answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                return "answered after 4 s";
            } catch (TimeoutException e) {
                return "silence after 4 s";
            }
        }

        private long delayedAnswers() {
            return RawClient.json(auditor.get("/simulator/state", Map.of()).body())
                    .path("fault_hits")
                    .path("late_answers")
                    .asLong(0);
        }

        String sharesAfterBuying() {
            assertThat(outcome(this::buy)).isEqualTo("200 APBK0013");
            return Long.toString(RawClient.json(client.balance(cano).body())
                    .path("output1")
                    .valueStream()
                    .mapToLong(row -> Long.parseLong(row.path("hldg_qty").stringValue()))
                    .sum());
        }

        String orderTime() {
            String time =
                    RawClient.json(buy().body()).path("output").path("ORD_TMD").stringValue();
            var shownTime = LocalTime.parse(time, DateTimeFormatter.ofPattern("HHmmss"));
            var is = CLOCK.instant().atZone(ZoneId.of("Asia/Seoul")).toLocalTime();
            return Duration.between(is, shownTime).toSeconds() + " s off";
        }

        String daysAhead() {
            buy();
            String date = RawClient.json(client.daily(cano).body())
                    .path("output1")
                    .path(0)
                    .path("ord_dt")
                    .stringValue();
            return LocalDate.parse(dayBefore)
                            .datesUntil(LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE))
                            .count()
                    + " days";
        }

        // ---- sockets

        private String subscribe(String trId, String trKey) throws Exception {
            stream.send(RawClient.subscribe(approval, "1", trId, trKey));
            return stream.await(text -> text.contains("\"body\""));
        }

        private static String key(String ack) {
            return RawClient.json(ack).path("body").path("output").path("key").asString();
        }

        /**
         * The frames that the session has received: they come in order, so all are there when a message that was sent afterwards is
         * answered. Ends with the state of the connection.
         */
        private List<String> received() throws Exception {
            List<String> got = new ArrayList<>();
            boolean broken = false;
            try {
                stream.send(RawClient.subscribe(approval, "2", "H0STCNT0", "000660"));
            } catch (UncheckedIOException e) {
                // The connection is gone; its last frames are still to be read. Whether its end is also reported to the
                // reader depends on which of the two noticed first.
                broken = true;
                assertThat(e).hasRootCauseInstanceOf(IOException.class);
            }
            while (true) {
                Optional<String> next = stream.next(broken ? SOON : timeout);
                if (next.isEmpty()) {
                    got.add(broken ? "closed1006" : "silence");
                    return got;
                }
                if (next.get().startsWith(RawClient.Stream.CLOSED)) {
                    got.add("closed" + next.get().substring(RawClient.Stream.CLOSED.length()));
                    return got;
                }
                if (next.get().contains("OPSP0003") || next.get().contains("000660")) {
                    got.add("open");
                    return got;
                }
                got.add(next.get());
            }
        }

        String socket() throws Exception {
            return received().getLast();
        }

        private List<String> frames(String trId) throws Exception {
            return received().stream()
                    .filter(text -> text.replace('?', '0').startsWith("0|" + trId))
                    .toList();
        }

        String trade() throws Exception {
            buy();
            List<String> frames = frames("H0STCNT0");
            if (frames.isEmpty()) {
                return "nothing";
            }
            String[] parts = frames.getFirst().split("\\|", 4);
            // Of a garbled frame also the count is unreadable.
            boolean garbled = parts[2].contains("?");
            int records = Integer.parseInt(parts[2].replace('?', '0'));
            return (garbled ? "garbled " : "") + records + " of " + parts[3].split("\\^", -1).length;
        }

        String fourTrades() throws Exception {
            for (int i = 0; i < 4; i++) {
                buy();
            }
            return counts();
        }

        String aBusyMinute() throws Exception {
            CLOCK.advance(Duration.ofSeconds(60));
            state("business_date");
            return counts();
        }

        private String counts() throws Exception {
            return String.join(
                    " ", frames("H0STCNT0").stream().map(f -> f.split("\\|")[2]).toList());
        }

        String secondSubscription() throws Exception {
            stream.send(RawClient.subscribe(approval, "1", "H0STASP0", SYMBOL));
            return acknowledged();
        }

        private String acknowledged() throws Exception {
            return received().stream()
                    .filter(text -> text.contains("msg_cd"))
                    .map(text ->
                            RawClient.json(text).path("body").path("msg_cd").stringValue())
                    .findFirst()
                    .orElse("nothing");
        }

        String thirdSubscription() throws Exception {
            secondSubscription();
            stream.send(RawClient.subscribe(approval, "1", "H0STASP0", "000270"));
            return acknowledged();
        }

        String lateAck() throws Exception {
            simulator.faults().next("late_acks", 1);
            stream.send(RawClient.subscribe(approval, "1", "H0STASP0", SYMBOL));
            assertThat(acknowledged()).isEqualTo("nothing");
            CLOCK.advance(Duration.ofSeconds(1));
            state("business_date");
            return acknowledged() + " after a second";
        }

        String pingPong() throws Exception {
            CLOCK.advance(Duration.ofSeconds(101));
            state("business_date");
            return received().stream().anyMatch(text -> text.contains("PINGPONG")) ? "PINGPONG" : "nothing";
        }

        private void closeAndOpen() throws Exception {
            String closed = closedSessions();
            stream.close();
            while (closedSessions().equals(closed)) {
                Thread.onSpinWait();
            }
            stream = client.stream();
        }

        private String closedSessions() {
            return RawClient.json(auditor.get("/simulator/state", Map.of()).body())
                    .path("sockets")
                    .path("sessions_closed")
                    .asString();
        }

        String reconnect() throws Exception {
            closeAndOpen();
            stream.send(RawClient.subscribe(approval, "1", "H0STASP0", SYMBOL));
            return stream.next(timeout)
                    .map(text ->
                            RawClient.json(text).path("body").path("msg_cd").stringValue())
                    .orElse("silence");
        }

        String keyAfterReconnect() throws Exception {
            // The key is reused from the first session that was opened while the fault is on.
            closeAndOpen();
            String before = key(subscribe("H0STASP0", SYMBOL));
            closeAndOpen();
            String after = key(subscribe("H0STASP0", SYMBOL));
            assertThat(before).hasSize(32);
            return after.equals(before) && !firstKey.isEmpty() ? "the same key" : "another key";
        }

        /** A second session of the same key, while the first one is open. */
        String secondSocket() throws Exception {
            try (RawClient.Stream second = client.stream()) {
                second.send(RawClient.subscribe(approval, "1", "H0STASP0", SYMBOL));
                String code = RawClient.json(second.await("OPSP"))
                        .path("body")
                        .path("msg_cd")
                        .stringValue();
                CLOCK.advance(Duration.ofSeconds(2));
                state("business_date");
                return code
                        + second.next(SOON)
                                .map(text -> " closed" + text.substring(RawClient.Stream.CLOSED.length()))
                                .orElse("");
            }
        }

        String approvalAndSocket() throws Exception {
            String approved = outcome(() -> client.post(
                    "/oauth2/Approval",
                    Map.of(),
                    "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + client.key + "\",\"secretkey\":\""
                            + client.secret + "\"}"));
            try (RawClient.Stream second = client.stream()) {
                second.send("{}");
                return approved + ", "
                        + second.next(RawClient.TIMEOUT)
                                .map(text -> text.startsWith(RawClient.Stream.CLOSED)
                                        ? "closed" + text.substring(RawClient.Stream.CLOSED.length())
                                        : "open")
                                .orElse("silence");
            } catch (UncheckedIOException e) {
                // Dropped before the client could send anything.
                assertThat(e).hasRootCauseInstanceOf(IOException.class);
                return approved + ", closed1006";
            }
        }

        // ---- notices

        String orderAndNotices() throws Exception {
            JsonNode output = RawClient.json(subscribe("H0STCNI0", "HTS" + cano))
                    .path("body")
                    .path("output");
            String answer = outcome(this::buy);
            return (answer + "; " + notices(output)).strip();
        }

        String lateNotice() throws Exception {
            JsonNode output = RawClient.json(subscribe("H0STCNI0", "HTS" + cano))
                    .path("body")
                    .path("output");
            simulator.faults().next("late_notices", 1);
            buy();
            notices(output);
            CLOCK.advance(Duration.ofSeconds(1));
            state("business_date");
            String late = notices(output);
            return (late.isEmpty() ? "nothing" : late) + " after a second";
        }

        private String notices(JsonNode output) throws Exception {
            List<String> observed = new ArrayList<>();
            for (String text : received()) {
                if (text.startsWith("1|H0STCNI0|")) {
                    String[] fields =
                            deciphered(text.split("\\|", 4)[3], output).split("\\^", -1);
                    observed.add(fields[12].equals("1") ? "rejection" : fields[13].equals("2") ? "fill" : "receipt");
                } else if (text.startsWith("closed")) {
                    observed.add(text);
                }
            }
            return String.join(" ", observed);
        }

        private static String deciphered(String base64, JsonNode output) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(output.path("key").stringValue().getBytes(StandardCharsets.US_ASCII), "AES"),
                    new IvParameterSpec(output.path("iv").stringValue().getBytes(StandardCharsets.US_ASCII)));
            return new String(cipher.doFinal(Base64.getDecoder().decode(base64)), StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
