package kr.kisgateway.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static kr.kisgateway.acceptance.PageBrowser.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.acceptance.PageBrowser.Visit;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page as axe sees it, each part in both themes. With {@code -Dkis.docs.write=true} the pictures of docs/DASHBOARD.md are
 * taken on the way.
 */
@Tag("slow")
class DashboardAccessibilityTest {
    private static final Path PICTURES = Launch.projectHome().resolve("docs/pictures");

    /** The beginning of the elements that reach out of the window. */
    private static final String WIDEST = "[...document.querySelectorAll('main *')]"
            + ".filter(it => it.getBoundingClientRect().right > innerWidth && it.closest('.scroll') === null)"
            + ".map(it => it.outerHTML.slice(0, 120)).join(' | ')";

    /** Each part of the page, and its picture for the documentation. */
    private record Part(String hash, String picture) {}

    private static final List<Part> PARTS = List.of(
            new Part("market", "market"),
            new Part("orders", "orders"),
            new Part("orders/history", ""),
            new Part("orders/parents", "parents"),
            new Part("orders/executions", ""),
            new Part("portfolio", "holdings"),
            new Part("portfolio/realised", "realised"),
            new Part("portfolio/limits", "limits"),
            new Part("machine", "machine"),
            new Part("machine/slots", "slots"),
            new Part("machine/alerts", ""),
            new Part("machine/meters", "meters"),
            new Part("machine/clients", ""),
            new Part("machine/jobs", ""),
            new Part("machine/checklist", "checklist"),
            new Part("machine/audit", ""),
            new Part("machine/logs", ""),
            new Part("machine/settings", "settings"),
            new Part("simulator", "simulator"),
            new Part("api", "api"),
            new Part("api/stream", ""),
            new Part("api/codes", ""));

    @TempDir
    static Path folder;

    private static Running gateway;
    private static PageBrowser browser;
    private static String order;

    @BeforeAll
    static void start() {
        gateway = Running.start(Programs.gateway(folder));
        browser = new PageBrowser();
        order = gateway.placed("seen", "005930", "BUY", 10, Optional.empty());
        gateway.awaitStatus(order, "FILLED");
        var sale = gateway.placed("sold", "005930", "SELL", 4, Optional.empty());
        gateway.awaitStatus(sale, "FILLED");
        // A page that is opened before reads its positions again only after a while.
        gateway.await(
                "/v1/positions?account_id=A1",
                "the position",
                body -> body.valueStream().anyMatch(it -> it.path("qty").asInt() == 6));
        gateway.placed("resting", "005930", "BUY", 3, Optional.of(150_000L));
        gateway.client()
                .post(
                        "/v1/parents",
                        "{\"kind\":\"BRACKET\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\","
                                + "\"qty\":5,\"order_type\":\"LIMIT\",\"price\":151000},\"take_profit\":{\"price\":250000},"
                                + "\"stop\":{\"price\":145000}}",
                        "bracket");
    }

    @AfterAll
    static void stop() {
        browser.close();
        gateway.close();
    }

