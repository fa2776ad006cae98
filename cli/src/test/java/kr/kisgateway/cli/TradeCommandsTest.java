package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.terminal.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code buy}, {@code sell}, {@code modify} and {@code cancel}: preview, one confirmation, one order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class TradeCommandsTest {
    private static final String SAMSUNG = "005930";
    private static final long LOW = 150_000;
    private static final String LIVE = "  LIVE: this trades real money. 실전투자: 실제 돈으로 거래합니다.";

    private RunningGateway gateway;
    private Path folder;
    private Shell script;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        gateway = RunningGateway.start(temporary);
        script = shell(gateway.url());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void no_order_is_open() {
        script.run("kill-switch", "off");
        script.run("orders", "cancel-all", "--everything");
        RunningGateway.awaitValue(this::open, open -> open == 0);
    }

    private Shell shell(String url) {
        return Shell.with(Map.of("GATEWAY_URL", url, "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), folder);
    }

    private int open() {
        return script.run("kill-switch", "status", "--json").json().path("open").asInt(-1);
    }

    private int orders() {
        return script.run("orders", "list", "--limit", "1000", "--json")
                .json()
                .path("orders")
                .size();
    }

    @Test
    void a_buy_is_previewed_confirmed_once_and_placed() {
        var terminal = script.atTerminal(true);

        var bought = terminal.run("buy", SAMSUNG, "3", "--price", "150,000", "--strategy", "swing");

        assertThat(bought.code()).as(bought.toString()).isZero();
        assertThat(terminal.questions).containsExactly("Place this order? 이 주문을 접수할까요?");
        assertThat(bought.err())
                .startsWith("BUY 3 005930 삼성전자 at 150,000, account A1\n매수 3주 · 지정가 150,000원\n")
                .containsPattern("venue +KRX, the default")
                .containsPattern("trading window +open for it, the exchange is in REGULAR")
                .containsPattern("amount +450,000, at its price, 150,000")
                .containsPattern("commission +63 \\(0.0140527 %\\)")
                .containsPattern("tax +0 \\(0.00 %, a buy pays none\\)")
                .containsPattern("costs in all +450,063")
                .containsPattern("to spend +[0-9,]+ now, [0-9,]+ after, 450,063 reserved")
                .containsPattern("checks +passed")
                .containsPattern("daily_orders +gateway +10,000 +[0-9]+ +[0-9]+")
                .containsPattern("max_qty +gateway +10,000 +3")
                .contains("Idempotency-Key: made-")
                .doesNotContain("LIVE");
        var id = bought.out().substring(0, bought.out().indexOf(' '));
        assertThat(bought.out()).isEqualTo(id + "  ACCEPTED: ./kis orders show " + id + " shows the order's status.\n");
        var order = gateway.awaitStatus(id, "SENT");
        assertThat(order.path("qty").asLong()).isEqualTo(3);
        assertThat(order.path("strategy_id").asString()).isEqualTo("swing");
    }

    @Test
    void an_order_is_scheduled_after_one_confirmation_then_changed_and_cancelled() {
        int before = orders();
        OffsetDateTime due =
                OffsetDateTime.now(ZoneOffset.ofHours(9)).plusDays(1).truncatedTo(ChronoUnit.MINUTES);
        String at = due.format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm"));
        String until = due.plusMinutes(1).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm"));
        var terminal = script.atTerminal(true);

        var scheduled = terminal.run("buy", SAMSUNG, "3", "--price", "150,000", "--at", at);

        assertThat(scheduled.code()).as(scheduled.toString()).isZero();
        assertThat(terminal.questions).containsExactly("Schedule this order? 이 주문을 예약할까요?");
        assertThat(scheduled.err())
                .containsPattern("placed at +" + at.replace('T', ' ') + ":00")
                .containsPattern(
                        "trading window +open for it at " + at.replace('T', ' ') + ":00, the exchange is then in ")
                .containsPattern("not placed after +" + until + ":00")
                .doesNotContain("sent until")
                .contains("It is placed at " + at.replace('T', ' ')
                        + ":00, by the cash, shares, prices and limits of that time");
        String id = scheduled.out().substring(0, scheduled.out().indexOf(' '));
        assertThat(id).startsWith("par_");
        assertThat(script.run("parents", "list", "--status", "open").out())
                .contains(
                        id,
                        "WAITING",
                        SAMSUNG,
                        "150,000",
                        Format.listTime(due, InstantSource.system().instant()));
        assertThat(script.run("parents", "show", id).out()).contains("BUY 3 005930 at 150,000", "not after");

        var changed = terminal.run("parents", "modify", id, "--qty", "4", "--price", "150500");
        assertThat(changed.out()).contains("BUY 4 005930");
        assertThat(changed.err())
                .startsWith(id + " is WAITING: SCHEDULED, BUY 3 005930 at 150,000, account A1\n"
                        + "This changes quantity 3 to 4, price 150,000 to 150,500.\n");
        String key = changed.err()
                .substring(changed.err().indexOf("Idempotency-Key: ") + 17)
                .strip();
        var repeated = script.run("parents", "modify", id, "--qty", "4", "--price", "150500", "--key", key, "--yes");
        assertThat(repeated.out()).as(repeated.toString()).contains("had done this before");
        var dropped = script.run("parents", "modify", id, "--drop", "0", "--yes");
        assertThat(dropped.code()).isEqualTo(Kis.REFUSED);
        assertThat(dropped.err())
                .contains("This changes line 0, BUY 4 005930")
                .contains(", to none.")
                .contains("\"drop\"");
        assertThat(script.run("parents", "modify", id).code()).isEqualTo(Kis.USAGE);
        assertThat(script.run("parents", "events", id).out()).contains("Accepted", "Modified");
        var kept = script.atTerminal(false).run("parents", "cancel", id);
        assertThat(kept.code()).isEqualTo(Kis.REFUSED);
        assertThat(kept.err()).endsWith("This ends it; nothing is placed.\nNothing was done.\n");
        assertThat(script.run("parents", "cancel", id, "--yes").out())
                .isEqualTo(id + "  CANCELED: nothing was placed.\n");
        var ended = script.run("parents", "cancel", id, "--yes");
        assertThat(ended.code()).isEqualTo(Kis.REFUSED);
        assertThat(ended.err()).contains("./kis parents show " + id).doesNotContain("./kis orders");
        assertThat(terminal.questions).endsWith("Change it? 변경할까요?");
        assertThat(orders()).isEqualTo(before);

        for (var wrong : new String[] {
            "buy 005930 1 --at tomorrow --yes",
            "buy 005930 1 --until " + at + " --yes",
            "buy 005930 1 --dry-run --at " + at
        }) {
            assertThat(script.run(wrong.split(" ")).code()).as(wrong).isEqualTo(Kis.USAGE);
        }
        var past = terminal.run("buy", SAMSUNG, "1", "--at", "2026-01-05T09:00");
        assertThat(past.code()).isEqualTo(Kis.REFUSED);
        assertThat(past.err()).contains("Refused: INVALID_FIELD").endsWith("Nothing was scheduled.\n");
        assertThat(terminal.questions).as("there is nothing to confirm").hasSize(2);
        var declined = script.atTerminal(false).run("buy", SAMSUNG, "1", "--at", at);
        assertThat(declined.err()).endsWith("Nothing was scheduled.\n");
        assertThat(script.run("parents", "list", "--status", "open").out()).isEqualTo("No parent orders.\n");
    }

    @Test
    void prices_of_us_stocks_are_shown_in_dollars_wherever_an_order_is() {
        String apple = "AAPL.NASD";
        var terminal = script.atTerminal(true);
        var bought = terminal.run("buy", apple, "3", "--price", "50.25");
        assertThat(bought.code()).as(bought.toString()).isZero();
        assertThat(bought.err()).startsWith("BUY 3 AAPL.NASD ").contains(" at $50.25, account A1");
        String id = bought.out().substring(0, bought.out().indexOf(' '));
        gateway.awaitStatus(id, "SENT");

        assertThat(script.run("orders", "list", "--symbol", apple).out()).containsPattern("BUY +3 +\\$50\\.25 ");
        assertThat(script.run("orders", "show", id).out()).containsPattern("order +BUY 3 AAPL\\.NASD at \\$50\\.25");
        var modified = terminal.run("modify", id, "--price", "50.3");
        assertThat(modified.err())
                .contains("BUY 3 AAPL.NASD at $50.25, 0 filled")
                .contains("This changes price $50.25 to $50.30.")
                .containsPattern("open part +3 at \\$50\\.25, then 3 at \\$50\\.30")
                .containsPattern("costs in all +\\$151\\.1268, then \\$151\\.2772");

        var last = new BigDecimal(
                script.run("quote", apple, "--json").json().path("price").asString());
        var filled = script.run(
                "buy", apple, "1", "--price", last.add(BigDecimal.TEN).toPlainString(), "--yes");
        assertThat(filled.code()).as(filled.toString()).isZero();
        String done = filled.out().substring(0, filled.out().indexOf(' '));
        gateway.awaitStatus(done, "FILLED");
        assertThat(script.run("orders", "show", done).out())
                .containsPattern("filled +1 at \\$[0-9.]+ on average")
                .containsPattern(" 1 +\\$[0-9.]+ +\\$[0-9.]+ ");
        assertThat(script.run("executions", "--order", done).out()).containsPattern("BUY +1 +\\$[0-9.]+ +\\$[0-9.]+ ");
        assertThat(script.run("pnl", "--by", "symbol").out()).containsPattern(apple + " +1 +\\$[0-9.]+ +\\$[0-9.]+ ");

        var bracket =
                script.run("bracket", apple, "1", "--price", "51.5", "--stop", "40.25", "--stop-limit", "40", "--yes");
        assertThat(bracket.code()).as(bracket.toString()).isZero();
        assertThat(bracket.err()).contains("sold with a stop at $40.25, limit $40.00.");
        String parent = bracket.out().substring(0, bracket.out().indexOf(' '));
        assertThat(script.run("parents", "list", "--status", "open").out()).containsPattern("BUY +1 +\\$51\\.50 ");
        assertThat(script.run("parents", "show", parent).out())
                .contains("BUY 1 AAPL.NASD at $51.50")
                .contains("AAPL.NASD ≤ $40.25")
                .containsPattern("STOP .*\\$40\\.00");
        assertThat(script.run("parents", "cancel", parent, "--yes").code()).isZero();
    }

    @Test
    void a_bracket_is_placed_shown_changed_and_cancelled_as_one() {
        var terminal = script.atTerminal(true);

        var placed = terminal.run(
                "bracket", SAMSUNG, "3", "--price", "150,000", "--stop", "145,000", "--take-profit", "250000");

        assertThat(placed.code()).as(placed.toString()).isZero();
        assertThat(terminal.questions).containsExactly("Place this bracket? 이 브래킷을 접수할까요?");
        assertThat(placed.err()).contains("What it buys is sold at 250,000 or with a stop at 145,000, at market.");
        String id = placed.out().substring(0, placed.out().indexOf(' '));
        assertThat(script.run("parents", "show", id).out())
                .contains("BRACKET", "ENTRY", "TAKE_PROFIT", "STOP", "WAITING", SAMSUNG + " at ");
        String entry = entryOf(id);
        var changed = script.run("parents", "modify", id, "--stop", "146000", "--yes");
        assertThat(changed.err()).contains("This changes stop to 146,000.");
        assertThat(changed.out()).as(changed.toString()).contains("146,000");
        for (var change : List.of("release", "cancel", "modify --stop 147000")) {
            var words = ("parents " + change.replaceFirst("( |$)", " " + id + "$1")).split(" ");
            var unconfirmed = script.run(words);
            assertThat(unconfirmed.code()).as(change).isEqualTo(Kis.USAGE);
            assertThat(unconfirmed.err()).contains(Confirmation.MISSING);
        }
        var notHeld = terminal.run("parents", "release", id);
        assertThat(notHeld.code()).isEqualTo(Kis.REFUSED);
        assertThat(terminal.questions).endsWith("Place it? 접수할까요?");
        assertThat(script.run("parents", "cancel", id, "--yes").code()).isZero();
        gateway.awaitStatus(entry, "CANCELED");

        for (var wrong : new String[] {
            "bracket 005930 1 --yes", "bracket 005930 1 --stop 1 --trail 2 --yes", "bracket 005930 1 --stop 1000"
        }) {
            assertThat(script.run(wrong.split(" ")).code()).as(wrong).isEqualTo(Kis.USAGE);
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    @Test
    void a_bracket_may_be_of_another_venue_or_begin_with_a_sale() {
        var nxt = script.run(
                "bracket",
                SAMSUNG,
                "1",
                "--price",
                "150,000",
                "--stop",
                "145,000",
                "--stop-limit",
                "144,000",
                "--venue",
                "NXT",
                "--strategy",
                "swing",
                "--yes");
        assertThat(nxt.code()).as(nxt.toString()).isZero();
        assertThat(nxt.err())
                .containsPattern("venue +NXT, as requested")
                .containsPattern("strategy +swing")
                .contains("What it buys is sold with a stop at 145,000, limit 144,000.");
        String id = nxt.out().substring(0, nxt.out().indexOf(' '));
        String entry = entryOf(id);
        assertThat(script.run("orders", "show", entry, "--json")
                        .json()
                        .path("venue")
                        .asString(""))
                .isEqualTo("NXT");
        assertThat(script.run("parents", "cancel", id, "--yes").code()).isZero();

        int before = orders();
        var notHeld = script.run(
                "bracket", "005380", "1", "--side", "SELL", "--stop", "990,000", "--take-profit", "100,000", "--yes");
        assertThat(notHeld.code()).isEqualTo(Kis.REFUSED);
        assertThat(notHeld.err())
                .contains("What it sells is bought back at 100,000 or with a stop at 990,000, at market.")
                .contains("INSUFFICIENT_POSITION_QTY")
                .contains("Nothing was placed.");
        assertThat(orders()).isEqualTo(before);
        var wrong = script.run("bracket", SAMSUNG, "1", "--side", "SHORT", "--stop", "1000", "--yes");
        assertThat(wrong.code()).isEqualTo(Kis.USAGE);
        assertThat(wrong.err()).contains("--side", "BUY, SELL");
    }

    @Test
    void a_modification_shows_what_the_open_part_costs_before_and_after() {
        var terminal = script.atTerminal(false);
        var bought = script.run("buy", SAMSUNG, "3", "--price", "150,000", "--yes");
        String id = bought.out().substring(0, bought.out().indexOf(' '));
        gateway.awaitStatus(id, "SENT");

        var smaller = terminal.run("modify", id, "--qty", "2", "--price", "149,900");

        assertThat(smaller.code()).isEqualTo(Kis.REFUSED);
        assertThat(smaller.err())
                .containsPattern("open part +3 at 150,000, then 2 at 149,900")
                .containsPattern("commission +63, then 42\n")
                .containsPattern("costs in all +450,063, then 299,842\n")
                .endsWith("Nothing was done.\n");
        Matcher cash =
                Pattern.compile("to spend +([0-9,]+) now, ([0-9,]+) after").matcher(smaller.err());
        assertThat(cash.find()).as(smaller.err()).isTrue();
        assertThat(won(cash.group(2)) - won(cash.group(1))).isEqualTo(450_063 - 299_842);
        assertThat(script.run("cancel", id, "--yes").code()).isZero();
    }

    /** The order that a bracket begins with, when it is placed. */
    private String entryOf(String parent) {
        return RunningGateway.awaitValue(
                () -> script.run("parents", "show", parent, "--json")
                        .json()
                        .path("order_id")
                        .asString(""),
                order -> !order.isEmpty());
    }

    private static long won(String text) {
        return Long.parseLong(text.replace(",", ""));
    }

    @Test
    void a_basket_is_previewed_confirmed_once_and_placed_under_one_key() throws Exception {
        write(
                "basket.csv",
                "\uFEFFsymbol, side,qty,price,strategy\r\n"
                        + "# the first of the month\r\n\r\n"
                        + "005930,BUY,3,150000,swing\r\n"
                        + "000660,buy,1,,\r\n");
        var terminal = script.atTerminal(true);

        var placed = terminal.run("basket", "basket.csv");

        assertThat(placed.code()).as(placed.toString()).isZero();
        assertThat(terminal.questions).containsExactly("Place these 2 orders? 이 주문 2건을 접수할까요?");
        assertThat(placed.err())
                .containsPattern("4 +BUY +3 +005930 +삼성전자 +150,000 +450,063 +KRX +passed")
                .containsPattern("5 +buy +1 +000660 +SK하이닉스 +market");
        assertThat(placed.out()).containsPattern("par_\\S+ +ACCEPTED: ./kis parents show par_");
        String parent = placed.out().substring(0, placed.out().indexOf(' '));
        RunningGateway.awaitValue(
                () -> script.run("parents", "show", parent, "--json").json(),
                shown -> shown.at("/legs/1/status").asString("").equals("FILLED")
                        && shown.at("/legs/0/status").asString("").equals("WORKING"));
        assertThat(script.run("parents", "list").out())
                .containsPattern("BASKET +" + parent + " +A1 +2 orders +WORKING");
        assertThat(script.run("parents", "show", parent).out())
                .contains("BASKET  WORKING")
                .containsPattern("ORDER +WORKING +BUY +3 +005930 +150,000")
                .containsPattern("ORDER +FILLED +BUY +1 +000660 +market");
        String key = placed.err()
                .substring(placed.err().indexOf("Idempotency-Key: ") + 17)
                .strip();
        int after = orders();
        var again = script.run("basket", "basket.csv", "--yes", "--key", key);
        assertThat(again.out()).startsWith(placed.out()).contains("had done this before");
        assertThat(orders()).isEqualTo(after);
    }

    @Test
    void a_basket_of_weights_and_amounts_shows_its_shares_before_it_is_placed() throws Exception {
        write(
                "weights.csv",
                "symbol,side,weight,amount,price\n"
                        + "005930,BUY,30,,150000\n"
                        + "000660,BUY,12.5,,150001\n"
                        + "005930,BUY,,1000000,150000\n");
        assertThat(script.run("basket", "weights.csv", "--yes").err()).contains("--amount is the total");
        var refused = script.run("basket", "weights.csv", "--yes", "--amount", "10,000,000");
        assertThat(refused.code()).as(refused.toString()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err())
                .containsPattern("2 +BUY +20 +005930 +삼성전자 +150,000")
                .containsPattern("3 +BUY +8 +000660 .*refused: INVALID_TICK_SIZE")
                .containsPattern("4 +BUY +6 +005930")
                .contains("1 of 3 orders would be refused")
                .endsWith("Nothing was placed.\n");

        int before = orders();
        var placed = script.run("basket", "weights.csv", "--yes", "--amount", "10,000,000", "--partial");
        assertThat(placed.code()).as(placed.toString()).isZero();
        assertThat(placed.out()).contains("ACCEPTED").contains("Left out: line 3, INVALID_TICK_SIZE");
        assertThat(placed.err())
                .containsPattern("buys +2 orders, 3,900,000\n")
                .containsPattern("commission +547\n")
                .containsPattern("costs in all +3,900,547\n");
        Matcher cash = Pattern.compile("to spend +([0-9,]+) now, ([0-9,]+) after, 3,900,547 reserved")
                .matcher(placed.err());
        assertThat(cash.find()).as(placed.err()).isTrue();
        assertThat(won(cash.group(1)) - won(cash.group(2))).isEqualTo(3_900_547);
        RunningGateway.awaitValue(this::orders, now -> now == before + 2);
        String parent = placed.out().substring(0, placed.out().indexOf(' '));
        assertThat(script.run("parents", "show", parent).out()).contains("Left out: orders[1].price");
        var canceled = script.run("parents", "cancel", parent, "--yes");
        assertThat(canceled.code()).as(canceled.toString()).isZero();
        assertThat(canceled.err()).contains("BASKET, 2 orders, account A1");
        RunningGateway.awaitValue(
                () -> script.run("parents", "show", parent, "--json").json(),
                shown -> shown.path("status").asString("").equals("CANCELED"));
    }

    @Test
    void an_order_is_placed_at_an_offset_and_re_priced() {
        var bought = script.run("buy", SAMSUNG, "1", "--offset", "auto", "--reprice", "--yes");
        assertThat(bought.code()).as(bought.toString()).isZero();
        assertThat(bought.err()).startsWith("BUY 1 005930 삼성전자 at ");
        var id = bought.out().substring(0, bought.out().indexOf(' '));
        var order = script.run("orders", "show", id, "--json").json();
        assertThat(order.path("repricing").path("offset").asBoolean()).isTrue();
        assertThat(order.path("repricing").path("max").asInt()).isEqualTo(2);
        assertThat(script.run("orders", "show", id).out())
                .containsPattern("price chosen +by the gateway, [0-2] of 2 further prices, each after 5 s");

        var both = script.run("buy", SAMSUNG, "1", "--offset", "auto", "--price", "150000", "--yes");
        assertThat(both.code()).as(both.toString()).isNotZero();
        assertThat(both.err()).contains("price");
        var scheduled = script.run("buy", SAMSUNG, "1", "--reprice", "--at", "2026-12-01T09:00", "--yes");
        assertThat(scheduled.code()).isEqualTo(Kis.USAGE);
        assertThat(scheduled.err()).contains("leave --at out");
    }

    @Test
    void a_basket_with_a_bad_line_places_nothing_unless_it_may_be_left_out() throws Exception {
        int before = orders();
        write("bad.csv", "symbol,side,qty,price\n005930,BUY,1,150000\n005930,BUY,1,150001\n");
        var refused = script.run("basket", "bad.csv", "--yes");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err())
                .containsPattern("3 .*refused: INVALID_TICK_SIZE")
                .contains("1 of 2 orders would be refused")
                .endsWith("Nothing was placed.\n");
        assertThat(orders()).isEqualTo(before);

        var partial = script.run("basket", "bad.csv", "--yes", "--partial");
        assertThat(partial.code()).as(partial.toString()).isZero();
        assertThat(partial.err()).contains("Left out: line 3.");
        RunningGateway.awaitValue(this::orders, now -> now == before + 1);
        // Repeated with its key, a line that was left out is not placed, whether it passes now or not.
        String key = partial.err()
                .substring(partial.err().indexOf("Idempotency-Key: ") + 17)
                .strip();
        var repeated = script.run("basket", "bad.csv", "--yes", "--partial", "--key", key);
        assertThat(repeated.code()).as(repeated.toString()).isZero();
        assertThat(repeated.out()).startsWith(partial.out());
        assertThat(orders()).isEqualTo(before + 1);

        // Each fits by itself; together they do not.
        write("rich.csv", "symbol,side,qty,price,amount\n005930,BUY,4000,150000,\n000660,BUY,,,600000000\n");
        var rich = script.run("basket", "rich.csv", "--yes");
        assertThat(rich.code()).isEqualTo(Kis.REFUSED);
        assertThat(rich.err()).containsPattern("The buys need 1[0-9]{9} won together, and 9");
        var bought = script.run("buy", "035420", "3", "--yes", "--json").json();
        gateway.awaitStatus(bought.path("order_id").asString(""), "FILLED");
        write("short.csv", "symbol,side,qty\n035420,SELL,2\n035420,SELL,2\n");
        var shortOf = script.run("basket", "short.csv", "--yes");
        assertThat(shortOf.code()).isEqualTo(Kis.REFUSED);
        assertThat(shortOf.err()).contains("The sales of 035420 are for 4 shares together, and 3 may be sold");
        assertThat(orders()).isEqualTo(before + 2);
    }

    @Test
    void a_basket_that_cannot_be_read_is_a_usage_error_with_its_line() throws Exception {
        int before = orders();
        for (var wrong : Map.of(
                        "symbol,side\n",
                        "'qty' is missing",
                        "symbol,side,qty,colour\n",
                        "no column 'colour'",
                        "symbol,side,qty,qty\n",
                        "twice",
                        "symbol,side,qty\n005930,BUY\n",
                        "Line 2 has 2 cells",
                        "symbol,side,qty\n005930,BUY,many\n",
                        "Line 2: 'many'",
                        "symbol,side,qty\n005930,,1\n",
                        "Line 2: side is empty",
                        "symbol,side,qty,price\n005930,BUY,1,1,000\n",
                        "without commas",
                        "symbol,side,qty\n",
                        "has 0 orders",
                        "symbol,side,qty\n" + "005930,BUY,1\n".repeat(101),
                        "has 101 orders",
                        "",
                        "is empty")
                .entrySet()) {
            write("wrong.csv", wrong.getKey());
            var refused = script.run("basket", "wrong.csv", "--yes");
            assertThat(refused.code()).as(wrong.getKey()).isEqualTo(Kis.USAGE);
            assertThat(refused.err()).contains(wrong.getValue());
        }
        assertThat(script.run("basket", "none.csv", "--yes").err()).contains("There is no file");
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void without_a_confirmation_nothing_is_sent() {
        int before = orders();
        var terminal = script.atTerminal(false);
        var declined = terminal.run("buy", SAMSUNG, "1", "--price", Long.toString(LOW));
        assertThat(declined.code()).isEqualTo(Kis.REFUSED);
        assertThat(declined.err()).endsWith("Nothing was placed.\n").doesNotContain("Idempotency-Key");
        assertThat(terminal.questions).hasSize(1);
        assertThat(declined.out()).isEmpty();

        for (var command : new String[] {"buy 005930 1", "sell 005930 1", "cancel ord_1", "modify ord_1 --qty 1"}) {
            var alone = script.run(command.split(" "));
            assertThat(alone.code()).as(command).isEqualTo(Kis.USAGE);
            assertThat(alone.err()).as(command).contains("a confirmation at a terminal, or --yes");
        }
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void a_script_confirms_with_yes_and_reads_the_answer_alone_from_stdout() {
        var bought = script.run("buy", SAMSUNG, "2", "--yes", "--venue", "SOR", "--json");
        assertThat(bought.code()).as(bought.toString()).isZero();
        assertThat(bought.json().path("status").asString()).isEqualTo("ACCEPTED");
        assertThat(bought.err()).containsPattern("venue +SOR, as requested").contains("매수 2주 · 시장가\n");
        gateway.awaitStatus(bought.json().path("order_id").asString(), "FILLED");

        RunningGateway.awaitValue(
                () -> script.run("positions", "--json")
                        .json()
                        .path(0)
                        .path("sellable_qty")
                        .asInt(),
                sellable -> sellable >= 2);
        var sold = script.run("sell", SAMSUNG, "1", "--yes");
        assertThat(sold.code()).as(sold.toString()).isZero();
        assertThat(sold.err())
                .contains("SELL 1 005930 삼성전자 without a limit price")
                .containsPattern("amount +[0-9,]+ estimated, at the last price")
                .containsPattern("tax +[1-9][0-9,]* \\(0\\.[0-9]+ %, KOSPI STOCK\\)")
                .containsPattern("to sell +[0-9]+ shares now, [0-9]+ after");
        gateway.awaitStatus(sold.out().substring(0, sold.out().indexOf(' ')), "FILLED");
    }

    @Test
    void a_refused_preview_names_the_refusal_and_sends_nothing() {
        int before = orders();
        var terminal = script.atTerminal(true);
        var refused = terminal.run("buy", SAMSUNG, "99999", "--price", Long.toString(LOW));
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err())
                .containsPattern("checks +refused: MAX_QTY_EXCEEDED")
                .containsPattern("max_qty +gateway +10,000 +99,999 +EXCEEDED")
                .contains("Refused: MAX_QTY_EXCEEDED", "What to do: ", "할 일: ", "Nothing was placed.");
        assertThat(terminal.questions).as("there is nothing to confirm").isEmpty();

        var unreadable = script.run("buy", SAMSUNG, "1", "--type", "LIMIT", "--yes", "--json");
        assertThat(unreadable.code()).isEqualTo(Kis.REFUSED);
        assertThat(unreadable.json().path("code").asString()).isEqualTo("PRICE_REQUIRED_FOR_LIMIT");
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void a_repeated_key_is_answered_as_before_although_a_new_order_would_be_refused() {
        var first = script.run("buy", SAMSUNG, "1", "--price", Long.toString(LOW), "--yes", "--key", "once");
        assertThat(first.code()).as(first.toString()).isZero();
        script.run("kill-switch", "on", "--reason", "test");
        var again = script.run("buy", SAMSUNG, "1", "--price", Long.toString(LOW), "--yes", "--key", "once");
        assertThat(again.code()).as(again.toString()).isZero();
        assertThat(again.err()).containsPattern("checks +refused: KILL_SWITCH");
        assertThat(again.out())
                .contains("had done this before")
                .contains(first.out().strip());
    }

    @Test
    void a_dry_run_evaluates_without_a_question() {
        int before = orders();
        var passed = script.run("buy", SAMSUNG, "1", "--price", Long.toString(LOW), "--dry-run");
        assertThat(passed.code()).as(passed.toString()).isZero();
        assertThat(passed.out()).isEqualTo("DRY_RUN: every check passed; nothing was placed.\n");
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void modify_and_cancel_show_the_order_and_prompt_once() {
        var id = gateway.placeRestingBuy(SAMSUNG, LOW);
        var terminal = script.atTerminal(true);

        var modified = terminal.run("modify", id, "--qty", "2", "--price", "149500");
        assertThat(modified.code()).as(modified.toString()).isZero();
        assertThat(modified.err())
                .startsWith(id + " is SENT: BUY 3 005930 at 150,000, 0 filled, account A1\n"
                        + "This changes quantity 3 to 2, price 150,000 to 149,500.\n");
        assertThat(modified.out()).contains("MODIFY_PENDING");
        RunningGateway.awaitValue(
                () -> gateway.order(id),
                order -> order.path("status").asString().equals("SENT")
                        && order.path("price").asLong() == 149_500);

        var declined = script.atTerminal(false).run("cancel", id);
        assertThat(declined.code()).isEqualTo(Kis.REFUSED);
        assertThat(declined.err()).endsWith("This cancels 2 open shares.\nNothing was done.\n");
        assertThat(gateway.order(id).path("status").asString()).isEqualTo("SENT");

        var cancelled = terminal.run("cancel", id);
        assertThat(cancelled.code()).as(cancelled.toString()).isZero();
        assertThat(terminal.questions).containsExactly("Change it? 정정할까요?", "Cancel it? 취소할까요?");
        gateway.awaitStatus(id, "CANCELED");
        var unknown = terminal.run("cancel", "ord_01M7WW22Q239FZHZ92NAHZFWP0");
        assertThat(unknown.code()).isEqualTo(Kis.REFUSED);
        assertThat(unknown.err()).contains("Nothing was sent.");
    }

    @Test
    void without_an_answer_to_the_preview_nothing_is_placed() throws IOException {
        int before = orders();
        try (var line = LossyProxy.to(gateway.baseUri(), 9)) {
            var silent = shell(line.url()).run("buy", SAMSUNG, "1", "--price", Long.toString(LOW), "--yes");
            assertThat(silent.code()).isEqualTo(Kis.NOT_REACHED);
            assertThat(silent.err()).endsWith("Nothing was sent.\n").doesNotContain("It is unknown");
        }
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void a_live_preview_says_live_first_and_in_the_question() {
        var preview = ApiJson.read(resource("/examples/OrderPreview.json"), OrderPreview.class);
        assertThat(preview.environment()).isEqualTo("live");
        var out = new ByteArrayOutputStream();
        PreviewText.show(new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), Screen.UNBOUNDED), preview);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().skip(1).findFirst())
                .contains(LIVE);
        assertThat(LiveBanner.question("live", "Cancel it?", "취소할까요?"))
                .isEqualTo("LIVE, real money (실전투자): Cancel it? 취소할까요?");
        assertThat(LiveBanner.question("mock", "Cancel it?", "취소할까요?")).isEqualTo("Cancel it? 취소할까요?");
    }

    @Test
    void live_is_named_above_each_preview_and_in_the_question() throws IOException {
        var live = folder.resolve("live");
        var key = RunningGateway.createKey(
                Files.createDirectories(live.resolve("data").resolve("live")));
        try (var trading = RunningGateway.startLive(live, gateway)) {
            var operator = Shell.with(Map.of("GATEWAY_URL", trading.url(), "GATEWAY_API_KEY", key), folder);
            var terminal = operator.atTerminal(false);
            var buy = new String[] {"buy", SAMSUNG, "1", "--price", Long.toString(LOW)};

            var refused = RunningGateway.awaitValue(
                    () -> terminal.run(buy), now -> now.err().contains("DRY_RUN_REQUIRED"));

            assertThat(refused.code()).isEqualTo(Kis.REFUSED);
            assertThat(refused.err().lines().skip(1).findFirst()).contains(LIVE);
            assertThat(refused.err()).endsWith("Nothing was placed.\n");
            assertThat(terminal.questions).isEmpty();
            // The repetition of an earlier attempt is confirmed whatever the checks of a new order say, at any hour.
            var repeated = terminal.run("buy", SAMSUNG, "1", "--price", Long.toString(LOW), "--key", "earlier");
            assertThat(repeated.code()).isEqualTo(Kis.REFUSED);
            assertThat(terminal.questions).containsExactly("LIVE, real money (실전투자): Place this order? 이 주문을 접수할까요?");
            // A script without a terminal is shown the same.
            var script = operator.run("buy", SAMSUNG, "1", "--price", Long.toString(LOW), "--yes");
            assertThat(script.code()).isEqualTo(Kis.REFUSED);
            assertThat(script.err().lines().skip(1).findFirst()).contains(LIVE);
        }
    }

    private static String resource(String name) {
        try (var in = Optional.ofNullable(OrderPreview.class.getResourceAsStream(name))
                .orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120})
    void a_preview_fits_the_terminal(int width) {
        var narrow = Shell.with(Map.of("GATEWAY_URL", gateway.url(), "KIS_COLUMNS", String.valueOf(width)), folder);
        for (var price : new String[] {"150000", "149999"}) {
            var shown = narrow.atTerminal(false).run("buy", SAMSUNG, "3", "--price", price, "--strategy", "단타-7");
            assertThat(shown.code()).isEqualTo(Kis.REFUSED);
            assertThat(shown.err().lines())
                    .isNotEmpty()
                    .allSatisfy(
                            line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
        }
    }
}
