package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The markets that a program knows, by their policies. Immutable. */
public final class Markets {
    private final List<MarketPolicy> policies;
    private final Map<Market, MarketPolicy> byMarket;

    /** @param policies of each market once, in the order in which the API names them */
    public Markets(List<? extends MarketPolicy> policies) {
        this.policies = List.copyOf(policies);
        this.byMarket = policies.stream().collect(Collectors.toMap(MarketPolicy::market, it -> it));
    }

    /** Korea and the US. */
    public static Markets standard() {
        return new Markets(List.of(new Korea(), new UnitedStates()));
    }

    /** These markets and a further one. */
    public Markets with(MarketPolicy further) {
        return new Markets(Stream.concat(policies.stream(), Stream.of(further)).toList());
    }

    /** The policies of all markets, in their order. */
    public List<MarketPolicy> all() {
        return policies;
    }

    /** The policy of {@code market}, which must be one of these. */
    public MarketPolicy of(Market market) {
        return Optional.ofNullable(byMarket.get(market))
                .orElseThrow(() -> new IllegalArgumentException("there is no policy of the market " + market.id()));
    }

    /** The calendar of each market, beside that of the Korean one. */
    public PerMarket<MarketCalendar> calendars(TradingCalendar korean) {
        var calendars = new LinkedHashMap<Market, MarketCalendar>();
        policies.forEach(policy -> calendars.put(policy.market(), policy.calendar(korean)));
        return new PerMarket<>(calendars);
    }

    /** The symbol in {@code text} of any of these markets; empty when it has the form of none. */
    public Optional<MarketSymbol> parse(String text) {
        for (var policy : policies) {
            var symbol = policy.parse(text);
            if (symbol.isPresent()) {
                return Optional.of(symbol.get());
            }
        }
        return Optional.empty();
    }

    private static final class Korea implements MarketPolicy {
        @Override
        public Market market() {
            return Market.KOREA;
        }

        @Override
        public List<String> lists() {
            return Arrays.stream(Board.values()).map(Board::name).toList();
        }

        @Override
        public Optional<Symbol> parse(String text) {
            return Symbol.parse(text);
        }

        @Override
        public List<Symbol> candidates(String text) {
            return Symbol.suggestion(text).map(Symbol::new).stream().toList();
        }

        @Override
        public long tick(Product product, long price, LocalDate date) {
            return PriceRules.tick(product, price, date);
        }

        @Override
        public MarketCalendar calendar(TradingCalendar korean) {
            return korean;
        }

        @Override
        public List<ShippedInstrument> shipped() {
            return List.of();
        }
    }

    private static final class UnitedStates implements MarketPolicy {
        @Override
        public Market market() {
            return Market.US;
        }

        @Override
        public List<String> lists() {
            return Arrays.stream(UsExchange.values()).map(UsExchange::name).toList();
        }

        @Override
        public Optional<UsSymbol> parse(String text) {
            return UsSymbol.parse(text);
        }

        @Override
        public List<UsSymbol> candidates(String text) {
            return UsSymbol.candidates(text);
        }

        @Override
        public long tick(Product product, long price, LocalDate date) {
            return UsTicks.tick(price);
        }

        @Override
        public MarketCalendar calendar(TradingCalendar korean) {
            return UsHours.of(korean);
        }

        @Override
        public List<ShippedInstrument> shipped() {
            return UsListing.load().all().stream()
                    .map(stock -> new ShippedInstrument(
                            stock.symbol(),
                            stock.symbol().exchange().name(),
                            stock.product(),
                            stock.name(),
                            stock.close(),
                            stock.closeDate(),
                            stock.volume(),
                            OptionalLong.of(stock.listedShares()),
                            stock.sector()))
                    .toList();
        }
    }
}
