package kr.kisgateway.gateway.kis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.interruption.StatusListener;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.kis.stream.KisFeed;
import kr.kisgateway.gateway.kis.stream.SessionAlerts;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.pool.RegistrationListener;
import kr.kisgateway.gateway.pool.SymbolDemand;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.parse.UntypedFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** H0STMKO0 frames as KIS sends them, through the parser and the feed. */
@Requirement("A-07")
class KisStatusTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final RealtimeKey KEY = new RealtimeKey("H0STMKO0", "005930");
    private static final Instant NOW = Instant.parse("2026-11-20T02:00:00Z");

    private final List<StockStatus> statuses = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final InstantSource clock = InstantSource.fixed(NOW);
    private final KisFeed feed = new KisFeed(
            new QuoteStore(clock),
            new Watch(),
            new Statuses(),
            new SessionAlerts(new AlertLog(_ -> {}), CodeTable.load(), clock),
            clock);
    private final KisListener socket = feed.socketListener(1, "K2");
    private final FrameParser parser = new FrameParser(new Frames(), _ -> Optional.empty());

    @ParameterizedTest
    @CsvSource({
        "a halt,                           Y^^164^^^^58^N^N^1,  true,  false, HALTED,  164",
        "a halt without a code,            Y^공시^^^^^^N^N^1,    true,  false, HALTED,  ''",
        "a circuit breaker,                Y^VI^174^^^^^Y^N^1,  true,  true,  HALTED,  174",
        "an interruption,                  N^^^^^^55^Y^N^1,     false, true,  NORMAL,  ''",
        "one as it was recorded,           N^^BF9^^^^55^Y^N^1,  false, true,  NORMAL,  BF9",
        "one of the auctions after hours,  N^^^^^^57^N^Y^1,     false, true,  NORMAL,  ''",
        "the opening,                      N^^112^^^^51^N^N^1,  false, false, MANAGED, 112",
        "a stock that is warned of,        N^^^^^^53^N^N^1,     false, false, WARNED,  ''",
        "nothing but its symbol,           ^^^^^^^^^,           false, false, UNKNOWN, ''",
        "a column more than today,         N^^^^^^55^N^N^1^new, false, false, NORMAL,  ''",
    })
    void a_record_is_read_as_a_stock_status(
            String what,
            String columns,
            boolean halted,
            boolean interrupted,
            Designation designation,
            String operation) {
        parser.parse("0|H0STMKO0|001|005930^" + columns);
        assertThat(statuses)
                .as(what)
                .containsExactly(new StockStatus(SAMSUNG, halted, interrupted, designation, operation));
        assertThat(BoundMeters.of(feed::bindTo).value("feed.bad.frames")).isZero();
    }

    @Test
    void two_records_of_one_frame_are_two_statuses() {
        parser.parse("0|H0STMKO0|002|005930^N^^^^^^55^Y^N^1^000660^N^^^^^^55^N^N^1");
        assertThat(statuses).extracting(StockStatus::interrupted).containsExactly(true, false);
    }

    @Test
    void a_record_with_shifted_columns_is_assigned_to_no_stock() {
        parser.parse("0|H0STMKO0|001|N^^174^^^^55^N^N^1^x");
        parser.parse("0|H0STMKO0|001|005930^174^N^^^^^55^N^N^1");
        parser.parse("0|H0STMKO0|001|N^^174^^^^55^N^N^1");
        assertThat(statuses).isEmpty();
        assertThat(BoundMeters.of(feed::bindTo).value("feed.bad.frames")).isEqualTo(3);
        parser.parse("0|H0UNMKO0|001|005930^N^^^^^^55^Y^N^2");
        assertThat(statuses).as("no registration").isEmpty();
        assertThat(BoundMeters.of(feed::bindTo).value("feed.unregistered.rows")).isEqualTo(1);
    }

    @Test
    void missed_and_released_registrations_are_reported() {
        socket.acked(KEY);
        socket.gap(Set.of(KEY), NOW, NOW, new GapCause(GapCause.Kind.RECONNECT, "socket reset"));
        socket.event(new KisEvent.Unsubscribed(KEY, "OPSP0001"));
        socket.acked(KEY);
        socket.event(new KisEvent.Closed("socket reset"));
        assertThat(events)
                .containsExactly("acked STATUS", "released 005930", "acked STATUS", "lost STATUS", "released 005930");
        events.clear();
        // With the acknowledgement, so that later statuses are retained; the gap comes with that of the last key.
        socket.acked(KEY);
        assertThat(events).containsExactly("missed 005930", "acked STATUS");
        events.clear();
        socket.gap(Set.of(KEY), NOW, NOW, new GapCause(GapCause.Kind.RECONNECT, "socket reset"));
        assertThat(events).isEmpty();
        socket.event(new KisEvent.MarketDataDropped("feed", 3));
        assertThat(events).as("the end of a halt may be among it").containsExactly("missed 005930");
    }

    private final class Statuses implements StatusListener {
        @Override
        public void observed(StockStatus status) {
            statuses.add(status);
        }

        @Override
        public void released(Symbol symbol) {
            events.add("released " + symbol);
        }

        @Override
        public void missed(Symbol symbol) {
            events.add("missed " + symbol);
        }
    }

    private final class Watch implements RegistrationListener {
        @Override
        public void acked(Demand demand) {
            assertThat(demand)
                    .isIn(
                            new SymbolDemand(Kind.STATUS, SAMSUNG),
                            new RawDemand("H0STMKO0", SAMSUNG.code(), Market.KOREA));
            add("acked ", demand);
        }

        @Override
        public void lost(Demand demand) {
            add("lost ", demand);
        }

        @Override
        public void refused(Demand demand) {
            add("refused ", demand);
        }

        /** The registration may be one that is passed on, too. */
        private void add(String event, Demand demand) {
            if (demand instanceof SymbolDemand(Kind kind, var _)) {
                events.add(event + kind);
            }
        }
    }

    /** As a session passes on the frames it reads. */
    private final class Frames implements FrameListener {
        @Override
        public void trade(Trade trade) {
            socket.trade(trade);
        }

        @Override
        public void book(OrderBook book) {
            socket.book(book);
        }

        @Override
        public void notice(ExecutionNotice notice) {
            socket.notice(notice);
        }

        @Override
        public void rows(UntypedFrame frame) {
            socket.rows(frame);
        }

        @Override
        public void bad(BadFrame frame) {
            socket.badFrames(1, frame.detail());
        }
    }
}
