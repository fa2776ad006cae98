package kr.kisgateway.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.WaitUntilState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.bench.result.BenchException;

/** Debian's Chromium, with the gateway's page in it. */
final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final String SYMBOL = "[data-symbol='005930'] .flash";
    private static final String PAINT =
            "performance.getEntriesByType('paint').find(it => it.name === 'first-contentful-paint')?.startTime";
    /** Milliseconds since the navigation began, as those of {@link #PAINT}; false before. */
    private static final String PRICE = "selector => { const text = document.querySelector(selector)?.textContent;"
            + " return text && text !== '–' && performance.now(); }";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium start() {
        if (!Files.exists(PROGRAM)) throw new BenchException(PROGRAM + " does not exist: install Debian's chromium");
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            var options = new LaunchOptions().setExecutablePath(PROGRAM).setArgs(List.of("--no-sandbox"));
            return new Chromium(playwright, playwright.chromium().launch(options));
        } catch (PlaywrightException e) {
            playwright.close();
            throw new BenchException("Chromium does not start: " + e.getMessage(), e);
        }
    }

    /** A window with a new profile. */
    Window window() {
        return checked(() -> {
            var context = browser.newContext();
            try {
                return new Window(context, context.newPage());
            } catch (PlaywrightException e) {
                context.close();
                throw e;
            }
        });
    }

    private static <T> T checked(Supplier<T> step) {
        try {
            return step.get();
        } catch (PlaywrightException e) {
            throw new BenchException("The page could not be measured: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        playwright.close();
    }

    record Window(BrowserContext context, Page page) implements AutoCloseable {
        void open(String address) {
            var committed = new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT);
            checked(() -> Optional.ofNullable(page.navigate(address, committed)));
        }

        /** Opens an empty page instead. */
        void leave() {
            open("about:blank");
        }

        /** Waits for a price of the gateway's page; milliseconds since it was opened. */
        double awaitPrice() {
            return millis(checked(() -> page.waitForFunction(PRICE, SYMBOL).jsonValue()));
        }

        /** Waits until something is painted; milliseconds since the page was opened. */
        double awaitPaint() {
            return millis(checked(() -> page.waitForFunction("() => " + PAINT).jsonValue()));
        }

        private static double millis(Object value) {
            if (value instanceof Number number) return number.doubleValue();
            throw new BenchException("The browser has measured " + value);
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
