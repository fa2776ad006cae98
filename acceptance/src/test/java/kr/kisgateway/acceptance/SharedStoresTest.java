package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.api.watchlist.WatchlistCalls;
import kr.kisgateway.api.watchlist.WatchlistRequest;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.programs.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers and operators stored at one owner of the accounts, and what its audit has, outlives its machine. */
@Tag("slow")
class SharedStoresTest {
    private static final Map<String, String> WEBHOOKS = Map.of("GATEWAY_WEBHOOKS", "true");
    private static final String STOCK = "003490";
    private static final String ORDERED = "text=POST%20/v1/orders&source=api";

    @TempDir
    private Path folder;

    private ClusterNode node(String name, Simulator simulator, Optional<String> database) throws IOException {
        return new ClusterNode(folder, name, simulator, database, WEBHOOKS);
    }

    private static void save(ClusterNode node, String watchlist) {
        var saved = node.running().client().send(WatchlistCalls.save(watchlist, new WatchlistRequest(List.of(STOCK))));
        assertThat(saved.orElseThrow().symbols()).containsExactly(STOCK);
    }

    private static List<String> watchlists(ClusterNode node) {
        return names(node, "/v1/watchlists", "watchlists");
    }

    private static List<String> names(ClusterNode node, String path, String member) {
        return node.running()
                .get(path)
                .path(member)
                .valueStream()
                .map(it -> it.path("name").asString())
                .toList();
    }

    @Test
    void webhooks_watchlists_and_the_audit_of_a_killed_owner_are_at_the_next_one() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var alone = node("a", simulator, Optional.empty())) {
                alone.awaitReady();
                save(alone, "of-the-one-alone");
                assertThat(alone.running().program().stop(ClusterNode.PATIENCE)).hasValue(0);
                alone.command(url, "journal", "migrate");
            }
            try (var a = node("a", simulator, Optional.of(url));
                    var b = node("b", simulator, Optional.of(url))) {
                a.awaitReady();
                a.command(url, "keys", "create", "chart-bot", "--role", "trade");
                save(a, "of-the-cluster");
                String hook = makeWebhook(a);
                String first = a.running().placed("first", STOCK, "BUY", 1, Optional.of(19_000L));
                awaitAudit(b, url);

                a.running().program().kill();
                b.awaitOwner("b");
                b.awaitReady();

                assertThat(b.running().log())
                        .as("it goes on with the token of the one alone")
                        .contains("from_store=true")
                        .doesNotContain("from_store=false");
                assertThat(watchlists(b)).containsExactly("of-the-cluster", "of-the-one-alone");
                assertThat(names(b, "/v1/webhooks", "webhooks")).containsExactly("chart");
                var ordered = b.running()
                        .client()
                        .post(hook, "{\"id\":\"7\",\"ticker\":\"" + STOCK + "\",\"time\":\"" + Instant.now() + "\"}");
                assertThat(ordered.ok()).as(ordered.toString()).isTrue();
                Eventually.await(
                        "the audits of both owners",
                        ClusterNode.PATIENCE,
                        () -> List.of(gatewaysOf(b, ORDERED), gatewaysOf(b, "principal=chart-bot&source=kis")),
                        found -> found.equals(List.of(List.of("a"), List.of("b"))));
                assertThat(b.running().order(first).path("status").asString()).isEqualTo("SENT");
                assertThat(b.command(url, "audit", "verify", "--gateway", "a"))
                        .anyMatch(line -> line.contains("all is well"));
            }
        }
    }

    private static String makeWebhook(ClusterNode node) {
        // The key of a command is known a moment later.
        return Eventually.await(
                        "the webhook",
                        ClusterNode.PATIENCE,
                        () -> node.running().client().post("/v1/webhooks", """
                                {"name":"chart","key":"chart-bot","id":"{/id}","time":"{/time}",
                                 "order":{"account_id":"A1","symbol":"{/ticker}","side":"BUY","qty":"1",
                                          "order_type":"LIMIT","price":"19000"}}"""),
                        Answer::ok)
                .body()
                .path("path")
                .asString();
    }

    /** Waits until the row of the owner's order can be found in the database. */
    private static void awaitAudit(ClusterNode node, String url) {
        Eventually.await(
                "the copied audit of the owner",
                ClusterNode.PATIENCE,
                () -> node.command(url, "audit", "search", "--gateway", "a", "--text", "POST /v1/orders"),
                found -> found.stream().anyMatch(line -> line.contains("symbol=" + STOCK)));
    }

    /** The gateways in whose audit the rows of a query are, the newest first. */
    private static List<String> gatewaysOf(ClusterNode node, String query) {
        return node.running()
                .get("/v1/audit?" + query)
                .path("rows")
                .valueStream()
                .map(row -> row.path("gateway").asString(""))
                .toList();
    }
}
