package kr.kisgateway.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static kr.kisgateway.acceptance.PageBrowser.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.acceptance.PageBrowser.Visit;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the packaged gateway in a real browser, where no key is needed. */
@Tag("slow")
class DashboardTest {
    @TempDir
    static Path folder;

    private static Running gateway;
    private static PageBrowser browser;

    private Visit visit;
    private Page page;

    @BeforeAll
    static void start() {
        gateway = Running.start(Programs.gateway(folder));
        browser = new PageBrowser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        gateway.close();
    }

    @BeforeEach
    void open() {
        visit = browser.visit("http://127.0.0.1:" + port() + "/#market/005930");
        page = visit.page();
    }

    @AfterEach
    void close() {
        visit.close();
    }

    @Test
    void the_first_visit_shows_prices_that_move_a_chart_a_book_and_trades_without_a_complaint_of_the_browser() {
        assertThat(page.locator("header .badge")).hasText("SIM");
        var price = page.locator(SAMSUNG + " .flash");
        assertThat(price).not().hasText("–");
        var volume = page.locator(SAMSUNG + " .volume");
        assertThat(volume).not().hasText(volume.textContent());
        assertThat(page.locator(SAMSUNG)).containsText("SamsungElectronics");
        assertThat(page.locator(SAMSUNG + " .name")).hasAttribute("title", Pattern.compile("KIS pushes"));
        assertThat(page.locator("table[aria-label='Order book'] tbody tr")).hasCount(20);
        assertThat(page.locator("table[aria-label='Trades'] tbody tr").first()).isVisible();
        assertThat(page.locator(".chart canvas").first()).isVisible();
        assertThat(page.locator("[data-index='0001']")).containsText("KOSPI");
        assertThat(page.locator("[data-market='KRX']")).containsText("REGULAR");
        assertThat(page.locator("table[aria-label='Rankings'] tbody tr")).hasCount(15);
        assertThat(page.locator("table[aria-label='Net purchases by investor'] tbody tr")
                        .first())
                .isVisible();
        assertThat(visit.complaints()).isEmpty();
    }

    @Test
    void an_order_is_previewed_placed_filled_held_and_sold_with_its_realised_profit_and_timeline() {
        placeAtMarket("Buy", "3");
        var bought = placed();
        visit.go("orders");
        assertThat(visit.order(bought)).containsText("FILLED");
        visit.order(bought).getByRole(AriaRole.LINK).click();
        for (var event : List.of("Accepted", "SendStarted", "BrokerAccepted", "Filled")) {
            assertThat(page.locator("[data-event='" + event + "']").first()).isVisible();
        }
        assertThat(page.locator("[data-event='Filled']").first()).containsText("shares filled for");
        visit.go("portfolio");
        assertThat(page.locator("main " + SAMSUNG)).containsText("삼성전자");

        visit.go("market");
        placeAtMarket("Sell", "2");
        var sold = placed();
        gateway.awaitStatus(sold, "FILLED");
        visit.go("portfolio/realised");
        var total = page.locator("[data-total='KRW']");
        assertThat(total).containsText("Commission");
        var net = gateway.get("/v1/pnl?account_id=A1")
                .path("totals")
                .path(0)
                .path("net")
                .asLong();
        assertThat(total).containsText(String.format("%,d", net));
        assertThat(visit.complaints()).isEmpty();
    }

    private void placeAtMarket(String side, String quantity) {
        visit.button(side).click();
        page.locator("label:has-text('Type') select").first().selectOption("MARKET");
        visit.field("Quantity").fill(quantity);
        visit.button("Preview the order").click();
        assertThat(page.locator("ul[aria-label='Limits']")).containsText("daily_orders");
        assertThat(page.locator("main .refused")).hasCount(0);
        visit.button("Place the order").click();
    }

    private String placed() {
        return page.locator("p[role='status'] a").textContent();
    }

