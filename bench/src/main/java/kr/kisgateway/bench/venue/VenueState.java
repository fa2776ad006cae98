package kr.kisgateway.bench.venue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.order.AccountDay;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.OrderHours;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.order.VenueAnswers;
import kr.kisgateway.gateway.order.VenueRouter;
import kr.kisgateway.gateway.venue.VenueFigures;
import kr.kisgateway.gateway.venue.VenueRule;
import kr.kisgateway.gateway.venue.VenueRules;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivisions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An order whose venue is left to the default rules, by figures that let every rule be evaluated. Public because JMH's code calls it. */
@State(Scope.Thread)
public class VenueState {
    private static final Instant NOW = java.time.LocalDate.of(2026, 11, 20)
            .atTime(10, 0)
            .atZone(TradingCalendar.SEOUL)
            .toInstant();
    private static final Terms TERMS = new Terms(
            "A1",
            Symbol.of("005930"),
            Side.BUY,
            1,
            OrderKind.LIMIT,
            OptionalLong.of(70_000),
            Venue.KRX,
            Optional.empty(),
            NOW.plusSeconds(5));
    private static final VenueRules RULES = new VenueRules(
            List.of(
                    new VenueRule.Halted(),
                    new VenueRule.Refused(List.of("8*")),
                    new VenueRule.Slow(Duration.ofMillis(2_000)),
                    new VenueRule.Volume(1_000),
                    new VenueRule.Price(1)),
            Duration.ofMinutes(1),
            new Commissions(140_000, 130_000, 0));

    private final VenueFigures krx = figures(69_900);
    private final VenueFigures nxt = figures(69_800);
    private final OrderHours hours = new OrderHours(new KisOrderForm(OrderDivisions.load(), false), new KrxCalendar());
    private final VenueRouter router = new VenueRouter(
            RULES,
            new VenueAnswers(new SilentBroker(), Duration.ofMinutes(1), InstantSource.fixed(NOW)),
            (terms, at) -> hours.window(terms, at).isOpen(),
            new MarketsInMemory(),
            task -> {
                throw new IllegalStateException("nothing is loaded: " + task);
            },
            InstantSource.fixed(NOW));

    private static final class MarketsInMemory implements VenueRouter.Markets {
        @Override
        public VenueRouter.Market load(Symbol symbol, Venue venue) {
            throw new IllegalStateException("the market of " + symbol + " on " + venue + " is in memory");
        }

        @Override
        public Optional<VenueRouter.Market> inMemory(Symbol symbol, Venue venue) {
            return Optional.of(new VenueRouter.Market(
                    false,
                    OptionalLong.of(1_000_000),
                    OptionalLong.of(69_700),
                    OptionalLong.of(venue == Venue.KRX ? 69_900 : 69_800)));
        }
    }

    /** The rules alone. */
    @Benchmark
    public VenueRules.Choice rules() {
        return RULES.choose(Side.BUY, OptionalLong.of(70_000), krx, nxt);
    }

    /** With the hours of both venues, and figures of both that are given: nothing has to be asked. */
    @Benchmark
    public Terms router() {
        return router.route(TERMS);
    }

    private static VenueFigures figures(long best) {
        return new VenueFigures(
                true, false, OptionalLong.of(1_000_000), OptionalLong.of(best), OptionalLong.of(20), Optional.empty());
    }

    /** No order is sent. */
    private static final class SilentBroker implements Broker {
        @Override
        public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Outcome place(Slot slot, Terms terms) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DailyOrders requestDailyOrders(AccountDay day) {
            throw new UnsupportedOperationException();
        }
    }
}
