package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;

/** Which orders are accepted: by division, venue, session and price, in this order. */
final class OrderRules {
    private static final int NOON = 120_000;
    private static final List<String> IN_PAPER = List.of("00", "01", "02", "03", "04");

    /** The price limit of the auctions after the close, in percent of it. */
    private static final long SINGLE_PRICE_PERCENT = 10;

    private final Exchange exchange;
    private final Face face;

    OrderRules(Exchange exchange, Face face) {
        this.exchange = exchange;
        this.face = face;
    }

    /**
     * @param exchangeId EXCG_ID_DVSN_CD
     * @param price ORD_UNPR
     * @param condition CNDT_PRIC, 0 = none
     * @param time of day, {@code HHmmss}
     * @return the refusal; empty when the order is accepted
     */
    Optional<Refusal> check(
            Stock main, String dvsn, String exchangeId, long price, long condition, LocalDate day, int time) {
        Optional<OrderDivision> found = OrderDivision.of(dvsn);
        if (found.isEmpty() || !found.get().existsOn(day) || face == Face.PAPER && !IN_PAPER.contains(dvsn)) {
            return Optional.of(Refusal.UNKNOWN_DIVISION);
        }
        OrderDivision division = found.get();
        return venue(main, division, exchangeId)
                .or(() -> session(main, division, exchangeId, time))
                .or(() -> price(main, division, price, condition));
    }

    private Optional<Refusal> venue(Stock main, OrderDivision division, String exchangeId) {
        if (face == Face.PAPER && !exchangeId.equals("KRX")) {
            return Optional.of(Refusal.NO_NXT);
        }
        if (!List.of("KRX", "NXT", "SOR").contains(exchangeId)) {
            return Optional.of(Refusal.UNKNOWN_VENUE);
        }
        if (!division.isOfferedOn(exchangeId)) {
            return Optional.of(Refusal.DIVISION_NOT_ON_VENUE);
        }
        boolean onNxt = face == Face.LIVE && exchange.isOnNxt(main.symbol());
        if (exchangeId.equals("NXT") && !onNxt) {
            return Optional.of(Refusal.NOT_ON_NXT);
        }
        return exchangeId.equals("SOR") && !onNxt && division.pricing() == OrderDivision.Pricing.MARKET
                ? Optional.of(Refusal.NO_MARKET_BY_SOR)
                : Optional.empty();
    }

    private Optional<Refusal> session(Stock main, OrderDivision division, String exchangeId, int time) {
        List<Stock> stocks = venues(main.symbol(), exchangeId);
        if (stocks.stream().anyMatch(stock -> accepts(stock, division))) {
            return Optional.empty();
        }
        List<Stock> accepting = stocks.stream()
                .filter(stock -> division.isAcceptedIn(session(stock, division), stock.venue() == Venue.KRX))
                .toList();
        if (accepting.stream().anyMatch(stock -> stock.phase() == Phase.HALTED)) {
            return Optional.of(Refusal.HALTED);
        }
        if (!accepting.isEmpty()
                || stocks.stream().anyMatch(stock -> stock.phase().isAuction() && !division.canCollect())) {
            return Optional.of(Refusal.NOT_IN_AUCTION);
        }
        return Optional.of(time < NOON ? Refusal.TOO_EARLY : Refusal.TOO_LATE);
    }

    private static Phase session(Stock stock, OrderDivision division) {
        return division.pricing() == OrderDivision.Pricing.CLOSE ? stock.closePricePhase() : stock.session();
    }

    /** Whether the stock accepts such an order at this instant. */
    static boolean accepts(Stock stock, OrderDivision division) {
        if (division.pricing() == OrderDivision.Pricing.CLOSE) {
            return division.isAcceptedIn(stock.closePricePhase(), true) && stock.phase() != Phase.HALTED;
        }
        boolean accepted = division.isAcceptedIn(stock.session(), stock.venue() == Venue.KRX);
        return accepted
                && (stock.phase().isContinuous()
                        || stock.phase().isAuction() && (division.canCollect() || stock.phase() == Phase.SINGLE_PRICE));
    }

    /** The stock on the venues that an order may go to, KRX first. */
    List<Stock> venues(Symbol symbol, String exchangeId) {
        return switch (exchangeId) {
            case "NXT" -> on(symbol, Venue.NXT).stream().toList();
            case "SOR" ->
                Stream.of(Venue.KRX, Venue.NXT)
                        .flatMap(venue -> on(symbol, venue).stream())
                        .toList();
            default -> on(symbol, Venue.KRX).stream().toList();
        };
    }

    /** The stock on a venue. Paper has KRX alone. */
    private Optional<Stock> on(Symbol symbol, Venue venue) {
        return venue == Venue.NXT && face == Face.PAPER ? Optional.empty() : exchange.find(symbol, venue);
    }

    private static Optional<Refusal> price(Stock stock, OrderDivision division, long price, long condition) {
        if (!division.hasPrice()) {
            return price == 0 ? Optional.empty() : Optional.of(Refusal.PRICE_OF_MARKET_ORDER);
        }
        boolean stop = division.pricing() == OrderDivision.Pricing.STOP;
        if (stop && condition <= 0) {
            return Optional.of(Refusal.NO_CONDITION);
        }
        Optional<Refusal> wrong = price(stock, division, price);
        return wrong.isPresent() || !stop ? wrong : price(stock, division, condition);
    }

    private static Optional<Refusal> price(Stock stock, OrderDivision division, long price) {
        if (price <= 0) {
            return Optional.of(Refusal.NO_PRICE);
        }
        long width = Long.MAX_VALUE;
        if (division == OrderDivision.SINGLE_PRICE) {
            width = stock.closePrice() * SINGLE_PRICE_PERCENT / 100;
        }
        if (price > stock.upper() || price < stock.lower() || Math.abs(price - stock.closePrice()) > width) {
            return Optional.of(Refusal.OUTSIDE_LIMITS);
        }
        return stock.isOnTick(price) ? Optional.empty() : Optional.of(Refusal.OFF_TICK);
    }

    /** The reservation price of a buy's share: its own price, or the highest that it may have to pay. */
    static long marginPrice(Stock stock, OrderDivision division, long price) {
        return switch (division.pricing()) {
            case LIMIT, STOP -> price;
            // Before the opening and after the auction the closing price is known; in between it is not yet.
            case CLOSE ->
                stock.closePricePhase() == Phase.PREVIOUS_CLOSE || stock.tape().closingPrice() > 0
                        ? stock.closePrice()
                        : stock.upper();
            case MARKET, CONDITIONAL, BEST, FIRST, MID -> stock.upper();
        };
    }

    /** The worst price that an order accepts from these venues; 0 when it needs a best price and there is none. */
    static long limit(List<Stock> venues, OrderDivision division, Side side, long price) {
        Stock primary = venues.getFirst();
        return switch (division.pricing()) {
            case LIMIT, CONDITIONAL, STOP -> price;
            case MARKET -> side == Side.BUY ? primary.upper() : primary.lower();
            case BEST -> best(venues, side == Side.BUY ? Side.SELL : Side.BUY);
            case FIRST -> primary.book().best(side);
            case MID -> primary.mid();
            case CLOSE -> primary.closePrice();
        };
    }

    private static long best(List<Stock> venues, Side side) {
        var prices = venues.stream().mapToLong(stock -> stock.book().best(side)).filter(price -> price > 0);
        return side == Side.SELL ? prices.min().orElse(0) : prices.max().orElse(0);
    }
}
