package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Prices and books of KRX, of NXT, and of both together. */
@Tag("slow")
class VenuePricesTest {
    private static final String SYMBOL = "005930";

    @TempDir
    Path folder;

    private GatewayFixture gateway;

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void each_venue_has_its_own_volume_and_both_together_have_the_sum() {
        gateway = GatewayFixture.start(folder.resolve("sim"));
        JsonNode krx = quote("KRX");
        JsonNode nxt = quote("NXT");
        JsonNode both = quote("UNIFIED");

        assertThat(nxt.path("source").asString()).isEqualTo("nxt");
        assertThat(krx.path("volume").asLong()).isPositive();
        assertThat(nxt.path("volume").asLong())
                .isPositive()
                .isLessThan(krx.path("volume").asLong());
        // It was read last, and volumes only grow.
        assertThat(both.path("volume").asLong())
                .isGreaterThanOrEqualTo(
                        krx.path("volume").asLong() + nxt.path("volume").asLong());
        assertThat(gateway.json("/v1/quotes/" + SYMBOL).path("source").asString())
                .as("without a venue as before")
                .isNotEqualTo("nxt");
    }

    @Test
    void the_book_of_both_together_has_the_shares_of_both_at_each_price() {
        gateway = GatewayFixture.start(folder.resolve("sim"));
        // The book of a stock without a subscriber stays for a minute, which may end while the three are read.
        Await.until("three books of one minute", () -> {
            JsonNode krx = book("KRX");
            JsonNode nxt = book("NXT");
            assertThat(nxt.path("source").asString()).isEqualTo("nxt");
            assertThat(krx.path("asks")).isNotEqualTo(nxt.path("asks"));
            return isSum(book("UNIFIED"), krx, nxt);
        });
    }

    private static boolean isSum(JsonNode both, JsonNode krx, JsonNode nxt) {
        return isBest(both.path("asks"), krx.path("asks"), nxt.path("asks"), Comparator.naturalOrder())
                && isBest(both.path("bids"), krx.path("bids"), nxt.path("bids"), Comparator.reverseOrder());
    }

    private static boolean isBest(JsonNode both, JsonNode krx, JsonNode nxt, Comparator<Long> better) {
        var shares = new TreeMap<Long, Long>(better);
        for (JsonNode side : List.of(krx, nxt)) {
            side.forEach(level ->
                    shares.merge(level.path("price").asLong(), level.path("qty").asLong(), Long::sum));
        }
        return both.path(0).path("price").asLong() == shares.firstKey()
                && both.path(0).path("qty").asLong() == shares.firstEntry().getValue();
    }

    @Test
    void what_has_no_such_price_is_refused() {
        gateway = GatewayFixture.start(folder.resolve("sim"));
        var refused = Map.of(
                "/v1/quotes/069500?venue=NXT", "UNSUPPORTED_BY_SOURCE", // a fund
                "/v1/orderbooks/069500?venue=nxt", "UNSUPPORTED_BY_SOURCE",
                "/v1/quotes/AAPL.NASD?venue=KRX", "INVALID_FIELD",
                "/v1/quotes/005930?venue=SOR", "INVALID_FIELD",
                "/v1/orderbooks/005930?venue=", "INVALID_FIELD",
                "/v1/quotes/005930?venues=NXT", "INVALID_FIELD");
        refused.forEach((path, code) -> {
            var answer = gateway.get(path);
            assertThat(answer.statusCode()).as(path + answer.body()).isBetween(400, 501);
            assertThat(gateway.tree(answer).path("code").asString()).as(path).isEqualTo(code);
        });
        assertThat(gateway.json("/v1/quotes/069500?venue=UNIFIED").path("price").asLong())
                .as("of a fund, which KRX alone trades")
                .isPositive();
    }

    private JsonNode quote(String venue) {
        var answer = gateway.get("/v1/quotes/" + SYMBOL + "?venue=" + venue);
        gateway.contract().check("GET", "/v1/quotes/{symbol}", answer);
        return gateway.tree(answer);
    }

    private JsonNode book(String venue) {
        var answer = gateway.get("/v1/orderbooks/" + SYMBOL + "?venue=" + venue);
        gateway.contract().check("GET", "/v1/orderbooks/{symbol}", answer);
        return gateway.tree(answer);
    }
}
