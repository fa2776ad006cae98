package kr.kisgateway.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the packaged gateway in a real browser. */
class DashboardTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final String SAMSUNG = "[data-symbol='005930']";

    @TempDir
    static Path folder;

    private static Running gateway;
    private static Playwright playwright;
    private static Browser browser;

    /** What the browser complained about, violations of the page's policy included. */
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Page page;

    @BeforeAll
    static void start() {
        assertThat(CHROMIUM).as("Debian's package chromium").exists();
        setDefaultAssertionTimeout(Programs.SHORT_TIMEOUT.toMillis());
        gateway = Running.start(Programs.gateway(folder));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(CHROMIUM).setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    static void stop() {
        playwright.close();
        gateway.close();
    }

    @BeforeEach
    void open() {
        page = browser.newPage(new Browser.NewPageOptions().setLocale("en-US"));
        page.setDefaultTimeout(Programs.SHORT_TIMEOUT.toMillis());
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) complaints.add(message.text());
        });
        page.onPageError(complaints::add);
        page.navigate("http://127.0.0.1:" + gateway.program().gatewayPort() + "/");
    }

    @AfterEach
    void close() {
        page.close();
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(name));
    }

    private void visit(String name) {
        page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    @Test
    void the_first_visit_shows_prices_that_move_a_chart_a_book_and_trades_without_a_complaint_of_the_browser() {
        assertThat(page.locator("header .badge")).hasText("SIM");
        var price = page.locator(SAMSUNG + " .flash");
        assertThat(price).not().hasText("–");
        var volume = page.locator(SAMSUNG + " td.live").last();
        var before = volume.textContent();
        assertThat(volume).not().hasText(before);
        assertThat(page.locator(SAMSUNG)).containsText("삼성전자");
        assertThat(page.locator("table[aria-label='Order book'] tbody tr")).hasCount(20);
        assertThat(page.locator("table[aria-label='Trades'] tbody tr").first()).isVisible();
        assertThat(page.locator(".chart canvas").first()).isVisible();
        assertThat(complaints).isEmpty();
    }

    @Test
    void an_order_is_previewed_placed_and_filled_and_its_position_is_shown() {
        page.locator("label:has-text('Type') select").selectOption("MARKET");
        page.getByLabel("Quantity").fill("3");
        button("Preview the order").click();
        assertThat(page.locator("dl")).containsText("KRW");
        button("Place the order").click();
        var id = page.locator("p[role='status'] a").textContent();
        visit("Orders");
        assertThat(page.locator("[data-order='" + id + "']")).containsText("FILLED");
        visit("Portfolio");
        assertThat(page.locator(SAMSUNG)).containsText("삼성전자");
        assertThat(gateway.get("/v1/orders/" + id).path("filled_qty").asInt()).isEqualTo(3);
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_refused_preview_says_why_and_places_nothing() {
        page.getByLabel("Quantity").fill("100");
        page.getByLabel("Price (KRW)").fill("1");
        button("Preview the order").click();
        assertThat(page.locator(".refused")).isVisible();
        assertThat(button("Place the order")).isDisabled();
    }

    @Test
    void a_resting_order_is_cancelled_from_the_list() {
        var order = gateway.placed("dashboard-resting", "005930", "BUY", 1, Optional.of(150_000L));
        gateway.awaitStatus(order, "SENT");
        visit("Orders");
        page.locator("[data-order='" + order + "']").getByRole(AriaRole.BUTTON).click();
        assertThat(page.locator("[data-order='" + order + "']")).containsText("CANCELED");
        gateway.awaitStatus(order, "CANCELED");
    }

    @Test
    void the_kill_switch_is_set_and_lifted_by_typing_its_word() {
        button("Kill switch: OFF").click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        var confirm = dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Confirm"));
        dialog.getByRole(AriaRole.TEXTBOX).fill("stop");
        assertThat(confirm).isDisabled();
        dialog.getByRole(AriaRole.TEXTBOX).fill("STOP");
        confirm.click();
        assertThat(dialog).containsText("On");
        assertThat(gateway.place("killed", "005930", "BUY", 1, Optional.empty()).code())
                .isEqualTo("KILL_SWITCH");
        dialog.getByRole(AriaRole.TEXTBOX).fill("START");
        confirm.click();
        assertThat(button("Kill switch: OFF")).isVisible();
    }

    @Test
    void a_gateway_that_was_killed_and_comes_back_is_shown_without_a_reload(@TempDir Path own) throws Exception {
        int port = Programs.freePort();
        var launch = Programs.gateway(own).withEnvironment("GATEWAY_PORT", Integer.toString(port));
        try (var first = Running.start(launch)) {
            page.navigate("http://127.0.0.1:" + port + "/");
            assertThat(page.locator(".connection")).hasText("connected");
            page.evaluate("window.marked = true");
            first.program().kill();
            assertThat(page.locator(".connection")).containsText("no connection");
        }
        try (var _ = Running.start(launch)) {
            assertThat(page.locator(".connection")).hasText("connected");
            var volume = page.locator(SAMSUNG + " td.live").last();
            assertThat(volume).not().hasText(volume.textContent());
            assertThat(page.evaluate("window.marked")).isEqualTo(true);
        }
    }

    @Test
    void it_is_korean_dark_and_as_wide_as_a_phone_without_scrolling_aside() {
        page.setViewportSize(390, 800);
        button("한국어").click();
        assertThat(page.locator("html")).hasAttribute("lang", "ko");
        page.locator("header select").first().selectOption("dark");
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        for (var name : List.of("주문", "잔고", "상태", "시세")) {
            visit(name);
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
