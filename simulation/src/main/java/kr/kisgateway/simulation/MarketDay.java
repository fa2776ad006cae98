package kr.kisgateway.simulation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KoreanHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.MarketRules;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;

/**
 * The simulator's complete market for one day in virtual time: every listed share, the busiest ones order by order on
 * both venues by agents with realistic activity, the others caught up every hour. The day is verified as it runs.
 */
public final class MarketDay {
    /** An auction is over by then; the day starts before NXT's first session and ends after the last. */
    public static final LocalTime MORNING = LocalTime.of(7, 55);

    public static final LocalTime EVENING = LocalTime.of(20, 5);

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int STEPS_BETWEEN_CHECKS = 3_600;
    private static final double USUAL_ACTIVITY = 4;
    private static final int FINDINGS_MAX = 20;

    /**
     * Result of a day.
     *
     * @param digest of every order-by-order trade and of all final figures and minute bars
     * @param stocks on both venues
     * @param trades executed order by order
     * @param shares traded, caught up or order by order
     * @param findings sentences; empty when the day was consistent
     */
    public record Outcome(String digest, int stocks, long trades, long shares, List<String> findings) {
        public Outcome {
            findings = List.copyOf(findings);
        }
    }

    private final long seed;
    private final int listed;
    private final int active;
    private final MessageDigest digest = sha256();
    private final ByteBuffer line = ByteBuffer.allocate(4 * Long.BYTES);
    private final List<String> report = new ArrayList<>();
    private long trades;

    /** @param listed number of shares, from the first code on; the {@code active} busiest run order by order */
    public MarketDay(long seed, int listed, int active) {
        this.seed = seed;
        this.listed = listed;
        this.active = active;
    }

    /** Every share of the listing. */
    public static MarketDay allShares(long seed, int active) {
        return new MarketDay(seed, Integer.MAX_VALUE, active);
    }

    public Outcome run(LocalTime from, LocalTime until) {
        Instruments instruments = Instruments.load();
        List<Instrument> shares = instruments.all().stream()
                .filter(instrument -> instrument.product() == Product.STOCK)
                .limit(listed)
                .toList();
        Instant start = at(from);
        Exchange exchange = new Exchange(
                instruments::find,
                new KoreanHours(new KrxCalendar()),
                MarketRules.defaults().withRealTurnover(),
                DAY,
                start,
                seed,
                USUAL_ACTIVITY);
        List<Stock> played = shares.stream()
                .sorted(Comparator.comparingLong(Instrument::turnover)
                        .reversed()
                        .thenComparing(Instrument::symbol))
                .limit(active)
                .flatMap(share ->
                        Stream.of(Venue.KRX, Venue.NXT).flatMap(venue -> exchange.find(share.symbol(), venue).stream()))
                .toList();
        Market market = new Market(played);
        exchange.advance(start, market);
        played.forEach(stock -> exchange.wake(stock, start, market));
        int steps = 0;
        for (Instant now = start; !now.isAfter(at(until)); now = now.plus(STEP)) {
            exchange.advance(now, market);
            played.forEach(this::checkBook);
            if (steps++ % STEPS_BETWEEN_CHECKS == 0) {
                exchange.findAll(shares);
            }
        }
        List<Stock> all = exchange.findAll(shares);
        all.forEach(stock -> checkDay(stock, until));
        all.forEach(this::digest);
        return new Outcome(
                HexFormat.of().formatHex(digest.digest()),
                all.size(),
                trades,
                all.stream().mapToLong(stock -> stock.tape().figures().volume()).sum(),
                report);
    }

    /** Continuous trading never leaves a book crossed, and no order rests outside the day's limits. */
    private void checkBook(Stock stock) {
        if (!stock.phase().isContinuous()) {
            return;
        }
        long bid = stock.book().best(Side.BUY);
        long ask = stock.book().best(Side.SELL);
        if (bid != 0 && ask != 0 && bid >= ask) {
            report(stock, "its book is crossed, " + bid + " against " + ask);
        }
        if (bid > stock.upper() || ask != 0 && ask < stock.lower()) {
            report(stock, "its book lies outside " + stock.lower() + ".." + stock.upper());
        }
    }

    /** The day's figures agree with its minute bars, are inside its limits, and the day is closed. */
    private void checkDay(Stock stock, LocalTime until) {
        Tape.Figures day = stock.tape().figures();
        long volume = 0;
        long turnover = 0;
        long high = 0;
        long low = Long.MAX_VALUE;
        int before = -1;
        for (Minutes.Bar bar : stock.tape().minutes().bars()) {
            volume += bar.volume();
            turnover += bar.turnover();
            if (bar.minute() <= before) {
                report(stock, "minute " + bar.start() + " comes twice or too late");
            }
            before = bar.minute();
            if (bar.open() > 0) {
                high = Math.max(high, bar.high());
                low = Math.min(low, bar.low());
            }
        }
        if (volume != day.volume() || turnover != day.turnover()) {
            report(stock, "its minutes have " + volume + " shares, the day " + day.volume());
        }
        if (day.open() != 0 && (high != day.high() || low != day.low())) {
            report(stock, "its minutes lie in " + low + ".." + high + ", the day in " + day.low() + ".." + day.high());
        }
        if (day.open() != 0 && (day.high() > stock.upper() || day.low() < stock.lower())) {
            report(stock, "it traded outside " + stock.lower() + ".." + stock.upper());
        }
        boolean closes = stock.venue() == Venue.KRX && until.isAfter(LocalTime.of(16, 0)) && day.volume() > 0;
        if (closes && day.close() == 0) {
            report(stock, "it has no close");
        }
    }

    private void report(Stock stock, String what) {
        if (report.size() < FINDINGS_MAX) {
            report.add(stock.venue() + " " + stock.symbol().code() + ": " + what);
        }
    }

    private void digest(Stock stock) {
        digest.update(stock.tape().figures().toString().getBytes(StandardCharsets.UTF_8));
        for (Minutes.Bar bar : stock.tape().minutes().bars()) {
            digest(bar.minute(), bar.close(), bar.volume(), bar.turnover());
        }
    }

    private void digest(long a, long b, long c, long d) {
        line.clear();
        line.putLong(a).putLong(b).putLong(c).putLong(d);
        digest.update(line.array());
    }

    private static Instant at(LocalTime time) {
        return DAY.atTime(time).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Subscribes to the order-by-order stocks only. */
    private final class Market implements Exchange.Listener {
        private final Set<Stock> played;

        Market(List<Stock> played) {
            this.played = Set.copyOf(played);
        }

        @Override
        public void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at) {
            trades++;
            digest(stock.symbol().hashCode(), price, qty, at.toEpochMilli());
        }

        @Override
        public boolean isWatched(Stock stock) {
            return played.contains(stock);
        }

        @Override
        public void filled(Stock stock, long orderId, long price, long qty, Instant at) {
            report(stock, "order " + orderId + " has no owner");
        }

        @Override
        public void phaseChanged(Stock stock, Phase before, Phase after, Instant at) {}

        @Override
        public void stopTriggered(Stock stock, long orderId, Instant at) {
            report(stock, "stop order " + orderId + " has no owner");
        }
    }
}
