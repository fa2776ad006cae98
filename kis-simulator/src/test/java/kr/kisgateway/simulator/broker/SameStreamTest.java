package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.exchange.MarketRules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same seed, inputs and instants: the same bytes, in this process and in another. */
@Tag("slow")
class SameStreamTest {
    private static final Instant MORNING = TestBroker.kst("2026-11-20T08:55:00");
    private static final List<String> SYMBOLS = List.of("005930", "000660", "035720", "247540");

    private static final Duration QUARTER = Duration.ofMinutes(15);

    /** The reference of three of the tests, played once. */
    private static final class EverySecond {
        static final List<Line> LINES = List.copyOf(play(7, Duration.ofSeconds(1), QUARTER));
    }

    /** Session, text; or the number of the call, HTTP status and body. */
    private record Line(long to, int status, String text) {}

    @Test
    void a_quarter_of_an_hour_of_calls_orders_and_registrations_are_the_same_byte_for_byte() {
        sameTwice(QUARTER, 1_500);
    }

    @Test
    @Tag("long")
    void six_hours_of_calls_orders_and_registrations_are_the_same_byte_for_byte() {
        sameTwice(Duration.ofHours(6), 60_000);
    }

    private static void sameTwice(Duration length, int lines) {
        List<Line> one = length.equals(QUARTER) ? EverySecond.LINES : play(7, Duration.ofSeconds(1), length);
        List<Line> two = play(7, Duration.ofSeconds(1), length);

        assertThat(one.size()).isGreaterThan(lines);
        assertThat(one.stream().map(line -> line.text().split("\\|", 3)).filter(parts -> parts.length == 3))
                .extracting(parts -> parts[1])
                .contains("H0STCNT0", "H0STASP0", "H0STCNI0", "H0NXCNT0");
        assertThat(one.stream().anyMatch(line -> line.text().contains("data_rank")))
                .isTrue();
        assertThat(firstDifference(one, two)).isEmpty();
        List<Line> otherSeed = play(8, Duration.ofSeconds(1), Duration.ofMinutes(8));
        assertThat(one).hasSizeGreaterThan(otherSeed.size());
        assertThat(otherSeed).isNotEqualTo(one.subList(0, otherSeed.size()));
    }

