package kr.kisgateway.gateway.kis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.SymbolDemand;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KisTrTest {
    @ParameterizedTest
    @CsvSource({
        "005930, TRADES, FREE, H0STCNT0, 005930",
        "Q500001, BOOKS, DAY_MARKET, H0STASP0, Q500001",
        "005930, STATUS, FREE, H0STMKO0, 005930",
        "AAPL.NASD, TRADES, FREE, HDFSCNT0, DNASAAPL",
        "AAPL.NASD, TRADES, PAID, HDFSCNT0, RNASAAPL",
        "AAPL.NASD, BOOKS, DAY_MARKET, HDFSASP0, RBAQAAPL",
        "KO.NYSE, TRADES, DAY_MARKET, HDFSCNT0, RBAYKO",
        "BRK-B.NYSE, TRADES, FREE, HDFSCNT0, DNYSBRK/B",
        "SPY.AMEX, BOOKS, PAID, HDFSASP0, RAMSSPY",
    })
    void a_demand_has_the_documented_registration_key_and_is_found_by_it(
            String symbol, Kind kind, PushFeed feed, String trId, String trKey) {
        var demand = new SymbolDemand(kind, Markets.standard().parse(symbol).orElseThrow());

        var key = KisTr.key(demand, feed);

        assertThat(key).isEqualTo(new RealtimeKey(trId, trKey));
        assertThat(KisTr.demand(key)).contains(demand);
        if (trId.startsWith("HD")) {
            assertThat(KisTr.feed(trKey)).isEqualTo(feed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NXT, TRADES, H0NXCNT0",
        "NXT, BOOKS, H0NXASP0",
        "UNIFIED, TRADES, H0UNCNT0",
        "UNIFIED, BOOKS, H0UNASP0",
    })
    void a_venue_of_a_stock_has_a_registration_of_its_own(PriceSeries series, Kind kind, String trId) {
        var demand = new SymbolDemand(kind, new VenueSymbol(new Symbol("005930"), series));

        var key = KisTr.key(demand, PushFeed.FREE);

        assertThat(key).isEqualTo(new RealtimeKey(trId, "005930"));
        assertThat(KisTr.demands(key))
                .as("programs at the KIS-compatible port share it")
                .containsExactlyInAnyOrder(demand, KisTr.raw(key));
        assertThat(demand.code()).isEqualTo("005930");
        assertThat(demand.venue()).contains(series.name());
    }

    @Test
    void a_stock_of_an_unsupported_country_is_not_recognized() {
        assertThat(KisTr.usSymbol("DHKS00003")).isEmpty();
        assertThat(KisTr.usSymbol("DNAS")).isEmpty();
        assertThat(KisTr.usSymbol("")).isEmpty();
        assertThat(KisTr.usSymbol("DNASaapl")).isEmpty();
    }
}
