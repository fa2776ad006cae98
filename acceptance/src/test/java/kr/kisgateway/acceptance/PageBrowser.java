package kr.kisgateway.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import kr.kisgateway.acceptance.Programs.Running;

/** Debian's Chromium, and what the tests of the page do in it. */
final class PageBrowser implements AutoCloseable {
    static final String SAMSUNG = "[data-symbol='005930']";

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final Playwright playwright;
    private final Browser browser;

    PageBrowser() {
        assertThat(CHROMIUM).as("Debian's package chromium").exists();
        setDefaultAssertionTimeout(Programs.SHORT_TIMEOUT.toMillis());
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(CHROMIUM).setArgs(List.of("--no-sandbox")));
    }

    /** A person's window at {@code gateway}, with storage of its own. */
    Visit visit(Running gateway) {
        return visit("http://127.0.0.1:" + gateway.program().gatewayPort() + "/");
    }

    Visit visit(String address) {
        var context = browser.newContext(
                new Browser.NewContextOptions().setLocale("en-US").setViewportSize(1280, 900));
        var visit = new Visit(context, context.newPage(), new CopyOnWriteArrayList<>());
        visit.page.setDefaultTimeout(Programs.SHORT_TIMEOUT.toMillis());
        visit.page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                visit.complaints.add(message.text() + " " + message.location());
            }
        });
        visit.page.onPageError(visit.complaints::add);
        visit.page.navigate(address);
        return visit;
    }

    @Override
    public void close() {
        playwright.close();
    }

    /** @param complaints errors and warnings of the browser, violations of the page's policy included */
    record Visit(BrowserContext context, Page page, List<String> complaints) implements AutoCloseable {
        Locator button(String name) {
            return page.getByRole(
                    AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
        }

        Locator link(String name) {
            return page.getByRole(
                    AriaRole.LINK, new GetByRoleOptions().setName(name).setExact(true));
        }

        Locator field(String label) {
            return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
        }

        Locator dialog() {
            return page.getByRole(AriaRole.DIALOG);
        }

        Locator dialog(String name) {
            return page.getByRole(AriaRole.DIALOG, new GetByRoleOptions().setName(name));
        }

        Locator order(String id) {
            return page.locator("[data-order='" + id + "']");
        }

        void go(String hash) {
            page.evaluate("hash => { location.hash = hash; }", hash);
        }

        /** Logs in with an API key; the dialog is open. */
        void logIn(String key) {
            field("API key").fill(key);
            button("Log in").click();
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
