package kr.kisgateway.api.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import kr.kisgateway.api.bar.BarBatchRequest;
import kr.kisgateway.api.bar.BarCalls;
import kr.kisgateway.api.bar.BarPage;
import kr.kisgateway.api.bar.UsBarPage;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.DryRunPassed;
import kr.kisgateway.api.order.OrderAccepted;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.orderbook.OrderBook;
import kr.kisgateway.api.orderbook.OrderBookCalls;
import kr.kisgateway.api.orderbook.UsOrderBook;
import kr.kisgateway.api.quote.PartialQuotes;
import kr.kisgateway.api.quote.Quote;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.api.quote.UsQuote;
import kr.kisgateway.api.risk.RiskCalls;
import org.junit.jupiter.api.Test;

/** An answer that has several forms is read as the form that it has. */
final class AnswerFormsTest {
    private static final Quote QUOTE = new Quote(
            "005930",
            71_000,
            new BigDecimal("-1.25"),
            5_000_000_000L,
            "kis-ws",
            OptionalLong.of(1_763_600_000),
            new BigDecimal("0.125"),
            "HEALTHY",
            "삼성전자",
            "KOSPI",
            -900,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            70_000,
            OptionalLong.of(70_900),
            OptionalLong.of(71_000),
            71_900,
            OptionalLong.empty(),
            "KRW",
            "REGULAR",
            OptionalLong.of(1_763_600_000_123L));
    private static final UsQuote US_QUOTE = new UsQuote(
            "AAPL.NASD",
            new BigDecimal("187.34"),
            new BigDecimal("0.50"),
            new BigDecimal("1000.5"),
            "kis-rest",
            OptionalLong.empty(),
            BigDecimal.ZERO,
            "HEALTHY",
            "애플",
            "NASD",
            new BigDecimal("0.9341"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            12,
            Optional.of(new BigDecimal("187.30")),
            Optional.empty(),
            new BigDecimal("186.4"),
            "USD",
            "REGULAR",
            OptionalLong.empty(),
            Optional.empty());

    @Test
    void a_quote_is_read_in_the_form_of_its_market_with_every_value_and_every_absence() {
        var call = QuoteCalls.quote("005930");
        assertThat(call.reader().apply(ApiJson.text(QUOTE))).isEqualTo(QUOTE);
        assertThat(call.reader().apply(ApiJson.text(US_QUOTE))).isEqualTo(US_QUOTE);
    }

    @Test
    void fields_of_a_later_version_do_not_matter() {
        var later = ApiJson.text(US_QUOTE).replace("{\"symbol\"", "{\"later\":{\"a\":[1]},\"symbol\"");
        assertThat(QuoteCalls.quote("AAPL.NASD").reader().apply(later)).isEqualTo(US_QUOTE);
    }

    @Test
    void quotes_are_a_list_or_say_which_symbols_failed() {
        var call = QuoteCalls.quotes(List.of("005930", "AAPL.NASD"));
        assertThat(call.path()).isEqualTo("/v1/quotes?symbols=005930%2CAAPL.NASD");
        assertThat(call.reader().apply(ApiJson.text(List.of(QUOTE, US_QUOTE))))
                .isEqualTo(new QuoteCalls.Quotes(List.of(QUOTE, US_QUOTE), Optional.empty()));
        var meta = new PartialQuotes.Meta(2, 1, 1, List.of("000000"));
        assertThat(call.reader().apply(ApiJson.text(new PartialQuotes(List.of(US_QUOTE), true, meta))))
                .isEqualTo(new QuoteCalls.Quotes(List.of(US_QUOTE), Optional.of(meta)));
    }

    @Test
    void an_order_book_is_read_in_the_form_of_its_market() {
        var call = OrderBookCalls.orderBook("005930", OptionalInt.of(1));
        assertThat(call.path()).isEqualTo("/v1/orderbooks/005930?depth=1");
        var book = "{\"symbol\":\"005930\",\"bids\":[{\"price\":71000,\"qty\":3,\"count\":null}],\"asks\":[],"
                + "\"total_bid_qty\":3,\"total_ask_qty\":0,\"best_bid\":71000,\"spread\":null,\"currency\":\"KRW\"}";
        assertThat(call.reader().apply(book)).isInstanceOfSatisfying(OrderBook.class, read -> {
            assertThat(read.bids()).containsExactly(new OrderBook.Level(71_000, 3, OptionalLong.empty()));
            assertThat(read.spread()).isEmpty();
        });
        var usBook = "{\"symbol\":\"AAPL.NASD\",\"bids\":[],\"asks\":[{\"price\":187.34,\"qty\":3,\"count\":null}],"
                + "\"best_ask\":187.34,\"currency\":\"USD\",\"depth\":1,\"feed\":\"free\"}";
        assertThat(call.reader().apply(usBook)).isInstanceOfSatisfying(UsOrderBook.class, read -> {
            assertThat(read.bestAsk()).contains(new BigDecimal("187.34"));
            assertThat(read.feed()).contains("free");
        });
    }

    @Test
    void bars_are_read_in_the_form_of_their_market() {
        var page = "{\"symbol\":\"005930\",\"period\":\"D\",\"adjusted\":true,\"bars\":[],\"next_cursor\":null}";
        var usPage = page.replace("005930", "AAPL.NASD");
        var query = new BarCalls.Query(
                "005930",
                "D",
                Optional.of("2026-11-20"),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(false));
        var call = BarCalls.bars(query);
        assertThat(call.path()).isEqualTo("/v1/bars/005930?period=D&from=2026-11-20&adjusted=false");
        assertThat(call.reader().apply(page)).isInstanceOf(BarPage.class);
        assertThat(call.reader().apply(usPage)).isInstanceOf(UsBarPage.class);
        var batch = BarCalls.batch(new BarBatchRequest(
                List.of("005930"), "D", Optional.empty(), Optional.empty(), OptionalLong.empty(), Optional.empty()));
        assertThat(batch.body()).isEqualTo("{\"symbols\":[\"005930\"],\"period\":\"D\"}");
        assertThat(batch.reader().apply(ApiJson.tree(page))).isInstanceOf(BarPage.class);
        assertThat(batch.reader().apply(ApiJson.tree(usPage))).isInstanceOf(UsBarPage.class);
    }

    @Test
    void placing_answers_with_the_order_or_with_a_dry_run_that_passed() {
        var order = new OrderRequest(
                "A1",
                "005930",
                "BUY",
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(BigDecimal.valueOf(70_000)),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true));
        var call = OrderCalls.place(order, "key-1");
        assertThat(call.idempotencyKey()).contains("key-1");
        assertThat(call.body())
                .contains("{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"price\":70000,"
                        + "\"dry_run\":true}");
        var accepted = new OrderAccepted("o-1", "ACCEPTED", "key-1");
        assertThat(call.reader().apply(ApiJson.text(accepted))).isEqualTo(accepted);
        var passed = new DryRunPassed("DRY_RUN", true);
        assertThat(call.reader().apply(ApiJson.text(passed))).isEqualTo(passed);
    }

    @Test
    void limits_can_be_set_from_a_text_with_what_a_later_version_adds() {
        assertThat(RiskCalls.setLimits("{\"gateway\":{\"later\":1}}").body()).contains("{\"gateway\":{\"later\":1}}");
    }
}