    @Test
    void a_refused_preview_says_why_and_places_nothing() {
        visit.field("Quantity").fill("100");
        visit.field("Price (KRW)").fill("1");
        visit.button("Preview the order").click();
        assertThat(page.locator(".refused").first()).isVisible();
        assertThat(visit.button("Place the order")).isDisabled();
    }

    @Test
    void a_quantity_is_a_part_of_the_buying_power() {
        visit.field("Price (KRW)").fill("200000");
        visit.button("50%").click();
        assertThat(visit.field("Quantity")).not().hasValue("1");
        long half = Long.parseLong(visit.field("Quantity").inputValue());
        long all = gateway.get("/v1/buying-power?account_id=A1&symbol=005930&price=200000")
                .path("qty")
                .asLong();
        assertThat(half).isEqualTo(all / 2);
    }

    @Test
    void a_resting_order_is_modified_and_cancelled() {
        var order = gateway.placed("dashboard-resting", "005930", "BUY", 2, Optional.of(150_000L));
        gateway.awaitStatus(order, "SENT");
        visit.go("orders/" + order);
        var form = page.getByRole(AriaRole.FORM, new Page.GetByRoleOptions().setName("Modify"));
        form.getByLabel("Price (KRW)").fill("150100");
        form.getByRole(AriaRole.BUTTON).click();
        gateway.await(
                "/v1/orders/" + order, "the new price", it -> it.path("price").asLong() == 150_100);
        assertThat(page.locator("[data-event='ModifyRequested']")).containsText("150,100 KRW");
        visit.go("orders");
        visit.order(order).getByRole(AriaRole.BUTTON).click();
        assertThat(visit.order(order)).containsText("CANCELED");
        gateway.awaitStatus(order, "CANCELED");
    }

    @Test
    void a_bracket_is_placed_and_its_legs_are_shown() {
        visit.field("Price (KRW)").fill("151000");
        page.locator("summary:has-text('Session, venue, conditions')").click();
        visit.field("With take profit and stop (bracket)").check();
        visit.field("Take profit (KRW)").fill("250000");
        visit.field("Stop (KRW)").fill("145000");
        visit.button("Preview the order").click();
        visit.button("Place the order").click();
        var id = placed();
        visit.go("orders/parents");
        var parent = page.locator("[data-parent='" + id + "']");
        for (var leg : List.of("ENTRY", "TAKE_PROFIT", "STOP")) {
            assertThat(parent).containsText(leg);
        }
        assertThat(parent).containsText("145,000");
        parent.getByRole(AriaRole.BUTTON).click();
        assertThat(parent).containsText("CANCELED");
    }