    @Test
    void another_process_produces_the_same_stream() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SameStreamTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String ownDigest = digest(EverySecond.LINES);
        String otherDigest = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(other.waitFor()).isZero();
        assertThat(otherDigest).isEqualTo(ownDigest);
    }

    /** Runs in the other process. */
    public static void main(String[] args) throws IOException {
        try (var out = new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            out.print(digest(play(7, Duration.ofSeconds(1), QUARTER)));
        }
    }

    @Test
    void answers_trades_and_notices_do_not_depend_on_how_often_the_clock_advances() {
        List<String> everySecond = records(EverySecond.LINES);
        List<String> often = records(play(7, Duration.ofMillis(170), QUARTER));
        List<String> seldom = records(play(7, Duration.ofMillis(1_900), QUARTER));

        assertThat(everySecond.size()).isGreaterThan(2_000);
        assertThat(firstDifference(everySecond, often)).isEmpty();
        assertThat(firstDifference(everySecond, seldom)).isEmpty();
    }

    private static <T> String firstDifference(List<T> one, List<T> two) {
        for (int i = 0; i < Math.min(one.size(), two.size()); i++) {
            if (!one.get(i).equals(two.get(i))) {
                return "line " + i + ": " + one.get(i) + "\ninstead of " + two.get(i);
            }
        }
        return one.size() == two.size() ? "" : one.size() + " lines and " + two.size();
    }

    /** A morning with sessions, registrations and orders; the clock advances by {@code step} in between. */
    private static List<Line> play(long seed, Duration step, Duration length) {
        // No client answers PINGPONGs here.
        BrokerRules rules = new BrokerRules(
                        seed, 100_000, 100_000, 41, 4, Duration.ofDays(1), Duration.ofMillis(100), false)
                .withMarket(MarketRules.defaults().withRealTurnover());
        TestBroker broker = new TestBroker(rules, new KrxCalendar(), MORNING);
        broker.login();
        broker.subscribe(1, "H0STCNI0", "MYHTS1");
        broker.register(1, "H0STCNT0", "005930");
        broker.register(1, "H0STASP0", "005930");
        broker.register(1, "H0STCNT0", "247540");
        broker.register(1, "H0NXCNT0", "005930");
        var random = new SplittableRandom(99);
        List<String> orders = new ArrayList<>();
        for (Instant due = MORNING.plusSeconds(7);
                due.isBefore(MORNING.plus(length));
                due = due.plusSeconds(5 + random.nextInt(40))) {
            while (broker.now.plus(step).isBefore(due)) {
                broker.advanceBy(step);
            }
            broker.now = due;
            act(broker, random, orders);
        }
        return broker.effects.stream()
                .map(effect -> switch (effect) {
                    case Effect.Push push -> new Line(push.sessions().getFirst(), 0, push.text());
                    case Effect.Reply reply ->
                        new Line(
                                reply.id(),
                                reply.answer().status(),
                                reply.answer().body());
                    default -> new Line(-1, 0, effect.toString());
                })
                .toList();
    }

    private static void act(TestBroker broker, SplittableRandom random, List<String> orders) {
        String symbol = SYMBOLS.get(random.nextInt(SYMBOLS.size()));
        switch (random.nextInt(9)) {
            case 0 -> broker.price(symbol);
            case 1 -> broker.balance("50000001");
            case 2 -> broker.daily("50000001", Map.of(), Map.of());
            case 3 ->
                broker.call(
                        "GET",
                        "/uapi/domestic-stock/v1/quotations/volume-rank",
                        Map.of("tr_id", "FHPST01710000"),
                        Map.of(
                                "FID_COND_MRKT_DIV_CODE",
                                "J",
                                "FID_COND_SCR_DIV_CODE",
                                "20171",
                                "FID_INPUT_ISCD",
                                "0000",
                                "FID_DIV_CLS_CODE",
                                "0",
                                "FID_BLNG_CLS_CODE",
                                "0",
                                "FID_TRGT_CLS_CODE",
                                "111111111",
                                "FID_TRGT_EXLS_CLS_CODE",
                                "0000000000"));
            case 4 ->
                broker.call(
                        "GET",
                        "/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice",
                        Map.of("tr_id", "FHKST03010200"),
                        Map.of(
                                "FID_COND_MRKT_DIV_CODE",
                                "J",
                                "FID_INPUT_ISCD",
                                symbol,
                                "FID_INPUT_HOUR_1",
                                "153000",
                                "FID_PW_DATA_INCU_YN",
                                "Y",
                                "FID_ETC_CLS_CODE",
                                ""));
            case 5 -> {
                if (!orders.isEmpty()) {
                    broker.revise("50000001", orders.removeLast(), "02", "Y", 0, 0);
                }
            }
            default -> {
                long price = Long.parseLong(broker.price(symbol).text("output", "stck_prpr"));
                String odno = broker.order(
                                "50000001", random.nextInt(4) > 0, symbol, "00", 1 + random.nextInt(20), price)
                        .text("output", "ODNO");
                if (!odno.equals("(absent)")) {
                    orders.add(odno);
                }
            }
        }
    }

    /** Frames contain more records the larger the steps of the clock, and books come at most that often: compares records. */
    private static List<String> records(List<Line> lines) {
        List<String> replies = new ArrayList<>();
        List<String> records = new ArrayList<>();
        for (Line line : lines) {
            if (!line.text().startsWith("0|") && !line.text().startsWith("1|")) {
                replies.add(line.toString());
            } else if (line.text().startsWith("1|")) {
                replies.add(line.text());
            } else if (!line.text().startsWith("0|H0STASP0")) {
                String[] parts = line.text().split("\\|", 4);
                String[] columns = parts[3].split("\\^", -1);
                int count = Integer.parseInt(parts[2]);
                int width = columns.length / count;
                for (int i = 0; i < count; i++) {
                    records.add(parts[1] + Arrays.asList(columns).subList(i * width, (i + 1) * width));
                }
            }
        }
        // Of two stocks that trade in one step the frames go stock by stock.
        records.sort(Comparator.comparing((String record) -> record.substring(0, 15)));
        replies.addAll(records);
        return replies;
    }

    private static String digest(List<Line> lines) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            lines.forEach(line -> digest.update(line.toString().getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
