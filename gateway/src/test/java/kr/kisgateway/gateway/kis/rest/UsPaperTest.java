package kr.kisgateway.gateway.kis.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarPageSource;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What paper trading lacks for US stocks is refused with that reason before anything is sent. */
@Requirement("P-04")
class UsPaperTest {
    private static final UsSymbol APPLE = UsSymbol.parse("AAPL.NASD").orElseThrow();

    private final ManualClock clock = new ManualClock("2026-11-20T15:00:00Z");
    private KisClient paper;

    @BeforeEach
    void open(@TempDir Path folder) {
        var credentials = new Credentials(
                Secret.of("PSKEYSKEYSKEY"),
                Secret.of("unused secret"),
                new AccountNumber("12345678", "01"),
                Optional.empty());
        var tokens = TokenStore.in(folder.resolve("token"), Secret.of("no token is kept here"));
        var limits = LimitTable.load().on(Environment.PAPER_FACE, LocalDate.of(2026, 11, 20));
        paper = KisClient.open(KisConfig.paper(credentials, tokens, limits, 0), clock, clock, new KisListener() {});
    }

    @AfterEach
    void close() {
        paper.close();
    }

    @Test
    void paper_has_no_us_books() {
        for (var series : List.of(PriceSeries.MAIN, PriceSeries.DAY_MARKET)) {
            switch (new KisBooks(() -> paper).fetch(APPLE, series, "test")) {
                case Result.Refused<RestBook>(Refusal refusal) ->
                    assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_BY_SOURCE);
                case Result.Success<RestBook> got -> throw new AssertionError(got);
            }
        }
    }

    @Test
    void paper_has_no_us_minutes() {
        var context = new RequestContext("test", clock.instant().plusSeconds(10));
        var at = LocalDateTime.of(2026, 11, 20, 10, 0);

        switch (new KisBarPages(paper).requestPage(APPLE, BarPeriod.M5, at, true, context)) {
            case Result.Refused<BarPageSource.Page>(Refusal refusal) -> {
                assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_BY_SOURCE);
                assertThat(refusal.message()).contains("no US minutes");
            }
            case Result.Success<BarPageSource.Page> got -> throw new AssertionError(got);
        }
    }

    @Test
    void kis_receives_a_class_of_shares_with_its_own_slash() {
        assertThat(KisTr.toOverseasSymbol(UsSymbol.parse("BRK-B.NYSE").orElseThrow()))
                .hasToString("BRK/B.NYSE");
    }
}
