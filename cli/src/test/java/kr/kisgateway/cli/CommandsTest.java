package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
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
import tools.jackson.databind.JsonNode;

/** Each command on a real gateway with its simulator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class CommandsTest {
    private static final String SAMSUNG = "005930";
    private static final long LOW = 150_000;

    private RunningGateway gateway;
    private Path folder;
    private Shell shell;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        gateway = RunningGateway.start(temporary);
        shell = shell(gateway.url());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void faults_are_cleared_and_no_order_is_open() {
        gateway.setFaults("{\"clear\":true}");
        shell.run("kill-switch", "off");
        shell.run("reconcile");
        shell.run("orders", "cancel-all", "--everything");
        RunningGateway.awaitValue(
                () -> shell.run("kill-switch", "status", "--json")
                        .json()
                        .path("open")
                        .asInt(-1),
                open -> open == 0);
    }

    // ---- reading ----

    @Test
    @Requirement("A-04")
    void why_explains_whether_a_symbol_is_pushed() {
        RunningGateway.awaitValue(
                () -> shell.run("why", SAMSUNG),
                why -> why.out().contains("005930 trades (push): KIS pushes it on K1"));
        assertThat(shell.run("why", SAMSUNG).out()).contains("the setting KIS_WS_SYMBOLS names it");
        assertThat(shell.run("why", "000660").out())
                .contains("No stream client or program at the KIS-compatible port subscribes to 000660");
        var refused = shell.run("why", "nothing");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err()).contains("INVALID_SYMBOL", "005930", "./kis search");
        var unlisted = shell.run("why", "ZZZZZZ");
        assertThat(unlisted.code()).isEqualTo(Kis.REFUSED);
        assertThat(unlisted.err()).contains("SYMBOL_NOT_FOUND", "./kis search");
        for (var command : List.of("quote", "book", "bars", "instrument")) {
            var wrong = shell.run(command, "ZZZZZZ");
            assertThat(wrong.code()).as(command).isEqualTo(Kis.REFUSED);
            assertThat(wrong.err()).as(command).contains("SYMBOL_NOT_FOUND", "./kis search");
        }
    }

    @Test
    void the_status_reports_whether_the_gateway_can_trade_and_why_not() {
        var well = shell.run("status");
        assertThat(well.code()).as(well.toString()).isZero();
        assertThat(well.out()).startsWith("It can trade.\n").contains("environment  sim", "APP KEY", "K1", " of 41");
        assertThat(shell.run("status", "--json").json().path("mode").asString(""))
                .isEqualTo("sim");
        gateway.setFaults("{\"half_open_sockets\":true}");
        gateway.setFaults("{\"drop_sockets\":true}");
        var broken = RunningGateway.awaitValue(
                () -> shell.run("status"), now -> now.out().startsWith("It cannot trade.\n"));
        assertThat(broken.code()).isZero();
        assertThat(broken.out())
                .contains(
                        "  WS_DISCONNECTED: The WebSocket to KIS is not open.\n    What to do (wait): the gateway opens it",
                        "    할 일 (대기): KIS 웹소켓이 연결되어 있지 않습니다.",
                        "not connected");
        gateway.setFaults("{\"clear\":true}");
        RunningGateway.awaitValue(() -> shell.run("status"), now -> now.out().startsWith("It can trade.\n"));
    }

    @Test
    void balance_and_positions_show_cash_and_holdings() {
        var bought = gateway.buy(SAMSUNG, 3, Optional.empty(), "");
        gateway.awaitStatus(bought, "FILLED");
        var positions = RunningGateway.awaitValue(
                () -> shell.run("positions"), now -> now.out().contains("삼성전자"));
        assertThat(positions.code()).as(positions.toString()).isZero();
        assertThat(positions.out().lines().toList().getFirst())
                .startsWith("SYMBOL")
                .contains("QTY", "PAID", "GAIN");
        // Other tests of the class buy the same stock.
        int qty = shell.run("positions", "--json").json().path(0).path("qty").asInt();
        assertThat(qty).isGreaterThanOrEqualTo(3);
        assertThat(positions.out())
                .containsPattern("005930  삼성전자 +" + qty + " ")
                .contains("as of ");

        var balance = shell.run("balance", "--account", "A1");
        assertThat(balance.code()).as(balance.toString()).isZero();
        assertThat(balance.out()).startsWith("account A1\n").containsPattern("to spend +[0-9,]{9,}\n");
        var closedPortUrl = shell.run("balance", "--account", "A9");
        assertThat(closedPortUrl.code()).isEqualTo(Kis.REFUSED);
    }

    @Test
    void accounts_executions_and_buying_power_show_what_the_gateway_answers() {
        var accounts = shell.run("accounts");
        assertThat(accounts.code()).as(accounts.toString()).isZero();
        assertThat(accounts.out()).containsPattern("A1 +01 위탁 +sim +KRW +yes");

        var bought = gateway.buy(SAMSUNG, 2, Optional.empty(), "");
        gateway.awaitStatus(bought, "FILLED");
        var executions = shell.run("executions", "--order", bought, "--symbol", SAMSUNG, "--limit", "5");
        assertThat(executions.code()).as(executions.toString()).isZero();
        assertThat(executions.out()).containsPattern("A1 +005930 +BUY").contains(bought + ".1");
        assertThat(shell.run("executions", "--date", "2020-01-02").out()).isEqualTo("No executions.\n");
        var page = shell.run("executions", "--limit", "1", "--json").json();
        assertThat(page.path("executions").size()).isEqualTo(1);
        var profit = shell.run("pnl", "--by", "symbol");
        assertThat(profit.code()).as(profit.toString()).isZero();
        assertThat(profit.out()).containsPattern(SAMSUNG + " +KRW").containsPattern("total +KRW");
        assertThat(shell.run("pnl", "--to", "2020-01-02").out()).isEqualTo("No fills.\n");
        var refused = shell.run("executions", "--from", "2026-11-21", "--to", "2026-11-20");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);

        var power = shell.run("buying-power", SAMSUNG, "--price", Long.toString(LOW));
        assertThat(power.code()).as(power.toString()).isZero();
        assertThat(power.out())
                .startsWith("account A1, LIMIT buy of 005930 at ")
                .containsPattern("shares +[0-9,]+, bounded by ")
                .containsPattern("by KIS +[0-9,]+ for ")
                .containsPattern("max_qty +[0-9,]+ by [0-9,]+ of gateway");
        var json = shell.run("buying-power", SAMSUNG, "--json").json();
        assertThat(json.path("order_type").asString()).isEqualTo("MARKET");
    }

    @Test
    void an_open_buy_is_not_to_spend_again() {
        // A fill of another test is subtracted until KIS's answer certainly includes it.
        var before = RunningGateway.awaitValue(
                this::balance, balance -> balance.path("cash_available").equals(balance.path("deposit_in_two_days")));
        gateway.placeRestingBuy(SAMSUNG, LOW);

        var after = balance();
        assertThat(before.path("cash_available").asLong()
                        - after.path("cash_available").asLong())
                .isBetween(3 * LOW, 3 * LOW + 1_000);
        assertThat(after.path("deposit_in_two_days").asLong())
                .isEqualTo(before.path("deposit_in_two_days").asLong());
    }

    private JsonNode balance() {
        return shell.run("balance", "--json").json().path(0);
    }

    @Test
    void a_table_fits_the_terminal_that_the_launcher_measured() {
        gateway.awaitStatus(
                gateway.buy(SAMSUNG, 1, Optional.of(LOW), ",\"strategy_id\":\"a-strategy-of-some-length\""), "SENT");
        for (int width : List.of(80, 100, 120)) {
            var narrow = Shell.with(Map.of("GATEWAY_URL", gateway.url(), "KIS_COLUMNS", String.valueOf(width)), folder);
            for (var command : List.of("orders list", "orders list --limit 5", "positions", "status", "alerts")) {
                assertThat(narrow.run(command.split(" ")).out().lines())
                        .as(command)
                        .allSatisfy(line ->
                                assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
            }
        }
    }

    @Test
    void the_list_shows_orders_that_match_aligned_and_newest_first() {
        var first = gateway.placeRestingBuy(SAMSUNG, LOW);
        var second = gateway.buy(SAMSUNG, 1, Optional.of(LOW), ",\"strategy_id\":\"단타-7\"");
        gateway.awaitStatus(second, "SENT");

        var all = shell.run("orders", "list", "--symbol", SAMSUNG, "--status", "SENT", "--account", "A1");

        assertThat(all.code()).as(all.toString()).isZero();
        var lines = all.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).startsWith("TIME").contains("STRATEGY").doesNotContain("NOTE");
        assertThat(lines.get(1)).contains(second, "150,000", "단타-7");
        assertThat(lines.get(2)).contains(first);
        assertThat(lines.get(1).indexOf("BUY")).isEqualTo(lines.getFirst().indexOf("SIDE"));

        assertThat(shell.run("orders", "list", "--strategy", "단타-7").out())
                .contains(second)
                .doesNotContain(first);
        var one = shell.run("orders", "list", "--limit", "1");
        assertThat(one.out()).contains(second).contains("--cursor " + second);
        assertThat(shell.run("orders", "list", "--limit", "1", "--cursor", second)
                        .out())
                .contains(first);
        assertThat(shell.run("orders", "list", "--date", "2020-01-02").out()).isEqualTo("No orders.\n");
        assertThat(shell.run("orders", "list", "--json", "--limit", "1")
                        .json()
                        .path("orders")
                        .path(0)
                        .path("order_id")
                        .asString())
                .isEqualTo(second);
    }

    @Test
    void a_filter_that_the_gateway_does_not_take_is_refused_with_what_to_do() {
        var refused = shell.run("orders", "list", "--status", "SOLD");

        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .contains("Refused: INVALID_FIELD")
                .contains("one or several of QUEUED, ")
                .contains("What to do:")
                .contains("trace");
        var json = shell.run("orders", "list", "--status", "SOLD", "--json");
        assertThat(json.code()).isEqualTo(Kis.REFUSED);
        assertThat(json.json().path("code").asString()).isEqualTo("INVALID_FIELD");
    }

    @Test
    void one_order_is_shown_with_its_fills_and_its_events() {
        var id = gateway.buy(SAMSUNG, 2, Optional.empty(), "");
        var order = gateway.awaitStatus(id, "FILLED");

        var shown = shell.run("orders", "show", id);
        assertThat(shown.code()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .contains(id + "  FILLED")
                .contains("BUY 2 005930 at market")
                .contains(order.path("kis_order_no").asString())
                .contains("SOURCE")
                .contains("NOTICE");

        var events = shell.run("orders", "events", id);
        assertThat(events.out())
                .contains("Accepted")
                .contains("SendStarted")
                .contains("BrokerAccepted")
                .contains("Filled")
                .doesNotContain("hash");
        assertThat(shell.run("orders", "events", id, "--json").json().isArray()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "events", "cancel", "resolve"})
    void an_order_that_does_not_exist_is_refused(String command) {
        var refused = shell.run("orders", command, "ord_no/such");

        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err())
                .contains("ORDER_NOT_FOUND")
                .contains("ord_no/such")
                .contains("./kis orders list");
    }

    // ---- changing ----

    @Test
    @Requirement("G-14")
    void a_cancel_ends_an_order_once_and_prints_its_key() {
        var id = gateway.placeRestingBuy(SAMSUNG, LOW);

        var cancelled = shell.run("orders", "cancel", id);

        assertThat(cancelled.code()).as(cancelled.toString()).isZero();
        assertThat(cancelled.out()).contains(id + "  CANCEL_PENDING");
        assertThat(cancelled.err()).startsWith("Idempotency-Key: made-");
        gateway.awaitStatus(id, "CANCELED");

        var key = cancelled.err().strip().substring("Idempotency-Key: ".length());
        var repeated = shell.run("orders", "cancel", id, "--key", key);
        assertThat(repeated.code()).isZero();
        assertThat(repeated.out()).contains("had done this before");
        var other = shell.run("orders", "cancel", id);
        assertThat(other.code()).isEqualTo(Kis.REFUSED);
        assertThat(other.err()).contains("ORDER_ALREADY_TERMINAL").contains("./kis orders show " + id + " shows");
    }

    @Test
    @Requirement("G-14")
    void a_modification_changes_price_and_quantity() {
        var id = gateway.placeRestingBuy(SAMSUNG, LOW);

        var modified = shell.run("orders", "modify", id, "--qty", "2", "--price", "149,900");

        assertThat(modified.code()).as(modified.toString()).isZero();
        assertThat(modified.out()).contains("MODIFY_PENDING");
        RunningGateway.awaitValue(
                () -> gateway.order(id),
                order -> order.path("status").asString().equals("SENT")
                        && order.path("qty").asLong() == 2
                        && order.path("price").asLong() == 149_900);
        var refused = shell.run("orders", "modify", id, "--price", "149901");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err()).contains("INVALID_TICK_SIZE").contains("149900");
    }

    @Test
    void cancel_all_cancels_the_named_orders_and_all_orders_only_for_an_operator() {
        var samsung = gateway.placeRestingBuy(SAMSUNG, LOW);
        var hynix = gateway.placeRestingBuy("000660", 800_000);

        var some = shell.run("orders", "cancel-all", "--symbol", "000660");
        assertThat(some.code()).as(some.toString()).isZero();
        assertThat(some.out()).contains("Cancels accepted: 1").contains(hynix).doesNotContain(samsung);

        var stranger = Shell.with(Map.of("GATEWAY_URL", gateway.url()), folder);
        var refused = stranger.run("orders", "cancel-all", "--everything");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err()).contains("OPERATOR_TOKEN_REQUIRED").contains("set GATEWAY_OPERATOR_TOKEN");

        assertThat(shell.run("orders", "cancel-all", "--everything").out()).contains(samsung);
        gateway.awaitStatus(samsung, "CANCELED");
        assertThat(shell.run("orders", "cancel-all", "--account", "A1").out()).startsWith("Nothing to cancel");
    }

    // ---- resolving ----

    @Test
    void an_order_in_doubt_is_explained_and_resolved_by_an_operator() {
        hideOrders("lose_answers", "orders");
        var id = gateway.buy(SAMSUNG, 4, Optional.of(LOW), "");
        gateway.awaitStatus(id, "UNKNOWN");
        shell.run("reconcile");
        gateway.awaitEvent(id, "Unresolved");

        var unresolved = shell.run("orders", "unresolved");
        assertThat(unresolved.code()).as(unresolved.toString()).isZero();
        assertThat(unresolved.out()).contains(id, "UNKNOWN", "the placing", "absence proves nothing");
        assertThat(shell.run("orders", "unresolved", "--json")
                        .json()
                        .path(0)
                        .path("in_doubt")
                        .path(0)
                        .path("request")
                        .asInt())
                .isEqualTo(1);

        var explained = shell.run("orders", "resolve", id);
        assertThat(explained.code()).isZero();
        assertThat(explained.out())
                .contains("is UNKNOWN: BUY 4 005930 at 150,000")
                .contains("SendInDoubt")
                .contains("종목 005930 · 매수 4주 · 지정가 150,000원")
                .contains("./kis orders resolve " + id + " --not-at-broker");
        assertThat(shell.run("orders", "resolve", id, "--json")
                        .json()
                        .path("in_doubt")
                        .size())
                .isEqualTo(1);

        var alone = shell.run("orders", "resolve", id, "--not-at-broker");
        assertThat(alone.code()).as("no terminal to prompt").isEqualTo(Kis.USAGE);
        var doubtful = shell.atTerminal(false);
        var declined = doubtful.run("orders", "resolve", id, "--not-at-broker");
        assertThat(declined.code()).isEqualTo(Kis.REFUSED);
        assertThat(declined.err()).contains("there will be two").contains("Nothing was done");
        assertThat(doubtful.questions).hasSize(1);
        assertThat(gateway.order(id).path("status").asString()).isEqualTo("UNKNOWN");

        var sure = shell.atTerminal(true);
        var decided = sure.run("orders", "resolve", id, "--not-at-broker", "--note", "HTS에 없음");
        assertThat(decided.code()).as(decided.toString()).isZero();
        assertThat(decided.out()).contains("RESOLVED");
        gateway.awaitStatus(id, "REJECTED");
        assertThat(shell.run("orders", "events", id).out()).contains("note HTS에 없음");
        var twice = shell.run("orders", "resolve", id, "--not-at-broker", "--yes");
        assertThat(twice.code()).isEqualTo(Kis.REFUSED);
        assertThat(twice.err()).contains("INVALID_TRANSITION");
        assertThat(shell.run("orders", "resolve", id).out()).contains("nothing to decide");
        assertThat(sure.run("orders", "resolve", id, "--not-at-broker").err()).contains("nothing to decide");
        assertThat(sure.questions).as("it prompts only about what is in doubt").hasSize(1);
    }

    @Test
    void an_operator_chooses_between_two_candidate_orders_by_number() {
        hideOrders("lose_answers", "orders");
        var id = gateway.buy(SAMSUNG, 5, Optional.of(LOW), "");
        gateway.awaitStatus(id, "UNKNOWN");
        gateway.buyFromSecondProgram(SAMSUNG, 5, LOW);
        gateway.setFaults("{\"hide_orders_seconds\":0}");
        RunningGateway.awaitValue(
                () -> {
                    shell.run("reconcile");
                    return gateway.order(id).path("reason").asString("");
                },
                reason -> reason.startsWith("2 orders"));

        var explained = shell.run("orders", "resolve", id);
        var numbers = explained
                .out()
                .replaceAll("(?s).*read, it could be: ([0-9, ]*)\n.*", "$1")
                .split(", ");
        assertThat(numbers).hasSize(2);
        assertThat(gateway.order(id).path("candidates").valueStream().map(n -> n.asString("")))
                .containsExactly(numbers);

        var wrong = shell.run("orders", "resolve", id, "--kis-order-no", "77", "--yes");
        assertThat(wrong.code()).isEqualTo(Kis.REFUSED);
        assertThat(wrong.err())
                .contains("candidates")
                .contains(String.valueOf(Long.parseLong(numbers[0])))
                .contains(String.valueOf(Long.parseLong(numbers[1])));

        var right = shell.atTerminal(true).run("orders", "resolve", id, "--kis-order-no", numbers[0]);
        assertThat(right.code()).as(right.toString()).isZero();
        assertThat(gateway.awaitStatus(id, "SENT").path("kis_order_no").asString())
                .isEqualTo(numbers[0]);
        assertThat(gateway.order(id).has("candidates")).isFalse();
        shell.run("reconcile");
        assertThat(shell.run("orders", "list", "--status", "SENT").out()).contains(numbers[1], "placed outside");
    }

    @Test
    void a_modification_in_doubt_is_listed_beside_the_unknown_orders() {
        var id = gateway.placeRestingBuy(SAMSUNG, LOW);
        hideOrders("lose_answers", "revisions");

        assertThat(shell.run("orders", "modify", id, "--price", "149000").code())
                .isZero();
        gateway.awaitEvent(id, "SendInDoubt");

        assertThat(shell.run("orders", "unresolved").out())
                .contains(id, "MODIFY_PENDING", "the change of the price to 149,000 (request 2)")
                .contains("The connection to KIS broke after it was sent")
                .contains("./kis orders resolve " + id)
                .doesNotContain("resolve ID");
        assertThat(shell.run("orders", "resolve", id).out())
                .contains("원주문번호")
                .contains(gateway.order(id).path("kis_order_no").asString());
        gateway.setFaults("{\"clear\":true}");
        RunningGateway.awaitValue(
                () -> {
                    shell.run("reconcile");
                    return gateway.order(id);
                },
                order -> order.path("status").asString().equals("SENT")
                        && order.path("price").asLong() == 149_000);
        assertThat(shell.run("orders", "unresolved").out()).isEqualTo("Nothing is in doubt.\n");
    }

    @Test
    void a_reconciliation_reports_its_findings_and_requires_an_operator() {
        gateway.setFaults("{\"lose_notices\":{\"on\":[\"receipts\",\"fills\"],\"for\":\"1h\"}}");
        gateway.buyFromSecondProgram(SAMSUNG, 7, LOW);
        var before = shell.run("orders", "list", "--status", "SENT").out();
        assertThat(before).isEqualTo("No orders.\n");

        var report = shell.run("reconcile");

        assertThat(report.code()).as(report.toString()).isZero();
        assertThat(report.out()).startsWith("Checked ").contains("1 placed outside");
        assertThat(shell.run("reconcile", "--json").json().path("adopted").asInt(-1))
                .isZero();
        var wrong = Shell.with(Map.of("GATEWAY_URL", gateway.url(), "GATEWAY_OPERATOR_TOKEN", "another"), folder);
        var refused = wrong.run("reconcile");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err()).contains("OPERATOR_TOKEN_WRONG").doesNotContain("another\"");
    }

    // ---- kill switch, limits, alerts ----

    @Test
    void the_kill_switch_stops_cancels_and_is_lifted() {
        var id = gateway.placeRestingBuy(SAMSUNG, LOW);
        assertThat(shell.run("kill-switch", "status").out())
                .contains("off: orders are accepted. Open orders: 1.")
                .contains(id);

        shell.run("kill-switch", "on", "--reason", "점검");
        var refused = shell.run("orders", "modify", id, "--qty", "1");
        assertThat(refused.err())
                .contains("./kis kill-switch off ends it")
                .contains("./kis kill-switch off로 해제합니다")
                .doesNotContain("POST", "/v1/");
        shell.run("kill-switch", "off");

        var on = shell.run("kill-switch", "on", "--reason", "급락", "--cancel-open");
        assertThat(on.code()).as(on.toString()).isZero();
        assertThat(on.out()).contains("ON: nothing is placed").contains("Open orders: 0.");
        gateway.awaitStatus(id, "CANCELED");
        assertThat(shell.run("kill-switch", "status", "--json")
                        .json()
                        .path("on")
                        .asBoolean())
                .isTrue();
        assertThat(shell.run("kill-switch", "status").out())
                .containsPattern("Set 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d by local: 급락");
        assertThat(shell.run("alerts").out()).contains("kill_switch_on").contains("급락");

        var off = shell.run("kill-switch", "off", "--reason", "진정");
        assertThat(off.code()).isZero();
        assertThat(off.out()).contains("off: orders are accepted");
        var stranger = Shell.with(Map.of("GATEWAY_URL", gateway.url()), folder);
        assertThat(stranger.run("kill-switch", "on").code()).isEqualTo(Kis.REFUSED);
        assertThat(shell.run("kill-switch", "status").out()).contains("off");
    }

    @Test
    void limits_are_shown_changed_by_a_file_and_refused_with_what_is_wrong() throws IOException {
        var shown = shell.run("limits");
        assertThat(shown.code()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .startsWith("LIMIT")
                .contains("max_qty")
                .contains("10,000")
                .contains("live_trading");
        var before = shell.run("limits", "--json").out();

        Files.writeString(
                folder.resolve("limits.json"),
                before.replace("\"accounts\":{}", "\"accounts\":{\"A1\":{\"max_qty\":77,\"collar_pct\":2.50}}"));
        var set = shell.run("limits", "set", "limits.json");
        assertThat(set.code()).as(set.toString()).isZero();
        assertThat(set.out())
                .contains("in force now")
                .contains("account A1")
                .contains("77")
                .contains("2.5");
        assertThat(shell.run("limits", "--json")
                        .json()
                        .path("accounts")
                        .path("A1")
                        .path("max_qty")
                        .asInt())
                .isEqualTo(77);

        Files.writeString(folder.resolve("limits.json"), before.replace("\"max_qty\"", "\"max_quantity\""));
        var refused = shell.run("limits", "set", "limits.json");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err()).contains("max_quantity").contains("did you mean");

        Files.writeString(folder.resolve("limits.json"), before);
        var silent = shell.run("limits", "set", "limits.json");
        assertThat(silent.code()).isEqualTo(Kis.REFUSED);
        assertThat(silent.err())
                .contains("MISSING_FIELD")
                .contains("accounts.A1")
                .contains("null, which removes");
        Files.writeString(
                folder.resolve("limits.json"), before.replace("\"accounts\":{}", "\"accounts\":{\"A1\":null}"));
        assertThat(shell.run("limits", "set", "limits.json").code()).isZero();
        assertThat(shell.run("limits").out()).doesNotContain("account A1");
    }

    @Test
    void an_invalid_limits_file_is_not_sent() throws IOException {
        assertThat(shell.run("limits", "set", "none.json").code()).isEqualTo(Kis.USAGE);
        for (var text :
                List.of("{", "[]", "{\"gateway\":{\"max_qty\":1,\"max_qty\":2}}", "{} {}", "x".repeat(70_000))) {
            Files.writeString(folder.resolve("bad.json"), text);
            var result = shell.run("limits", "set", "bad.json");
            assertThat(result.code()).as(text).isEqualTo(Kis.USAGE);
            assertThat(result.err())
                    .contains("bad.json")
                    .as("no text of the parser")
                    .doesNotContain("Unexpected", "token", "Object property", "tools.jackson", "(code");
        }
    }

    @Test
    void alerts_are_listed_newest_first() {
        shell.run("kill-switch", "on", "--reason", "one");
        shell.run("kill-switch", "off", "--reason", "two");

        var alerts = shell.run("alerts", "--limit", "2");

        assertThat(alerts.code()).as(alerts.toString()).isZero();
        var lines = alerts.out().lines().toList();
        assertThat(lines.getFirst()).startsWith("TIME").contains("LEVEL");
        assertThat(lines.get(1)).contains("P2").contains("kill_switch_off").contains("two");
        assertThat(lines.get(2)).contains("kill_switch_on").contains("one");
        assertThat(shell.run("alerts", "--limit", "0").code()).isEqualTo(Kis.REFUSED);
        assertThat(shell.run("alerts", "--json").json().path("alerts").size()).isGreaterThan(1);
    }

    @Test
    void an_alert_is_acknowledged_and_silenced() {
        shell.run("kill-switch", "on", "--reason", "noted");
        var noted = shell.run("alerts", "ack", "kill_switch_on", "gateway", "--note", "the feed is checked");
        assertThat(noted.code()).as(noted.toString()).isZero();
        assertThat(noted.out()).contains("kill_switch_on about gateway is noted by local since 20");
        // Another one of the orders before it may come in between.
        assertThat(shell.run("alerts", "list", "--limit", "3").out())
                .contains("SUBJECT", "NOTED", "gateway", "by local");
        shell.run("kill-switch", "off");
        var settled = shell.run("alerts", "ack", "kill_switch_on", "gateway");
        assertThat(settled.code()).isEqualTo(Kis.REFUSED);
        assertThat(settled.err()).contains("ALERT_NOT_FOUND", "./kis alerts");

        assertThat(shell.run("alerts", "silence").out()).contains("No silence");
        var silence = shell.run(
                "alerts", "silence", "feed_down", "--subject", "K1", "--for", "8h", "--reason", "a new server");
        assertThat(silence.code()).as(silence.toString()).isZero();
        assertThat(silence.out()).contains("feed_down about K1 is not sent until 20");
        var listed = shell.run("alerts", "silence", "--json").json().path("silences");
        assertThat(listed).hasSize(1);
        assertThat(shell.run("alerts", "silence").out()).contains("feed_down", "K1", "a new server");
        String id = listed.get(0).path("id").asString();
        assertThat(shell.run("alerts", "silence", "--end", id).out()).contains("has ended");
        assertThat(shell.run("alerts", "silence", "--end", id).err()).contains("SILENCE_NOT_FOUND");

        for (var wrong : List.of(
                List.of("feed_down", "--reason", "x"),
                List.of("feed_down", "--for", "8h"),
                List.of("feed_down", "--for", "8", "--reason", "x"),
                List.of("feed_down", "--for", "8h", "--until", "2026-11-23T08:30:00+09:00", "--reason", "x"),
                List.of("feed_down", "--until", "tomorrow", "--reason", "x"),
                List.of("feed_down", "--end", "1"))) {
            var arguments = new ArrayList<>(List.of("alerts", "silence"));
            arguments.addAll(wrong);
            assertThat(shell.run(arguments.toArray(String[]::new)).code())
                    .as(wrong.toString())
                    .isEqualTo(Kis.USAGE);
        }
        var noChannel = shell.run("alerts", "test", "team");
        assertThat(noChannel.code()).isEqualTo(Kis.REFUSED);
        assertThat(noChannel.err()).contains("CHANNEL_NOT_FOUND", "alerts.yaml");
    }

    // ---- connection ----

    @Test
    void a_change_whose_answer_is_lost_is_repeated_under_its_key_and_done_once() throws IOException {
        var id = gateway.placeRestingBuy(SAMSUNG, LOW);
        try (var line = LossyProxy.to(gateway.baseUri(), 2)) {
            var unreliable = shell(line.url());

            var modified = unreliable.run("orders", "modify", id, "--price", "149500");

            assertThat(modified.code()).as(modified.toString()).isZero();
            assertThat(modified.out()).contains("MODIFY_PENDING").contains("had done this before");
            assertThat(modified.err()).contains("retrying with the same key, 2 of 3");
            assertThat(line.keys).hasSize(3).containsOnly(line.keys.getFirst());
            assertThat(line.tokens).containsOnly(RunningGateway.TOKEN);
            assertThat(unreliable.pauses).hasSize(2);
        }
        gateway.awaitStatus(id, "SENT");
        var modifyRequests = 0;
        for (var event : gateway.events(id)) {
            modifyRequests += event.path("type").asString().equals("ModifyRequested") ? 1 : 0;
        }
        assertThat(modifyRequests).isEqualTo(1);
    }

    @Test
    void a_change_without_an_answer_reports_it_and_how_to_repeat_it() throws IOException {
        var id = gateway.placeRestingBuy(SAMSUNG, LOW);
        try (var line = LossyProxy.to(gateway.baseUri(), 9)) {
            var unreliable = shell(line.url());

            var silent = unreliable.run("orders", "cancel", id);

            assertThat(silent.code()).isEqualTo(Kis.NOT_REACHED);
            assertThat(line.keys).hasSize(4);
            assertThat(silent.err())
                    .contains("It is unknown whether the gateway did it")
                    .contains("--key " + line.keys.getFirst());
        }
    }

    @Test
    void releasing_the_kill_switch_and_setting_limits_are_not_repeated_when_they_may_have_arrived() throws IOException {
        Files.writeString(
                folder.resolve("same.json"), shell.run("limits", "--json").out());
        for (var args : List.of(new String[] {"kill-switch", "off"}, new String[] {"limits", "set", "same.json"})) {
            try (var line = LossyProxy.to(gateway.baseUri(), 1)) {
                var silent = shell(line.url()).run(args);

                assertThat(silent.code()).isEqualTo(Kis.NOT_REACHED);
                assertThat(line.keys).hasSize(1);
                assertThat(silent.err()).contains("check before you repeat it");
            }
        }
        try (var line = LossyProxy.to(gateway.baseUri(), 1)) {
            assertThat(shell(line.url()).run("kill-switch", "on").code())
                    .as("repeating on has no further effect")
                    .isZero();
            assertThat(line.keys).hasSize(2);
        }
    }

    @Test
    void the_operator_token_is_sent_with_changes_only() throws IOException {
        try (var line = LossyProxy.to(gateway.baseUri(), 0)) {
            shell(line.url()).run("orders", "list");
            shell(line.url()).run("reconcile");
            assertThat(line.tokens).containsExactly("null", RunningGateway.TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders list",
                "orders show a",
                "orders events a",
                "orders cancel a",
                "orders modify a --qty 1",
                "buy 005930 1 --yes",
                "sell 005930 1 --yes",
                "modify a --qty 1 --yes",
                "cancel a --yes",
                "orders cancel-all --symbol 005930",
                "orders resolve a",
                "orders resolve a --not-at-broker --yes",
                "orders unresolved",
                "reconcile",
                "kill-switch status",
                "kill-switch on",
                "kill-switch off",
                "limits",
                "alerts"
            })
    void without_a_gateway_each_command_exits_with_3_and_prints_the_address_it_tried(String command)
            throws IOException {
        var closedPortUrl = "http://127.0.0.1:" + FreePort.find();

        var silent = shell(closedPortUrl).run(command.split(" "));

        assertThat(silent.code()).as(silent.toString()).isEqualTo(Kis.NOT_REACHED);
        assertThat(silent.out()).isEmpty();
        assertThat(silent.err()).contains("Nothing listens at " + closedPortUrl).contains("GATEWAY_URL");
    }

    @Test
    void a_change_whose_answer_was_broken_on_the_way_may_have_been_done() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            byte[] half = "{\"order_id\":\"ord_01M7".getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(200, half.length);
            call.getResponseBody().write(half);
            call.close();
        });
        server.start();
        try {
            var result = shell("http://127.0.0.1:" + server.getAddress().getPort())
                    .run("kill-switch", "on", "--reason", "test");
            assertThat(result.code()).isEqualTo(Kis.NOT_REACHED);
            assertThat(result.err()).contains("no gateway: HTTP 200", "It is unknown whether the gateway did it");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void something_else_that_answers_is_no_gateway() throws IOException {
        var simulator = "http://127.0.0.1:" + gateway.simulatorPort();
        var result = shell(simulator).run("orders", "list");
        assertThat(result.code()).isEqualTo(Kis.NOT_REACHED);
        assertThat(result.err()).contains("no gateway");
    }

    @Test
    void the_url_of_the_command_line_overrides_the_environment() throws IOException {
        var lost = shell("http://127.0.0.1:" + FreePort.find());
        assertThat(lost.run("orders", "list", "--url", gateway.url()).code()).isZero();
        assertThat(lost.run("--url", gateway.url(), "alerts").code()).isZero();
    }

    private void hideOrders(String fault, String on) {
        gateway.setFaults("{\"" + fault + "\":{\"on\":\"" + on + "\",\"count\":1},\"hide_orders_seconds\":600,"
                + "\"lose_notices\":{\"on\":[\"receipts\",\"confirmations\"],\"for\":\"1h\"}}");
    }

    private Shell shell(String url) {
        return Shell.with(Map.of("GATEWAY_URL", url, "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), folder);
    }
}