    @Test
    void a_watchlist_is_created_filled_from_a_file_and_there_on_another_device() {
        visit.button("New list").click();
        visit.field("Name").fill("<b>반도체</b>");
        page.locator("form button:has-text('New list')").click();
        assertThat(page.locator("p.quiet:has-text('The list is empty')")).isVisible();
        page.locator("input[type=file]")
                .setInputFiles(new FilePayload(
                        "mine.csv",
                        "text/csv",
                        "000660,SK hynix\n042700\n0001A0\nNVDA.NASD\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(page.locator("[data-symbol='042700']")).isVisible();
        try (var other = browser.visit(gateway)) {
            other.field("Watchlists").selectOption("<b>반도체</b>");
            assertThat(other.page().locator("table[aria-label='Market'] tbody tr"))
                    .hasCount(4);
            assertThat(other.page().locator("option b")).hasCount(0);
        }
        page.locator("[data-symbol='042700'] .remove").click();
        assertThat(page.locator("[data-symbol='042700']")).hasCount(0);
        visit.button("Delete the list: <b>반도체</b>").click();
        assertThat(page.locator(SAMSUNG)).isVisible();
    }

    @Test
    void an_order_in_doubt_is_marked_and_resolved_by_an_operator_who_has_checked_it(@TempDir Path own)
            throws Exception {
        try (var doubtful = Running.start(Programs.gateway(own).withEnvironment("ORDER_DISPATCH_BY_LIMIT", "10s"));
                var there = browser.visit(doubtful)) {
            var lost = "{\"faults\":{\"lose_answers\":1,\"hide_orders_seconds\":600,"
                    + "\"lose_notices\":{\"on\":\"receipts\",\"count\":100}}}";
            Eventually.await(
                    "the faults, which a busy simulator takes late",
                    Programs.SHORT_TIMEOUT,
                    () -> doubtful.client().post("/v1/simulator", lost),
                    Answer::ok);
            // On a machine that renders the page, the reading of the account may take longer than an order waits for
            // it.
            Eventually.await(
                    "the order",
                    Programs.SHORT_TIMEOUT,
                    () -> doubtful.place("doubt", "005930", "BUY", 3, Optional.of(150_000L)),
                    Answer::ok);
            var id = doubtful.placed("doubt", "005930", "BUY", 3, Optional.of(150_000L));
            doubtful.awaitStatus(id, "UNKNOWN");
            there.go("orders");
            assertThat(there.order(id)).containsText("UNKNOWN");
            there.go("orders/" + id);
            assertThat(there.page().locator("[data-event='SendInDoubt']"))
                    .containsText("It is not known whether KIS has it");
            there.page().getByText("KIS does not have the order").click();
            var resolve = there.button("Resolve the order in doubt");
            assertThat(resolve).isDisabled();
            there.field("Note").fill("<img src=x onerror=alert(1)>");
            there.page().getByText("I have checked it at the broker itself.").click();
            resolve.click();
            assertThat(there.page().locator("[data-event='Resolved']")).containsText("<img src=x onerror=alert(1)>");
            assertThat(there.page().locator("main img")).hasCount(0);
            assertThat(doubtful.awaitStatus(id, "REJECTED").path("reason").asString())
                    .startsWith("NOT_FOUND_AT_BROKER");
        }
    }

    @Test
    void the_kill_switch_is_set_and_lifted_by_typing_its_word() {
        visit.button("Kill switch: OFF").click();
        var dialog = visit.dialog();
        var confirm = dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Confirm"));
        dialog.getByRole(AriaRole.TEXTBOX).fill("stop");
        assertThat(confirm).isDisabled();
        dialog.getByRole(AriaRole.TEXTBOX).fill("STOP");
        confirm.click();
        assertThat(dialog).containsText("On");
        assertThat(dialog.locator("[data-proof]")).containsText("→ 0");
        assertThat(gateway.place("killed", "005930", "BUY", 1, Optional.empty()).code())
                .isEqualTo("KILL_SWITCH");
        try (var other = browser.visit(gateway)) {
            assertThat(other.button("Kill switch: ON")).isVisible();
            other.go("machine/alerts");
            var alert = other.page().locator("[data-alert='kill_switch_on'].open");
            alert.getByText("Acknowledge").click();
            assertThat(alert).containsText("✓ local");
            dialog.getByRole(AriaRole.TEXTBOX).fill("START");
            confirm.click();
            // The other page learns of it by an alert.
            assertThat(other.button("Kill switch: OFF")).isVisible();
        }
        assertThat(visit.button("Kill switch: OFF")).isVisible();
    }

    @Test
    void the_machine_shows_its_sessions_slots_latencies_bounds_and_audit() {
        page.waitForResponse("**/v1/cluster", () -> visit.go("machine"));
        assertThat(page.locator("[data-app-key='K1']")).containsText("/41");
        assertThat(page.locator("[data-gateway]")).hasCount(0); // it is no cluster
        visit.go("machine/slots");
        assertThat(page.locator("ul[aria-label='Slots K1'] li")).hasCount(41);
        assertThat(page.locator("ul[aria-label='Slots K1'] .trades").first()).isVisible();
        visit.go("machine/meters");
        assertThat(page.locator("figure:has-text('Answers of KIS') .bar").first())
                .isVisible();
        assertThat(page.locator("table[aria-label^='Queues'] tr:has-text('audit')")
                        .first())
                .isVisible();
        assertThat(page.locator("table[aria-label='Calls to KIS by TR'] tbody tr")
                        .first())
                .isVisible();
        visit.go("machine/audit");
        assertThat(page.locator("table[aria-label='Audit'] tbody tr:has-text('/v1/')")
                        .first())
                .isVisible();
        visit.go("machine/checklist");
        assertThat(page.locator("ul[aria-label='Checklist'] li").first()).isVisible();
        assertThat(visit.complaints()).isEmpty();
    }

    @Test
    void a_fault_of_the_simulator_is_switched_by_one_click_and_all_are_ended_by_another() {
        visit.go("simulator");
        assertThat(page.locator("[data-verdict]")).hasText("no violation");
        visit.field("Search the faults").fill("stop_data");
        var stopped = page.locator("[data-fault='stop_data']").getByRole(AriaRole.SWITCH);
        stopped.click();
        assertThat(stopped).hasAttribute("aria-checked", "true");
        visit.button("All off").click();
        assertThat(stopped).hasAttribute("aria-checked", "false");
        assertThat(visit.complaints()).isEmpty();
    }

    @Test
    void a_past_day_is_played_at_a_speed_paused_moved_to_a_time_and_ended_while_orders_are_matched_at_its_prices() {
        visit.go("simulator");
        visit.field("Symbols (up to 10)").fill("005930");
        page.locator("input[type='date']").fill(lastTradingDay());
        page.locator("label:has-text('Speed') select").selectOption("600");
        visit.button("Play").click();
        assertThat(page.locator("[data-replay]")).hasText("playing");
        var reached = page.locator("[data-replay-at]");
        assertThat(reached).not().hasText("09:00:00");
        visit.button("Pause").click();
        assertThat(page.locator("[data-replay]")).hasText("paused");

        page.getByLabel("Time of that day").fill(Integer.toString(10 * 60 + 30));
        assertThat(reached).hasText("10:30:00");
        var played = gateway.get("/v1/simulator").path("replay");
        assertThat(played.path("day").asString()).isEqualTo(lastTradingDay());
        long then = gateway.get("/v1/bars/005930?period=1m&limit=1&from=" + lastTradingDay() + "T10:30&to="
                        + lastTradingDay() + "T10:30")
                .path("bars")
                .path(0)
                .path("open")
                .asLong();
        assertThat(then).isPositive();
        gateway.await(
                "/v1/quotes/005930",
                "a price near that of 10:30, " + then,
                it -> Math.abs(it.path("price").asLong() - then) <= then / 100);
        var bought = gateway.placed("replayed", "005930", "BUY", 1, Optional.empty());
        long paid = gateway.awaitStatus(bought, "FILLED").path("avg_price").asLong();
        assertThat(paid).isBetween(then - then / 100, then + then / 100);

        visit.button("End").click();
        assertThat(page.locator("[data-replay]")).hasCount(0);
        visit.field("Symbols (up to 10)").fill("nonsense");
        visit.button("Play").click();
        assertThat(page.locator("main [role='alert']")).hasText("No stock of Korea has this code.");
        assertThat(gateway.get("/v1/simulator").path("replay").isNull()).isTrue();
    }

    /** A day that the simulator's past has: none of a weekend. */
    private static String lastTradingDay() {
        var calendar = new KrxCalendar();
        var day = LocalDate.now(ZoneId.of("Asia/Seoul")).minusDays(1);
        while (!calendar.isTradingDay(day)) day = day.minusDays(1);
        return day.toString();
    }

    @Test
    void a_scenario_starts_by_one_click_and_the_clock_of_the_simulator_is_put_forward_and_back() {
        visit.go("simulator");
        visit.button("Start: slow-broker").click();
        gateway.await(
                "/v1/simulator",
                "the rules of the scenario",
                it -> it.path("faults").path("rules").toString().contains("latency_ms"));
        visit.button("All off").click();
        gateway.await(
                "/v1/simulator",
                "no rules",
                it -> it.path("faults").path("rules").isEmpty());
        visit.field("Seconds ahead of the gateway").fill("30");
        page.keyboard().press("Tab");
        gateway.await(
                "/v1/simulator",
                "a clock that is ahead",
                it -> it.path("faults").path("clock_skew_seconds").asInt() == 30);
        visit.button("All off").click();
        assertThat(visit.field("Seconds ahead of the gateway")).hasValue("0");
    }

    @Test
    void the_settings_in_force_the_use_by_caller_and_the_gaps_are_shown() {
        visit.go("machine/settings");
        var port = page.locator("[data-setting='GATEWAY_PORT']");
        assertThat(port.locator("td").nth(1)).hasText("0");
        assertThat(port.locator("td").nth(2)).hasText("environment");
        assertThat(page.locator("[data-setting='RISK_MAX_QTY']")).hasCount(0);
        visit.field("Search the settings").fill("RISK_MAX");
        assertThat(page.locator("[data-setting='RISK_MAX_QTY']")).containsText("default");

        visit.go("machine/clients");
        var local = page.locator("[data-client='local'] .number");
        assertThat(local.first()).not().hasText("0");
        assertThat(local.nth(3)).not().hasText("0");

        assertThat(gateway.client()
                        .post("/v1/simulator", "{\"faults\":{\"drop_sockets\":true}}")
                        .ok())
                .isTrue();
        visit.go("machine/slots");
        assertThat(page.locator("table[aria-label='Times without pushed values'] tbody tr")
                        .first())
                .containsText("RECONNECT");
        assertThat(visit.complaints()).isEmpty();
    }

    @Test
    void the_line_of_a_prepared_price_and_that_of_an_own_order_are_dragged_to_another_price() {
        gateway.client().post("/v1/orders/cancel-all", "{}");
        var chart = page.locator("div.chart");
        assertThat(chart)
                .not()
                .hasAttribute("data-bars", "0", new LocatorAssertions.HasAttributeOptions().setTimeout(60_000));
        chart.scrollIntoViewIfNeeded();
        var box = chart.boundingBox();
        var price = visit.field("Price (KRW)");
        page.mouse().click(box.x + box.width / 3, box.y + box.height / 2);
        assertThat(price).not().hasValue("");
        long clicked = Long.parseLong(price.inputValue());
        drag(chart, -40);
        assertThat(price).not().hasValue(Long.toString(clicked));
        long higher = Long.parseLong(price.inputValue());
        assertThat(higher).isGreaterThan(clicked);

        // A line follows a price that is typed, too.
        price.fill(Long.toString(clicked));
        drag(chart, 40);
        assertThat(price).not().hasValue(Long.toString(clicked));
        long lower = Long.parseLong(price.inputValue());
        assertThat(lower).isLessThan(clicked);

        // Prices leave the line of the own order below them, so that it stays open.
        assertThat(gateway.client()
                        .post(
                                "/v1/simulator",
                                "{\"market\":{\"move\":\"005930\",\"to\":" + (higher + higher / 50) + "}}")
                        .ok())
                .isTrue();
        gateway.await(
                "/v1/quotes/005930",
                "a price above " + higher,
                it -> it.path("price").asLong() > higher);
        var order = gateway.placed("dragged", "005930", "BUY", 1, Optional.of(lower));
        gateway.awaitStatus(order, "SENT");
        price.fill("");
        drag(chart, 20);
        var confirm = page.locator("p[role='status']:has-text('Modify') button.main");
        confirm.click();
        gateway.await(
                "/v1/orders/" + order,
                "a lower price than " + lower,
                it -> it.path("price").asLong() < lower);
        assertThat(confirm).hasCount(0);
        gateway.client().post("/v1/orders/" + order + "/cancel", "{}");
    }

    /** Drags the one line of the chart: its scale moves with the prices, and the line with it. */
    private void drag(Locator chart, double by) {
        var box = chart.boundingBox();
        double x = box.x + box.width / 3;
        double at = box.y + 4;
        page.mouse().move(x, at);
        for (int turn = 0; turn < 5 && !isOnLine(chart); turn++) {
            for (at = box.y + 4; at < box.y + box.height - 30 && !isOnLine(chart); at += 4) {
                page.mouse().move(x, at);
            }
        }
        assertThat(chart).hasClass(Pattern.compile("movable"));
        page.mouse().down();
        page.mouse().move(x, at + by / 2);
        page.mouse().move(x, at + by);
        page.mouse().up();
    }

    private static boolean isOnLine(Locator chart) {
        return chart.getAttribute("class").contains("movable");
    }

    @Test
    void the_history_is_saved_as_a_file_for_spreadsheets_without_formulas() throws Exception {
        var order = gateway.client()
                .post(
                        "/v1/orders",
                        "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"order_type\":\"MARKET\","
                                + "\"strategy_id\":\"-sum\"}",
                        "saved");
        assertThat(order.ok()).as(order.toString()).isTrue();
        visit.go("orders/history");
        assertThat(page.locator("main tbody tr").first()).isVisible();
        var file = page.waitForDownload(() -> visit.button("CSV").click());
        var text = Files.readString(file.path());
        assertThat(text).startsWith("\uFEFF");
        var lines = text.substring(1).split("\r\n");
        assertThat(lines[0].split(",")).contains("order_id", "symbol", "price", "status");
        assertThat(text)
                .contains(gateway.get("/v1/orders?limit=1")
                        .path("orders")
                        .path(0)
                        .path("order_id")
                        .asString());
        assertThat(text).contains("'-sum").doesNotContain(",-sum");
    }

    @Test
    void markup_that_a_caller_sends_for_a_webhook_is_masked_in_the_audit_and_never_markup_of_the_page() {
        assertThat(gateway.client()
                        .post("/v1/webhooks", "{\"name\":\"<img src=x onerror=alert(1)>\"}")
                        .ok())
                .isFalse();
        visit.go("machine/audit");
        assertThat(page.locator("table[aria-label='Audit'] tbody tr:has-text('POST /v1/webhooks')")
                        .first())
                .containsText("name=***(28)");
        assertThat(page.locator("main img")).hasCount(0);
        assertThat(visit.complaints()).isEmpty();
    }

    @Test
    void the_api_is_browsed_and_tried_its_codes_are_explained_and_its_stream_is_live() {
        page.navigate("http://127.0.0.1:" + port() + "/docs");
        visit.field("Search the calls").fill("/v1/quotes/{symbol}");
        page.locator("summary:has-text('/v1/quotes/{symbol}')").first().click();
        var form =
                page.getByRole(AriaRole.FORM, new Page.GetByRoleOptions().setName("Try it: GET /v1/quotes/{symbol}"));
        form.locator("input").first().fill("005930");
        form.getByRole(AriaRole.BUTTON).click();
        assertThat(form.locator("pre")).containsText("\"symbol\": \"005930\"");
        visit.go("api/codes");
        visit.field("Search the codes").fill("MAX_QTY");
        assertThat(page.locator("[data-code='MAX_QTY_EXCEEDED']")).isVisible();
        visit.button("한국어").click();
        assertThat(page.locator("[data-code='MAX_QTY_EXCEEDED']")).containsText("수량");
        visit.go("api/stream");
        visit.button("열기").click();
        visit.button("보내기").click();
        assertThat(page.getByRole(AriaRole.LOG)).containsText("\"ch\":\"trades\"");
    }

    @Test
    void everything_is_reached_by_the_keyboard_alone() {
        var keys = page.keyboard();
        assertThat(page.locator(SAMSUNG)).isVisible();
        keys.press("g");
        keys.press("o");
        assertThat(visit.button("Cancel all open (0)").or(page.locator("button.danger:has-text('Cancel all open')")))
                .isVisible();
        keys.press("Control+k");
        keys.type("하이닉스");
        assertThat(page.locator("[role=option]:has-text('000660')")).isVisible();
        keys.press("Enter");
        assertThat(page.locator("h2:has-text('000660')")).isVisible();
        keys.press("k");
        assertThat(visit.dialog()).containsText("Type STOP");
        keys.press("Escape");
        assertThat(visit.dialog()).hasCount(0);
        // From the field of the quantity to the preview and the order.
        visit.field("Quantity").focus();
        keys.press("Control+a");
        keys.type("1");
        page.locator("label:has-text('Type') select").first().focus();
        keys.type("Market");
        visit.field("Quantity").press("Enter");
        visit.button("Place the order").focus();
        keys.press("Enter");
        assertThat(page.locator("p[role='status'] a")).isVisible();
    }

    @Test
    void a_gateway_that_was_killed_and_comes_back_is_shown_without_a_reload(@TempDir Path own) throws Exception {
        int port = FreePort.find();
        var launch = Programs.gateway(own).withEnvironment("GATEWAY_PORT", Integer.toString(port));
        try (var first = Running.start(launch);
                var there = browser.visit(first)) {
            assertThat(there.page().locator(".connection")).hasText("connected");
            there.field("Quantity").fill("77");
            there.page().evaluate("window.marked = true");
            first.program().kill();
            assertThat(there.page().locator(".connection")).containsText("no connection");
            try (var _ = Running.start(launch)) {
                assertThat(there.page().locator(".connection")).hasText("connected");
                var volume = there.page().locator(SAMSUNG + " .volume");
                assertThat(volume).not().hasText(volume.textContent());
                assertThat(there.page().evaluate("window.marked")).isEqualTo(true);
                assertThat(there.field("Quantity")).hasValue("77");
            }
        }
    }

    @Test
    void it_is_korean_dark_and_as_wide_as_a_phone_without_scrolling_aside() {
        page.setViewportSize(390, 800);
        visit.button("한국어").click();
        assertThat(page.locator("html")).hasAttribute("lang", "ko");
        page.locator("header select").first().selectOption("dark");
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        for (var name : List.of("주문", "잔고", "상태", "시뮬레이터", "API", "시세")) {
            visit.link(name).first().click();
            assertThat(page.locator("main section").first()).isVisible();
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .as(name)
                    .isLessThanOrEqualTo(390);
        }
    }

    @Test
    void files_are_compressed_cached_for_ever_by_their_name_and_run_under_a_policy() throws Exception {
        var index = RawHttp.send(port(), RawHttp.request(port(), "GET /", List.of(), new byte[0]));
        assertThat(index.status()).isEqualTo(200);
        assertThat(index.header("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(index.header("Cache-Control")).contains("no-cache");
        assertThat(index.header("Content-Security-Policy").orElseThrow())
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        var scripts = new ArrayList<String>();
        for (var part : index.body().split("\"")) {
            if (part.startsWith("/assets/")) scripts.add(part);
        }
        assertThat(scripts).isNotEmpty();
        for (var script : scripts) {
            var answer = RawHttp.send(
                    port(),
                    RawHttp.request(port(), "GET " + script, List.of("Accept-Encoding: gzip, br"), new byte[0]));
            assertThat(answer.header("Content-Encoding")).contains("br");
            assertThat(answer.header("Cache-Control")).contains("public, max-age=31536000, immutable");
        }
        assertThat(RawHttp.send(port(), RawHttp.request(port(), "GET /assets/..%2ffiles.txt", List.of(), new byte[0]))
                        .status())
                .isBetween(400, 499);
        try (var built = Files.list(Launch.projectHome().resolve("dashboard/dist/assets"))) {
            long shown = built.filter(file -> file.toString().matches(".*/index-.*\\.js"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(shown).as("bytes of script at the first paint").isBetween(1L, 250_000L);
        }
    }

    private static int port() {
        return gateway.program().gatewayPort();
    }
}
