package kr.kisgateway.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static kr.kisgateway.acceptance.PageBrowser.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.SameSiteAttribute;
import java.nio.file.Path;
import kr.kisgateway.acceptance.PageBrowser.Visit;
import kr.kisgateway.acceptance.Programs.Running;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a gateway that needs keys. */
@Tag("slow")
class DashboardLoginTest {
    @TempDir
    static Path folder;

    private static Running gateway;
    private static PageBrowser browser;
    private static String trader;
    private static String viewer;
    private static String leaving;
    private static String both;

    private Visit visit;

    @BeforeAll
    static void start() {
        var launch = Programs.gateway(folder).withEnvironment("GATEWAY_AUTH", "required");
        trader = Programs.key(folder, "create", "trader", "--role", "trade");
        viewer = Programs.key(folder, "create", "viewer", "--role", "quote");
        leaving = Programs.key(folder, "create", "leaving", "--role", "trade");
        both = Programs.key(folder, "create", "both", "--role", "trade");
        gateway = Running.start(launch);
        browser = new PageBrowser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        gateway.close();
    }

    @BeforeEach
    void open() {
        visit = browser.visit(gateway);
    }

    @AfterEach
    void close() {
        visit.close();
    }

    @Test
    void a_key_is_exchanged_for_a_cookie_that_no_script_reads_and_neither_is_kept_in_the_page() {
        visit.logIn("kgw_aaaaaaaa_" + "A".repeat(43));
        assertThat(visit.dialog()).containsText("The API key is invalid");
        visit.logIn(trader);
        assertThat(visit.page().locator(SAMSUNG + " .flash")).not().hasText("–");
        assertThat(visit.dialog()).hasCount(0);

        var cookie = visit.context().cookies().getFirst();
        assertThat(cookie.httpOnly).isTrue();
        assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
        assertThat(visit.page().evaluate("document.cookie")).isEqualTo("");
        assertThat((String) visit.page().evaluate("JSON.stringify(localStorage) + document.documentElement.outerHTML"))
                .doesNotContain(trader)
                .doesNotContain(cookie.value);
        assertThat(visit.page().locator(".connection")).hasText("connected");

        visit.page().reload();
        assertThat(visit.page().locator(SAMSUNG)).isVisible();
        visit.button("trader").click();
        visit.button("Log out").click();
        assertThat(visit.dialog("Log in")).containsText("API key");
        assertThat(visit.page().locator(SAMSUNG)).hasCount(0);
    }

    @Test
    void what_a_role_may_not_do_is_not_shown_and_is_refused_all_the_same() {
        visit.logIn(viewer);
        assertThat(visit.page().locator(SAMSUNG)).isVisible();
        for (var name : new String[] {"Orders", "Portfolio", "Simulator"}) {
            assertThat(visit.link(name)).hasCount(0);
        }
        assertThat(visit.button("Preview the order")).hasCount(0);
        assertThat(visit.button("Kill switch: OFF")).hasCount(0);
        visit.go("orders");
        assertThat(visit.page().locator(SAMSUNG)).isVisible();
        assertThat((Integer) visit.page().evaluate("fetch('/v1/orders').then(answer => answer.status)"))
                .isEqualTo(403);
        visit.go("machine");
        assertThat(visit.link("Slots")).isVisible();
        assertThat(visit.link("Audit")).hasCount(0);
    }

    @Test
    void a_trader_sees_the_kill_switch_and_who_may_set_it() {
        visit.logIn(trader);
        visit.button("Kill switch: OFF").click();
        assertThat(visit.dialog()).containsText("Needs the role: operator");
        assertThat(visit.button("Confirm")).hasCount(0);
        assertThat(visit.link("Simulator")).hasCount(0);
    }

    @Test
    void a_revoked_key_ends_the_login_and_what_was_typed_is_there_after_the_next() {
        visit.logIn(leaving);
        visit.field("Quantity").fill("77");
        Programs.command(folder, "keys", "revoke", "leaving");
        assertThat(visit.dialog()).containsText("What you typed is still there");
        assertThat(visit.page().locator(".connection")).containsText("no connection");
        visit.logIn(trader);
        assertThat(visit.dialog()).hasCount(0);
        assertThat(visit.page().locator(".connection")).hasText("connected");
        assertThat(visit.field("Quantity")).hasValue("77");
        assertThat(visit.button("trader")).isVisible();
    }

    @Test
    void a_log_out_everywhere_ends_the_login_of_another_device() {
        visit.logIn(both);
        try (var other = browser.visit(gateway)) {
            other.logIn(both);
            assertThat(other.page().locator(".connection")).hasText("connected");
            visit.button("both").click();
            visit.button("Log out everywhere").click();
            assertThat(visit.dialog("Log in")).containsText("API key");
            assertThat(other.dialog("Log in")).containsText("The login has ended");
        }
    }
}