    @Test
    void axe_finds_no_violation_on_any_part_in_light_and_dark() {
        var violations = new ArrayList<String>();
        try (var visit = browser.visit(gateway)) {
            assertThat(visit.page().locator(SAMSUNG + " .flash")).not().hasText("–");
            // On a busy machine the simulator may miss the first request; the page repeats it.
            assertThat(visit.page()
                            .locator("table[aria-label='Rankings'] tbody tr")
                            .first())
                    .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(60_000));
            assertThat(visit.page().locator("table[aria-label='Order book'] tbody tr"))
                    .hasCount(20, new LocatorAssertions.HasCountOptions().setTimeout(60_000));
            for (var theme : List.of("light", "dark")) {
                visit.page().locator("header select").first().selectOption(theme);
                var parts = new ArrayList<>(PARTS);
                parts.add(new Part("orders/" + order, "timeline"));
                for (var part : parts) {
                    visit.go(part.hash());
                    assertThat(visit.page().locator("main section").first()).isVisible();
                    assertThat(visit.page().locator("main p.quiet:has-text('loading')"))
                            .hasCount(0);
                    violations.addAll(violations(visit, theme + " " + part.hash()));
                    if (theme.equals("light")) {
                        picture(visit, part.picture());
                    }
                }
            }
            visit.button("Kill switch: OFF").click();
            violations.addAll(violations(visit, "kill switch"));
            visit.page().keyboard().press("Escape");
            visit.page().keyboard().press("Control+k");
            violations.addAll(violations(visit, "commands"));
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void no_part_is_wider_than_its_window_on_a_phone_a_laptop_and_a_large_screen_in_either_language() {
        var wide = new ArrayList<String>();
        try (var visit = browser.visit(gateway)) {
            assertThat(visit.page().locator(SAMSUNG + " .flash")).not().hasText("–");
            for (var language : List.of("English", "한국어")) {
                if (language.equals("한국어")) {
                    visit.button(language).click();
                    visit.page().locator("header select").first().selectOption("dark");
                }
                for (int width : List.of(390, 1280, 1920)) {
                    visit.page().setViewportSize(width, 1000);
                    for (var part : PARTS) {
                        visit.go(part.hash());
                        assertThat(visit.page().locator("main section").first()).isVisible();
                        assertThat(visit.page()
                                        .locator("main p.quiet:has-text('loading'), main p.quiet:has-text('불러오는 중')"))
                                .hasCount(0);
                        int needed = (Integer) visit.page().evaluate("document.documentElement.scrollWidth");
                        if (needed > width) {
                            wide.add(part.hash() + " in " + language + ": " + needed + " > " + width + ": "
                                    + visit.page().evaluate(WIDEST));
                        }
                        look(
                                visit,
                                width + "-" + part.hash().replace('/', '-')
                                        + (language.equals("English") ? "-en" : "-ko"));
                    }
                }
            }
        }
        assertThat(wide).isEmpty();
    }

    @Test
    void a_name_of_40_characters_a_loss_of_99_percent_and_500_symbols_stay_in_their_places() {
        var name = "아".repeat(40);
        try (var visit = browser.visit(gateway)) {
            var page = visit.page();
            page.route("**/v1/positions?**", route -> {
                var positions = route.fetch().text();
                route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(positions
                                .replaceAll("\"name\":\"[^\"]*\"", "\"name\":\"" + name + "\"")
                                .replaceAll("\"cost\":[0-9.]+", "\"cost\":999999999999")
                                .replaceAll("\"avg_price\":[0-9.]+", "\"avg_price\":99999999.9999")
                                .replaceAll("\"pnl\":-?[0-9.]+", "\"pnl\":-989999999999")));
            });
            for (int width : List.of(390, 1280)) {
                page.setViewportSize(width, 900);
                visit.go("portfolio");
                var row = page.locator("main tr" + SAMSUNG);
                assertThat(row).containsText(name);
                assertThat(row).containsText("-99.00%");
                assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .isTrue();
                assertThat((Boolean) row.evaluate(
                                "row => [...row.cells].every(cell => cell.scrollWidth <= cell.clientWidth)"))
                        .as("no figure is over another at " + width)
                        .isTrue();
                look(visit, width + "-extreme-positions");
            }

            var symbols = gateway.get("/v1/instruments?limit=500")
                    .path("instruments")
                    .valueStream()
                    .map(it -> it.path("symbol").asString())
                    .collect(Collectors.joining("\n"));
            visit.go("market");
            visit.button("New list").click();
            visit.field("Name").fill("n".repeat(40));
            page.locator("form button:has-text('New list')").click();
            assertThat(page.locator("p.quiet:has-text('The list is empty')")).isVisible();
            page.locator("input[type=file]")
                    .setInputFiles(new FilePayload("all.txt", "text/plain", symbols.getBytes(StandardCharsets.UTF_8)));
            assertThat(page.locator("table[aria-label='Market'] tbody tr")).hasCount(500);
            var last = page.locator("table[aria-label='Market'] tbody tr").last();
            last.scrollIntoViewIfNeeded();
            last.locator(".name").click();
            assertThat(page.locator("main h2 small").first()).hasText(last.getAttribute("data-symbol"));
            assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isTrue();
            look(visit, "1280-extreme-market");
            visit.button("Delete the list: " + "n".repeat(40)).click();
            assertThat(page.locator(SAMSUNG)).isVisible();
        }
    }

    /** Pictures for the eyes of those who change the page, in a folder that is no part of the project. */
    private static void look(Visit visit, String name) {
        if (Boolean.getBoolean("kis.docs.write")) {
            visit.page().waitForTimeout(700);
            visit.page().screenshot(new ScreenshotOptions().setPath(Path.of("target", "look", name + ".png")));
        }
    }

    private static List<String> violations(Visit visit, String where) {
        return new AxeBuilder(visit.page())
                .analyze().getViolations().stream()
                        .flatMap(rule -> rule.getNodes().stream()
                                .limit(3)
                                .map(node -> where + ": " + rule.getId() + " " + node.getHtml()))
                        .toList();
    }

    private static void picture(Visit visit, String name) {
        if (Boolean.getBoolean("kis.docs.write") && !name.isEmpty()) {
            visit.page().screenshot(new ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
        }
    }
}
